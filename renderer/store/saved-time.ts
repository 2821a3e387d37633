import type { ExchangeRow } from '../../shared/exchange-view.ts';
import { splitUrl } from '../../shared/url-parts.ts';

/** Completed exchanges with one host, and the milliseconds that they took: fetched from it, and served from the cache. */
interface HostTimes {
  fetched: number;
  fetchedMs: number;
  served: number;
  servedMs: number;
}

/**
 * How much less clients waited because of the cache: what an answer of the same host takes on average when it is fetched,
 * for each that was served from the cache, less what these took. An estimate, since what was not fetched was not measured;
 * nothing is counted for hosts of which nothing was fetched.
 */
export class SavedTime {
  readonly #hosts = new Map<string, HostTimes>();
  #ms = 0;

  get ms(): number {
    return this.#ms;
  }

  /** @param sign 1 for a row that comes, -1 for one that goes */
  count(row: ExchangeRow, sign: 1 | -1): void {
    if (row.end === undefined || row.kind !== 'http' || row.outcome?.kind !== 'completed') return;
    if (row.from !== 'cache' && row.from !== 'upstream') return;
    const { host } = splitUrl(row.url);
    const times = this.#hosts.get(host) ?? { fetched: 0, fetchedMs: 0, served: 0, servedMs: 0 };
    this.#ms -= savedOf(times);
    const took = row.end - row.start;
    if (row.from === 'cache') {
      times.served += sign;
      times.servedMs += sign * took;
    } else {
      times.fetched += sign;
      times.fetchedMs += sign * took;
    }
    if (times.served + times.fetched > 0) this.#hosts.set(host, times);
    else this.#hosts.delete(host);
    this.#ms += savedOf(times);
  }

  reset(): void {
    this.#hosts.clear();
    this.#ms = 0;
  }
}

function savedOf({ fetched, fetchedMs, served, servedMs }: HostTimes): number {
  return fetched === 0 ? 0 : Math.max(0, (fetchedMs / fetched) * served - servedMs);
}
