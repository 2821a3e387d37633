/** For each part of a state that lasts: what a stored value means, or undefined when it means nothing. */
export type LastingParts<State> = { readonly [K in keyof State]?: (stored: unknown) => State[K] | undefined };

/** The parts of `stored` that have the right shape: it may be from another version, or edited by hand. */
export function restoreParts<State>(
  parts: LastingParts<State>,
  stored: Readonly<Record<string, unknown>>,
): Partial<State> {
  const restored: Partial<State> = {};
  for (const key of Object.keys(parts) as (keyof State & string)[]) {
    const value = parts[key]?.(stored[key]);
    if (value !== undefined) restored[key] = value;
  }
  return restored;
}

/** What is to be stored of `state`; undefined when that is the same as `before`. */
export function changedParts<State>(
  parts: LastingParts<State>,
  state: State,
  before: State,
): Partial<State> | undefined {
  const keys = Object.keys(parts) as (keyof State & string)[];
  if (keys.every((key) => state[key] === before[key])) return undefined;
  const lasting: Partial<State> = {};
  for (const key of keys) lasting[key] = state[key];
  return lasting;
}

/** One of `values`. */
export function oneOf<T extends string>(values: readonly T[]): (stored: unknown) => T | undefined {
  return (stored) => values.find((value) => value === stored);
}

export function flag(stored: unknown): boolean | undefined {
  return typeof stored === 'boolean' ? stored : undefined;
}

/** A text of at most `most` characters. */
export function text(most: number): (stored: unknown) => string | undefined {
  return (stored) => (typeof stored === 'string' && stored.length <= most ? stored : undefined);
}

export function texts(stored: unknown): string[] | undefined {
  return Array.isArray(stored) && stored.every((one) => typeof one === 'string') ? stored : undefined;
}

export function numbers(stored: unknown): Readonly<Record<string, number>> | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined;
  const record = stored as Record<string, unknown>;
  return Object.values(record).every((one) => Number.isFinite(one)) ? (record as Record<string, number>) : undefined;
}
