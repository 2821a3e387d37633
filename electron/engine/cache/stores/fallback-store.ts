import type {
  CacheStore,
  EntryDetail,
  EntryName,
  EntryPage,
  EntryQuery,
  EntryWriter,
  MaybePromise,
  Purged,
  StoreCaps,
  StoreStats,
} from '../cache-store.ts';
import type { EntryFilter } from '../entry-filter.ts';
import type { StoredHead, StoredResponse } from '../stored-response.ts';

/** A store that can be replaced while it is in use: the one on disk, until it fails, and one in memory after that. */
export class FallbackStore implements CacheStore {
  #store: CacheStore;
  #close: (() => Promise<void>) | undefined;

  /** @param close closes `store` and what belongs to it, unless it has been replaced before */
  constructor(store: CacheStore, close: () => Promise<void>) {
    this.#store = store;
    this.#close = close;
  }

  /** Uses another store from now on; the one so far is for the caller to close. */
  switchTo(store: CacheStore): void {
    this.#store = store;
    this.#close = undefined;
  }

  get maxBodyBytes(): number {
    return this.#store.maxBodyBytes;
  }

  lookup(key: string): readonly StoredResponse[] {
    return this.#store.lookup(key);
  }

  lookupLoose(uri: string): readonly StoredResponse[] {
    return this.#store.lookupLoose(uri);
  }

  neighbours(uri: string, limit: number): readonly EntryName[] {
    return this.#store.neighbours(uri, limit);
  }

  touch(stored: StoredResponse, saved: number): void {
    this.#store.touch(stored, saved);
  }

  begin(head: StoredHead): EntryWriter {
    return this.#store.begin(head);
  }

  update(stored: StoredResponse, head: StoredHead): MaybePromise<StoredResponse | undefined> {
    return this.#store.update(stored, head);
  }

  remove(stored: StoredResponse): MaybePromise<void> {
    return this.#store.remove(stored);
  }

  stats(): StoreStats {
    return this.#store.stats();
  }

  entries(query: EntryQuery): Promise<EntryPage> {
    return this.#asked((store) => store.entries(query));
  }

  get(id: number): MaybePromise<EntryDetail | undefined> {
    return this.#store.get(id);
  }

  purge(filter: EntryFilter): Promise<Purged> {
    return this.#asked((store) => store.purge(filter));
  }

  restore(id: number): MaybePromise<boolean> {
    return this.#store.restore(id);
  }

  resize(caps: StoreCaps): void {
    this.#store.resize(caps);
  }

  flush(): Promise<void> {
    return this.#asked((store) => store.flush());
  }

  close(): MaybePromise<void> {
    const close = this.#close;
    this.#close = undefined;
    return close?.();
  }

  /** Asks once more when the store failed over the question and has been replaced. */
  async #asked<T>(ask: (store: CacheStore) => MaybePromise<T>): Promise<T> {
    const asked = this.#store;
    try {
      return await ask(asked);
    } catch (error) {
      if (this.#store === asked) throw error;
      return ask(this.#store);
    }
  }
}
