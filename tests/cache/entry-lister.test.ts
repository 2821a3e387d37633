import { expect, it } from 'vitest';
import { EntryLister } from '../../electron/engine/cache/stores/entry-lister.ts';
import type { TableEntry } from '../../electron/engine/cache/stores/entry-table.ts';
import { makeEntry } from '../../electron/engine/cache/stores/disk-front.ts';
import type { EntryQuery } from '../../electron/engine/cache/cache-store.ts';
import type { EntrySort } from '../../shared/cache-contract.ts';
import { ENTRY_SORTS } from '../../shared/cache-contract.ts';
import { headOf } from './store-entries.ts';

const HEAD = headOf();

/** Entries in no order but that of use, many of them equal in what they are sorted by. */
function entries(count: number, from = 0): TableEntry[] {
  return Array.from({ length: count }, (_, i) => {
    const n = ((i + from) * 7_919) % 3_001;
    const head = { ...HEAD, uri: `http://h${n % 7}.test/${n % 1_000}`, responseTime: n % 50, status: 200 + (n % 3) };
    const entry = makeEntry({
      ...{ id: i + from, head, body: new Uint8Array(), file: undefined, bodyLength: 0, storedBytes: 0 },
    });
    return { ...entry, bytes: n % 100, hits: n % 10, bytesSaved: 0, lastUsed: -i };
  });
}

const VALUE: Readonly<Record<EntrySort, (entry: TableEntry) => number | string>> = {
  lastUsed: (entry) => entry.lastUsed,
  stored: (entry) => entry.head.responseTime,
  hits: (entry) => entry.hits,
  bytes: (entry) => entry.bytes,
  uri: (entry) => entry.head.uri,
  status: (entry) => entry.head.status,
};

/** The ids of a page, by sorting everything. */
function expected(all: readonly TableEntry[], query: EntryQuery): number[] {
  const { search = '', sort = 'lastUsed', ascending = false, offset, limit } = query;
  const value = VALUE[sort];
  const found = all.filter(({ head }) => head.uri.includes(search));
  found.sort((a, b) => (value(a) === value(b) ? 0 : value(a) < value(b) === ascending ? -1 : 1));
  return found.slice(offset, offset + limit).map(({ id }) => id);
}

it.each(ENTRY_SORTS)('gives the pages by %s that sorting everything gives', (sort) => {
  const all = entries(3_000);
  const lister = new EntryLister();
  for (const ascending of [false, true]) {
    for (const offset of [0, 5, 1_990, 2_500, 2_999, 4_000]) {
      for (const search of ['', 'h3.']) {
        const query = { sort, ascending, offset, limit: 20, search };
        expect(lister.list(all, query).entries.map(({ id }) => id)).toEqual(expected(all, query));
      }
    }
  }
});

it('knows of entries that have come and gone since it last sorted', () => {
  const lister = new EntryLister();
  const query = { sort: 'uri', ascending: true, offset: 2_100, limit: 50 } as const;
  for (const all of [entries(3_000), entries(3_000, 700), entries(2_200, 100)]) {
    const page = lister.list(all, query);
    expect([page.total, ...page.entries.map(({ id }) => id)]).toEqual([all.length, ...expected(all, query)]);
  }
});
