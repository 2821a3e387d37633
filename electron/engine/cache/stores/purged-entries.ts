import type { EntryFilter } from '../entry-filter.ts';
import { entryMatcher } from '../entry-filter.ts';
import type { TableEntry } from './entry-table.ts';

/** How many purged entries can be brought back, and which part of the store's cap they may take together. */
const MAX_ENTRIES = 16;
const SHARE = 1 / 4;

/** The entries that were purged one by one lately, so that a slip can be undone. */
export class PurgedEntries<E extends TableEntry> {
  readonly #entries = new Map<number, E>();
  readonly #forget: (entry: E) => void;
  #bytes = 0;

  /** @param forget is told of entries that can no longer be brought back */
  constructor(forget: (entry: E) => void) {
    this.#forget = forget;
  }

  /** Keeps an entry. @param maxBytes the store's cap */
  keep(entry: E, maxBytes: number): void {
    this.#entries.set(entry.id, entry);
    this.#bytes += entry.bytes;
    for (const oldest of this.#entries.values()) {
      if (this.#entries.size <= MAX_ENTRIES && this.#bytes <= maxBytes * SHARE) break;
      if (oldest === entry && this.#entries.size === 1) break;
      this.#remove(oldest);
      this.#forget(oldest);
    }
  }

  /** Takes an entry back out. */
  take(id: number): E | undefined {
    const entry = this.#entries.get(id);
    if (entry !== undefined) this.#remove(entry);
    return entry;
  }

  /** Forgets those that a purge means: what is invalidated must not come back. */
  purge(filter: EntryFilter): void {
    if (this.#entries.size === 0) return;
    const isMeant = entryMatcher(filter);
    for (const entry of [...this.#entries.values()]) {
      if (!isMeant(entry)) continue;
      this.#remove(entry);
      this.#forget(entry);
    }
  }

  #remove(entry: E): void {
    this.#entries.delete(entry.id);
    this.#bytes -= entry.bytes;
  }
}
