import type { ExchangeRow } from '../../shared/exchange-view.ts';

/** Seconds that are looked back. */
export const RATE_SECONDS = 60;

/** What ended in each of the last seconds, the oldest first. */
export interface Rates {
  readonly requests: readonly number[];
  /** Response body bytes. */
  readonly bytes: readonly number[];
}

/** Counts what ends, second by second of engine time, for a minute. */
export class RateMeter {
  readonly #requests = new Float64Array(RATE_SECONDS);
  readonly #bytes = new Float64Array(RATE_SECONDS);
  /** The second that each place counts. */
  readonly #seconds = new Float64Array(RATE_SECONDS).fill(-1);

  ended({ end = 0, responseBytes }: ExchangeRow): void {
    const second = Math.floor(end / 1000);
    const place = second % RATE_SECONDS;
    const counted = this.#seconds[place] as number;
    // Rows of long ago come with pages of older ones.
    if (place < 0 || counted > second) return;
    if (counted < second) {
      this.#seconds[place] = second;
      this.#requests[place] = 0;
      this.#bytes[place] = 0;
    }
    this.#requests[place] = (this.#requests[place] as number) + 1;
    this.#bytes[place] = (this.#bytes[place] as number) + responseBytes;
  }

  /** The whole seconds before `now`, in engine milliseconds. The one that is under way is not told: it would always look low. */
  read(now: number): Rates {
    const last = Math.floor(now / 1000) - 1;
    const requests: number[] = [];
    const bytes: number[] = [];
    for (let second = last - RATE_SECONDS + 2; second <= last; second++) {
      const place = second % RATE_SECONDS;
      const known = second >= 0 && this.#seconds[place] === second;
      requests.push(known ? (this.#requests[place] as number) : 0);
      bytes.push(known ? (this.#bytes[place] as number) : 0);
    }
    return { requests, bytes };
  }

  reset(): void {
    this.#seconds.fill(-1);
  }
}
