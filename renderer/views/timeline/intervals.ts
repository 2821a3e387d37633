/** A stretch of time in engine milliseconds, `start` ≤ `end`. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** The same time without overlaps: ascending, disjoint, not touching. Empty stretches vanish. */
export function union(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start);
  const merged: Interval[] = [];
  for (const interval of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && interval.start <= last.end) {
      if (interval.end > last.end) merged[merged.length - 1] = { start: last.start, end: interval.end };
    } else merged.push({ start: interval.start, end: interval.end });
  }
  return merged;
}

/** The parts of `from` that none of `taken` covers. */
export function subtract(from: readonly Interval[], taken: readonly Interval[]): Interval[] {
  const holes = union(taken);
  const left: Interval[] = [];
  for (const { start, end } of union(from)) {
    let at = start;
    for (const hole of holes) {
      if (hole.end <= at || hole.start >= end) continue;
      if (hole.start > at) left.push({ start: at, end: hole.start });
      at = Math.max(at, hole.end);
    }
    if (at < end) left.push({ start: at, end });
  }
  return left;
}

/** How long the intervals last together, overlaps counted once. */
export function totalLength(intervals: readonly Interval[]): number {
  return union(intervals).reduce((sum, { start, end }) => sum + end - start, 0);
}
