/** A line of one text or of both. */
export interface DiffLine {
  readonly kind: 'same' | 'left' | 'right';
  readonly text: string;
}

/** Differences beyond this are not looked for one by one: what lies between is then told as a whole. */
const MAX_EDITS = 500;

/**
 * The lines of two texts as a shortest way from one to the other (Myers, "An O(ND) Difference Algorithm", 1986). What is
 * the same at both ends costs nothing.
 */
export function lineDiff(left: readonly string[], right: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start++;
  let end = 0;
  while (end < left.length - start && end < right.length - start && left.at(-1 - end) === right.at(-1 - end)) end++;
  const same = (text: string): DiffLine => ({ kind: 'same', text });
  return [
    ...left.slice(0, start).map(same),
    ...middleDiff(left.slice(start, left.length - end), right.slice(start, right.length - end)),
    ...left.slice(left.length - end).map(same),
  ];
}

function middleDiff(left: readonly string[], right: readonly string[]): DiffLine[] {
  const trail = shortestTrail(left, right);
  if (trail === undefined) {
    return [
      ...left.map((text): DiffLine => ({ kind: 'left', text })),
      ...right.map((text): DiffLine => ({ kind: 'right', text })),
    ];
  }
  const lines: DiffLine[] = [];
  let [x, y] = [left.length, right.length];
  for (let edits = trail.length - 1; edits > 0; edits--) {
    const before = trail[edits - 1] as Map<number, number>;
    const k = x - y;
    const down = k === -edits || (k !== edits && reach(before, k - 1) < reach(before, k + 1));
    const from = down ? k + 1 : k - 1;
    const fromX = reach(before, from);
    const fromY = fromX - from;
    while (x > fromX && y > fromY && x > 0 && y > 0 && left[x - 1] === right[y - 1]) {
      lines.push({ kind: 'same', text: left[--x] ?? '' });
      y--;
    }
    if (down) lines.push({ kind: 'right', text: right[--y] ?? '' });
    else lines.push({ kind: 'left', text: left[--x] ?? '' });
  }
  while (x > 0) lines.push({ kind: 'same', text: left[--x] ?? '' });
  return lines.reverse();
}

/** How far each diagonal was reached with each number of edits; undefined when there are too many. */
function shortestTrail(left: readonly string[], right: readonly string[]): Map<number, number>[] | undefined {
  const trail: Map<number, number>[] = [];
  let reached = new Map<number, number>([[1, 0]]);
  const most = Math.min(MAX_EDITS, left.length + right.length);
  for (let edits = 0; edits <= most; edits++) {
    const next = new Map<number, number>();
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && reach(reached, k - 1) < reach(reached, k + 1));
      let x = down ? reach(reached, k + 1) : reach(reached, k - 1) + 1;
      while (x < left.length && x - k < right.length && left[x] === right[x - k]) x++;
      next.set(k, x);
      if (x >= left.length && x - k >= right.length) return [...trail, next];
    }
    trail.push(next);
    reached = next;
  }
  return undefined;
}

function reach(reached: ReadonlyMap<number, number>, diagonal: number): number {
  return reached.get(diagonal) ?? -1;
}

/** Same lines further than this from a difference are folded away. */
const CONTEXT = 3;

/** The lines around differences; `folded` counts those left out before a line. */
export function withContext(lines: readonly DiffLine[]): { readonly line: DiffLine; readonly folded: number }[] {
  const near = new Set<number>();
  lines.forEach(({ kind }, place) => {
    if (kind === 'same') return;
    for (let at = place - CONTEXT; at <= place + CONTEXT; at++) near.add(at);
  });
  const shown: { readonly line: DiffLine; readonly folded: number }[] = [];
  let folded = 0;
  lines.forEach((line, place) => {
    if (!near.has(place)) folded++;
    else {
      shown.push({ line, folded });
      folded = 0;
    }
  });
  return shown;
}
