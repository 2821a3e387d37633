import { readFile } from 'node:fs/promises';
import type { EntryName } from '../cache-store.ts';
import type { StoredHead, StoredResponse } from '../stored-response.ts';
import { BodyFile } from './body-files.ts';
import { withoutQuery } from '../cache-key.ts';
import type { DiskReader, DiskRow } from './disk-reader.ts';
import type { EntryHashes } from './entry-hashes.ts';
import { hashesOf, keyHash, looseHash, pathHash } from './entry-hashes.ts';
import type { TableEntry } from './entry-table.ts';
import { EntryTable, sizeOfHead } from './entry-table.ts';
import type { PresenceTable } from './presence-table.ts';
import type { UnwrittenRows } from './unwritten-rows.ts';

/** An entry of the disk store while it is in memory. Its `bytes` count what it takes of the memory. */
export interface DiskEntry extends TableEntry {
  /** Of its head. */
  readonly hashes: EntryHashes;
  /** In memory when it is small or in demand. */
  body: Uint8Array | BodyFile;
  /** Where its body lies when it is not in the database. */
  readonly file: BodyFile | undefined;
  /** What it takes of the disk store's cap. */
  readonly storedBytes: number;
  /** The batch that has its latest head; 0 for what a lookup found. */
  writtenIn: number;
}

export interface DiskFrontOptions {
  readonly reader: DiskReader;
  readonly unwritten: UnwrittenRows;
  readonly presence: PresenceTable;
  readonly folder: string;
  readonly memoryBytes: number;
  /** The number of the latest batch that is committed. */
  written(): number;
  /** A row whose body file is missing or torn. */
  onTorn(entry: DiskEntry): void;
  /** The database cannot be read, or a body. */
  onFailed(error: Error): void;
}

const NO_ENTRIES: readonly DiskEntry[] = [];
const NO_NAMES: readonly EntryName[] = [];
/** Bodies in files up to this size, and up to this part of the memory, are kept in memory when they are asked for again. */
const PROMOTED_BODY = 1024 * 1024;
const PROMOTED_SHARE = 1 / 16;
/** How many entries that cannot go are passed over in search of one that can. */
const MAX_PASSED_OVER = 32;
/** Loose entries of one URI that are looked at; as many as there may be variants. */
const MAX_LOOSE = 100;

/**
 * The part of the disk store that is in memory: what was asked for. It knows all variants under a key or none, so that a key
 * which is known needs no look at the disk, nor at what is on its way there. A head that is not committed yet stays.
 */
export class DiskFront {
  readonly #options: DiskFrontOptions;
  readonly #table = new EntryTable<DiskEntry>();
  /** Entries that are dropped here and not yet on disk, with the batch that does it. */
  readonly #leaving = new Map<number, number>();
  /** Entries that were brought back while they were leaving, with the batch that does it. */
  readonly #returning = new Map<number, number>();
  /** Entries whose use is not written yet. */
  #used = new Map<number, DiskEntry>();
  /** Entries whose use is on its way to the disk, with the batch that has it; the latest first. */
  #taken: readonly { readonly batch: number; readonly used: Map<number, DiskEntry> }[] = [];
  #memoryBytes: number;

  constructor(options: DiskFrontOptions) {
    this.#options = options;
    this.#memoryBytes = options.memoryBytes;
  }

  /** Every entry under a key. */
  under(key: string): readonly DiskEntry[] {
    return this.#table.under(key) ?? this.#load(key);
  }

  /** Entries with a search variance whose URI is `uri` but for the query. */
  loose(uri: string): readonly DiskEntry[] {
    if (!this.#options.presence.mayHaveAnyLoose) return NO_ENTRIES;
    const found = this.#table.loose(uri);
    const hash = looseHash(uri);
    if (!this.#options.presence.mayHave(hash)) return found;
    const path = withoutQuery(uri);
    const names = this.#options.unwritten.names(hash, MAX_LOOSE);
    names.push(...this.#read((reader) => reader.looseNames(hash, MAX_LOOSE), []));
    for (const key of new Set(names.map((name) => name.key))) {
      if (this.#table.under(key) !== undefined) continue;
      const loaded = this.#load(key);
      found.push(...loaded.filter(({ head }) => head.search !== undefined && withoutQuery(head.uri) === path));
    }
    return found;
  }

  /** Up to `limit` entries whose URI differs from `uri` in the query alone. */
  neighbours(uri: string, limit: number): EntryName[] {
    const found = this.#table.neighbours(uri, limit);
    if (found.length >= limit) return found;
    const path = withoutQuery(uri);
    this.#join(found, this.#named(pathHash(uri), limit, 'pathNames'), uri, path, limit);
    // What has no query is found by its key.
    if (path !== uri && found.length < limit) {
      this.#join(found, this.#named(keyHash(path), limit, 'keyNames'), uri, path, limit);
    }
    return found;
  }

  /** Adds those of `names` that are neighbours, up to `limit`; others of the same hash may be among them. */
  #join(found: EntryName[], names: readonly EntryName[], uri: string, path: string, limit: number): void {
    for (const name of names) {
      if (found.length >= limit) return;
      const fits = name.uri !== uri && withoutQuery(name.uri) === path;
      if (fits && !this.#leaving.has(name.id) && !found.some(({ id }) => id === name.id)) found.push(name);
    }
  }

  /** Entries with a hash, from what is on its way to the disk or, where these are too few, from there. */
  #named(hash: number, limit: number, kind: 'pathNames' | 'keyNames'): readonly EntryName[] {
    const { presence, unwritten } = this.#options;
    if (!presence.mayHave(hash)) return NO_NAMES;
    const names = unwritten.names(hash, limit);
    return names.length < limit ? [...names, ...this.#read((reader) => reader[kind](hash, limit), [])] : names;
  }

  /** The entry with this id, from disk if need be. */
  find(id: number): DiskEntry | undefined {
    const known = this.#table.get(id);
    if (known !== undefined || this.#leaving.has(id)) return known;
    const row = this.#options.unwritten.byId(id) ?? this.#read((reader) => reader.byId(id), undefined);
    return row && this.under(row.head.key).find((entry) => entry.id === id);
  }

  /** The entry that a response was handed out for, unless it has been replaced or updated since. */
  current(stored: StoredResponse): DiskEntry | undefined {
    const entry = this.#table.get(stored.id) ?? this.under(stored.head.key).find(({ id }) => id === stored.id);
    // Another object may stand for the same entry: it was pushed out of memory and read again.
    return entry === stored || entry?.head.responseTime === stored.head.responseTime ? entry : undefined;
  }

  displaced(head: StoredHead): DiskEntry[] {
    return this.#table.displaced(head);
  }

  /** An entry is on its way to the disk, where it will be found when it is asked for; it joins the variants that are known. */
  admit(id: number, key: string, batch: number): void {
    if (this.#leaving.delete(id)) this.#returning.set(id, batch);
    if (this.#table.under(key) === undefined) return;
    const row = this.#options.unwritten.byId(id);
    if (row === undefined) return;
    this.#table.add(this.#entryOf(row));
    this.makeRoom();
  }

  /** Puts an updated entry in an older one's place. */
  replace(older: DiskEntry, entry: DiskEntry): void {
    this.#table.drop(older);
    if (this.#used.has(older.id)) this.#used.set(entry.id, entry);
    this.#table.add(entry);
    this.makeRoom();
  }

  /** Drops an entry that a batch drops on disk. */
  drop(entry: DiskEntry, batch: number): void {
    this.#table.drop(entry);
    this.#used.delete(entry.id);
    for (const { used } of this.#taken) used.delete(entry.id);
    this.#leaving.set(entry.id, batch);
  }

  /** An entry is gone on disk. @returns false when it had been dropped before, even if it was brought back since */
  forget(id: number): boolean {
    if (this.#leaving.has(id) || (this.#returning.get(id) ?? 0) > this.#options.written()) return false;
    const entry = this.#table.get(id);
    if (entry !== undefined) this.#table.drop(entry);
    this.#used.delete(id);
    return true;
  }

  /** Notes an answer from an entry. @param saved bytes that the origin need not send because of it */
  use(entry: DiskEntry, now: number, saved: number): void {
    entry.hits++;
    entry.bytesSaved += saved;
    entry.lastUsed = now;
    this.#table.use(entry);
    this.#used.set(entry.id, entry);
  }

  /** The entries used since this was last asked. @param batch that writes their use */
  takeUsed(batch: number): Iterable<DiskEntry> {
    const used = this.#used;
    if (used.size > 0) {
      this.#used = new Map();
      this.#taken = [{ batch, used }, ...this.#taken];
    }
    return used.values();
  }

  /** Reads a body that is asked for again into memory, if it is small enough. */
  promote(entry: DiskEntry): void {
    const { body, bodyLength } = entry;
    if (!(body instanceof BodyFile) || bodyLength > Math.min(PROMOTED_BODY, this.#memoryBytes * PROMOTED_SHARE)) return;
    readFile(body.path).then(
      (bytes) => {
        if (entry.gone || entry.body !== body || bytes.length !== bodyLength) return;
        entry.body = bytes;
        this.#table.reweigh(entry, entry.bytes + bytes.length);
        this.makeRoom();
      },
      (error: unknown) => {
        if (!entry.gone) this.#options.onFailed(error as Error);
      },
    );
  }

  /** More batches are committed: what they dropped cannot be found on disk any more, and what they wrote may go. */
  settle(): void {
    const written = this.#options.written();
    for (const entries of [this.#leaving, this.#returning]) {
      for (const [id, batch] of entries) {
        if (batch > written) break;
        entries.delete(id);
      }
    }
    if (this.#taken.length > 0) this.#taken = this.#taken.filter(({ batch }) => batch > written);
    this.makeRoom();
  }

  /** Others have deleted rows: forgets everything that can be read again, and what cannot be any more. */
  forgetClean(): void {
    for (const entry of [...this.#table.byUse()]) {
      if (!entry.gone && !(this.#isPinned(entry) && this.#isKept(entry.id))) this.#table.drop(entry);
    }
  }

  /** Whether an entry has a row, on disk or on its way there. */
  #isKept(id: number): boolean {
    return this.#options.unwritten.byId(id) !== undefined || this.#read((reader) => reader.has(id), false);
  }

  resize(memoryBytes: number): void {
    this.#memoryBytes = memoryBytes;
    this.makeRoom();
  }

  /** Pushes the least recently used keys out of memory. */
  makeRoom(): void {
    const table = this.#table;
    for (let passed = 0; table.bytes > this.#memoryBytes && passed < MAX_PASSED_OVER;) {
      const { oldest } = table;
      if (oldest === undefined) return;
      if (this.#isPinned(oldest)) {
        table.use(oldest);
        passed++;
      } else {
        for (const variant of [...(table.under(oldest.head.key) ?? [])]) table.drop(variant);
      }
    }
  }

  /** Something under its key is not committed yet, so that the disk does not know all variants. */
  #isPinned({ head }: DiskEntry): boolean {
    const written = this.#options.written();
    return this.#table.under(head.key)?.some(({ writtenIn }) => writtenIn > written) === true;
  }

  #load(key: string): readonly DiskEntry[] {
    const hash = keyHash(key);
    if (!this.#options.presence.mayHave(hash)) return NO_ENTRIES;
    const rows = this.#options.unwritten.byKey(hash);
    const unwritten = new Set(rows.map(({ id }) => id));
    // Those that have been written since we last heard are in both.
    rows.unshift(...this.#read((reader) => reader.byKey(hash), []).filter(({ id }) => !unwritten.has(id)));
    const torn: DiskEntry[] = [];
    // Before, not after: whoever asks is about to use or to change what is loaded, and needs to find it complete.
    this.makeRoom();
    for (const row of rows) {
      if (row.head.key !== key || this.#leaving.has(row.id)) continue;
      const entry = this.#entryOf(row);
      if (entry.body instanceof BodyFile && !entry.body.isWhole) torn.push(entry);
      else this.#table.add(entry);
    }
    for (const entry of torn) this.#options.onTorn(entry);
    return this.#table.under(key) ?? NO_ENTRIES;
  }

  #entryOf(row: DiskRow): DiskEntry {
    const { id, head, bodyLength } = row;
    const file = row.body === null ? new BodyFile(this.#options.folder, id, bodyLength) : undefined;
    const body = row.body ?? (file as BodyFile);
    const entry = makeEntry({ id, head, body, file, bodyLength, storedBytes: row.bytes });
    const unwritten = this.#used.get(id);
    const used = unwritten ?? this.#taken.find((taken) => taken.used.has(id))?.used.get(id);
    entry.hits = used?.hits ?? row.hits;
    entry.bytesSaved = used?.bytesSaved ?? row.bytesSaved;
    entry.lastUsed = used?.lastUsed ?? row.used / 1000;
    if (unwritten !== undefined) this.#used.set(id, entry);
    return entry;
  }

  #read<T>(work: (reader: DiskReader) => T, otherwise: T): T {
    try {
      return work(this.#options.reader);
    } catch (error) {
      this.#options.onFailed(error as Error);
      return otherwise;
    }
  }
}

/** An entry that nobody has used yet and no batch has written. */
export function makeEntry(
  known: Pick<DiskEntry, 'id' | 'head' | 'body' | 'file' | 'bodyLength' | 'storedBytes'>,
): DiskEntry {
  const { id, head, body, file, bodyLength, storedBytes } = known;
  return {
    ...{ id, head, hashes: hashesOf(head), body, file, bodyLength, storedBytes },
    bytes: sizeOfHead(head) + (body instanceof BodyFile ? 0 : body.length),
    hits: 0,
    bytesSaved: 0,
    lastUsed: 0,
    newer: undefined,
    older: undefined,
    addedAfter: undefined,
    addedBefore: undefined,
    gone: false,
    policy: undefined,
    writtenIn: 0,
  };
}
