import type { EntryFilter } from '../entry-filter.ts';
import { entryMatcher } from '../entry-filter.ts';
import type { TableEntry } from './entry-table.ts';

/** How many purged entries can be brought back, and which part of the store's caps they may take together. */
const MAX_ENTRIES = 16;
const SHARE = 1 / 4;

/** Bytes of an entry, or of a store's caps. */
interface Weight {
  readonly memory: number;
  readonly disk: number;
}

/** The entries that were purged one by one lately, so that a slip can be undone. */
export class PurgedEntries<E extends TableEntry> {
  readonly #entries = new Map<number, { readonly entry: E; readonly weight: Weight }>();
  readonly #forget: (entry: E) => void;
  #memory = 0;
  #disk = 0;

  /** @param forget is told of entries that can no longer be brought back */
  constructor(forget: (entry: E) => void) {
    this.#forget = forget;
  }

  /** Keeps an entry. @returns false when it alone takes more of the disk than all may */
  keep(entry: E, weight: Weight, caps: Weight): boolean {
    if (weight.disk > caps.disk * SHARE) return false;
    this.#entries.set(entry.id, { entry, weight });
    this.#memory += weight.memory;
    this.#disk += weight.disk;
    for (const { entry: oldest } of this.#entries.values()) {
      const fits = this.#memory <= caps.memory * SHARE && this.#disk <= caps.disk * SHARE;
      if (oldest === entry || (fits && this.#entries.size <= MAX_ENTRIES)) break;
      this.take(oldest.id);
      this.#forget(oldest);
    }
    return true;
  }

  /** Takes an entry back out. */
  take(id: number): E | undefined {
    const kept = this.#entries.get(id);
    if (kept === undefined) return undefined;
    this.#entries.delete(id);
    this.#memory -= kept.weight.memory;
    this.#disk -= kept.weight.disk;
    return kept.entry;
  }

  /** Forgets those that a purge means: what is invalidated must not come back. */
  purge(filter: EntryFilter): void {
    if (this.#entries.size === 0) return;
    const isMeant = entryMatcher(filter);
    for (const { entry } of [...this.#entries.values()]) {
      if (!isMeant(entry)) continue;
      this.take(entry.id);
      this.#forget(entry);
    }
  }
}
