import { trimOws } from '../../../shared/headers.ts';
import { parseHttpDate } from '../http/http-date.ts';
import type { SecondsDirective } from './cache-control.ts';
import { parseDeltaSeconds } from './cache-control.ts';
import type { CacheResponse } from './cache-response.ts';
import type { CacheSettings, OverlayRule } from './cache-settings.ts';
import type { ReadField } from './field-evidence.ts';
import { HEURISTICALLY_CACHEABLE } from './status-codes.ts';
import type { GoverningDirectives } from './targeted.ts';

/** How long a response stays fresh, and where that number comes from. */
export interface Lifetime {
  /** Whole seconds; 0 when it is stale from the start. */
  readonly seconds: number;
  readonly kind: 'overlay' | 's-maxage' | 'max-age' | 'expires' | 'heuristic' | 'none';
  /** What it was read from, e.g. `max-age=60`; code in backticks. */
  readonly evidence: string;
  /** The fields that it was read from. */
  readonly fields: readonly ReadField[];
}

/** The wall-clock times around one upstream round trip, in epoch milliseconds. */
export interface RoundTrip {
  /** When the request was sent on. */
  readonly requestTime: number;
  /** When the response's head arrived. */
  readonly responseTime: number;
}

/** Freshness lifetime: the first rule that applies (RFC 9111 §4.2.1). */
export function freshnessLifetime(
  status: number,
  response: CacheResponse,
  governing: GoverningDirectives,
  date: number,
  settings: CacheSettings,
  overlay: OverlayRule,
): Lifetime {
  const { directives } = governing;
  const { name, fixedLifetime, minLifetime } = overlay;
  if (fixedLifetime !== undefined) {
    return { seconds: fixedLifetime, kind: 'overlay', evidence: `overlay "${name}": ${fixedLifetime} s`, fields: [] };
  }
  const standard = standardLifetime(status, response, governing, date, settings);
  if (minLifetime === undefined || standard.seconds >= minLifetime) return standard;
  // What is not to be stored has no lifetime to prolong.
  if (directives.noStore && overlay.ignoreNoStore !== true) return standard;
  return {
    seconds: minLifetime,
    kind: 'overlay',
    evidence: `overlay "${name}": at least ${minLifetime} s (${standard.evidence})`,
    fields: standard.fields,
  };
}

function standardLifetime(
  status: number,
  response: CacheResponse,
  governing: GoverningDirectives,
  date: number,
  settings: CacheSettings,
): Lifetime {
  const { sMaxage, maxAge, public: isPublic } = governing.directives;
  // s-maxage speaks to shared caches alone (RFC 9111 §5.2.2.10).
  if (sMaxage !== undefined && settings.mode !== 'private') {
    return explicitLifetime('s-maxage', sMaxage, governing);
  }
  if (maxAge !== undefined) return explicitLifetime('max-age', maxAge, governing);
  if (!governing.targeted) {
    const { expires } = response;
    if (expires.length > 0) return expiresLifetime(expires, date);
  }
  const eligible = HEURISTICALLY_CACHEABLE.has(status) || isPublic;
  const { lastModified } = response;
  if (!eligible || lastModified === undefined) return NO_LIFETIME;
  return heuristicLifetime(lastModified, date, settings);
}

const NO_LIFETIME: Lifetime = { seconds: 0, kind: 'none', evidence: 'no freshness information', fields: [] };

const explicitLifetimes = new WeakMap<SecondsDirective, Lifetime>();

/** The same object for every response whose field has the same value: parsed values are shared, see cache-control.ts. */
function explicitLifetime(
  kind: 's-maxage' | 'max-age',
  directive: SecondsDirective,
  governing: GoverningDirectives,
): Lifetime {
  let lifetime = explicitLifetimes.get(directive);
  if (lifetime === undefined) {
    lifetime = statedLifetime(kind, directive, governing);
    explicitLifetimes.set(directive, lifetime);
  }
  return lifetime;
}

/** The lifetime that a directive states; an invalid number makes a response stale (RFC 9111 §4.2.1). */
function statedLifetime(
  kind: 's-maxage' | 'max-age',
  { seconds, text }: SecondsDirective,
  { field }: GoverningDirectives,
): Lifetime {
  const evidence = seconds === undefined ? `\`${text}\` (not a number of seconds)` : `\`${text}\``;
  return { seconds: seconds ?? 0, kind, evidence, fields: [{ name: field.toLowerCase(), directive: text }] };
}

const EXPIRES: ReadField = { name: 'expires' };
const DATE: ReadField = { name: 'date' };
const AGE: ReadField = { name: 'age' };
const LAST_MODIFIED: ReadField = { name: 'last-modified' };

/** Expires minus Date; invalid, notably `0`, or told twice and differently, it lies in the past (RFC 9111 §5.3, §4.2.1). */
function expiresLifetime(values: readonly string[], date: number): Lifetime {
  const [value = ''] = values;
  const kind = 'expires';
  if (values.some((other) => other !== value)) {
    const evidence = `\`Expires\` ${values.length} times, with different values`;
    return { seconds: 0, kind, evidence, fields: [EXPIRES] };
  }
  const time = parseHttpDate(value, date);
  if (time === undefined)
    return { seconds: 0, kind, evidence: `\`Expires: ${value}\` (not a date)`, fields: [EXPIRES] };
  const after = Math.floor((time - date) / 1000);
  const evidence =
    after < 0
      ? `\`Expires: ${value}\`, ${-after} s before \`Date\``
      : `\`Expires: ${value}\`, ${after} s after \`Date\``;
  return { seconds: Math.max(0, after), kind, evidence, fields: [EXPIRES, DATE] };
}

/** A fraction of the time since Last-Modified, capped (RFC 9111 §4.2.2). */
function heuristicLifetime(lastModified: string, date: number, settings: CacheSettings): Lifetime {
  const modified = parseHttpDate(lastModified, date);
  if (modified === undefined || modified >= date) return NO_LIFETIME;
  const share = Math.floor(((date - modified) / 1000) * settings.heuristicFraction);
  const seconds = Math.min(share, settings.heuristicCap);
  const percent = Math.round(settings.heuristicFraction * 100);
  const so = `no explicit lifetime, so ${percent} % of the time since \`Last-Modified: ${lastModified}\``;
  return {
    seconds,
    kind: 'heuristic',
    evidence: seconds < share ? `${so}, but at most ${seconds} s` : `${so}, ${seconds} s`,
    fields: [LAST_MODIFIED, DATE],
  };
}

/**
 * A lifetime that ended early, when an answer to HEAD contradicted the response (RFC 9111 §4.3.5).
 *
 * @param age that the response had then, in milliseconds
 */
export function endedLifetime(lifetime: Lifetime, age: number): Lifetime {
  const seconds = Math.floor(age / 1000);
  if (seconds >= lifetime.seconds) return lifetime;
  const evidence = `${lifetime.evidence} (ended at ${seconds} s: an answer to \`HEAD\` contradicts it)`;
  return { ...lifetime, seconds, evidence };
}

/** A response's age on arrival, and what it was computed from. */
export interface InitialAge {
  readonly milliseconds: number;
  readonly evidence: string;
  /** The field that it was read from, if any. */
  readonly fields: readonly ReadField[];
}

/** corrected_initial_age (RFC 9111 §4.2.3), by the more cautious of its two formulas. */
export function initialAge(response: CacheResponse, date: number, trip: RoundTrip): InitialAge {
  // Date counts whole seconds, so the fraction of the clock's current second is no sign of age.
  const apparent = Math.max(0, Math.floor(trip.responseTime / 1000) * 1000 - date);
  const ageValue = parseAge(response.age);
  const corrected = ageValue * 1000 + Math.max(0, trip.responseTime - trip.requestTime);
  const milliseconds = Math.max(apparent, corrected);
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds === 0) return { milliseconds, evidence: '', fields: [] };
  if (apparent > corrected)
    return { milliseconds, evidence: `${seconds} s old on arrival by \`Date\``, fields: [DATE] };
  if (ageValue > 0) return { milliseconds, evidence: `${seconds} s old on arrival by \`Age\``, fields: [AGE] };
  return { milliseconds, evidence: `${seconds} s old on arrival by the time it took to arrive`, fields: [] };
}

/**
 * The Age field in seconds: its first member (RFC 9111 §5.1), or 0 when it is absent or that member is no non-negative
 * integer, in which case the field is ignored.
 */
function parseAge(value: string | undefined): number {
  if (value === undefined) return 0;
  const [first = ''] = value
    .split(',')
    .map(trimOws)
    .filter((member) => member !== '');
  return parseDeltaSeconds(first) ?? 0;
}

/** The value of Date; a response without a valid one counts from when it arrived (RFC 9110 §6.6.1). */
export function dateValue({ date }: CacheResponse, responseTime: number): number {
  const time = date === undefined ? undefined : parseHttpDate(date, responseTime);
  return time ?? Math.floor(responseTime / 1000) * 1000;
}
