import type {
  CacheStore,
  EntryDetail,
  EntryName,
  EntryPage,
  EntryQuery,
  EntryWriter,
  Purged,
  StoreCaps,
  StoreStats,
} from '../cache-store.ts';
import type { EntryFilter } from '../entry-filter.ts';
import { entryMatcher } from '../entry-filter.ts';
import type { StoredHead, StoredResponse } from '../stored-response.ts';
import { supersedes } from '../supersede.ts';
import { BodyCollector } from './body-collector.ts';
import type { TableEntry } from './entry-table.ts';
import { EntryTable, sizeOfHead } from './entry-table.ts';
import { EntryLister, summaryOf } from './entry-lister.ts';
import { PurgedEntries } from './purged-entries.ts';
import { SavingsCount } from './savings-count.ts';

export interface MemoryStoreOptions extends StoreCaps {
  /** Bytes that one body may have; an eighth of `maxBytes` when absent. */
  readonly maxBodyBytes?: number;
  /** Wall clock in epoch milliseconds. */
  readonly now?: () => number;
}

interface Entry extends TableEntry {
  readonly body: Uint8Array;
}

const NO_ENTRIES: readonly StoredResponse[] = [];

/** The store in memory: a table of entries under a cap of bytes. */
export class MemoryStore implements CacheStore {
  readonly #now: () => number;
  readonly #table = new EntryTable<Entry>();
  readonly #purged = new PurgedEntries<Entry>(() => undefined);
  readonly #lister = new EntryLister();
  readonly #savings = new SavingsCount();
  readonly #fixedBodyCap: number | undefined;
  #caps: StoreCaps;
  #lastId = 0;

  constructor(options: MemoryStoreOptions) {
    this.#caps = options;
    this.#fixedBodyCap = options.maxBodyBytes;
    this.#now = options.now ?? Date.now;
  }

  get #maxBytes(): number {
    const { maxBytes, memoryBytes = maxBytes } = this.#caps;
    return Math.min(maxBytes, memoryBytes);
  }

  get maxBodyBytes(): number {
    return this.#fixedBodyCap ?? Math.floor(this.#maxBytes / 8);
  }

  lookup(key: string): readonly StoredResponse[] {
    return this.#table.under(key) ?? NO_ENTRIES;
  }

  lookupLoose(uri: string): readonly StoredResponse[] {
    return this.#table.loose(uri);
  }

  neighbours(uri: string, limit: number): readonly EntryName[] {
    return this.#table.neighbours(uri, limit);
  }

  touch(stored: StoredResponse, saved: number): void {
    this.#savings.count(stored.head, saved);
    // The entry itself may have been updated or dropped since it was looked up.
    const entry = this.#table.get(stored.id);
    if (entry === undefined) return;
    entry.hits++;
    entry.bytesSaved += saved;
    entry.lastUsed = this.#now();
    this.#table.use(entry);
  }

  begin(head: StoredHead): EntryWriter {
    return new BodyCollector(this.maxBodyBytes, (body, part = head) => this.#insert(part, body));
  }

  update(stored: StoredResponse, head: StoredHead): StoredResponse | undefined {
    const entry = this.#table.get(stored.id);
    // A new entry in its place: whoever still serves the old one keeps a consistent head and body.
    return entry === stored ? this.#insert(head, entry.body, entry) : undefined;
  }

  remove(stored: StoredResponse): void {
    const entry = this.#table.get(stored.id);
    if (entry === stored) this.#table.drop(entry);
  }

  stats(): StoreStats {
    return {
      kind: 'memory',
      entries: this.#table.count,
      bytes: this.#table.bytes,
      maxBytes: this.#maxBytes,
      ...this.#savings.totals,
    };
  }

  entries(query: EntryQuery): EntryPage {
    return this.#lister.list(this.#table.byUse(), query);
  }

  get(id: number): EntryDetail | undefined {
    const entry = this.#table.get(id);
    return entry && { ...summaryOf(entry), body: entry.body };
  }

  purge(filter: EntryFilter): Purged {
    this.#purged.purge(filter);
    const entries = this.#meant(filter);
    for (const entry of entries) this.#table.drop(entry);
    const [single] = entries;
    const restorable = 'id' in filter && single !== undefined;
    if (restorable) this.#purged.keep(single, { memory: single.bytes, disk: 0 }, { memory: this.#maxBytes, disk: 0 });
    return { purged: entries.length, restorable };
  }

  restore(id: number): boolean {
    const entry = this.#purged.take(id);
    if (entry === undefined) return false;
    const { head } = entry;
    if (this.#table.under(head.key)?.some((newer) => supersedes(newer.head, head)) === true) return false;
    this.#table.add(entry);
    this.#makeRoom();
    return !entry.gone;
  }

  flush(): void {
    // Nothing outlives the process.
  }

  close(): void {
    // Nothing is open.
  }

  resize(caps: StoreCaps): void {
    this.#caps = caps;
    this.#makeRoom();
  }

  #insert(head: StoredHead, body: Uint8Array, replaced?: Entry): Entry | undefined {
    const bytes = body.length + sizeOfHead(head);
    const entry: Entry = {
      id: replaced?.id ?? ++this.#lastId,
      head,
      body,
      bodyLength: body.length,
      bytes,
      hits: replaced?.hits ?? 0,
      bytesSaved: replaced?.bytesSaved ?? 0,
      lastUsed: this.#now(),
      newer: undefined,
      older: undefined,
      addedAfter: undefined,
      addedBefore: undefined,
      gone: false,
      policy: undefined,
    };
    if (replaced !== undefined) this.#table.drop(replaced);
    for (const older of this.#table.displaced(head)) this.#table.drop(older);
    if (bytes > this.#maxBytes) return undefined;
    this.#table.add(entry);
    this.#makeRoom();
    return entry.gone ? undefined : entry;
  }

  #meant(filter: EntryFilter): readonly Entry[] {
    const table = this.#table;
    if ('id' in filter) {
      const entry = table.get(filter.id);
      return entry === undefined ? [] : [entry];
    }
    if ('key' in filter) return [...(table.under(filter.key) ?? [])];
    if ('groups' in filter && filter.origin !== undefined) {
      const { groups, origin } = filter;
      return [...new Set(groups.flatMap((group) => table.group(origin, group)))];
    }
    return [...table.byUse()].filter(entryMatcher(filter));
  }

  #makeRoom(): void {
    const table = this.#table;
    const maxEntries = this.#caps.maxEntries ?? Number.POSITIVE_INFINITY;
    while ((table.bytes > this.#maxBytes || table.count > maxEntries) && table.oldest !== undefined)
      table.drop(table.oldest);
  }
}
