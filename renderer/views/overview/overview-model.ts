import { formatClock, formatDateTime } from '../../format/units.ts';
import type { Overview, TimeRange } from '../../store/query/query-messages.ts';

/** A part of the axis, as shares of its width from 0 to 1. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export type Edge = keyof Span;

export const WHOLE: Span = { from: 0, to: 1 };

/** Nothing narrower can be chosen: an edge never passes the other one. */
const NARROWEST = 0.002;
/** What is there at all is at least so high, as a share of the height. */
const LOWEST = 0.1;

/** Where `range` lies on the axis. What lies beyond its ends, because time has gone on or rows have gone, stays at the ends. */
export function spanOf(axis: Overview, range: TimeRange | null): Span {
  if (range === null) return WHOLE;
  const from = clamp(shareOf(axis, range.from), 0, 1 - NARROWEST);
  return { from, to: clamp(shareOf(axis, range.to), from + NARROWEST, 1) };
}

/** The time that a span stands for. An edge at the end of the axis is open: what comes next belongs to it. */
export function rangeOf(axis: Overview, { from, to }: Span): TimeRange | null {
  if (from <= 0 && to >= 1) return null;
  return { from: from <= 0 ? -Infinity : timeAt(axis, from), to: to >= 1 ? Infinity : timeAt(axis, to) };
}

export function timeAt({ from, to }: Overview, share: number): number {
  return from + share * (to - from);
}

/** From one share to another, in either direction. */
export function spanBetween(a: number, b: number): Span {
  const from = clamp(Math.min(a, b), 0, 1 - NARROWEST);
  return { from, to: clamp(Math.max(a, b), from + NARROWEST, 1) };
}

/** `span` with one edge elsewhere; the other one stops it. */
export function withEdge(span: Span, edge: Edge, share: number): Span {
  if (edge === 'from') return { ...span, from: clamp(share, 0, span.to - NARROWEST) };
  return { ...span, to: clamp(share, span.from + NARROWEST, 1) };
}

/** `span` elsewhere, as long as it was. */
export function shifted({ from, to }: Span, by: number): Span {
  const step = clamp(by, -from, 1 - to);
  return { from: from + step, to: to + step };
}

/**
 * Bars as one SVG path, in a box as wide as there are counts and 1 high. Heights are square roots, so that a quiet minute
 * beside a burst can still be seen.
 */
export function barsPath(counts: Uint32Array, most: number): string {
  const parts: string[] = [];
  counts.forEach((count, i) => {
    if (count === 0) return;
    const height = Math.max(LOWEST, Math.sqrt(count / most));
    parts.push(`M${i} 1V${(1 - height).toFixed(3)}h1V1z`);
  });
  return parts.join('');
}

function shareOf({ from, to }: Overview, time: number): number {
  if (to > from) return (time - from) / (to - from);
  return time <= from ? 0 : 1;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/** How the times of an axis are told: by the clock, and with their days where it goes over several. @param epoch wall time of its zero */
export function timeTeller({ from, to }: Overview, epoch: number): (time: number) => string {
  const dayOf = (time: number): string => new Date(epoch + time).toDateString();
  if (dayOf(from) === dayOf(to)) return (time) => formatClock(epoch + time);
  // To the second: milliseconds say nothing on such an axis.
  return (time) => formatDateTime(epoch + time).slice(0, -'.000'.length);
}
