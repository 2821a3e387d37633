import type { Verdict } from '../../shared/decision.ts';
import type { ExchangeRow } from '../../shared/exchange-view.ts';
import { SavedTime } from './saved-time.ts';

/** Totals over the rows in the index. */
export interface Counts {
  readonly total: number;
  readonly running: number;
  /** Rows that a rule has paused. */
  readonly held: number;
  /** Rows that failed, were aborted, or were answered with a status of 500 or more. */
  readonly errors: number;
  /** Response body bytes handed to clients. */
  readonly bytes: number;
  /** Of these, the bytes that came out of the cache. */
  readonly savedBytes: number;
  /** About how many milliseconds clients waited less because of the cache; see {@link SavedTime}. */
  readonly savedMs: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
}

export const NO_COUNTS: Counts = {
  total: 0,
  running: 0,
  held: 0,
  errors: 0,
  bytes: 0,
  savedBytes: 0,
  savedMs: 0,
  verdicts: { HIT: 0, MISS: 0, REVALIDATED: 0, STALE: 0, BYPASS: 0, ERROR: 0 },
};

/** Keeps {@link Counts} up to date as rows come, change and go, without ever walking all of them. */
export class Tally {
  #counts = { ...NO_COUNTS, verdicts: { ...NO_COUNTS.verdicts } };
  readonly #time = new SavedTime();

  add(row: ExchangeRow): void {
    this.#apply(row, 1);
  }

  remove(row: ExchangeRow): void {
    this.#apply(row, -1);
  }

  reset(): void {
    this.#counts = { ...NO_COUNTS, verdicts: { ...NO_COUNTS.verdicts } };
    this.#time.reset();
  }

  /** A copy that later changes do not touch. */
  read(): Counts {
    return { ...this.#counts, savedMs: this.#time.ms, verdicts: { ...this.#counts.verdicts } };
  }

  #apply(row: ExchangeRow, sign: 1 | -1): void {
    const counts = this.#counts;
    counts.total += sign;
    if (row.end === undefined) counts.running += sign;
    if (row.held !== undefined) counts.held += sign;
    if (isError(row)) counts.errors += sign;
    counts.bytes += sign * row.responseBytes;
    if (row.from === 'cache') counts.savedBytes += sign * row.responseBytes;
    this.#time.count(row, sign);
    if (row.verdict !== undefined) counts.verdicts[row.verdict] += sign;
  }
}

/** Whether a row counts as an error: it failed, was aborted, or was answered with 500 or more. */
export function isError(row: ExchangeRow): boolean {
  return (row.outcome !== undefined && row.outcome.kind !== 'completed') || (row.status ?? 0) >= 500;
}

/** Answers that spared the origin the body (fresh, confirmed or stale), and all answers for which the cache was asked. */
export function hitRatio(counts: Counts): { readonly hits: number; readonly asked: number } {
  const { HIT, MISS, REVALIDATED, STALE } = counts.verdicts;
  const hits = HIT + REVALIDATED + STALE;
  return { hits, asked: hits + MISS };
}
