import type { DatabaseSync } from 'node:sqlite';
import type { EntrySort } from '../../../../shared/cache-contract.ts';
import type { EntryPage, EntryQuery, EntrySummary } from '../cache-store.ts';
import type { EntryFilter, FilteredEntry } from '../entry-filter.ts';
import { entryMatcher } from '../entry-filter.ts';
import type { StoredHead } from '../stored-response.ts';
import { NO_PATH, UnusableDatabase } from './disk-schema.ts';
import { groupHash, keyHash } from './entry-hashes.ts';
import type { GoneEntry, PurgeCursor } from './store-messages.ts';

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
  return { id, hashes: { key, path: path === NO_PATH ? null : path, loose, group }, bytes, file: file === 1 };
}

const SUMMARY_COLUMNS = 'e.id, e.used, e.hits, e.bytes, e.body_length, e.saved, c.head';

interface SummaryRow {
  readonly id: number;
  readonly used: number;
  readonly hits: number;
  readonly bytes: number;
  readonly body_length: number;
  readonly saved: number;
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
  const { search = '' } = query;
  const { total, ids } = search === '' ? allIds(db, query) : foundIds(db, search, query);
  const row = db.prepare(`SELECT ${SUMMARY_COLUMNS} FROM entries e JOIN contents c ON c.id = e.id WHERE e.id = ?`);
  return { total, entries: ids.map((id) => summaryOf(row.get(id) as unknown as SummaryRow)) };
}

/** How many entries there are, and the ids of a page of them. */
interface IdPage {
  readonly total: number;
  readonly ids: readonly number[];
}

function allIds(db: DatabaseSync, query: EntryQuery): IdPage {
  const { total } = db.prepare("SELECT value AS total FROM counters WHERE name = 'entries'").get() as { total: number };
  const rows = db
    .prepare(`SELECT id FROM ${inFavourableOrder(query)} ${pageClause(query)}`)
    .all(query.limit, query.offset);
  return { total, ids: (rows as { id: number }[]).map(({ id }) => id) };
}

/**
 * Walks the table once, for the page and the total, and in its own order: through an index that has the wanted order already,
 * each row would be a seek, which takes ten times as long.
 */
function foundIds(db: DatabaseSync, search: string, query: EntryQuery): IdPage {
  const { sort = 'lastUsed', limit, offset } = query;
  const columns = sort === 'lastUsed' ? 'id, used' : `id, used, ${ORDERS[sort]}`;
  const rows = db
    .prepare(
      `WITH found AS MATERIALIZED (SELECT ${columns} FROM entries NOT INDEXED WHERE uri LIKE ? ESCAPE '\\')
       SELECT 1 AS counts, count(*) AS value FROM found
       UNION ALL SELECT 0, id FROM (SELECT id FROM found ${pageClause(query)})`,
    )
    .all(`%${search.replace(/[\\%_]/g, String.raw`\$&`)}%`, limit, offset) as { counts: number; value: number }[];
  const total = rows.find(({ counts }) => counts === 1)?.value ?? 0;
  return { total, ids: rows.filter(({ counts }) => counts === 0).map(({ value }) => value) };
}

/**
 * The entries, the newest first where that is nearer to the wanted order than the oldest: SQLite keeps the best rows of a page
 * while it walks, and walking towards worse ones takes a third of the time. (Without its LIMIT, the inner order would be ignored.)
 */
function inFavourableOrder({ sort = 'lastUsed', ascending = false }: EntryQuery): string {
  // The one has an index in its order, and the other has nothing to do with age.
  if (sort === 'lastUsed' || sort === 'uri' || (sort === 'stored' && ascending)) return 'entries';
  return `(SELECT id, used, ${ORDERS[sort]} FROM entries NOT INDEXED ORDER BY id DESC LIMIT -1)`;
}

/** Takes limit and offset. */
function pageClause({ sort = 'lastUsed', ascending = false }: EntryQuery): string {
  const order = `${ORDERS[sort]} ${ascending ? 'ASC' : 'DESC'}`;
  return `ORDER BY ${order}${sort === 'lastUsed' ? '' : ', used DESC'} LIMIT ? OFFSET ?`;
}

/**
 * Tells every hash in a column, but for {@link NO_PATH}. The numbers come as one text, because a million rows of their own would take five
 * times as long; each column has an index of its own, so that nothing else is read.
 */
export function eachHash(db: DatabaseSync, column: string, add: (hash: number) => void): void {
  const { hashes } = db
    .prepare(
      `SELECT group_concat(${column}) AS hashes FROM entries WHERE ${column} ${column === 'path_hash' ? `<> ${NO_PATH}` : 'IS NOT NULL'}`,
    )
    .get() as { hashes: string | null };
  if (hashes === null) return;
  let hash = 0;
  for (let i = 0; i < hashes.length; i++) {
    const code = hashes.charCodeAt(i);
    if (code !== COMMA) {
      hash = hash * 10 + code - ZERO;
      continue;
    }
    add(hash);
    hash = 0;
  }
  add(hash);
}

const COMMA = 44;
const ZERO = 48;

/** How many entries a step of a purge looks at, and finds, at most: it keeps others from writing for tens of milliseconds. */
const MOST_LOOKED_AT = 20_000;
const MOST_MEANT = 2_000;

/** Some entries that a filter means, and where the next ones are to be looked for; undefined when there are none. */
export function findMeant(
  db: DatabaseSync,
  filter: EntryFilter,
  { after, last }: PurgeCursor,
): { readonly found: readonly GoneEntry[]; readonly next: PurgeCursor | undefined } {
  const found: GoneEntry[] = [];
  const isMeant = entryMatcher(filter);
  const { sql, parameters, withHead } = candidates(filter);
  let looked = 0;
  let at = after;
  for (const candidate of db.prepare(sql).iterate(...parameters, after, last)) {
    if (looked === MOST_LOOKED_AT || found.length === MOST_MEANT) return { found, next: { after: at, last } };
    const row = candidate as unknown as GoneRow & { readonly uri: string; readonly head?: string };
    const head = withHead ? parseHead(row.head ?? '') : { key: '', uri: row.uri };
    if (isMeant({ id: row.id, head } satisfies FilteredEntry)) found.push(goneEntry(row));
    at = row.id;
    looked++;
  }
  return { found, next: undefined };
}

/** A superset of what is meant, between two ids. Heads are read only where the filter looks at more than the URI. */
function candidates(filter: EntryFilter): {
  readonly sql: string;
  readonly parameters: readonly number[];
  readonly withHead: boolean;
} {
  const narrow = `SELECT ${GONE_COLUMNS}, e.uri FROM entries e WHERE`;
  const wide = `SELECT ${GONE_COLUMNS}, e.uri, c.head FROM entries e JOIN contents c ON c.id = e.id WHERE`;
  const between = 'e.id > ? AND e.id <= ? ORDER BY e.id';
  if ('id' in filter) return { sql: `${narrow} e.id = ? AND ${between}`, parameters: [filter.id], withHead: false };
  if ('key' in filter) {
    return { sql: `${wide} e.key_hash = ? AND ${between}`, parameters: [keyHash(filter.key)], withHead: true };
  }
  if (!('groups' in filter)) return { sql: `${narrow} ${between}`, parameters: [], withHead: false };
  const { origin } = filter;
  if (origin === undefined) {
    return { sql: `${wide} e.group_hash IS NOT NULL AND ${between}`, parameters: [], withHead: true };
  }
  return { sql: `${wide} e.group_hash = ? AND ${between}`, parameters: [groupHash(origin)], withHead: true };
}

function summaryOf({ id, used, hits, bytes, body_length: bodyLength, saved, head }: SummaryRow): EntrySummary {
  return { id, head: parseHead(head), bytes, bodyLength, hits, lastUsed: used / 1000, bytesSaved: saved };
}

/** A head as it was written. @throws {UnusableDatabase} when it is none */
export function parseHead(json: string): StoredHead {
  try {
    return JSON.parse(json) as StoredHead;
  } catch (error) {
    throw new UnusableDatabase('damaged', 'what is stored of a response cannot be read', error);
  }
}
