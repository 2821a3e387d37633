import type { SortValue } from './sort-key.ts';
import { textRanks } from './text-order.ts';

/** The places of `ranks` in their order, what is missing last; equal ones keep their places. */
export function rankOrder(ranks: Int32Array, descending: boolean): Uint32Array {
  let highest = 0;
  for (let place = 0; place < ranks.length; place++) highest = Math.max(highest, ranks[place] as number);
  // They are whole numbers below how many there are: counting how many have each takes no comparing at all.
  const group = (place: number): number => {
    const rank = ranks[place] as number;
    return rank === MISSING ? highest + 1 : descending ? highest - rank : rank;
  };
  const next = new Uint32Array(highest + 3);
  for (let place = 0; place < ranks.length; place++) next[group(place) + 1] = (next[group(place) + 1] as number) + 1;
  for (let rank = 1; rank < next.length; rank++) next[rank] = (next[rank] as number) + (next[rank - 1] as number);
  const order = new Uint32Array(ranks.length);
  for (let place = 0; place < ranks.length; place++) {
    const rank = group(place);
    order[next[rank] as number] = place;
    next[rank] = (next[rank] as number) + 1;
  }
  return order;
}

const MISSING = -1;

/**
 * For each value a whole number below how many there are, which sorts as it does: numbers by size, texts by characters (the
 * values are of one kind); -1 for those that are missing.
 */
export function valueRanks(values: readonly SortValue[]): Int32Array {
  const texts: string[] = [];
  const numbers: number[] = [];
  for (const value of values) {
    if (typeof value === 'string') texts.push(value);
    else if (value !== undefined && !Number.isNaN(value)) numbers.push(value);
  }
  const ranks = texts.length > 0 ? wordRanks(texts) : numberRanks(numbers);
  let next = 0;
  return Int32Array.from(values, (value) =>
    value === undefined || Number.isNaN(value) ? MISSING : (ranks[next++] as number),
  );
}

/** Where few texts come again and again, such as hosts and methods, each is put in order once. */
function wordRanks(texts: readonly string[]): Uint32Array {
  const placeOf = new Map<string, number>();
  const distinct: string[] = [];
  for (const text of texts) {
    if (placeOf.has(text)) continue;
    placeOf.set(text, distinct.push(text) - 1);
    if (distinct.length > FEW_WORDS) return textRanks(texts);
  }
  const ranks = textRanks(distinct);
  return Uint32Array.from(texts, (text) => ranks[placeOf.get(text) as number] as number);
}

const FEW_WORDS = 5000;

function numberRanks(numbers: readonly number[]): Uint32Array {
  const sorted = Float64Array.from(numbers).sort();
  return Uint32Array.from(numbers, (number) => firstAt(sorted, number));
}

/** Where `number` stands first among `sorted`. */
function firstAt(sorted: Float64Array, number: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
