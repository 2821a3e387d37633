import type { HeaderList } from '../../../shared/headers.ts';
import type { StoredHead, StoredResponse } from './stored-response.ts';

/** A store in memory answers at once, one on disk may have to wait. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * Where stored responses are kept. Only complete ones are ever visible: what {@link begin} starts appears with `commit`, or
 * never. Whatever fits is kept; the least recently used entries make room.
 */
export interface CacheStore {
  /** Bodies larger than this are not stored. */
  readonly maxBodyBytes: number;
  /** Every entry under a key, in no particular order. */
  lookup(key: string): MaybePromise<readonly StoredResponse[]>;
  /** Entries of the same URI but for the query that have a search variance, which may answer other queries too. */
  lookupLoose(uri: string): MaybePromise<readonly StoredResponse[]>;
  /** Up to `limit` entries whose URI differs from `uri` in the query alone, for explanations. */
  neighbours(uri: string, limit: number): MaybePromise<readonly StoredResponse[]>;
  /** Notes that an entry answered a request. */
  touch(stored: StoredResponse): void;
  /** Starts storing a response. */
  begin(head: StoredHead): EntryWriter;
  /** Replaces an entry's head, keeping its body; undefined when the entry is gone. */
  update(stored: StoredResponse, head: StoredHead): MaybePromise<StoredResponse | undefined>;
  /** Forgets one entry. */
  remove(stored: StoredResponse): MaybePromise<void>;
  /** Forgets every entry under a key; resolves with how many. */
  delete(key: string): MaybePromise<number>;
  /** Forgets the entries of an origin that belong to any of the groups (RFC 9875 §2.1); resolves with how many. */
  deleteGroups(origin: string, groups: readonly string[]): MaybePromise<number>;
  /** Forgets everything; resolves with how many entries. */
  clear(): MaybePromise<number>;
  stats(): StoreStats;
  /** A page of the entries, most recently used first. */
  entries(query: EntryQuery): MaybePromise<EntryPage>;
}

/** Takes the body of a response that is being stored. */
export interface EntryWriter {
  /**
   * Adds the next bytes; the chunk is kept as it is until `commit` and must not change.
   *
   * @returns false when the entry has been given up, e.g. because it is too large; further calls do nothing
   */
  write(chunk: Uint8Array): MaybePromise<boolean>;
  /**
   * The body is complete: makes the entry visible and drops those that it supersedes.
   *
   * @param trailers kept apart from the header fields (RFC 9111 §3.1), by stores that keep them
   * @returns the entry, or undefined when it had been given up
   */
  commit(trailers?: HeaderList): MaybePromise<StoredResponse | undefined>;
  /** The body broke off: forgets what was written. Does nothing after `commit`. */
  abort(): void;
}

export interface StoreStats {
  readonly entries: number;
  readonly bytes: number;
  readonly maxBytes: number;
}

export interface EntryQuery {
  /** Part of the URI, in any case. */
  readonly search?: string;
  readonly offset: number;
  readonly limit: number;
}

/** An entry as lists show it. Times are epoch milliseconds. */
export interface EntrySummary {
  readonly stored: StoredResponse;
  readonly bytes: number;
  readonly hits: number;
  readonly lastUsed: number;
}

export interface EntryPage {
  readonly total: number;
  readonly entries: readonly EntrySummary[];
}
