import type { EntrySort } from '../../../../shared/cache-contract.ts';
import type { EntryPage, EntryQuery, EntrySummary } from '../cache-store.ts';
import type { TableEntry } from './entry-table.ts';

/** What each order compares. */
const SORTED_BY: Readonly<Record<EntrySort, (entry: TableEntry) => number | string>> = {
  lastUsed: ({ lastUsed }) => lastUsed,
  stored: ({ head }) => head.responseTime,
  hits: ({ hits }) => hits,
  bytes: ({ bytes }) => bytes,
  uri: ({ head }) => head.uri,
  status: ({ head }) => head.status,
};

/** A page of entries. @param byUse all of them, most recently used first */
export function listEntries(byUse: Iterable<TableEntry>, query: EntryQuery): EntryPage {
  const { search, sort = 'lastUsed', ascending = false, offset, limit } = query;
  const found = search === undefined || search === '' ? [...byUse] : matching(byUse, search);
  if (sort !== 'lastUsed') sortBy(found, SORTED_BY[sort], ascending);
  else if (ascending) found.reverse();
  return { total: found.length, entries: found.slice(offset, offset + limit).map(summaryOf) };
}

export function summaryOf({ id, head, bytes, bodyLength, hits, lastUsed }: TableEntry): EntrySummary {
  return { id, head, bytes, bodyLength, hits, lastUsed };
}

function matching(byUse: Iterable<TableEntry>, search: string): TableEntry[] {
  // Several times as fast as making each URI lower case.
  const pattern = new RegExp(search.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'i');
  const found: TableEntry[] = [];
  for (const entry of byUse) if (pattern.test(entry.head.uri)) found.push(entry);
  return found;
}

/** Among equals the order of use stays. */
function sortBy(entries: TableEntry[], value: (entry: TableEntry) => number | string, ascending: boolean): void {
  const sign = ascending ? 1 : -1;
  entries.sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === y) return 0;
    return x < y ? -sign : sign;
  });
}
