import type { EntryName } from '../cache-store.ts';
import type { BatchMemory } from './change-batch.ts';
import { ChangeBatch } from './change-batch.ts';
import type { DiskRow } from './disk-reader.ts';
import type { Totals } from './store-messages.ts';

/**
 * Memory of so many batches is kept for those to come: of all that are on their way when large bodies come fast. The first
 * touch of new memory costs more than what is written to it.
 */
const MOST_SPARE = 12;

/**
 * The batches that are not written yet, as if what they add were on disk already. Of several rows of one entry, which was
 * purged and brought back, the newest counts.
 */
export class UnwrittenRows {
  /** The newest first; that is the one which changes are being added to. */
  #batches: readonly ChangeBatch[] = [new ChangeBatch(1)];
  readonly #spare: BatchMemory[] = [];

  /** The batch that the next change belongs to. */
  get open(): ChangeBatch {
    return this.#batches[0] as ChangeBatch;
  }

  /** What the store has more, or less, when everything is written. */
  get growth(): Totals {
    let [entries, bytes] = [0, 0];
    for (const { growth } of this.#batches) {
      entries += growth.entries;
      bytes += growth.bytes;
    }
    return { entries, bytes };
  }

  /** Begins another batch. @returns the one that is complete now */
  seal(): ChangeBatch {
    const sealed = this.open;
    this.#batches = [new ChangeBatch(sealed.number + 1, this.#spare.pop()), ...this.#batches];
    return sealed;
  }

  /** Every batch up to this one is on disk. */
  settle(written: number): void {
    const over = this.#batches.filter(({ number }) => number <= written);
    if (over.length === 0) return;
    this.#batches = this.#batches.slice(0, -over.length);
    this.#spare.push(...over.map(({ memory }) => memory).slice(0, MOST_SPARE - this.#spare.length));
  }

  /** Entries whose key has this hash. */
  byKey(hash: number): DiskRow[] {
    const found: DiskRow[] = [];
    for (const batch of this.#batches) {
      for (const row of batch.rowsWith(hash)) {
        const id = batch.numberAt(row, 'id');
        if (batch.numberAt(row, 'keyHash') === hash && !found.some((other) => other.id === id))
          found.push(rowAt(batch, row));
      }
    }
    return found.reverse();
  }

  byId(id: number): DiskRow | undefined {
    for (const batch of this.#batches) {
      const row = batch.rowOf(id);
      if (row !== undefined) return rowAt(batch, row);
    }
    return undefined;
  }

  /** Up to `limit` entries with this hash of the key or of the URI without its query. */
  names(hash: number, limit: number): EntryName[] {
    const found: EntryName[] = [];
    for (const batch of this.#batches) {
      if (found.length >= limit) break;
      for (const row of batch.rowsWith(hash, limit - found.length)) found.push(batch.nameOf(row));
    }
    return found;
  }
}

function rowAt(batch: ChangeBatch, row: number): DiskRow {
  return {
    id: batch.numberAt(row, 'id'),
    head: batch.headOf(row),
    used: batch.numberAt(row, 'used'),
    hits: batch.numberAt(row, 'hits'),
    bytes: batch.numberAt(row, 'bytes'),
    bodyLength: batch.numberAt(row, 'bodyLength'),
    bytesSaved: batch.numberAt(row, 'saved'),
    body: batch.bodyOf(row),
  };
}
