import type {
  CacheEntry,
  CacheSummary,
  EntriesPage,
  EntriesQuery,
  EntryExchanges,
  EntryId,
  PurgeTarget,
} from '../../shared/cache-contract.ts';
import { fold } from '../../shared/exchange-view.ts';
import type { ExchangeRow, ExchangeView } from '../../shared/exchange-view.ts';
import type { Settings } from '../../shared/settings.ts';
import { withoutQuery } from './cache/cache-key.ts';
import type { CacheSettings } from './cache/cache-settings.ts';
import type { CacheStore, EntrySummary, Purged } from './cache/cache-store.ts';
import { entryDetail, entryRow } from './cache/describe-entry.ts';
import type { EntryFilter } from './cache/entry-filter.ts';
import { isEquivalentUri } from './cache/no-vary-search.ts';
import { filterOf } from './cache/purge-filter.ts';
import type { StoredHead, StoredResponse } from './cache/stored-response.ts';
import { openBody } from './cache/stored-response.ts';
import { varyMismatch } from './cache/vary.ts';
import { cacheSettingsOf } from './handlers/cache-settings.ts';
import type { Recorder } from './trace/recorder.ts';

/** Exchanges that are looked through for those of an entry, newest first, in pages of so many. */
const LOOK_THROUGH = 20_000;
const PAGE = 1_000;

/** What the browser works on. */
export interface BrowsedParts {
  readonly store: CacheStore;
  readonly recorder: Pick<Recorder, 'page' | 'read' | 'asked'>;
  readonly settings: () => Settings;
  /** Told what is being purged, before it is. */
  readonly onPurge?: (filter: EntryFilter) => void;
}

/** The stored responses as people look at them: listed, opened, purged, and tied to the exchanges that they took part in. */
export class CacheBrowser {
  readonly #store: CacheStore;
  readonly #recorder: BrowsedParts['recorder'];
  readonly #settings: () => Settings;
  readonly #onPurge: BrowsedParts['onPurge'];

  constructor({ store, recorder, settings, onPurge }: BrowsedParts) {
    this.#store = store;
    this.#onPurge = onPurge;
    this.#recorder = recorder;
    this.#settings = settings;
  }

  stats(): CacheSummary {
    const { kind: store, entries, bytes, maxBytes, bytesSaved, msSaved } = this.#store.stats();
    const { hits, misses, hitBytes, missBytes } = this.#recorder.asked;
    const requests = { hits, misses, hitBytes, missBytes };
    return { store, entries, bytes, maxBytes, requests, savedBytes: bytesSaved, savedMs: msSaved };
  }

  async entries({ key, ...query }: EntriesQuery): Promise<EntriesPage> {
    const settings = this.#cacheSettings();
    const now = Date.now();
    if (key === undefined) {
      const { total, entries } = await this.#store.entries(query);
      return { total, rows: entries.map((entry) => entryRow(entry, settings)), now };
    }
    const variants = await this.#variants(key);
    const page = variants.slice(query.offset, query.offset + query.limit);
    return { total: variants.length, rows: page.map((entry) => entryRow(entry, settings)), now };
  }

  /** Undefined when the entry is not stored (any more). */
  async entry(id: EntryId): Promise<CacheEntry | undefined> {
    const entry = await this.#store.get(id);
    if (entry === undefined) return undefined;
    return entryDetail(entry, await this.#variants(entry.head.key), this.#cacheSettings(), Date.now());
  }

  /** At most `length` bytes of a stored body from `offset` on; undefined when the entry is not stored (any more). */
  async body(id: EntryId, offset: number, length: number): Promise<Uint8Array | undefined> {
    const entry = await this.#store.get(id);
    if (entry === undefined) return undefined;
    const end = Math.min(offset + length, entry.bodyLength);
    if (offset >= end) return new Uint8Array(0);
    const bytes = openBody(entry, { first: offset, last: end - 1 });
    if (bytes === undefined || bytes instanceof Uint8Array) return bytes;
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** Forgets what `target` means; says how many entries, and whether {@link restore} can bring it back. */
  async purge(target: PurgeTarget): Promise<Purged> {
    const filter = filterOf(target);
    this.#onPurge?.(filter);
    return this.#store.purge(filter);
  }

  /** Brings back an entry that was purged by its id; false when it is forgotten or has been outdated since. */
  async restore(id: EntryId): Promise<boolean> {
    return this.#store.restore(id);
  }

  /**
   * The entry that answers requests like that of an exchange; null when there is none.
   *
   * @returns undefined when the exchange is not recorded (any more)
   */
  async entryOf(exchange: number): Promise<EntryId | null | undefined> {
    const view = fold((await this.#recorder.read(exchange)) ?? []);
    if (view === undefined) return undefined;
    const key = view.decision?.key;
    if (key === undefined) return null;
    const entries = [...this.#store.lookup(key), ...this.#loose(view)];
    let newest: StoredResponse | undefined;
    for (const entry of entries) {
      if (varyMismatch(entry.head.selecting, view.request.headers) !== undefined) continue;
      if (newest === undefined || entry.head.responseTime > newest.head.responseTime) newest = entry;
    }
    return newest?.id ?? null;
  }

  /** The newest exchanges that an entry's variant took part in; undefined when the entry is not stored (any more). */
  async exchanges(id: EntryId, limit: number): Promise<EntryExchanges | undefined> {
    const entry = await this.#store.get(id);
    if (entry === undefined) return undefined;
    const { head } = entry;
    const rows: ExchangeRow[] = [];
    let looked = 0;
    let before: number | undefined;
    while (looked < LOOK_THROUGH) {
      const page = await this.#recorder.page(before, PAGE);
      for (const row of page.rows) {
        looked++;
        if (!mayConcern(row, head) || !(await this.#concerns(row.id, head))) continue;
        rows.push(row);
        if (rows.length === limit) return { rows, looked, complete: false };
      }
      before = page.rows.at(-1)?.id;
      if (!page.more || before === undefined) return { rows, looked, complete: true };
    }
    return { rows, looked, complete: false };
  }

  /** Every entry under a key, most used first. */
  async #variants(key: string): Promise<EntrySummary[]> {
    const entries = await Promise.all(this.#store.lookup(key).map(async ({ id }) => this.#store.get(id)));
    return entries.filter((entry) => entry !== undefined).sort((a, b) => b.hits - a.hits || b.lastUsed - a.lastUsed);
  }

  /** Entries under other queries that may answer the exchange's URL too (No-Vary-Search). */
  #loose({ url }: ExchangeView): readonly StoredResponse[] {
    const entries = this.#store.lookupLoose(url);
    return entries.filter(({ head }) => head.search !== undefined && isEquivalentUri(head.uri, url, head.search));
  }

  async #concerns(exchange: number, head: StoredHead): Promise<boolean> {
    const view = fold((await this.#recorder.read(exchange)) ?? []);
    if (view?.decision?.key === undefined) return false;
    const { search } = head;
    const sameKey =
      view.decision.key === head.key || (search !== undefined && isEquivalentUri(head.uri, view.url, search));
    return sameKey && varyMismatch(head.selecting, view.request.headers) === undefined;
  }

  #cacheSettings(): CacheSettings {
    return cacheSettingsOf(this.#settings());
  }
}

/** What a row alone tells: the rest needs the exchange's fields, which are read one exchange at a time. */
function mayConcern({ kind, url, verdict }: ExchangeRow, { key, uri }: StoredHead): boolean {
  if (kind !== 'http' || verdict === undefined || verdict === 'BYPASS') return false;
  // A key that is a path alone stands for every host (the snapshot mode's option).
  return key.startsWith('/') ? withoutQuery(url).endsWith(key) : withoutQuery(url) === withoutQuery(uri);
}
