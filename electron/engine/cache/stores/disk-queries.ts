import type { DatabaseSync } from 'node:sqlite';
import type { EntrySort } from '../../../../shared/cache-contract.ts';
import type { EntryPage, EntryQuery, EntrySummary } from '../cache-store.ts';
import type { EntryFilter, FilteredEntry } from '../entry-filter.ts';
import { entryMatcher } from '../entry-filter.ts';
import type { StoredHead } from '../stored-response.ts';
import { groupHash, keyHash } from './entry-hashes.ts';
import type { GoneEntry } from './store-messages.ts';

/** Questions to the index that look at many entries. */

export const GONE_COLUMNS = 'e.id, e.key_hash, e.path_hash, e.loose_hash, e.group_hash, e.bytes, e.file';

/** A row of {@link GONE_COLUMNS}. */
export interface GoneRow {
  readonly id: number;
  readonly key_hash: number;
  readonly path_hash: number;
  readonly loose_hash: number | null;
  readonly group_hash: number | null;
  readonly bytes: number;
  readonly file: number;
}

export function goneEntry({ id, bytes, file, ...hashes }: GoneRow): GoneEntry {
  const { key_hash: key, path_hash: path, loose_hash: loose, group_hash: group } = hashes;
  return { id, hashes: { key, path, loose, group }, bytes, file: file === 1 };
}

const SUMMARY_COLUMNS = 'e.id, e.used, e.hits, e.bytes, e.body_length, c.head';

interface SummaryRow {
  readonly id: number;
  readonly used: number;
  readonly hits: number;
  readonly bytes: number;
  readonly body_length: number;
  readonly head: string;
}

const ORDERS: Readonly<Record<EntrySort, string>> = {
  lastUsed: 'used',
  stored: 'stored',
  hits: 'hits',
  bytes: 'bytes',
  uri: 'uri',
  status: 'status',
};

/** A page of the entries. Their heads are read for the page alone: walking the narrow table is what makes a search fast. */
export function listEntryRows(db: DatabaseSync, query: EntryQuery): EntryPage {
  const { search = '', sort = 'lastUsed', ascending = false, offset, limit } = query;
  const where = search === '' ? '' : String.raw`WHERE uri LIKE ? ESCAPE '\'`;
  const parameters = search === '' ? [] : [`%${search.replace(/[\\%_]/g, String.raw`\$&`)}%`];
  const order = `${ORDERS[sort]} ${ascending ? 'ASC' : 'DESC'}${sort === 'lastUsed' ? '' : ', used DESC'}`;
  const { total } = db.prepare(`SELECT count(*) AS total FROM entries ${where}`).get(...parameters) as {
    total: number;
  };
  const ids = db
    .prepare(`SELECT id FROM entries ${where} ORDER BY ${order} LIMIT ? OFFSET ?`)
    .all(...parameters, limit, offset) as { id: number }[];
  const row = db.prepare(`SELECT ${SUMMARY_COLUMNS} FROM entries e JOIN contents c ON c.id = e.id WHERE e.id = ?`);
  return { total, entries: ids.map(({ id }) => summaryOf(row.get(id) as unknown as SummaryRow)) };
}

/** The entries that a filter means. */
export function findMeant(db: DatabaseSync, filter: EntryFilter): GoneEntry[] {
  const found: GoneEntry[] = [];
  const isMeant = entryMatcher(filter);
  const { sql, parameters, withHead } = candidates(filter);
  for (const candidate of db.prepare(sql).iterate(...parameters)) {
    const row = candidate as unknown as GoneRow & { readonly uri: string; readonly head?: string };
    const head = withHead ? parseHead(row.head ?? '') : { key: '', uri: row.uri };
    if (isMeant({ id: row.id, head } satisfies FilteredEntry)) found.push(goneEntry(row));
  }
  return found;
}

/** A superset of what is meant. Heads are read only where the filter looks at more than the URI. */
function candidates(filter: EntryFilter): {
  readonly sql: string;
  readonly parameters: readonly number[];
  readonly withHead: boolean;
} {
  const narrow = `SELECT ${GONE_COLUMNS}, e.uri FROM entries e`;
  const wide = `SELECT ${GONE_COLUMNS}, e.uri, c.head FROM entries e JOIN contents c ON c.id = e.id WHERE`;
  if ('id' in filter) return { sql: `${narrow} WHERE e.id = ?`, parameters: [filter.id], withHead: false };
  if ('key' in filter) return { sql: `${wide} e.key_hash = ?`, parameters: [keyHash(filter.key)], withHead: true };
  if (!('groups' in filter)) return { sql: narrow, parameters: [], withHead: false };
  if (filter.origin === undefined) return { sql: `${wide} e.group_hash IS NOT NULL`, parameters: [], withHead: true };
  return { sql: `${wide} e.group_hash = ?`, parameters: [groupHash(filter.origin)], withHead: true };
}

function summaryOf({ id, used, hits, bytes, body_length: bodyLength, head }: SummaryRow): EntrySummary {
  return { id, head: parseHead(head), bytes, bodyLength, hits, lastUsed: used / 1000 };
}

/** A head as it was written. */
export function parseHead(json: string): StoredHead {
  return JSON.parse(json) as StoredHead;
}
