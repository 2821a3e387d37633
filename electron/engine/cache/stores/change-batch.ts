import type { EntryName } from '../cache-store.ts';
import type { StoredHead } from '../stored-response.ts';
import { NO_PATH } from './disk-schema.ts';
import type { EntryHashes } from './entry-hashes.ts';
import { CHANGE, ENTRY, NO_HASH } from './packed-changes.ts';
import { RowChains } from './row-chains.ts';
import type { PackedChanges, Savings, Totals } from './store-messages.ts';

/** An entry that is to be written. */
export interface UnwrittenEntry {
  readonly id: number;
  readonly head: StoredHead;
  readonly hashes: EntryHashes;
  readonly hits: number;
  readonly bytesSaved: number;
  /** Epoch milliseconds. */
  readonly lastUsed: number;
  readonly storedBytes: number;
  readonly bodyLength: number;
  /** Where its body lies when it is not in the database. */
  readonly file: object | undefined;
}

/** The memory of a batch: numbers and bytes, which two threads read, and where its rows are found. */
export interface BatchMemory {
  readonly numbers: Float64Array;
  readonly bytes: Buffer;
  readonly chains: RowChains;
}

/** What a batch begins with. Bytes for all that it has when it is full: a page that is not written to costs nothing. */
const MIN_NUMBERS = 1_024;
const MIN_BYTES = 1_152 * 1024;

/**
 * Changes on their way to the database, in the form in which they travel: numbers in one array, texts and bodies in another.
 * An entry is turned into that form at once and nothing else of it is kept: most are never asked for before they are written,
 * and objects that live so long cost the collector more than everything else about storing. Until the batch is written its
 * new entries are found here, as they are on disk afterwards.
 */
export class ChangeBatch {
  readonly number: number;
  #numbers: Float64Array;
  #count = 0;
  #bytes: Buffer;
  #length = 0;
  /** Where rows of new entries begin, by each of their hashes. */
  readonly #chains: RowChains;
  readonly #added: number[] = [];
  #entriesAdded = 0;
  #bytesAdded = 0;

  /** @param memory of a batch that is over; new memory costs more than what is written to it */
  constructor(number: number, memory?: BatchMemory) {
    this.number = number;
    this.#numbers = memory?.numbers ?? sharedNumbers(MIN_NUMBERS);
    this.#bytes = memory?.bytes ?? sharedBytes(MIN_BYTES);
    this.#chains = memory?.chains ?? new RowChains();
    this.#chains.clear();
  }

  /** What the next batch can be written to, once nobody reads this one any more. */
  get memory(): BatchMemory {
    return { numbers: this.#numbers, bytes: this.#bytes, chains: this.#chains };
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** What the store has more, or less, when this is written. */
  get growth(): Totals {
    return { entries: this.#entriesAdded, bytes: this.#bytesAdded };
  }

  /** Bytes of the texts and bodies so far. */
  get weight(): number {
    return this.#length;
  }

  /**
   * Adds a new entry.
   *
   * @param chunks of its body, which are copied; none when that lies in a file
   */
  add(entry: UnwrittenEntry, chunks: readonly Uint8Array[]): void {
    const row = this.#count;
    this.#addEntry(CHANGE.add, entry);
    this.#entriesAdded++;
    this.#bytesAdded += entry.storedBytes;
    for (const chunk of chunks) {
      this.#reserveBytes(chunk.length);
      this.#bytes.set(chunk, this.#length);
      this.#length += chunk.length;
    }
    this.#added.push(row);
    const { key, path, loose } = entry.hashes;
    this.#chains.add(key, row);
    if (path !== null) this.#chains.add(path, row);
    if (loose !== null) this.#chains.add(loose, row);
  }

  /** A new head for an entry that is there. @param before the bytes that the entry has had so far */
  update(entry: UnwrittenEntry, before: number): void {
    this.#addEntry(CHANGE.update, entry);
    this.#bytesAdded += entry.storedBytes - before;
  }

  remove({ id, storedBytes }: Pick<UnwrittenEntry, 'id' | 'storedBytes'>): void {
    this.#addNumbers(CHANGE.remove, id, 0, 0, 0);
    this.#entriesAdded--;
    this.#bytesAdded -= storedBytes;
  }

  /** @param used in microseconds */
  use(id: number, hits: number, used: number, saved: number): void {
    this.#addNumbers(CHANGE.use, id, hits, used, saved);
  }

  countSavings({ hits, bytesSaved, msSaved }: Savings): void {
    this.#addNumbers(CHANGE.count, hits, bytesSaved, msSaved, 0);
  }

  /** What the thread gets: the same memory. Nothing may be added any more. */
  pack(): PackedChanges {
    return { numbers: this.#numbers.subarray(0, this.#count), bytes: this.#bytes.subarray(0, this.#length) };
  }

  /** Up to `limit` rows of new entries with this hash, the newest first. */
  rowsWith(hash: number, limit = Number.POSITIVE_INFINITY): number[] {
    return this.#chains.rowsWith(hash, limit);
  }

  /** The newest row of an entry that was added. */
  rowOf(id: number): number | undefined {
    return this.#added.findLast((row) => this.numberAt(row, 'id') === id);
  }

  numberAt(row: number, column: keyof typeof ENTRY): number {
    return this.#numbers[row + ENTRY[column]] as number;
  }

  nameOf(row: number): EntryName {
    const from = this.numberAt(row, 'textAt');
    const uri = this.#bytes.toString('utf8', from, from + this.numberAt(row, 'uri'));
    const key = this.numberAt(row, 'keyIsUri') === 1 ? uri : this.headOf(row).key;
    return { id: this.numberAt(row, 'id'), key, uri };
  }

  headOf(row: number): StoredHead {
    const from = this.numberAt(row, 'textAt') + this.numberAt(row, 'uri');
    return JSON.parse(this.#bytes.toString('utf8', from, from + this.numberAt(row, 'head'))) as StoredHead;
  }

  /** A copy of the body, which lives longer than the batch; null when it lies in a file. */
  bodyOf(row: number): Uint8Array | null {
    if (this.numberAt(row, 'file') === 1) return null;
    const from = this.numberAt(row, 'textAt') + this.numberAt(row, 'uri') + this.numberAt(row, 'head');
    return new Uint8Array(this.#bytes.subarray(from, from + this.numberAt(row, 'bodyLength')));
  }

  #addEntry(kind: number, entry: UnwrittenEntry): void {
    const { head, hashes } = entry;
    const textAt = this.#length;
    const uri = this.#addText(head.uri);
    const json = this.#addText(JSON.stringify(head));
    this.#reserveNumbers(ENTRY.size);
    const numbers = this.#numbers;
    const row = this.#count;
    numbers[row] = kind;
    numbers[row + ENTRY.id] = entry.id;
    numbers[row + ENTRY.keyHash] = hashes.key;
    numbers[row + ENTRY.pathHash] = hashes.path ?? NO_PATH;
    numbers[row + ENTRY.looseHash] = hashes.loose ?? NO_HASH;
    numbers[row + ENTRY.groupHash] = hashes.group ?? NO_HASH;
    numbers[row + ENTRY.used] = micros(entry.lastUsed);
    numbers[row + ENTRY.stored] = head.responseTime;
    numbers[row + ENTRY.hits] = entry.hits;
    numbers[row + ENTRY.bytes] = entry.storedBytes;
    numbers[row + ENTRY.bodyLength] = entry.bodyLength;
    numbers[row + ENTRY.file] = entry.file === undefined ? 0 : 1;
    numbers[row + ENTRY.status] = head.status;
    numbers[row + ENTRY.textAt] = textAt;
    numbers[row + ENTRY.uri] = uri;
    numbers[row + ENTRY.head] = json;
    numbers[row + ENTRY.saved] = entry.bytesSaved;
    numbers[row + ENTRY.keyIsUri] = head.key === head.uri ? 1 : 0;
    this.#count = row + ENTRY.size;
  }

  #addNumbers(...change: readonly [kind: number, number, number, number, number]): void {
    this.#reserveNumbers(change.length);
    this.#numbers.set(change, this.#count);
    this.#count += change.length;
  }

  /** @returns its length in bytes */
  #addText(text: string): number {
    this.#reserveBytes(3 * text.length);
    const length = this.#bytes.write(text, this.#length, 'utf8');
    this.#length += length;
    return length;
  }

  #reserveNumbers(count: number): void {
    if (this.#count + count <= this.#numbers.length) return;
    const grown = sharedNumbers(2 * this.#numbers.length);
    grown.set(this.#numbers.subarray(0, this.#count));
    this.#numbers = grown;
  }

  #reserveBytes(length: number): void {
    if (this.#length + length <= this.#bytes.length) return;
    const grown = sharedBytes(Math.max(2 * this.#bytes.length, this.#length + length));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

function sharedNumbers(count: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT));
}

function sharedBytes(length: number): Buffer {
  return Buffer.from(new SharedArrayBuffer(length));
}

/** How the database tells when an entry was used. */
export function micros(milliseconds: number): number {
  return Math.round(milliseconds * 1000);
}
