import type { DecisionStep } from './decision.ts';
import type { ExchangeRow } from './exchange-view.ts';
import type { FreshnessTimes } from './freshness-times.ts';
import type { HeaderList } from './headers.ts';

/** What the UI may ask about the store and its entries: a part of the contract's request map. */
export interface CacheRequestMap {
  /** Totals of the store and of the requests it was asked to answer. */
  'cache.stats': { params: undefined; result: CacheSummary };
  /** A page of the entries, at most `limit` (≤ 1,000) from `offset`, of those that match `search`. */
  'cache.entries': { params: EntriesQuery; result: EntriesPage };
  /** Everything about one entry but its body; `NOT_FOUND` when it is not stored (any more). */
  'cache.entry': { params: { id: EntryId }; result: CacheEntry };
  /** Stored body bytes from `offset`, at most `length` (≤ 1 MiB); shorter at the body's end. */
  'cache.body': { params: { id: EntryId; offset: number; length: number }; result: Uint8Array };
  /** Forgets stored responses. A single one, named by `id`, can be brought back for a while with `cache.restore`. */
  'cache.purge': { params: PurgeTarget; result: { readonly purged: number; readonly restorable: boolean } };
  /** Brings back an entry that was purged by its id; `NOT_FOUND` when it is forgotten, or outdated by what happened since. */
  'cache.restore': { params: { id: EntryId }; result: { id: EntryId } };
  /**
   * The entry that answers requests like that of an exchange: the one under its key whose selecting fields its request
   * matches. `null` when there is none (any more).
   */
  'cache.entryOf': { params: { exchange: number }; result: { id: EntryId | null } };
  /**
   * The exchanges that an entry's variant took part in, newest first, at most `limit` (≤ 200). Only the newest exchanges of
   * the session are looked at; `complete` tells whether these were all.
   */
  'cache.exchanges': { params: { id: EntryId; limit: number }; result: EntryExchanges };
}

/** An entry's number in the store: the same for as long as it lives, also over restarts. */
export type EntryId = number;

/** What the host tells about the store without being asked. */
export interface CacheEventMap {
  /** Entries came, went or were used. Told at most twice a second, however much happens. */
  'cache.changed': CacheSummary;
}

export interface CacheSummary {
  /** Where responses are kept: in memory also when the disk cannot be had. */
  readonly store: 'disk' | 'memory';
  readonly entries: number;
  /** Bytes that they take, and may take at most. */
  readonly bytes: number;
  readonly maxBytes: number;
  /** Requests that the cache was asked to answer since the engine started, by what became of them. */
  readonly requests: {
    /** Answered from the store: fresh, confirmed by the origin, or stale. */
    readonly hits: number;
    /** Sent on, because nothing stored would do. */
    readonly misses: number;
    /** Body bytes of these answers. */
    readonly hitBytes: number;
    readonly missBytes: number;
  };
  /**
   * What answers from the store have saved: body bytes that the origin need not send (of a range its own, of HEAD and a 304
   * none), and the milliseconds that it took.
   */
  readonly savedBytes: number;
  readonly savedMs: number;
}

export const ENTRY_SORTS = ['lastUsed', 'stored', 'hits', 'bytes', 'uri', 'status'] as const;
export type EntrySort = (typeof ENTRY_SORTS)[number];

export interface EntriesQuery {
  /** Part of the URL, in any case. */
  readonly search?: string;
  /** Only entries under this cache key: the variants of one resource. */
  readonly key?: string;
  /** Default: most recently used first. */
  readonly sort?: EntrySort;
  readonly ascending?: boolean;
  readonly offset: number;
  readonly limit: number;
}

export interface EntriesPage {
  /** How many entries match. */
  readonly total: number;
  readonly rows: readonly CacheEntryRow[];
  /** The engine's clock, in epoch milliseconds: what ages and lifetimes in `rows` count against. */
  readonly now: number;
}

/** An entry as lists show it. Times are epoch milliseconds. */
export interface CacheEntryRow {
  readonly id: EntryId;
  readonly key: string;
  readonly uri: string;
  readonly status: number;
  /** Media type without parameters, lower case; empty when absent. */
  readonly contentType: string;
  /** The request fields that chose this variant, as its Vary names them; `null` when the request had none. */
  readonly selecting: readonly (readonly [field: string, value: string | null])[];
  readonly bodyBytes: number;
  /** Bytes that it takes in the store, head included. */
  readonly bytes: number;
  /** When it was stored, or confirmed last. */
  readonly stored: number;
  /** Its age counts from `born`, its remaining lifetime to `expires`. */
  readonly born: number;
  readonly expires: number;
  /** Every use needs a validation, whatever its age. */
  readonly noCache: boolean;
  /** The current mode allows its use. */
  readonly usable: boolean;
  readonly etag?: string;
  readonly lastModified?: string;
  readonly hits: number;
  /** 0 when it has not been used yet. */
  readonly lastUsed: number;
  /** As in {@link CacheSummary}, by this entry alone. */
  readonly savedBytes: number;
  readonly savedMs: number;
  /** Only the head is stored, as the answer to HEAD. */
  readonly headOnly?: true;
  /** For a stored part: which bytes it has, and of how many; null when that is unknown. */
  readonly part?: { readonly first: number; readonly last: number; readonly length: number | null };
}

/** An entry in full, but for its body. */
export interface CacheEntry extends CacheEntryRow {
  /** The method of the request that brought it. */
  readonly method: string;
  readonly reason: string;
  /** The stored fields (RFC 9111 §3.1). */
  readonly headers: HeaderList;
  readonly freshness: FreshnessTimes;
  /** Why it may be stored and how fresh it is now, by the current mode and overlays. */
  readonly steps: readonly DecisionStep[];
  /** The request that brought it had an Authorization field. */
  readonly authorized: boolean;
  /** Cache groups that it belongs to (RFC 9875). */
  readonly groups: readonly string[];
  /** Milliseconds that the origin took to answer. */
  readonly fetchMs: number;
  /** Every entry under the same key, itself included. */
  readonly variants: readonly CacheEntryRow[];
  readonly now: number;
}

/** What to forget. */
export type PurgeTarget =
  | { readonly id: EntryId }
  | { readonly key: string }
  /** Every entry of a host, with its port where the URL has one: `example.com:8080`. */
  | { readonly host: string }
  /** Entries whose URL matches a pattern as overlays have it: with `*`, or a prefix of the URL. */
  | { readonly pattern: string }
  /** Members of a cache group, of one origin or of all (RFC 9875). */
  | { readonly group: string; readonly origin?: string }
  | { readonly everything: true };

export interface EntryExchanges {
  readonly rows: readonly ExchangeRow[];
  /** How many of the session's exchanges were looked at, and whether that was all of them. */
  readonly looked: number;
  readonly complete: boolean;
}
