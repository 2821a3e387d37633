import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The layout that this version reads and writes, in the database's `user_version`. */
const VERSION = 3;

/** Bodies up to this size lie in the database, larger ones in files of their own. */
export const INLINE_BODY = 65_536;

/** What `path_hash` has for an entry that is found by its key alone, which spares the index a place for most of them. */
export const NO_PATH = 0;

/** Twice SQLite's usual size: an entry with a small body is half a page, and each page written is two system calls. */
const PAGE_BYTES = 8_192;

const BUSY_MS = 5_000;
const SQLITE_BUSY = 5;

/**
 * `entries` is narrow, because lists and searches walk all of it; `contents` is read one row at a time. AUTOINCREMENT keeps
 * an id from being given twice. Everything that a start has to know is a counter or in an index of its own, so that a
 * million entries need not be read for it.
 */
const SCHEMA = `
  CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key_hash INTEGER NOT NULL,
    path_hash INTEGER NOT NULL,
    loose_hash INTEGER,
    group_hash INTEGER,
    used INTEGER NOT NULL,
    stored INTEGER NOT NULL,
    hits INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    body_length INTEGER NOT NULL,
    file INTEGER NOT NULL,
    status INTEGER NOT NULL,
    uri TEXT NOT NULL
  ) STRICT;
  CREATE INDEX entries_key ON entries (key_hash);
  CREATE INDEX entries_loose ON entries (loose_hash) WHERE loose_hash IS NOT NULL;
  CREATE INDEX entries_group ON entries (group_hash) WHERE group_hash IS NOT NULL;
  CREATE INDEX entries_used ON entries (used);
  CREATE TABLE contents (id INTEGER PRIMARY KEY, head TEXT NOT NULL, body BLOB) STRICT;
  CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;`;

/** Since version 2: which bodies are in files, how many entries of how many bytes there are, and paths only where they tell. */
const SINCE_2 = `
  DROP INDEX IF EXISTS entries_path;
  CREATE INDEX entries_path ON entries (path_hash) WHERE path_hash <> ${NO_PATH};
  CREATE INDEX entries_file ON entries (id) WHERE file = 1;
  INSERT INTO counters SELECT 'entries', count(*) FROM entries;
  INSERT INTO counters SELECT 'bytes', coalesce(sum(bytes), 0) FROM entries;`;

/**
 * Since version 3: what processes without the lock have purged, in the words of the filter, for the one that has it; and the
 * bytes that each entry has saved, which before were taken for the whole body with each hit.
 */
const SINCE_3 = `
  CREATE TABLE purges (ticket INTEGER PRIMARY KEY, filter TEXT NOT NULL) STRICT;
  ALTER TABLE entries ADD COLUMN saved INTEGER NOT NULL DEFAULT 0;
  UPDATE entries SET saved = hits * body_length WHERE hits > 0;`;

/** Why a database cannot be used: it is damaged, or a newer version of Hopscope wrote it. */
export class UnusableDatabase extends Error {
  readonly kind: 'damaged' | 'newer';

  constructor(kind: 'damaged' | 'newer', message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'UnusableDatabase';
    this.kind = kind;
  }
}

export function databaseFile(directory: string): string {
  return join(directory, 'index.db');
}

/**
 * Opens the index for writing, and makes it if it is not there.
 *
 * @throws {UnusableDatabase} or SQLite's error when the directory is at fault
 */
export function openForWriting(directory: string): DatabaseSync {
  const db = new DatabaseSync(databaseFile(directory), { timeout: BUSY_MS });
  try {
    prepare(db);
    return db;
  } catch (error) {
    db.close();
    throw isDamage(error) ? new UnusableDatabase('damaged', messageOf(error), error) : error;
  }
}

/** Opens an index that is there for lookups alone. */
export function openForReading(directory: string): DatabaseSync {
  const db = new DatabaseSync(databaseFile(directory), { readOnly: true, timeout: BUSY_MS });
  // In KiB: the upper levels of the indexes of a million entries, which would otherwise be read again for each lookup.
  db.exec('PRAGMA cache_size = -32768');
  return db;
}

function prepare(db: DatabaseSync): void {
  // Of a power failure the database survives; what was committed in the last moments may be lost then, but not at a crash.
  db.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = wal; PRAGMA synchronous = normal`);
  // In pages and KiB: what one batch may touch in a large index stays in memory until it is written.
  db.exec('PRAGMA wal_autocheckpoint = 2000; PRAGMA cache_size = -8192');
  const { journal_mode: mode } = db.prepare('PRAGMA journal_mode').get() as { journal_mode: string };
  if (mode !== 'wal') throw new Error('the file system does not support a write-ahead log');
  if (versionOf(db) === VERSION) return;
  db.exec('BEGIN IMMEDIATE');
  // Read again: another process may have been first.
  const version = versionOf(db);
  if (version > VERSION) {
    throw new UnusableDatabase('newer', `it has version ${version}, and this Hopscope knows version ${VERSION}`);
  }
  if (version === 0) {
    if (db.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined) {
      throw new UnusableDatabase('damaged', 'it is not a cache of Hopscope');
    }
    db.exec(SCHEMA);
  }
  if (version < 2) db.exec(SINCE_2);
  if (version < VERSION) db.exec(`${SINCE_3} PRAGMA user_version = ${VERSION}`);
  db.exec('COMMIT');
}

function versionOf(db: DatabaseSync): number {
  return (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

/** Says whether an error tells of a database that is damaged or none at all. */
export function isDamage(error: unknown): boolean {
  if (error instanceof UnusableDatabase) return error.kind === 'damaged';
  const code = (error as { errcode?: number }).errcode;
  // SQLITE_ERROR is what a statement about a table that should be there gets; the others are SQLITE_CORRUPT, SQLITE_NOTADB.
  return code !== undefined && [1, 11, 26].includes(code & 0xff);
}

/** Says whether an error tells that another process has the lock: what was tried can be tried again. */
export function isBusy(error: unknown): boolean {
  return ((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
