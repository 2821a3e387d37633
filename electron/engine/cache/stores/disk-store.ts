import type {
  CacheStore,
  EntryDetail,
  EntryName,
  EntryPage,
  EntryQuery,
  EntryWriter,
  MaybePromise,
  Purged,
  StoreCaps,
  StoreStats,
} from '../cache-store.ts';
import type { EntryFilter } from '../entry-filter.ts';
import type { StoredHead, StoredResponse } from '../stored-response.ts';
import { supersedes } from '../supersede.ts';
import { bodiesFolder, BodyFile } from './body-files.ts';
import type { BodyStore, WholeBody } from './body-writer.ts';
import { BodyWriter } from './body-writer.ts';
import type { UnwrittenEntry } from './change-batch.ts';
import { micros } from './change-batch.ts';
import type { DiskEntry } from './disk-front.ts';
import { DiskFront, makeEntry } from './disk-front.ts';
import { DiskReader } from './disk-reader.ts';
import { DoomedFiles } from './doomed-files.ts';
import { FreshResponse } from './fresh-response.ts';
import { groupHash, hashesOf } from './entry-hashes.ts';
import { sizeOfHead } from './entry-table.ts';
import { PresenceTable } from './presence-table.ts';
import { PurgedEntries } from './purged-entries.ts';
import { SavingsCount } from './savings-count.ts';
import { StoreClient } from './store-client.ts';
import type { ForeignPurges, Removed, StartState } from './store-messages.ts';

export interface DiskStoreOptions extends StoreCaps {
  /** The folder of the index and the body files; it is there. */
  readonly directory: string;
  /** Bytes of what is kept in memory as well. */
  readonly memoryBytes: number;
  /** Bytes that one body may have; half of `maxBytes` when absent. */
  readonly maxBodyBytes?: number;
  /** Wall clock in epoch milliseconds. */
  readonly now?: () => number;
  /** Told what another process has purged, before the store itself forgets it. */
  readonly onPurged?: ((filter: EntryFilter) => void) | undefined;
  /** The disk cannot be written or read any more; told once. Whatever is asked then finds nothing and does nothing. */
  readonly onFailed: (error: Error) => void;
}

/** How long (ms) the use of entries may wait to be written. */
const USE_MS = 1_000;
const NO_ENTRIES: readonly StoredResponse[] = [];
const NOT_STORING: EntryWriter = { write: () => false, commit: () => undefined, abort: () => undefined };

/**
 * The store on disk: an index in SQLite, small bodies in it, large ones in files, and what is in use in memory. Lookups that
 * memory cannot answer are read at once; a thread of its own writes, in batches. An entry is visible as soon as it is
 * complete, and committed when its batch is.
 */
export class DiskStore implements CacheStore {
  readonly #client: StoreClient;
  readonly #reader: DiskReader;
  readonly #presence: PresenceTable;
  readonly #front: DiskFront;
  readonly #purged: PurgedEntries<DiskEntry>;
  readonly #savings: SavingsCount;
  readonly #options: DiskStoreOptions;
  readonly #folder: string;
  readonly #bodies: BodyStore;
  readonly #now: () => number;
  readonly #doomed = new DoomedFiles((file) => this.#delete(file));
  #caps: StoreCaps;
  #memoryBytes: number;
  #lastId: number;
  #lastUsed: number;
  #useTimer: NodeJS.Timeout | undefined;
  #over = false;
  #closing: Promise<void> | undefined;

  private constructor(options: DiskStoreOptions, client: StoreClient, reader: DiskReader, state: StartState) {
    this.#options = options;
    this.#caps = options;
    this.#memoryBytes = options.memoryBytes;
    this.#client = client;
    this.#reader = reader;
    this.#folder = bodiesFolder(options.directory);
    this.#bodies = {
      folder: this.#folder,
      maxBytes: () => this.maxBodyBytes,
      nextId: () => ++this.#lastId,
      insert: (id, head, body) => this.#insert(id, head, body),
      failed: (error) => this.#fail(error),
    };
    this.#now = options.now ?? Date.now;
    this.#lastId = state.lastId;
    // The clock may have been set back since: what is new must not be older than what was there.
    this.#lastUsed = state.lastUsed / 1000;
    this.#presence = new PresenceTable();
    this.#savings = new SavingsCount(state.savings);
    this.#purged = new PurgedEntries(({ file }) => this.#delete(file));
    this.#front = new DiskFront({
      ...{
        reader,
        unwritten: client.unwritten,
        presence: this.#presence,
        folder: this.#folder,
        memoryBytes: options.memoryBytes,
      },
      written: () => client.written,
      onTorn: (entry) => this.#drop(entry),
      onFailed: (error) => this.#fail(error),
    });
  }

  /**
   * Opens the store in a directory, whose lock is held.
   *
   * @throws {UnusableDatabase} or the system's error when that is not possible
   */
  static async open(options: DiskStoreOptions): Promise<DiskStore> {
    const { directory, maxBytes, maxEntries } = options;
    const caps = { maxBytes, ...(maxEntries === undefined ? {} : { maxEntries }) };
    let store: DiskStore | undefined;
    const opened = (): DiskStore => {
      // Events are told in later turns; this one makes the store.
      if (store === undefined) throw new Error('The thread of the store spoke before it was asked.');
      return store;
    };
    const { client, state } = await StoreClient.start(
      { directory, caps },
      {
        onPresence: (presence) => opened().#presence.fill(presence),
        onRemoved: (removed) => opened().#forget(removed),
        onWritten: () => opened().#settle(),
        onForeignPurge: (purges) => void opened().#noticePurge(purges),
        onFailed: (error) => opened().#fail(error),
      },
    );
    try {
      store = new DiskStore(options, client, new DiskReader(directory), state);
      return store;
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  get maxBodyBytes(): number {
    return this.#options.maxBodyBytes ?? Math.floor(this.#caps.maxBytes / 2);
  }

  lookup(key: string): readonly StoredResponse[] {
    return this.#over ? NO_ENTRIES : this.#front.under(key);
  }

  lookupLoose(uri: string): readonly StoredResponse[] {
    return this.#over ? NO_ENTRIES : this.#front.loose(uri);
  }

  neighbours(uri: string, limit: number): readonly EntryName[] {
    return this.#over ? [] : this.#front.neighbours(uri, limit);
  }

  touch(stored: StoredResponse, saved: number): void {
    this.#savings.count(stored.head, saved);
    const entry = this.#over ? undefined : this.#front.find(stored.id);
    if (entry !== undefined) {
      this.#front.use(entry, this.#tick(), saved);
      if (entry.hits > 1) this.#front.promote(entry);
    }
    this.#useTimer ??= setTimeout(() => this.#writeUse(), USE_MS).unref();
  }

  begin(head: StoredHead): EntryWriter {
    if (this.#over || this.#client.isBehind) return NOT_STORING;
    return new BodyWriter(this.#bodies, head);
  }

  update(stored: StoredResponse, head: StoredHead): StoredResponse | undefined {
    const current = this.#over ? undefined : this.#front.current(stored);
    if (current === undefined) return undefined;
    const { id, body, file, bodyLength, hits, bytesSaved } = current;
    // A new entry in its place: whoever still serves the old one keeps a consistent head and body.
    const entry = makeEntry({ id, head, body, file, bodyLength, storedBytes: sizeOfHead(head) + bodyLength });
    entry.hits = hits;
    entry.bytesSaved = bytesSaved;
    entry.lastUsed = this.#tick();
    entry.writtenIn = this.#client.batch;
    for (const older of this.#front.displaced(head)) if (older !== current) this.#drop(older);
    this.#presence.remove(current.hashes);
    this.#presence.add(entry.hashes);
    this.#front.replace(current, entry);
    this.#client.push((batch) => batch.update(entry, current.storedBytes));
    return entry;
  }

  remove(stored: StoredResponse): void {
    const entry = this.#over ? undefined : this.#front.current(stored);
    if (entry !== undefined) this.#drop(entry);
  }

  stats(): StoreStats {
    return { kind: 'disk', ...this.#client.totals, maxBytes: this.#caps.maxBytes, ...this.#savings.totals };
  }

  entries(query: EntryQuery): Promise<EntryPage> {
    this.#writeUse();
    return this.#client.list(query);
  }

  get(id: number): EntryDetail | undefined {
    const entry = this.#over ? undefined : this.#front.find(id);
    if (entry === undefined) return undefined;
    const { head, body, bodyLength, hits, lastUsed, storedBytes, bytesSaved } = entry;
    return { id, head, body, bodyLength, hits, lastUsed, bytes: storedBytes, bytesSaved };
  }

  purge(filter: EntryFilter): MaybePromise<Purged> {
    this.#purged.purge(filter);
    if ('id' in filter) return this.#purgeOne(filter.id);
    if ('key' in filter) {
      const variants = [...this.lookup(filter.key)] as DiskEntry[];
      for (const entry of variants) this.#drop(entry);
      return { purged: variants.length, restorable: false };
    }
    if ('groups' in filter && filter.origin !== undefined && !this.#presence.mayHave(groupHash(filter.origin))) {
      return { purged: 0, restorable: false };
    }
    return this.#purgeOnDisk(filter).then((purged) => ({ purged, restorable: false }));
  }

  restore(id: number): boolean {
    const entry = this.#purged.take(id);
    if (entry === undefined || this.#over) return false;
    const { head, file } = entry;
    if (this.#front.under(head.key).some((newer) => supersedes(newer.head, head))) {
      this.#delete(file);
      return false;
    }
    const lastUsed = this.#tick();
    this.#add({ ...entry, lastUsed }, entry.body instanceof Uint8Array && file === undefined ? [entry.body] : []);
    return true;
  }

  resize(caps: StoreCaps): void {
    this.#caps = caps;
    const { maxBytes, maxEntries, memoryBytes } = caps;
    this.#client.setCaps({ maxBytes, ...(maxEntries === undefined ? {} : { maxEntries }) });
    if (memoryBytes === undefined) return;
    this.#memoryBytes = memoryBytes;
    this.#front.resize(memoryBytes);
  }

  flush(): Promise<void> {
    this.#writeUse();
    return this.#client.flush();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#writeUse();
    this.#purged.purge({ all: true });
    this.#over = true;
    // Whoever closes the database last tidies up its log, which only the thread can.
    this.#reader.close();
    await this.#client.close();
    this.#settle();
  }

  #insert(id: number, head: StoredHead, body: WholeBody | BodyFile): StoredResponse | undefined {
    const bodyLength = body.length;
    const storedBytes = sizeOfHead(head) + bodyLength;
    if (this.#over) return undefined;
    // All variants have to be known, to tell which are outdated.
    this.#front.under(head.key);
    for (const older of this.#front.displaced(head)) this.#drop(older);
    if (storedBytes > this.#caps.maxBytes) return undefined;
    const file = body instanceof BodyFile ? body : undefined;
    const chunks = body instanceof BodyFile ? [] : body.chunks;
    const lastUsed = this.#tick();
    const hashes = hashesOf(head);
    this.#add({ id, head, hashes, hits: 0, bytesSaved: 0, lastUsed, storedBytes, bodyLength, file }, chunks);
    return new FreshResponse(this.#front, { id, head, bodyLength });
  }

  #add(entry: UnwrittenEntry, chunks: readonly Uint8Array[]): void {
    this.#presence.add(entry.hashes);
    const { batch } = this.#client;
    this.#client.push((changes) => changes.add(entry, chunks));
    this.#front.admit(entry.id, entry.head.key, batch);
  }

  /** Drops an entry here and on disk. @param keepFile leaves a body file where it is */
  #drop(entry: DiskEntry, keepFile = false): void {
    const { batch } = this.#client;
    this.#front.drop(entry, batch);
    this.#presence.remove(entry.hashes);
    if (!keepFile && entry.file !== undefined) this.#doomed.add(entry.file, batch);
    this.#client.push((changes) => changes.remove(entry));
  }

  #purgeOne(id: number): Purged {
    const entry = this.#over ? undefined : this.#front.find(id);
    if (entry === undefined) return { purged: 0, restorable: false };
    const { bytes, file, storedBytes } = entry;
    const restorable = this.#purged.keep(
      entry,
      { memory: bytes, disk: file === undefined ? 0 : storedBytes },
      { memory: this.#memoryBytes, disk: this.#caps.maxBytes },
    );
    this.#drop(entry, restorable);
    return { purged: 1, restorable };
  }

  #purgeOnDisk(filter: EntryFilter): Promise<number> {
    if ('all' in filter) this.#presence.beginEmptying();
    return this.#client.purge(filter);
  }

  /** These entries are gone on disk. */
  #forget(removed: Removed): void {
    if ('filesOf' in removed) {
      this.#front.forgetClean();
      this.#presence.endEmptying();
      for (const id of removed.filesOf) this.#delete(new BodyFile(this.#folder, id, 0));
      return;
    }
    for (const { id, hashes, file } of removed.gone) {
      if (!this.#front.forget(id)) continue;
      this.#presence.remove(hashes);
      if (file) this.#delete(new BodyFile(this.#folder, id, 0));
    }
  }

  #settle(): void {
    this.#front.settle();
    this.#doomed.settle(this.#client.written);
  }

  /** Another process has purged entries: nothing of them may be served from memory once it is told so. */
  async #noticePurge({ purges, filters }: ForeignPurges): Promise<void> {
    // It may have meant some of these, too.
    this.#purged.purge({ all: true });
    try {
      for (const filter of filters) {
        this.#options.onPurged?.(filter);
        // What arrived while the other process purged had been asked for too early as well.
        await this.#purgeOnDisk(filter);
      }
      await this.#client.flush();
    } catch {
      // The store has failed, which is told on a way of its own.
      return;
    }
    this.#front.forgetClean();
    this.#client.notice(purges);
  }

  #writeUse(): void {
    clearTimeout(this.#useTimer);
    this.#useTimer = undefined;
    for (const { id, hits, lastUsed, bytesSaved } of this.#front.takeUsed(this.#client.batch)) {
      this.#client.push((batch) => batch.use(id, hits, micros(lastUsed), bytesSaved));
    }
    const totals = this.#savings.takeNew();
    if (totals !== undefined) this.#client.push((batch) => batch.countSavings(totals));
  }

  /** Now, and later than ever before, so that the order of use is total. */
  #tick(): number {
    this.#lastUsed = Math.max(this.#now(), this.#lastUsed + 0.001);
    return this.#lastUsed;
  }

  #delete(file: BodyFile | undefined): void {
    file?.delete((error) => this.#fail(error));
  }

  #fail(error: Error): void {
    if (this.#over) return;
    // Too many open files, say, pass by themselves.
    if (['EMFILE', 'ENFILE', 'ENOMEM'].includes((error as NodeJS.ErrnoException).code ?? '')) return;
    this.#over = true;
    this.#options.onFailed(error);
  }
}
