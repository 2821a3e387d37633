import { originOf, withoutQuery } from '../cache-key.ts';
import type { EntryName } from '../cache-store.ts';
import type { StoredHead, StoredResponse } from '../stored-response.ts';
import { supersedes } from '../supersede.ts';

/**
 * An entry and its places in two lists. `newer` and `older` lead towards the most and least recently used one, `addedAfter`
 * and `addedBefore` to other entries whose URIs differ in the query at most.
 */
export interface TableEntry extends StoredResponse {
  readonly head: StoredHead;
  readonly bodyLength: number;
  /** What it takes of the cap. */
  bytes: number;
  hits: number;
  /** Bytes that the origin need not have sent because of it. */
  bytesSaved: number;
  /** Epoch milliseconds. */
  lastUsed: number;
  newer: this | undefined;
  older: this | undefined;
  addedAfter: this | undefined;
  addedBefore: this | undefined;
  gone: boolean;
}

/** More variants than this under one key make every lookup slow; the oldest one then goes. */
const MAX_VARIANTS = 100;
/** What an entry takes besides its strings and bytes, roughly. */
const ENTRY_OVERHEAD = 1_000;

/** Entries in memory: found by id, key, URI and cache group, and in a list ordered by use. */
export class EntryTable<E extends TableEntry> {
  readonly #ids = new Map<number, E>();
  readonly #variants = new Map<string, E[]>();
  /** The entry that was added last, by URI without query. */
  readonly #paths = new Map<string, E>();
  readonly #groups = new Map<string, Set<E>>();
  /** Entries with a search variance by URI without query: few, where a path may have entries for thousands of queries. */
  readonly #loose = new Map<string, Set<E>>();
  #bytes = 0;
  #newest: E | undefined;
  #oldest: E | undefined;

  get count(): number {
    return this.#ids.size;
  }

  /** The sum of the entries' `bytes`. */
  get bytes(): number {
    return this.#bytes;
  }

  get oldest(): E | undefined {
    return this.#oldest;
  }

  get(id: number): E | undefined {
    return this.#ids.get(id);
  }

  /** Every entry under a key; undefined when there is none. */
  under(key: string): readonly E[] | undefined {
    return this.#variants.get(key);
  }

  /** Entries with a search variance whose URI is `uri` but for the query. */
  loose(uri: string): E[] {
    return this.#loose.size === 0 ? [] : [...(this.#loose.get(withoutQuery(uri)) ?? [])];
  }

  /** Up to `limit` entries whose URI differs from `uri` in the query alone. */
  neighbours(uri: string, limit: number): EntryName[] {
    const found: EntryName[] = [];
    for (let entry = this.#paths.get(withoutQuery(uri)); entry !== undefined; entry = entry.addedBefore) {
      const { id, head } = entry;
      if (head.uri !== uri && found.push({ id, key: head.key, uri: head.uri }) >= limit) break;
    }
    return found;
  }

  /** The entries of an origin that belong to a cache group. */
  group(origin: string, group: string): E[] {
    return [...(this.#groups.get(groupKey(origin, group)) ?? [])];
  }

  /** The entries, most recently used first. */
  *byUse(): Generator<E, void, undefined> {
    for (let entry = this.#newest; entry !== undefined; entry = entry.older) yield entry;
  }

  /** What a new response with this head makes useless or leaves no room for under its key. */
  displaced(head: StoredHead): E[] {
    const variants = this.#variants.get(head.key) ?? [];
    const outdated = variants.filter((older) => supersedes(head, older.head));
    if (variants.length - outdated.length < MAX_VARIANTS) return outdated;
    const first = variants.find((entry) => !outdated.includes(entry));
    return first === undefined ? outdated : [...outdated, first];
  }

  /** Adds an entry as the most recently used one. */
  add(entry: E): void {
    const { key, uri, groups, search } = entry.head;
    entry.gone = false;
    this.#ids.set(entry.id, entry);
    const variants = this.#variants.get(key);
    if (variants === undefined) this.#variants.set(key, [entry]);
    else variants.push(entry);
    this.#joinPath(entry);
    if (search !== undefined) addMember(this.#loose, withoutQuery(uri), entry);
    for (const group of groups ?? []) addMember(this.#groups, groupKey(originOf(uri), group), entry);
    this.#link(entry);
    this.#bytes += entry.bytes;
  }

  /** Takes an entry out, if it is still in. */
  drop(entry: E): void {
    if (entry.gone) return;
    entry.gone = true;
    this.#ids.delete(entry.id);
    const { key, uri, groups, search } = entry.head;
    const variants = this.#variants.get(key) ?? [];
    if (variants.length <= 1) {
      this.#variants.delete(key);
    } else {
      // A new array, because a lookup may have handed out the old one.
      this.#variants.set(
        key,
        variants.filter((other) => other !== entry),
      );
    }
    this.#leavePath(entry);
    if (search !== undefined) removeMember(this.#loose, withoutQuery(uri), entry);
    for (const group of groups ?? []) removeMember(this.#groups, groupKey(originOf(uri), group), entry);
    this.#unlink(entry);
    this.#bytes -= entry.bytes;
  }

  /** Makes an entry the most recently used one. */
  use(entry: E): void {
    if (entry.gone || this.#newest === entry) return;
    this.#unlink(entry);
    this.#link(entry);
  }

  /** Corrects what an entry takes of the cap. */
  reweigh(entry: E, bytes: number): void {
    if (!entry.gone) this.#bytes += bytes - entry.bytes;
    entry.bytes = bytes;
  }

  #link(entry: E): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest !== undefined) this.#newest.newer = entry;
    this.#newest = entry;
    this.#oldest ??= entry;
  }

  #unlink(entry: E): void {
    if (entry.newer === undefined) this.#newest = entry.older;
    else entry.newer.older = entry.older;
    if (entry.older === undefined) this.#oldest = entry.newer;
    else entry.older.newer = entry.newer;
  }

  #joinPath(entry: E): void {
    const path = withoutQuery(entry.head.uri);
    const last = this.#paths.get(path);
    entry.addedBefore = last;
    entry.addedAfter = undefined;
    if (last !== undefined) last.addedAfter = entry;
    this.#paths.set(path, entry);
  }

  #leavePath({ head, addedBefore, addedAfter }: E): void {
    if (addedBefore !== undefined) addedBefore.addedAfter = addedAfter;
    if (addedAfter !== undefined) addedAfter.addedBefore = addedBefore;
    else if (addedBefore !== undefined) this.#paths.set(withoutQuery(head.uri), addedBefore);
    else this.#paths.delete(withoutQuery(head.uri));
  }
}

/** What an entry without its body takes of a cap, in bytes, roughly. */
export function sizeOfHead(head: StoredHead): number {
  let size = ENTRY_OVERHEAD + head.key.length + head.uri.length;
  for (const text of head.headers) size += text.length + 16;
  for (const { field, value } of head.selecting) size += field.length + 2 * (value?.length ?? 0) + 64;
  return size;
}

function addMember<E>(sets: Map<string, Set<E>>, key: string, entry: E): void {
  const members = sets.get(key);
  if (members === undefined) sets.set(key, new Set([entry]));
  else members.add(entry);
}

function removeMember<E>(sets: Map<string, Set<E>>, key: string, entry: E): void {
  const members = sets.get(key);
  members?.delete(entry);
  if (members?.size === 0) sets.delete(key);
}

function groupKey(origin: string, group: string): string {
  return `${origin} ${group}`;
}
