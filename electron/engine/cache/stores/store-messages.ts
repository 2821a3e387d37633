import type { EntryPage, EntryQuery, StoreCaps, StoreStats } from '../cache-store.ts';
import type { EntryFilter } from '../entry-filter.ts';
import type { EntryHashes } from './entry-hashes.ts';

/** What the disk store and the thread that writes for it tell each other. */

/**
 * An entry's columns, in the order of the table. When it was last used is in microseconds, so that no two entries have the
 * same; `file` is 1 when the body lies in a file; `saved` are the bytes that the origin need not have sent.
 */
export type EntryColumns = readonly [
  id: number,
  keyHash: number,
  pathHash: number,
  looseHash: number | null,
  groupHash: number | null,
  used: number,
  stored: number,
  hits: number,
  bytes: number,
  bodyLength: number,
  file: number,
  status: number,
  uri: string,
  saved: number,
];

/** An entry as it is written. */
export interface WrittenEntry {
  readonly columns: EntryColumns;
  /** The head as JSON. */
  readonly head: string;
}

/** One change; changes are made in the order in which they were asked for. */
export type Change =
  | { readonly kind: 'add'; readonly entry: WrittenEntry; readonly body: Uint8Array | null }
  /** A new head for an entry that is there. */
  | { readonly kind: 'update'; readonly entry: WrittenEntry }
  | { readonly kind: 'remove'; readonly id: number }
  | {
      readonly kind: 'use';
      readonly id: number;
      readonly hits: number;
      readonly used: number;
      readonly saved: number;
    }
  | { readonly kind: 'count'; readonly savings: Savings };

/** A batch of changes, in memory that both threads read: packed-changes.ts tells what is where. */
export interface PackedChanges {
  readonly numbers: Float64Array;
  /** Texts and bodies. */
  readonly bytes: Uint8Array;
}

export type Savings = Pick<StoreStats, 'hits' | 'bytesSaved' | 'msSaved'>;

/** An entry that is gone without having been named by its id, and what has to be done about that. */
export interface GoneEntry {
  readonly id: number;
  readonly hashes: EntryHashes;
  readonly bytes: number;
  readonly file: boolean;
}

/** Where a purge goes on: with the entries behind an id, up to the last one that was there when it began. */
export interface PurgeCursor {
  readonly after: number;
  readonly last: number;
}

/** What a purge has removed, or a step of it: some entries, or every one, and then which of them had files. */
export type Removed = { readonly gone: readonly GoneEntry[] } | { readonly filesOf: readonly number[] };

/** What other processes have purged. */
export interface ForeignPurges {
  /** How many steps of purges there have been, ever. */
  readonly purges: number;
  /** What was meant by the purges that are over with these steps. */
  readonly filters: readonly EntryFilter[];
}

/** What the store wants of its thread. */
export type Order =
  | { readonly kind: 'write'; readonly batch: number; readonly changes: PackedChanges }
  | { readonly kind: 'caps'; readonly caps: StoreCaps }
  | { readonly kind: 'list'; readonly request: number; readonly query: EntryQuery }
  | PurgeOrder
  /** What another process purged is no longer in memory. */
  | { readonly kind: 'noticed'; readonly purges: number }
  | { readonly kind: 'close' };

export interface PurgeOrder {
  readonly kind: 'purge';
  readonly request: number;
  readonly filter: EntryFilter;
  /** Where it goes on, once it has begun, and how many entries are gone by then. */
  readonly cursor?: PurgeCursor;
  readonly purged?: number;
}

/** What the thread tells the store. */
export type Report =
  | { readonly kind: 'ready'; readonly state: StartState }
  /** What was there at the start, told before anything else is done. */
  | { readonly kind: 'presence'; readonly presence: Presence }
  /** A batch is committed: a crash of the process does not lose it. */
  | {
      readonly kind: 'written';
      readonly batch: number;
      readonly evicted: readonly GoneEntry[];
      readonly totals: Totals;
    }
  | { readonly kind: 'listed'; readonly request: number; readonly page: EntryPage }
  /** A step of a purge is done; with the last one comes how many entries are gone in all. */
  | {
      readonly kind: 'purged';
      readonly request: number;
      readonly removed: Removed;
      readonly purged: number | undefined;
      readonly totals: Totals;
    }
  | ({ readonly kind: 'foreign'; readonly totals: Totals } & ForeignPurges)
  /** It cannot go on. */
  | { readonly kind: 'failed'; readonly message: string; readonly cause: 'damaged' | 'newer' | 'other' }
  | { readonly kind: 'closed' };

/** What is on disk at the moment of a report. */
export type Totals = Pick<StoreStats, 'entries' | 'bytes'>;

/** What a store begins with. */
export interface StartState extends Totals {
  /** No entry and no file has a higher id. */
  readonly lastId: number;
  readonly savings: Savings;
  /** When an entry was used last, in microseconds; 0 when there is none. */
  readonly lastUsed: number;
}

/** The counts of a presence table of all entries, and how many of these are loose. */
export interface Presence {
  readonly counts: Uint8Array<ArrayBuffer>;
  readonly entries: number;
  readonly loose: number;
}
