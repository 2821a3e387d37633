import { originOf, withoutQuery } from '../cache/cache-key.ts';
import type { EntryFilter, FilteredEntry } from '../cache/entry-filter.ts';
import { entryMatcher } from '../cache/entry-filter.ts';
import type { StoredHead } from '../cache/stored-response.ts';
import { RecentMap } from '../recent-map.ts';

/** How many keys and groups are remembered, and purges; older ones are of responses that have long arrived. */
const REMEMBERED = 1_000;
const REMEMBERED_PURGES = 64;

/**
 * Which keys and cache groups were invalidated lately. A response that was asked for before an invalidation and arrives after
 * it is as outdated as those that were stored then (RFC 9111 §4.4, RFC 9875 §3).
 */
export class Invalidations {
  readonly #marks = new RecentMap<string, number>(REMEMBERED);
  readonly #purges: { readonly at: number; readonly isMeant: (entry: FilteredEntry) => boolean }[] = [];
  #count = 0;

  /** A mark for the moment at which a request is sent on. */
  mark(): number {
    return this.#count;
  }

  note(key: string): void {
    this.#count++;
    this.#marks.set(key, this.#count);
  }

  /** Notes what a URI stands for: its key, and what answers it although its query differs (No-Vary-Search). */
  noteUri(uri: string, key: string): void {
    this.note(key);
    this.note(pathName(uri));
  }

  /** Notes what a person has purged: what was asked for before has been asked for too early as well. */
  notePurge(filter: EntryFilter): void {
    this.#count++;
    this.#purges.push({ at: this.#count, isMeant: entryMatcher(filter) });
    if (this.#purges.length > REMEMBERED_PURGES) this.#purges.shift();
  }

  noteGroup(origin: string, group: string): void {
    this.note(groupName(origin, group));
  }

  /** Says whether a response was invalidated, by its key or a group, after `mark` was taken. */
  happenedSince(head: StoredHead, mark: number): boolean {
    if (mark === this.#count) return false;
    const { key, uri, search, groups = [] } = head;
    return (
      this.#isSince(key, mark) ||
      (search !== undefined && this.#isSince(pathName(uri), mark)) ||
      groups.some((group) => this.#isSince(groupName(originOf(uri), group), mark)) ||
      this.#purges.some(({ at, isMeant }) => at > mark && isMeant({ id: 0, head }))
    );
  }

  #isSince(name: string, mark: number): boolean {
    const at = this.#marks.get(name);
    return at !== undefined && at > mark;
  }
}

// Neither looks like a key: a URI has no space in it.

function pathName(uri: string): string {
  return ` ${withoutQuery(uri)}`;
}

function groupName(origin: string, group: string): string {
  return `${origin} ${group}`;
}
