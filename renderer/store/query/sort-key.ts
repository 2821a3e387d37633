import { splitUrl } from '../../../shared/url-parts.ts';
import type { FilteredExchange } from '../../../shared/filter/filtered-exchange.ts';

/** What rows can be sorted by. Whatever a row does not have comes last, in either direction. */
export type SortKey = keyof typeof readers;

export interface Sort {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** The order without any choice: as the requests arrived. */
export const ARRIVAL: Sort = { key: 'id', descending: false };

export type SortValue = number | string | undefined;

const readers = {
  id: (row) => row.id,
  start: (row) => row.start,
  response: (row) => row.responseAt,
  end: (row) => row.end,
  duration: (row) => (row.end === undefined ? undefined : row.end - row.start),
  latency: (row) => (row.responseAt === undefined ? undefined : row.responseAt - row.start),
  method: (row) => row.method,
  host: (row) => splitUrl(row.url).host,
  path: (row) => splitUrl(row.url).path,
  status: (row) => row.status,
  cache: (row) => row.verdict,
  type: (row) => row.contentType,
  size: (row) => row.responseBytes,
  requestSize: (row) => row.requestBytes,
  saved: (row) => (row.from === 'cache' ? row.responseBytes : 0),
  ttl: (row) => row.ttl,
  age: (row) => row.age,
  upstream: (row) => row.upstream,
  remote: (row) => row.remote,
  protocol: (row) => row.version,
  client: (row) => row.client,
  rules: (row) => row.rules?.map(({ name }) => name).join(', '),
} satisfies Record<string, (row: FilteredExchange) => SortValue>;

/** Reads what `key` sorts by. */
export function sortReader(key: SortKey): (row: FilteredExchange) => SortValue {
  return readers[key];
}

/** Whether `text`, which may come from storage, is a key. */
export function isSortKey(text: unknown): text is SortKey {
  return typeof text === 'string' && Object.hasOwn(readers, text);
}

/** Compares values of one key: numbers as numbers, texts by their characters, nothing behind everything. */
export function compareValues(a: SortValue, b: SortValue, descending: boolean): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b === descending ? 1 : -1;
}

/** Compares rows; equal ones stay in the order in which they arrived. */
export function compareRows({ key, descending }: Sort): (a: FilteredExchange, b: FilteredExchange) => number {
  const read = sortReader(key);
  return (a, b) => compareValues(read(a), read(b), descending) || a.id - b.id;
}
