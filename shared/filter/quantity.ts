/** What a number is counted in, and so which units may follow it. */
export type Dimension = 'count' | 'milliseconds' | 'seconds' | 'bytes' | 'status';

/** A range of numbers. An end that does not exist is infinite; `exclusive` ends do not belong to it. */
export interface NumberRange {
  readonly low: number;
  readonly high: number;
  readonly lowExclusive?: boolean;
  readonly highExclusive?: boolean;
}

const UNITS: Readonly<Record<Dimension, Readonly<Record<string, number>>>> = {
  count: { '': 1 },
  status: { '': 1 },
  milliseconds: { '': 1, us: 0.001, µs: 0.001, μs: 0.001, ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 },
  seconds: { '': 1, ms: 0.001, s: 1, m: 60, min: 60, h: 3600, d: 86_400 },
  bytes: {
    ...{ '': 1, b: 1, k: 1e3, kb: 1e3, m: 1e6, mb: 1e6, g: 1e9, gb: 1e9 },
    ...{ kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 },
  },
};

/** What to write, for messages. */
export const QUANTITY_WORDS: Readonly<Record<Dimension, string>> = {
  count: 'a number, as in 10 or 5..20',
  status: 'a status, as in 404, 4xx or 400..499',
  milliseconds: 'a duration, as in 500ms, 1.5s or 2min',
  seconds: 'a time in seconds, as in 60, 5min, 2h or 7d',
  bytes: 'a size, as in 300, 10kb or 1.5mb',
};

/** The number that `text` writes, in its dimension's own unit; undefined when it writes none. */
function parseQuantity(text: string, dimension: Dimension): number | undefined {
  const match = /^(-?\d+(?:\.\d+)?)([a-zµμ]*)$/i.exec(text);
  const factor = match === null ? undefined : UNITS[dimension][match[2]?.toLowerCase() ?? ''];
  return factor === undefined ? undefined : Number(match?.[1]) * factor;
}

/** The range that `text` means behind `operator`: one number, `a..b`, or for a status also `4xx`. */
export function parseRange(operator: Comparison, text: string, dimension: Dimension): NumberRange | undefined {
  if (operator !== ':' && operator !== '=') {
    const limit = parseQuantity(text, dimension);
    return limit === undefined ? undefined : comparisonRange(operator, limit);
  }
  const ends = /^(.*?)\.\.(.*)$/.exec(text);
  if (ends !== null) {
    const low = ends[1] === '' ? -Infinity : parseQuantity(ends[1] as string, dimension);
    const high = ends[2] === '' ? Infinity : parseQuantity(ends[2] as string, dimension);
    return low === undefined || high === undefined ? undefined : { low, high };
  }
  const statusClass = dimension === 'status' ? /^([1-9]\d?)(x+)$/i.exec(text) : null;
  if (statusClass !== null) {
    const [, digits = '', open = ''] = statusClass;
    if (digits.length + open.length !== 3) return undefined;
    const low = Number(digits) * 10 ** open.length;
    return { low, high: low + 10 ** open.length, highExclusive: true };
  }
  const value = parseQuantity(text, dimension);
  return value === undefined ? undefined : { low: value, high: value };
}

export type Comparison = ':' | '=' | '>' | '>=' | '<' | '<=';

function comparisonRange(operator: Exclude<Comparison, ':' | '='>, limit: number): NumberRange {
  switch (operator) {
    case '>':
      return { low: limit, high: Infinity, lowExclusive: true };
    case '>=':
      return { low: limit, high: Infinity };
    case '<':
      return { low: -Infinity, high: limit, highExclusive: true };
    case '<=':
      return { low: -Infinity, high: limit };
  }
}

export function inRange({ low, high, lowExclusive, highExclusive }: NumberRange, value: number): boolean {
  const above = lowExclusive === true ? value > low : value >= low;
  return above && (highExclusive === true ? value < high : value <= high);
}
