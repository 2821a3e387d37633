/**
 * A set of UTF-16 code units as flat ranges `[first, last, first, last, …]`, both ends included, ascending and apart from
 * each other.
 */
export type CharacterSet = readonly number[];

const LAST = 0xffff;
/** Ranges with more characters than this outside of ASCII keep their case. */
const MOST_FOLDED = 2000;

export function union(a: CharacterSet, b: CharacterSet): CharacterSet {
  const ranges: [number, number][] = [];
  for (const set of [a, b]) {
    for (let i = 0; i + 1 < set.length; i += 2) ranges.push([set[i] as number, set[i + 1] as number]);
  }
  ranges.sort((one, other) => one[0] - other[0]);
  const merged: number[] = [];
  for (const [first, last] of ranges) {
    const end = merged.length - 1;
    if (end > 0 && first <= (merged[end] as number) + 1) merged[end] = Math.max(merged[end] as number, last);
    else merged.push(first, last);
  }
  return merged;
}

export function complement(set: CharacterSet): CharacterSet {
  const ranges: number[] = [];
  let next = 0;
  for (let i = 0; i + 1 < set.length; i += 2) {
    const first = set[i] as number;
    if (first > next) ranges.push(next, first - 1);
    next = (set[i + 1] as number) + 1;
  }
  if (next <= LAST) ranges.push(next, LAST);
  return ranges;
}

export function contains(set: CharacterSet, code: number): boolean {
  for (let i = 0; i + 1 < set.length; i += 2) {
    if (code < (set[i] as number)) return false;
    if (code <= (set[i + 1] as number)) return true;
  }
  return false;
}

/** The set with the other case of each of its letters. */
export function withBothCases(set: CharacterSet): CharacterSet {
  let both = set;
  for (let i = 0; i + 1 < set.length; i += 2) {
    const first = set[i] as number;
    const last = set[i + 1] as number;
    both = union(both, shifted(first, last, 0x41, 0x5a, 32));
    both = union(both, shifted(first, last, 0x61, 0x7a, -32));
    const beyond = Math.max(first, 0x80);
    if (last - beyond > MOST_FOLDED) continue;
    for (let code = beyond; code <= last; code++) both = union(both, otherCases(code));
  }
  return both;
}

/** What of first–last lies within from–to, moved by `distance`. */
function shifted(first: number, last: number, from: number, to: number, distance: number): CharacterSet {
  const low = Math.max(first, from);
  const high = Math.min(last, to);
  return low <= high ? [low + distance, high + distance] : [];
}

function otherCases(code: number): CharacterSet {
  const character = String.fromCharCode(code);
  const others = [character.toLowerCase(), character.toUpperCase()].filter((one) => one.length === 1);
  return others.reduce<CharacterSet>((set, one) => union(set, [one.charCodeAt(0), one.charCodeAt(0)]), []);
}
