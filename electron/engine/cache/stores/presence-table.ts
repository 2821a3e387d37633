import type { EntryHashes } from './entry-hashes.ts';
import type { Presence } from './store-messages.ts';

const MIN_SLOTS = 1 << 22;
const MAX_SLOTS = 1 << 28;
/** With so many slots for each entry, which has a hash or two, about one in twenty that are not there looks as if it were. */
const SLOTS_PER_ENTRY = 16;
const MANY = 255;

/**
 * Says without looking what is surely not on disk: a counter for each of millions of slots, two of which count a hash and
 * which hashes share (a counting Bloom filter). Most requests
 * that the cache cannot answer are told so here, for a few nanoseconds instead of a query's microseconds. A new table knows
 * nothing, so that a store can be used before the thread has read its index; then it is filled.
 */
export class PresenceTable {
  #counts = new Uint8Array(0);
  #mask = 0;
  #entries = 0;
  /** Entries with a loose hash, or more: other processes' purges are not counted. */
  #loose = 0;
  /** What changed before the table was filled. */
  #meanwhile: ((table: PresenceTable) => void)[] | undefined = [];
  /** How many times all that there is will be gone, and what has been added since that began. */
  #emptyings = 0;
  #added: EntryHashes[] = [];

  /** An empty table with room for so many entries. */
  static sized(entries: number): PresenceTable {
    let slots = MIN_SLOTS;
    while (slots < MAX_SLOTS && slots < entries * SLOTS_PER_ENTRY) slots *= 2;
    const table = new PresenceTable();
    table.fill({ counts: new Uint8Array(slots), entries, loose: 0 });
    return table;
  }

  /** Tells a new table what there was when it was made. @param presence whose counts belong to this table from now on */
  fill({ counts, entries, loose }: Presence): void {
    this.#counts = counts;
    this.#mask = counts.length - 1;
    this.#entries = entries;
    this.#loose = loose;
    const changes = this.#meanwhile ?? [];
    this.#meanwhile = undefined;
    for (const change of changes) change(this);
  }

  get counts(): Uint8Array<ArrayBuffer> {
    return this.#counts;
  }

  get loose(): number {
    return this.#loose;
  }

  /** False is certain. */
  mayHave(hash: number): boolean {
    // Also true of a table that has no counts yet.
    return this.#counts[hash & this.#mask] !== 0 && this.#counts[other(hash) & this.#mask] !== 0;
  }

  /** Few stores have any loose hash. */
  get mayHaveAnyLoose(): boolean {
    return this.#loose > 0 || this.#meanwhile !== undefined;
  }

  add(hashes: EntryHashes): void {
    if (this.#meanwhile !== undefined) {
      this.#meanwhile.push((table) => table.add(hashes));
      return;
    }
    if (this.#emptyings > 0) this.#added.push(hashes);
    const { key, path, loose, group } = hashes;
    this.addHash(key);
    if (path !== null) this.addHash(path);
    if (loose !== null) this.addLooseHash(loose);
    if (group !== null) this.addHash(group);
    const { length } = this.#counts;
    if (++this.#entries * SLOTS_PER_ENTRY > 2 * length && length < MAX_SLOTS) this.#grow();
  }

  remove(hashes: EntryHashes): void {
    if (this.#meanwhile !== undefined) {
      this.#meanwhile.push((table) => table.remove(hashes));
      return;
    }
    const { key, path, loose, group } = hashes;
    this.#remove(key);
    if (path !== null) this.#remove(path);
    if (loose !== null) {
      this.#remove(loose);
      this.#loose--;
    }
    if (group !== null) this.#remove(group);
    this.#entries--;
  }

  /** Soon everything is gone but what is added from now on; until {@link endEmptying} it still counts. */
  beginEmptying(): void {
    this.#emptyings++;
  }

  /** What was there is gone. Of what has been added since, some may be gone as well, and counts until the next start. */
  endEmptying(): void {
    const added = this.#added;
    this.#added = [];
    this.#emptyings--;
    this.#counts.fill(0);
    this.#entries = 0;
    this.#loose = 0;
    for (const hashes of added) this.add(hashes);
  }

  addHash(hash: number): void {
    this.#count(hash & this.#mask, 1);
    this.#count(other(hash) & this.#mask, 1);
  }

  addLooseHash(hash: number): void {
    this.addHash(hash);
    this.#loose++;
  }

  /** What one slot counted may now be in either of two: both keep the count, until the next start knows better. */
  #grow(): void {
    const counts = new Uint8Array(2 * this.#counts.length);
    counts.set(this.#counts);
    counts.set(this.#counts, this.#counts.length);
    this.#counts = counts;
    this.#mask = counts.length - 1;
  }

  #remove(hash: number): void {
    this.#count(hash & this.#mask, -1);
    this.#count(other(hash) & this.#mask, -1);
  }

  #count(slot: number, change: 1 | -1): void {
    const count = this.#counts[slot] ?? 0;
    // A full counter has lost count, so it stays.
    if (count < MANY && count + change >= 0) this.#counts[slot] = count + change;
  }
}

/** The hash that a hash is counted by as well. */
function other(hash: number): number {
  return Math.imul(hash ^ (hash >>> 16), 0x9e3779b1) >>> 0;
}
