import type { Verdict } from '../../../shared/decision.ts';

/** Requests that the cache was asked to answer, and the body bytes of their answers, by what became of them. */
export interface AskedTotals {
  readonly hits: number;
  readonly misses: number;
  readonly hitBytes: number;
  readonly missBytes: number;
}

/** Counts finished exchanges for as long as the engine runs, whatever is evicted or cleared. */
export class TrafficTotals implements AskedTotals {
  hits = 0;
  misses = 0;
  hitBytes = 0;
  missBytes = 0;

  /** Counts one exchange; those that the cache stood aside of, or that failed, count for neither side. */
  count(verdict: Verdict | undefined, bytes: number): void {
    switch (verdict) {
      case 'HIT':
      case 'REVALIDATED':
      case 'STALE':
        this.hits++;
        this.hitBytes += bytes;
        break;
      case 'MISS':
        this.misses++;
        this.missBytes += bytes;
        break;
      case 'BYPASS':
      case 'ERROR':
      case undefined:
        break;
    }
  }
}
