import type { CacheSettings } from '../engine/cache/cache-settings.ts';
import type { EntryPage, EntryQuery, EntrySummary } from '../engine/cache/cache-store.ts';
import { entryRow } from '../engine/cache/describe-entry.ts';

/** How many entries are read at a time: a cache may have a million of them, too many for the memory with their heads. */
const READ = 20_000;

export interface TtlQuery extends Pick<EntryQuery, 'search' | 'ascending' | 'limit'> {
  /** By which lifetimes are told: the store's index, which has all other orders, knows nothing of them. */
  readonly settings: CacheSettings;
}

/**
 * The first entries by their time to live, the longest first unless `ascending`. What must be validated before each use has
 * less than any other, and what cannot be used less than that.
 *
 * @param list reads a page of the store
 */
export function entriesByTtl(list: (query: EntryQuery) => EntryPage, query: TtlQuery): EntryPage {
  const { search, ascending = false, limit, settings } = query;
  const sign = ascending ? 1 : -1;
  let best: { readonly entry: EntrySummary; readonly until: number }[] = [];
  let total = 0;
  for (let offset = 0; offset <= total; offset += READ) {
    const page = list({
      ...(search === undefined ? {} : { search }),
      sort: 'stored',
      ascending: true,
      offset,
      limit: READ,
    });
    total = page.total;
    best.push(...page.entries.map((entry) => ({ entry, until: usableUntil(entry, settings) })));
    // Infinities have no difference that could be compared.
    best.sort((a, b) => (a.until === b.until ? 0 : a.until < b.until ? -sign : sign));
    best = best.slice(0, limit);
  }
  return { total, entries: best.map(({ entry }) => entry) };
}

function usableUntil(entry: EntrySummary, settings: CacheSettings): number {
  const { usable, noCache, expires } = entryRow(entry, settings);
  if (!usable) return Number.NEGATIVE_INFINITY;
  return noCache ? -Number.MAX_VALUE : expires;
}
