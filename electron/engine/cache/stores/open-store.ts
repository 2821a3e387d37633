import { mkdir, rename } from 'node:fs/promises';
import type { CacheStore, StoreCaps } from '../cache-store.ts';
import type { EntryFilter } from '../entry-filter.ts';
import { isDamage, UnusableDatabase } from './disk-schema.ts';
import { DiskStore } from './disk-store.ts';
import { FallbackStore } from './fallback-store.ts';
import { MemoryStore } from './memory-store.ts';
import { StoreLock } from './store-lock.ts';

export interface OpenStoreOptions {
  readonly kind: 'disk' | 'memory';
  /** Where a store on disk lies; its lock and what is set aside lie beside it. */
  readonly directory: string;
  readonly caps: StoreCaps & { readonly memoryBytes: number };
  /** Told, in a sentence for people, of what keeps the store from being on disk, at the start or later. */
  readonly warn: (warning: string) => void;
  /** Told what another process has purged, before the store itself forgets it. */
  readonly onPurged?: (filter: EntryFilter) => void;
}

/** Opens the store that is asked for; whatever goes wrong with the disk, there is a store in memory in its place. */
export async function openStore(options: OpenStoreOptions): Promise<CacheStore> {
  const { kind, directory, caps, warn } = options;
  if (kind === 'memory') return new MemoryStore(caps);
  try {
    await makeOwn(directory);
    const lock = StoreLock.take(directory);
    if (lock instanceof StoreLock) return await new Opening(options, lock).open();
    const who = lock.owner === undefined ? '' : ` (process ${lock.owner})`;
    warn(`The cache in ${directory} is in use by another Hopscope${who}. This one keeps its cache in memory.`);
  } catch (error) {
    warn(unusable(directory, error));
  }
  return new MemoryStore(caps);
}

/** A store on disk whose lock is held, from its opening to its end. */
class Opening {
  readonly #options: OpenStoreOptions;
  readonly #lock: StoreLock;

  constructor(options: OpenStoreOptions, lock: StoreLock) {
    this.#options = options;
    this.#lock = lock;
  }

  /** @throws when the lock has been released, because nothing can be written to the directory */
  async open(): Promise<CacheStore> {
    try {
      return await this.#openOrBegin();
    } catch (error) {
      this.#lock.release();
      throw error;
    }
  }

  async #openOrBegin(): Promise<CacheStore> {
    const { directory, warn } = this.#options;
    try {
      return await this.#openDisk();
    } catch (error) {
      if (!isDamage(error)) throw error;
      const aside = await setAside(directory);
      await makeOwn(directory);
      const store = await this.#openDisk();
      warn(`The cache in ${directory} was damaged (${messageOf(error)}). It is now ${aside}; a new one was begun.`);
      return store;
    }
  }

  async #openDisk(): Promise<CacheStore> {
    const { directory, caps, onPurged } = this.#options;
    const disk: DiskStore = await DiskStore.open({
      ...{ directory, ...caps, onPurged },
      onFailed: (error) => {
        store.switchTo(new MemoryStore(this.#options.caps));
        void this.#giveUp(disk, error);
      },
    });
    const lock = this.#lock;
    const close = async (): Promise<void> => {
      await disk.close();
      lock.release();
    };
    const store = new FallbackStore(disk, close);
    return store;
  }

  /** Lets go of a store that has failed and tells why. */
  async #giveUp(disk: DiskStore, failure: Error): Promise<void> {
    const { directory, warn } = this.#options;
    try {
      await disk.close();
      if (isDamage(failure)) {
        const aside = await setAside(directory);
        const rest = `It is now ${aside}; until the next start the cache is kept in memory.`;
        warn(`The cache in ${directory} is damaged (${messageOf(failure)}). ${rest}`);
      } else {
        warn(unusable(directory, failure));
      }
    } catch (error) {
      warn(`${unusable(directory, failure)} It could not be closed either (${messageOf(error)}).`);
    }
    this.#lock.release();
  }
}

/** Makes a directory into which nobody else looks: what is stored may be meant for one user. */
async function makeOwn(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
}

/** Renames a directory, so that nothing of it is lost and its name is free. */
async function setAside(directory: string): Promise<string> {
  const aside = `${directory}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  await rename(directory, aside);
  return aside;
}

function unusable(directory: string, error: unknown): string {
  const instead = 'The cache is kept in memory until the next start.';
  if (error instanceof UnusableDatabase && error.kind === 'newer') {
    return `The cache in ${directory} is a newer Hopscope's (${error.message}) and is left as it is. ${instead}`;
  }
  return `The cache in ${directory} cannot be used (${messageOf(error)}). ${instead}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
