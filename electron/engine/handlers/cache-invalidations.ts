import { originOf } from '../cache/cache-key.ts';
import type { StoredHead } from '../cache/stored-response.ts';
import { RecentMap } from '../recent-map.ts';

/** How many keys and groups are remembered; older ones are of responses that have long arrived. */
const REMEMBERED = 1_000;

/**
 * Which keys and cache groups were invalidated lately. A response that was asked for before an invalidation and arrives after
 * it is as outdated as those that were stored then (RFC 9111 §4.4, RFC 9875 §3).
 */
export class Invalidations {
  readonly #marks = new RecentMap<string, number>(REMEMBERED);
  #count = 0;

  /** A mark for the moment at which a request is sent on. */
  mark(): number {
    return this.#count;
  }

  note(key: string): void {
    this.#count++;
    this.#marks.set(key, this.#count);
  }

  noteGroup(origin: string, group: string): void {
    this.note(groupName(origin, group));
  }

  /** Says whether a response was invalidated, by its key or a group, after `mark` was taken. */
  happenedSince({ key, uri, groups = [] }: StoredHead, mark: number): boolean {
    if (mark === this.#count) return false;
    return this.#isSince(key, mark) || groups.some((group) => this.#isSince(groupName(originOf(uri), group), mark));
  }

  #isSince(name: string, mark: number): boolean {
    const at = this.#marks.get(name);
    return at !== undefined && at > mark;
  }
}

/** Looks like no key: a URI has no space in it. */
function groupName(origin: string, group: string): string {
  return `${origin} ${group}`;
}
