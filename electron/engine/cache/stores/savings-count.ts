import type { StoreStats } from '../cache-store.ts';
import type { StoredHead } from '../stored-response.ts';

type Totals = Pick<StoreStats, 'hits' | 'bytesSaved' | 'msSaved'>;

/** What the answers from a store have saved. */
export class SavingsCount {
  #hits: number;
  #bytesSaved: number;
  #msSaved: number;
  #isNew = false;

  constructor({ hits, bytesSaved, msSaved }: Totals = { hits: 0, bytesSaved: 0, msSaved: 0 }) {
    this.#hits = hits;
    this.#bytesSaved = bytesSaved;
    this.#msSaved = msSaved;
  }

  /** Counts one answer from an entry. @param saved bytes that the origin need not send because of it */
  count({ requestTime, responseTime }: StoredHead, saved: number): void {
    this.#isNew = true;
    this.#hits++;
    this.#bytesSaved += saved;
    // The clock may have been set back between the two.
    this.#msSaved += Math.max(0, responseTime - requestTime);
  }

  /** The totals, unless they are the same as when this was last asked. */
  takeNew(): Totals | undefined {
    const isNew = this.#isNew;
    this.#isNew = false;
    return isNew ? this.totals : undefined;
  }

  get totals(): Totals {
    return { hits: this.#hits, bytesSaved: this.#bytesSaved, msSaved: this.#msSaved };
  }
}
