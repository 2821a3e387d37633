import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { EntryPage, EntryQuery, EntrySummary, StoreStats } from '../cache-store.ts';
import type { EntryFilter } from '../entry-filter.ts';
import { openBody } from '../stored-response.ts';
import { bodiesFolder, BodyFile } from './body-files.ts';
import { DiskIndex } from './disk-index.ts';
import type { DiskRow } from './disk-reader.ts';
import { DiskReader } from './disk-reader.ts';
import { databaseFile } from './disk-schema.ts';
import { keyHash, pathHash } from './entry-hashes.ts';
import { isLocked } from './store-lock.ts';

/** How long (ms) the process that runs on the store has to confirm a purge, and how often it is asked. */
const NOTICE_MS = 5_000;
const ASK_MS = 20;
/** How long (ms) a large purge pauses at times for that process to write: longer than it sleeps between looks at SQLite's lock. */
const LET_WRITE_MS = 30;

/** SQLite's word for no limit. */
const EVERY = -1;
const NOTHING: Omit<StoreStats, 'kind' | 'maxBytes'> = { entries: 0, bytes: 0, hits: 0, bytesSaved: 0, msSaved: 0 };

/** A store on disk as other processes than the one that runs on it see it: they list, read and purge. */
export class StoredResponses {
  readonly #directory: string;
  readonly #open: { readonly index: DiskIndex; readonly reader: DiskReader } | undefined;

  private constructor(directory: string, open: { index: DiskIndex; reader: DiskReader } | undefined) {
    this.#directory = directory;
    this.#open = open;
  }

  /**
   * Opens the store in a directory; where there is none, nothing is stored.
   *
   * @throws {UnusableDatabase} or SQLite's error
   */
  static open(directory: string): StoredResponses {
    if (!existsSync(databaseFile(directory))) return new StoredResponses(directory, undefined);
    const index = new DiskIndex(directory, { maxBytes: Number.POSITIVE_INFINITY });
    return new StoredResponses(directory, { index, reader: new DiskReader(directory) });
  }

  list(query: EntryQuery): EntryPage {
    return this.#open?.index.list(query) ?? { total: 0, entries: [] };
  }

  /** The entry with this id, or every one stored for this URL, or under this key when it is none. */
  find(idOrUrl: string): EntrySummary[] {
    if (this.#open === undefined) return [];
    const { reader } = this.#open;
    if (/^\d+$/.test(idOrUrl)) {
      const row = reader.byId(Number(idOrUrl));
      return row === undefined ? [] : [summaryOf(row)];
    }
    // As clients send them, URLs are stored: not every one is as a browser would write it.
    const named = namedBy(reader, idOrUrl);
    if (named.length > 0 || !URL.canParse(idOrUrl)) return named.map(summaryOf);
    return namedBy(reader, new URL(idOrUrl).href).map(summaryOf);
  }

  /** The body of an entry. */
  async *body({ id }: EntrySummary): AsyncGenerator<Uint8Array, void, undefined> {
    const row = this.#open?.reader.byId(id);
    if (row === undefined) return;
    const { body, bodyLength } = row;
    const file = new BodyFile(bodiesFolder(this.#directory), id, bodyLength);
    const bytes = openBody({ body: body ?? file }, { first: 0, last: bodyLength - 1 });
    if (bytes === undefined) throw new Error(`the body of ${id} is gone`);
    if (bytes instanceof Uint8Array) yield bytes;
    else yield* bytes;
  }

  stats(): Omit<StoreStats, 'kind' | 'maxBytes'> {
    if (this.#open === undefined) return NOTHING;
    const { totals, savings } = this.#open.index;
    return { ...totals, ...savings };
  }

  /**
   * Forgets the entries that are meant, for good.
   *
   * @returns how many, and whether the process that runs on the store, if any, serves none of them from now on
   */
  async purge(filter: EntryFilter): Promise<{ readonly purged: number; readonly noticed: boolean }> {
    if (this.#open === undefined) return { purged: 0, noticed: true };
    const { index } = this.#open;
    const folder = bodiesFolder(this.#directory);
    const files: string[] = [];
    let purged = 0;
    let latest = 0;
    for (const { removed, count, ticket } of index.purgeFromOutside(filter)) {
      purged += count;
      latest = ticket;
      const ids = 'gone' in removed ? removed.gone.filter(({ file }) => file).map(({ id }) => id) : removed.filesOf;
      for (const id of ids) files.push(new BodyFile(folder, id, 0).path);
      if (isLocked(this.#directory)) await wait(LET_WRITE_MS);
    }
    const noticed = await this.#isNoticed(latest);
    // Whoever still had an entry in memory may have opened its file until now, and deleted it as well.
    for (const path of files) await rm(path, { force: true });
    return { purged, noticed };
  }

  close(): void {
    this.#open?.reader.close();
    this.#open?.index.close();
  }

  async #isNoticed(ticket: number): Promise<boolean> {
    const until = Date.now() + NOTICE_MS;
    while (isLocked(this.#directory)) {
      if (this.#open?.index.isNoticed(ticket) === true) return true;
      if (Date.now() > until) return false;
      await wait(ASK_MS);
    }
    return true;
  }
}

/** Every entry stored for a URL, or under a key. */
function namedBy(reader: DiskReader, url: string): DiskRow[] {
  const named = reader.byKey(keyHash(url)).filter(({ head }) => head.key === url);
  // The key also tells what answers for the URL: an application's entries have another one.
  for (const { id, key, uri } of reader.pathNames(pathHash(url), EVERY)) {
    const row = uri === url && key !== url ? reader.byId(id) : undefined;
    if (row !== undefined) named.push(row);
  }
  return named;
}

function summaryOf({ id, head, used, hits, bytes, bodyLength, bytesSaved }: DiskRow): EntrySummary {
  return { id, head, bytes, bodyLength, hits, lastUsed: used / 1000, bytesSaved };
}
