import { RecentMap } from '../recent-map.ts';

/** How many keys are remembered; older ones are of responses that have long arrived. */
const REMEMBERED = 1_000;

/**
 * Which keys were invalidated lately. A response that was asked for before an invalidation and arrives after it is as
 * outdated as those that were stored then (RFC 9111 §4.4).
 */
export class Invalidations {
  readonly #keys = new RecentMap<string, number>(REMEMBERED);
  #count = 0;

  /** A mark for the moment at which a request is sent on. */
  mark(): number {
    return this.#count;
  }

  note(key: string): void {
    this.#count++;
    this.#keys.set(key, this.#count);
  }

  /** Says whether `key` was invalidated after `mark` was taken. */
  happenedSince(key: string, mark: number): boolean {
    const at = this.#keys.get(key);
    return at !== undefined && at > mark;
  }
}
