import { originOf, withoutQuery } from '../cache-key.ts';
import type { CacheStore, EntryPage, EntryQuery, EntryWriter, StoreStats } from '../cache-store.ts';
import type { StoredHead, StoredResponse } from '../stored-response.ts';
import { supersedes } from '../supersede.ts';

export interface MemoryStoreOptions {
  /** Bytes that all entries together may take, heads included. */
  readonly maxBytes: number;
  /** Bytes that one body may have; an eighth of `maxBytes` when absent. */
  readonly maxBodyBytes?: number;
  /** Wall clock in epoch milliseconds. */
  readonly now?: () => number;
}

/** An entry and its place in the list of use: `newer` and `older` lead towards the most and least recently used one. */
interface Entry extends StoredResponse {
  head: StoredHead;
  readonly body: Uint8Array;
  bytes: number;
  hits: number;
  lastUsed: number;
  newer: Entry | undefined;
  older: Entry | undefined;
  gone: boolean;
}

/** More variants than this under one key make every lookup slow; the oldest one then goes. */
const MAX_VARIANTS = 100;
/** What an entry takes besides its strings and bytes, roughly. */
const ENTRY_OVERHEAD = 1_000;
const NO_ENTRIES: readonly StoredResponse[] = [];

/** The store in memory: a map of keys to their variants, in a list ordered by use, under a cap of bytes. */
export class MemoryStore implements CacheStore {
  readonly #now: () => number;
  readonly #variants = new Map<string, Entry[]>();
  /** Keys by URI without query; a single one, the usual case, stands for itself. */
  readonly #paths = new Map<string, string | Set<string>>();
  readonly #groups = new Map<string, Set<Entry>>();
  readonly #fixedBodyCap: number | undefined;
  #maxBytes: number;
  #bytes = 0;
  #count = 0;
  #newest: Entry | undefined;
  #oldest: Entry | undefined;

  constructor(options: MemoryStoreOptions) {
    this.#maxBytes = options.maxBytes;
    this.#fixedBodyCap = options.maxBodyBytes;
    this.#now = options.now ?? Date.now;
  }

  get maxBodyBytes(): number {
    return this.#fixedBodyCap ?? Math.floor(this.#maxBytes / 8);
  }

  lookup(key: string): readonly StoredResponse[] {
    return this.#variants.get(key) ?? NO_ENTRIES;
  }

  lookupLoose(uri: string): readonly StoredResponse[] {
    const keys = this.#paths.get(withoutQuery(uri));
    if (keys === undefined || typeof keys === 'string') return this.#loose(keys);
    const found: StoredResponse[] = [];
    for (const key of keys) found.push(...this.#loose(key));
    return found;
  }

  neighbours(uri: string, limit: number): readonly StoredResponse[] {
    const keys = this.#paths.get(withoutQuery(uri));
    if (keys === undefined) return NO_ENTRIES;
    const found: StoredResponse[] = [];
    for (const key of typeof keys === 'string' ? [keys] : keys) {
      for (const entry of this.#variants.get(key) ?? []) {
        if (entry.head.uri !== uri) found.push(entry);
      }
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }

  touch(stored: StoredResponse): void {
    const entry = stored as Entry;
    entry.hits++;
    entry.lastUsed = this.#now();
    if (entry.gone || this.#newest === entry) return;
    this.#unlink(entry);
    this.#link(entry);
  }

  begin(head: StoredHead): EntryWriter {
    return new MemoryWriter(this.maxBodyBytes, (body) => this.#insert(head, body));
  }

  update(stored: StoredResponse, head: StoredHead): StoredResponse | undefined {
    const entry = stored as Entry;
    if (entry.gone) return undefined;
    // A new entry in its place: whoever still serves the old one keeps a consistent head and body.
    return this.#insert(head, entry.body, entry);
  }

  remove(stored: StoredResponse): void {
    this.#drop(stored as Entry);
  }

  delete(key: string): number {
    const variants = [...(this.#variants.get(key) ?? [])];
    for (const entry of variants) this.#drop(entry);
    return variants.length;
  }

  deleteGroups(origin: string, groups: readonly string[]): number {
    let count = 0;
    for (const group of groups) {
      for (const entry of [...(this.#groups.get(groupKey(origin, group)) ?? [])]) {
        this.#drop(entry);
        count++;
      }
    }
    return count;
  }

  clear(): number {
    const count = this.#count;
    while (this.#newest !== undefined) this.#drop(this.#newest);
    return count;
  }

  stats(): StoreStats {
    return { entries: this.#count, bytes: this.#bytes, maxBytes: this.#maxBytes };
  }

  entries({ search, offset, limit }: EntryQuery): EntryPage {
    const wanted = search?.toLowerCase();
    const entries: Entry[] = [];
    let total = 0;
    for (let entry = this.#newest; entry !== undefined; entry = entry.older) {
      if (wanted !== undefined && !entry.head.uri.toLowerCase().includes(wanted)) continue;
      if (total >= offset && entries.length < limit) entries.push(entry);
      total++;
    }
    return {
      total,
      entries: entries.map((entry) => ({
        stored: entry,
        bytes: entry.bytes,
        hits: entry.hits,
        lastUsed: entry.lastUsed,
      })),
    };
  }

  /** Changes the cap; entries that no longer fit go at once. */
  resize(maxBytes: number): void {
    this.#maxBytes = maxBytes;
    this.#makeRoom();
  }

  #insert(head: StoredHead, body: Uint8Array, replaced?: Entry): Entry | undefined {
    const bytes = body.length + sizeOfHead(head);
    const entry: Entry = {
      head,
      body,
      bodyLength: body.length,
      bytes,
      hits: replaced?.hits ?? 0,
      lastUsed: this.#now(),
      newer: undefined,
      older: undefined,
      gone: false,
      policy: undefined,
    };
    const variants = this.#variants.get(head.key) ?? [];
    for (const older of [...variants]) {
      if (older === replaced || supersedes(head, older.head)) this.#drop(older);
    }
    if (bytes > this.#maxBytes) return undefined;
    this.#add(entry);
    this.#makeRoom();
    return entry.gone ? undefined : entry;
  }

  #add(entry: Entry): void {
    const { key, uri, groups } = entry.head;
    const variants = this.#variants.get(key);
    if (variants === undefined) {
      this.#variants.set(key, [entry]);
    } else {
      variants.push(entry);
      const [first] = variants;
      if (variants.length > MAX_VARIANTS && first !== undefined) this.#drop(first);
    }
    this.#addPath(withoutQuery(uri), key);
    for (const group of groups ?? []) {
      const id = groupKey(originOf(uri), group);
      const members = this.#groups.get(id);
      if (members === undefined) this.#groups.set(id, new Set([entry]));
      else members.add(entry);
    }
    this.#link(entry);
    this.#bytes += entry.bytes;
    this.#count++;
  }

  #drop(entry: Entry): void {
    if (entry.gone) return;
    entry.gone = true;
    const { key, uri, groups } = entry.head;
    const variants = this.#variants.get(key) ?? [];
    if (variants.length <= 1) {
      this.#variants.delete(key);
      this.#removePath(withoutQuery(uri), key);
    } else {
      // A new array, because a lookup may have handed out the old one.
      this.#variants.set(
        key,
        variants.filter((other) => other !== entry),
      );
    }
    for (const group of groups ?? []) {
      const id = groupKey(originOf(uri), group);
      const members = this.#groups.get(id);
      members?.delete(entry);
      if (members?.size === 0) this.#groups.delete(id);
    }
    this.#unlink(entry);
    this.#bytes -= entry.bytes;
    this.#count--;
  }

  #makeRoom(): void {
    while (this.#bytes > this.#maxBytes && this.#oldest !== undefined) this.#drop(this.#oldest);
  }

  #link(entry: Entry): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest !== undefined) this.#newest.newer = entry;
    this.#newest = entry;
    this.#oldest ??= entry;
  }

  #unlink(entry: Entry): void {
    if (entry.newer === undefined) this.#newest = entry.older;
    else entry.newer.older = entry.older;
    if (entry.older === undefined) this.#oldest = entry.newer;
    else entry.older.newer = entry.newer;
  }

  #loose(key: string | undefined): readonly StoredResponse[] {
    const entries = key === undefined ? undefined : this.#variants.get(key);
    return entries?.filter((entry) => entry.head.search !== undefined) ?? NO_ENTRIES;
  }

  #addPath(path: string, key: string): void {
    const keys = this.#paths.get(path);
    if (keys === undefined) this.#paths.set(path, key);
    else if (typeof keys !== 'string') keys.add(key);
    else if (keys !== key) this.#paths.set(path, new Set([keys, key]));
  }

  #removePath(path: string, key: string): void {
    const keys = this.#paths.get(path);
    if (keys === key) {
      this.#paths.delete(path);
    } else if (keys !== undefined && typeof keys !== 'string') {
      keys.delete(key);
      if (keys.size === 0) this.#paths.delete(path);
    }
  }
}

/** Collects the chunks of one body; they are put together, once, when it is complete. */
class MemoryWriter implements EntryWriter {
  readonly #maxBytes: number;
  readonly #insert: (body: Uint8Array) => StoredResponse | undefined;
  #chunks: Uint8Array[] | undefined = [];
  #length = 0;

  constructor(maxBytes: number, insert: (body: Uint8Array) => StoredResponse | undefined) {
    this.#maxBytes = maxBytes;
    this.#insert = insert;
  }

  write(chunk: Uint8Array): boolean {
    if (this.#chunks === undefined) return false;
    this.#length += chunk.length;
    if (this.#length > this.#maxBytes) {
      this.abort();
      return false;
    }
    this.#chunks.push(chunk);
    return true;
  }

  commit(): StoredResponse | undefined {
    const chunks = this.#chunks;
    if (chunks === undefined) return undefined;
    this.#chunks = undefined;
    // Copied even when it is a single chunk: that may be a small view of a large socket buffer.
    const body = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of chunks) {
      body.set(chunk, at);
      at += chunk.length;
    }
    return this.#insert(body);
  }

  abort(): void {
    this.#chunks = undefined;
  }
}

function groupKey(origin: string, group: string): string {
  return `${origin} ${group}`;
}

function sizeOfHead(head: StoredHead): number {
  let size = ENTRY_OVERHEAD + head.key.length + head.uri.length;
  for (const text of head.headers) size += text.length + 16;
  for (const { field, value } of head.selecting) size += field.length + 2 * (value?.length ?? 0) + 64;
  return size;
}
