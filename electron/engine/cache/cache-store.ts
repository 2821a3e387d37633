import type { EntrySort } from '../../../shared/cache-contract.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import type { EntryFilter } from './entry-filter.ts';
import type { StoredBodySource, StoredHead, StoredResponse } from './stored-response.ts';

/** A store in memory does it at once, one on disk may have to wait. */
export type MaybePromise<T> = T | Promise<T>;

/** Stored responses as people look at them: listed, searched, opened, purged and restored. */
export interface StoreBrowser {
  stats(): StoreStats;
  /** A page of the entries. */
  entries(query: EntryQuery): MaybePromise<EntryPage>;
  /** One entry with its body; undefined when it is gone. */
  get(id: number): MaybePromise<EntryDetail | undefined>;
  /** Forgets the entries that are meant. A single one, named by its id, can be brought back for a while. */
  purge(filter: EntryFilter): MaybePromise<Purged>;
  /**
   * Brings back an entry that was purged by its id.
   *
   * @returns false when it is no longer kept, or has been outdated by what happened since
   */
  restore(id: number): MaybePromise<boolean>;
}

/**
 * Where stored responses are kept. Only complete ones are ever visible: what {@link begin} starts appears with `commit`, or
 * never. Whatever fits is kept; the least recently used entries make room.
 */
export interface CacheStore extends StoreBrowser {
  /** Bodies larger than this are not stored. */
  readonly maxBodyBytes: number;
  /** Every entry under a key, in no particular order. What memory does not know is read at once, as in all lookups. */
  lookup(key: string): readonly StoredResponse[];
  /** Entries of the same URI but for the query that have a search variance, which may answer other queries too. */
  lookupLoose(uri: string): readonly StoredResponse[];
  /** Up to `limit` entries whose URI differs from `uri` in the query alone, for explanations. */
  neighbours(uri: string, limit: number): readonly EntryName[];
  /**
   * Counts an answer from an entry: the whole body, a range of it, a 304 to the client's own conditions.
   *
   * @param saved the bytes that the origin need not send because of it
   */
  touch(stored: StoredResponse, saved: number): void;
  /** Starts storing a response. */
  begin(head: StoredHead): EntryWriter;
  /** Replaces an entry's head, keeping its id and its body; undefined when the entry is gone. */
  update(stored: StoredResponse, head: StoredHead): MaybePromise<StoredResponse | undefined>;
  /** Forgets one entry for good. */
  remove(stored: StoredResponse): MaybePromise<void>;
  /** Changes the caps; entries that no longer fit go. */
  resize(caps: StoreCaps): void;
  /** Resolves when everything done so far is where a restart finds it; at once for a store that forgets. */
  flush(): MaybePromise<void>;
  /** Writes what is left to write and lets go of everything. */
  close(): MaybePromise<void>;
}

/** What an entry is known by. */
export interface EntryName {
  readonly id: number;
  readonly key: string;
  readonly uri: string;
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
   * @param head in place of the one it began with, when what has come is a part after all
   * @returns the entry, or undefined when it had been given up
   */
  commit(trailers?: HeaderList, head?: StoredHead): MaybePromise<StoredResponse | undefined>;
  /** The body broke off: forgets what was written. Does nothing after `commit`. */
  abort(): void;
}

/** What a store may take. */
export interface StoreCaps {
  /** Bytes of all entries together, heads included. */
  readonly maxBytes: number;
  /** How many entries; any number when absent. */
  readonly maxEntries?: number;
  /** Bytes that may be in memory: part of the entries of a store on disk, all of those of a store in memory. */
  readonly memoryBytes?: number;
}

export interface StoreStats {
  /** Where they are kept. */
  readonly kind: 'disk' | 'memory';
  readonly entries: number;
  readonly bytes: number;
  readonly maxBytes: number;
  /** Answers from the store since it was made, entries that are gone included. */
  readonly hits: number;
  /** Bytes that the origin need not send because of these answers: of a range its own, of a 304 none. */
  readonly bytesSaved: number;
  /** Milliseconds that the origin took for the stored responses, once for each answer from them. */
  readonly msSaved: number;
}

export interface EntryQuery {
  /** Part of the URI, in any case. */
  readonly search?: string;
  /** By last use when absent; by time of storing, number of answers, size, URI or status. */
  readonly sort?: EntrySort;
  /** Smallest first instead of largest first. */
  readonly ascending?: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** An entry as lists show it. Times are epoch milliseconds. */
export interface EntrySummary {
  /** Stays the same while the entry lives, also over restarts and updates of its head. */
  readonly id: number;
  readonly head: StoredHead;
  /** What it takes of the store's cap. */
  readonly bytes: number;
  readonly bodyLength: number;
  readonly hits: number;
  readonly lastUsed: number;
  /** As in {@link StoreStats}, of this entry alone. */
  readonly bytesSaved: number;
}

export interface EntryDetail extends EntrySummary {
  readonly body: Uint8Array | StoredBodySource;
}

export interface EntryPage {
  readonly total: number;
  readonly entries: readonly EntrySummary[];
}

export interface Purged {
  readonly purged: number;
  /** {@link StoreBrowser.restore} can bring it back. */
  readonly restorable: boolean;
}
