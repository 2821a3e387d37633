import { union } from '../timeline/intervals.ts';
import type { Interval } from '../timeline/intervals.ts';

/**
 * The time axis that the waterfall bars of the listed rows share. Time in which nothing ran is folded away when it is long,
 * so that bursts of traffic minutes apart can both be read.
 */
export interface WaterfallAxis {
  readonly pieces: readonly AxisPiece[];
  /** Where idle time was folded away, as shares of the width. */
  readonly folds: readonly number[];
  /** Milliseconds that the axis shows, without folded time. */
  readonly shown: number;
}

interface AxisPiece extends Interval {
  /** Where the piece begins and ends, as shares of the width. */
  readonly from: number;
  readonly to: number;
}

export const EMPTY_AXIS: WaterfallAxis = { pieces: [], folds: [], shown: 0 };

/** Idle time is folded when it is longer than this share of the busy time. */
const FOLD_BEYOND = 0.5;
/** Share of the width that a fold takes. */
const FOLD_WIDTH = 0.02;
/** With more folds than this the bars would drown in them; the longest idle times are folded first. */
const MOST_FOLDS = 12;

/** How far the axis goes on for rows that still run, as a share of the time that ended rows take. */
const RUNNING_SHARE = 0.25;

/**
 * The axis over the rows on the screen. What still runs must not squeeze what has ended into nothing, so it stretches the
 * axis only a little; its bar then reaches the right edge.
 * @param ended from start to end
 * @param running from start until now
 */
export function waterfallAxis(ended: readonly Interval[], running: readonly Interval[]): WaterfallAxis {
  const reach = Math.max(...ended.map(({ end }) => end), ...running.map(({ start }) => start));
  const taken = ended.reduce((sum, { start, end }) => sum + end - start, 0);
  const horizon = taken > 0 ? reach + Math.max(1, taken * RUNNING_SHARE) : Infinity;
  return axisOver([...ended, ...running.map(({ start, end }) => ({ start, end: Math.min(end, horizon) }))]);
}

function axisOver(busy: readonly Interval[]): WaterfallAxis {
  // Instants count too: a row that took no measurable time still wants its place.
  const bursts = union(busy.map(({ start, end }) => ({ start, end: Math.max(end, start + 0.001) })));
  if (bursts.length === 0) return EMPTY_AXIS;
  const busyTime = bursts.reduce((sum, { start, end }) => sum + end - start, 0);
  const folded = foldedGaps(bursts, busyTime * FOLD_BEYOND);
  const parts: Interval[] = [];
  let from = bursts[0]?.start ?? 0;
  bursts.forEach((burst, index) => {
    if (!folded.has(index)) return;
    parts.push({ start: from, end: burst.end });
    from = bursts[index + 1]?.start ?? from;
  });
  parts.push({ start: from, end: bursts.at(-1)?.end ?? from });
  return layOut(parts);
}

/** Indices of the bursts after which idle time is folded. */
function foldedGaps(bursts: readonly Interval[], longerThan: number): Set<number> {
  const gaps = bursts
    .slice(0, -1)
    .map((burst, index) => ({ index, length: (bursts[index + 1]?.start ?? 0) - burst.end }));
  const long = gaps.filter(({ length }) => length > longerThan).sort((a, b) => b.length - a.length);
  return new Set(long.slice(0, MOST_FOLDS).map(({ index }) => index));
}

function layOut(parts: readonly Interval[]): WaterfallAxis {
  const shown = parts.reduce((sum, { start, end }) => sum + end - start, 0);
  const scale = (1 - FOLD_WIDTH * (parts.length - 1)) / shown;
  const pieces: AxisPiece[] = [];
  const folds: number[] = [];
  let at = 0;
  for (const part of parts) {
    if (pieces.length > 0) {
      folds.push(at + FOLD_WIDTH / 2);
      at += FOLD_WIDTH;
    }
    const to = at + (part.end - part.start) * scale;
    pieces.push({ ...part, from: at, to });
    at = to;
  }
  return { pieces, folds, shown };
}

/** Where `time` lies on the axis, as a share of the width from 0 to 1. Folded time lies at the end of the piece before. */
export function axisPosition(axis: WaterfallAxis, time: number): number {
  let before = 0;
  for (const { start, end, from, to } of axis.pieces) {
    if (time < start) return before;
    if (time <= end) return from + ((time - start) / (end - start)) * (to - from);
    before = to;
  }
  return before;
}
