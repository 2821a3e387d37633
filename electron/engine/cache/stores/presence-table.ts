import type { EntryHashes } from './entry-hashes.ts';

const SLOTS = 1 << 22;
const MANY = 255;

/**
 * Says without looking what is surely not on disk: a counter for each of four million slots, which hashes share. Most
 * requests that the cache cannot answer are told so here, for a few nanoseconds instead of a query's microseconds.
 */
export class PresenceTable {
  readonly #counts = new Uint8Array(SLOTS);

  /** False is certain. */
  mayHave(hash: number): boolean {
    return this.#counts[hash % SLOTS] !== 0;
  }

  add({ key, path, loose, group }: EntryHashes): void {
    this.#add(key);
    this.#add(path);
    if (loose !== null) this.#add(loose);
    if (group !== null) this.#add(group);
  }

  remove({ key, path, loose, group }: EntryHashes): void {
    this.#remove(key);
    this.#remove(path);
    if (loose !== null) this.#remove(loose);
    if (group !== null) this.#remove(group);
  }

  #add(hash: number): void {
    const count = this.#counts[hash % SLOTS] ?? 0;
    if (count < MANY) this.#counts[hash % SLOTS] = count + 1;
  }

  #remove(hash: number): void {
    const count = this.#counts[hash % SLOTS] ?? 0;
    // A full counter has lost count, so it stays.
    if (count > 0 && count < MANY) this.#counts[hash % SLOTS] = count - 1;
  }
}
