import { formatTick } from '../../format/units.ts';
import type { Interval } from './intervals.ts';

/** A mark of an axis. */
export interface Tick {
  /** On the axis, in milliseconds. */
  readonly at: number;
  readonly label: string;
}

/** Pixels from one mark to the next at least, and between their labels. */
const SPACING = 64;
/** Even where there is room for more marks than this, they would be in the way. */
const MOST = 8;
const GAP = 14;
/** Pixels of a character in the labels' size, with some to spare. */
const CHARACTER = 6.5;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Nothing is told more exactly than in microseconds. */
const LEAST = 0.001;
/** From a second on, distances are round as clocks have it. */
const LONG_STEPS = [
  ...[1, 2, 5, 10, 20, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 20, 30].map((minutes) => minutes * MINUTE),
];

/**
 * Marks at round distances within a part of an axis that is drawn `width` pixels wide: as many as there is room for their
 * labels, none where there is none.
 */
export function axisTicks({ start, end }: Interval, width: number): Tick[] {
  const pixels = width / (end - start);
  if (!(end > start) || !(pixels > 0)) return [];
  for (const step of steps(Math.max(LEAST, Math.max(SPACING, width / MOST) / pixels))) {
    const ticks = multiples(step, start, end).map((at) => ({ at, label: formatTick(at, step) }));
    const longest = Math.max(0, ...ticks.map(({ label }) => label.length));
    if (longest * CHARACTER + GAP <= step * pixels) return ticks;
  }
  return [];
}

/** The round distances from `least` on. */
function* steps(least: number): Generator<number> {
  for (let power = 10 ** Math.floor(Math.log10(least)); power < SECOND; power *= 10) {
    for (const factor of [1, 2, 5]) if (factor * power >= least && factor * power < SECOND) yield factor * power;
  }
  yield* LONG_STEPS.filter((step) => step >= least);
  for (let power = HOUR; power < Number.MAX_SAFE_INTEGER; power *= 10) {
    for (const factor of [1, 2, 5]) if (factor * power >= least) yield factor * power;
  }
}

/** Multiples of `step` within an interval, its ends and zero left out: the ends have no room for a label. */
function multiples(step: number, start: number, end: number): number[] {
  const found: number[] = [];
  for (let nth = Math.floor(start / step) + 1; nth * step < end; nth++) if (nth !== 0) found.push(nth * step);
  return found;
}
