import type { Interval } from './intervals.ts';

/** Nothing is looked at closer than this (ms). */
const CLOSEST = 0.005;

/** A part of the whole, half as long or twice as long, around its middle and within the whole. */
export function zoomed(whole: Interval, shown: Interval, factor: number): Interval {
  const length = Math.min(whole.end - whole.start, Math.max(CLOSEST, (shown.end - shown.start) * factor));
  const middle = (shown.start + shown.end) / 2;
  const start = Math.min(whole.end - length, Math.max(whole.start, middle - length / 2));
  return { start, end: start + length };
}

/** The part between two places of the whole, given as shares of what is shown; undefined when there is next to nothing. */
export function selected(shown: Interval, from: number, to: number): Interval | undefined {
  const at = (share: number): number => shown.start + Math.min(1, Math.max(0, share)) * (shown.end - shown.start);
  const [start, end] = [at(Math.min(from, to)), at(Math.max(from, to))];
  return Math.abs(to - from) < 0.01 || end - start < CLOSEST ? undefined : { start, end };
}
