/**
 * Cache-Control (RFC 9111 §5.2): directives as typed values, parsed once. Lenient where the wire is odd (case, quoted numbers,
 * empty list members, unknown directives), strict where meaning is at stake: a malformed restriction still restricts, a
 * malformed number never makes a response fresh.
 */

import { trimOws } from '../../../shared/headers.ts';
import { TOKEN } from '../http/request-head.ts';
import { remembering } from './memo.ts';

/** The greatest delta-seconds that matters; larger numbers are taken for it (RFC 9111 §1.2.2). */
export const MAX_DELTA_SECONDS = 2_147_483_648;

/** One directive as it stood in the field. */
export interface RawDirective {
  /** Lower case. */
  readonly name: string;
  /** The argument without its quotes; undefined when there is none. */
  readonly value: string | undefined;
  /** The argument was there but not as the grammar has it, e.g. with white space around `=`. */
  readonly malformed: boolean;
}

/** A directive whose argument is a number of seconds. */
export interface SecondsDirective {
  /** undefined when the argument is missing or no non-negative integer. */
  readonly seconds: number | undefined;
  /** The directive as written, e.g. `max-age=60`, for explanations. */
  readonly text: string;
}

/** What a response tells caches. */
export interface ResponseDirectives {
  readonly maxAge?: SecondsDirective;
  readonly sMaxage?: SecondsDirective;
  readonly staleWhileRevalidate?: number;
  readonly staleIfError?: number;
  /** Unqualified `no-cache`. */
  readonly noCache: boolean;
  /** The fields that `no-cache="…"` names, in lower case. */
  readonly noCacheFields: readonly string[];
  readonly noStore: boolean;
  /** Unqualified `private`. */
  readonly private: boolean;
  /** The fields that `private="…"` names, in lower case. */
  readonly privateFields: readonly string[];
  readonly public: boolean;
  readonly mustRevalidate: boolean;
  /** `must-revalidate` as the grammar has it. What is malformed restricts as well, but allows nothing. */
  readonly mustRevalidateAllows: boolean;
  readonly proxyRevalidate: boolean;
  readonly mustUnderstand: boolean;
  readonly immutable: boolean;
}

/** What a request asks of caches (RFC 9111 §5.2.1, RFC 5861 §4). Invalid numbers count as absent. */
export interface RequestDirectives {
  readonly maxAge?: number;
  readonly minFresh?: number;
  /** Infinity when `max-stale` has no argument: a stale response of any age will do. */
  readonly maxStale?: number;
  readonly staleIfError?: number;
  readonly noCache: boolean;
  readonly noStore: boolean;
  readonly onlyIfCached: boolean;
}

export const NO_REQUEST_DIRECTIVES: RequestDirectives = { noCache: false, noStore: false, onlyIfCached: false };

const DIGITS = /^\d+$/;
const FIELD_SEPARATORS = /[\s,]+/;
const LEADING_TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+/;

/** Parses delta-seconds (RFC 9111 §1.2.2): digits only, capped; undefined for anything else. */
export function parseDeltaSeconds(value: string): number | undefined {
  return DIGITS.test(value) ? Math.min(Number(value), MAX_DELTA_SECONDS) : undefined;
}

/**
 * Splits a combined Cache-Control value into its directives, in order. Commas and equals signs inside quoted strings belong
 * to the string, so `ext="max-age=9"` holds no max-age. Never fails: what makes no sense becomes a malformed directive.
 */
export function parseDirectives(field: string): RawDirective[] {
  const directives: RawDirective[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i <= field.length; i++) {
    const code = field.charCodeAt(i);
    if (quoted && code === 92 /* backslash */ && i + 1 < field.length) {
      i++;
    } else if (code === 34 /* quote */) {
      quoted = !quoted;
    } else if (i === field.length || (code === 44 /* comma */ && !quoted)) {
      if (quoted) return [...directives, ...parseUnclosed(field.slice(start))];
      const member = trimOws(field.slice(start, i));
      const directive = parseDirective(member);
      if (directive !== undefined) directives.push(directive, ...hiddenRestrictions(member));
      start = i + 1;
    }
  }
  return directives;
}

const QUOTED_STRING = /"(?:[^"\\]|\\.)*"/gs;
const RESTRICTION =
  /(?<=[;\s])(?:no-store|no-cache|private|must-revalidate|proxy-revalidate|only-if-cached)(?=$|[;=\s])/gi;

/** Restrictions behind a semicolon or space where a comma was meant. They are there for all to see, so they restrict. */
function hiddenRestrictions(member: string): RawDirective[] {
  const names = /[;\s]/.test(member) ? (member.replace(QUOTED_STRING, '""').match(RESTRICTION) ?? []) : [];
  return names.map((name) => ({ name: name.toLowerCase(), value: undefined, malformed: true }));
}

/** What follows a quote that is never closed: nobody knows what belongs to it, so all of it is malformed. */
function parseUnclosed(text: string): RawDirective[] {
  return text
    .split(',')
    .map(parseDirective)
    .filter((directive) => directive !== undefined)
    .map((directive) => ({ ...directive, malformed: true }));
}

function parseDirective(text: string): RawDirective | undefined {
  const directive = trimOws(text);
  if (directive === '') return undefined;
  const equals = directive.indexOf('=');
  const rawName = equals < 0 ? directive : directive.slice(0, equals);
  // What is no part of a name, such as a semicolon taken for a separator, makes the directive malformed, not unknown.
  const [token = rawName] = LEADING_TOKEN.exec(rawName) ?? [];
  const name = token.toLowerCase();
  const odd = token.length !== rawName.length;
  if (equals < 0) return { name, value: undefined, malformed: odd };
  const rawValue = directive.slice(equals + 1);
  const value = trimOws(rawValue);
  const malformed = odd || value.length !== rawValue.length;
  if (value.startsWith('"')) {
    const closed = value.length > 1 && value.endsWith('"');
    const inner = (closed ? value.slice(1, -1) : value.slice(1)).replace(/\\(.)/gs, '$1');
    return { name, value: inner, malformed: malformed || !closed };
  }
  return { name, value, malformed: malformed || !TOKEN.test(value) };
}

/** The directives in a response's combined Cache-Control value. Results are shared: read-only. */
export const parseResponseDirectives: (field: string) => ResponseDirectives = remembering(
  (field) => typeResponseDirectives(parseDirectives(field)),
  256,
);

/** Gives raw directives their types. Also serves targeted fields, whose syntax differs (RFC 9213 §2.1). */
export function typeResponseDirectives(raw: readonly RawDirective[]): ResponseDirectives {
  const result: { -readonly [K in keyof ResponseDirectives]: ResponseDirectives[K] } = { ...NO_RESPONSE_DIRECTIVES };
  for (const directive of raw) {
    const { name } = directive;
    // Of several values for one directive the first counts (RFC 9111 §4.2.1); restrictions add up.
    if (name === 'max-age') result.maxAge ??= secondsDirective(directive);
    else if (name === 's-maxage') result.sMaxage ??= secondsDirective(directive);
    else if (name === 'no-store') result.noStore = true;
    else if (name === 'must-revalidate') {
      result.mustRevalidate = true;
      result.mustRevalidateAllows ||= isBare(directive);
    } else if (name === 'proxy-revalidate') result.proxyRevalidate = true;
    else if (name === 'must-understand') result.mustUnderstand ||= !directive.malformed;
    else if (name === 'public') result.public ||= isBare(directive);
    // An argument has no meaning (RFC 8246 §2).
    else if (name === 'immutable') result.immutable ||= !directive.malformed;
    else if (name === 'stale-while-revalidate') result.staleWhileRevalidate ??= seconds(directive) ?? 0;
    else if (name === 'stale-if-error') result.staleIfError ??= seconds(directive) ?? 0;
    else if (name === 'no-cache') {
      const fields = fieldNames(directive);
      if (fields === undefined) result.noCache = true;
      else result.noCacheFields = [...result.noCacheFields, ...fields];
    } else if (name === 'private') {
      const fields = fieldNames(directive);
      if (fields === undefined) result.private = true;
      else result.privateFields = [...result.privateFields, ...fields];
    }
  }
  return result;
}

/** What allows something counts only as the grammar has it. */
function isBare({ value, malformed }: RawDirective): boolean {
  return value === undefined && !malformed;
}

/** A response without directives. */
export const NO_RESPONSE_DIRECTIVES: ResponseDirectives = {
  noCache: false,
  noCacheFields: [],
  noStore: false,
  private: false,
  privateFields: [],
  public: false,
  mustRevalidate: false,
  mustRevalidateAllows: false,
  proxyRevalidate: false,
  mustUnderstand: false,
  immutable: false,
};

/** The directives in a request's combined Cache-Control value. Results are shared: read-only. */
export const parseRequestDirectives: (field: string) => RequestDirectives = remembering((field) => {
  const result: { -readonly [K in keyof RequestDirectives]: RequestDirectives[K] } = { ...NO_REQUEST_DIRECTIVES };
  for (const directive of parseDirectives(field)) {
    const { name } = directive;
    const value = seconds(directive);
    if (name === 'no-cache') result.noCache = true;
    else if (name === 'no-store') result.noStore = true;
    else if (name === 'only-if-cached') result.onlyIfCached = true;
    else if (name === 'max-stale' && isBare(directive)) result.maxStale ??= Number.POSITIVE_INFINITY;
    else if (value === undefined) continue;
    // Conflicting wishes: the most demanding one counts (RFC 9111 §4.2.1 by analogy).
    else if (name === 'max-age') result.maxAge = Math.min(result.maxAge ?? value, value);
    else if (name === 'min-fresh') result.minFresh = Math.max(result.minFresh ?? value, value);
    else if (name === 'max-stale') result.maxStale = Math.min(result.maxStale ?? value, value);
    else if (name === 'stale-if-error') result.staleIfError = Math.min(result.staleIfError ?? value, value);
  }
  return result;
}, 64);

/** Says whether a Pragma value holds `no-cache`; every other Pragma means nothing (RFC 9111 §5.4). */
export function isPragmaNoCache(field: string): boolean {
  return parseDirectives(field).some((directive) => directive.name === 'no-cache');
}

function seconds(directive: RawDirective): number | undefined {
  if (directive.value === undefined || directive.malformed) return undefined;
  return parseDeltaSeconds(directive.value);
}

function secondsDirective(directive: RawDirective): SecondsDirective {
  const { name, value } = directive;
  return { seconds: seconds(directive), text: value === undefined ? name : `${name}=${value}` };
}

/**
 * Fields that tell when a response may be reused and what its bytes are in. A response without them would be another one:
 * a directive that keeps them out of the store keeps all of it out (RFC 9111 §5.2.2.4 and §5.2.2.7 allow that).
 */
const DECISIVE = /^(?:age|date|expires|vary|content-encoding|(?:.*-)?cache-control)$/;

/** The fields a qualified directive names; undefined when it is, or has to be taken for, the unqualified form. */
function fieldNames(directive: RawDirective): string[] | undefined {
  if (directive.value === undefined || directive.malformed) return undefined;
  const names = directive.value
    .toLowerCase()
    .split(FIELD_SEPARATORS)
    .filter((name) => name !== '');
  const qualified = names.length > 0 && names.every((name) => TOKEN.test(name) && !DECISIVE.test(name));
  return qualified ? names : undefined;
}
