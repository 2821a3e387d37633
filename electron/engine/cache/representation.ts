import type { FieldEvidence } from '../../../shared/decision.ts';
import { getHeader, trimOws } from '../../../shared/headers.ts';
import type { ByteRange, RangeSpec } from '../http/byte-ranges.ts';
import { namedRange, parseRange, rangeContains, rangeLength, rangesJoin, resolveRange } from '../http/byte-ranges.ts';
import {
  conditionIncludes,
  formatEntityTag,
  parseEntityTag,
  parseEntityTagCondition,
  strongMatch,
} from '../http/etag.ts';
import { parseHttpDate } from '../http/http-date.ts';
import type { CacheRequest } from './cache-request.ts';
import { ofRequest, ofStored } from './field-evidence.ts';
import type { ResponsePolicy, StoredResponse } from './stored-response.ts';

/**
 * What of a stored response answers a request: all of it, its head, a range, or the news that the client's own copy is
 * still good. Preconditions are evaluated in the order of RFC 9110 §13.2.2.
 */
export type Answer =
  | {
      readonly kind: 'whole';
      /** Why it is the whole although a range was asked for. */
      readonly unranged?: {
        readonly evidence: string;
        readonly source: string;
        readonly fields: readonly FieldEvidence[];
      };
    }
  /** The head alone, to a HEAD request. */
  | { readonly kind: 'head' }
  /** 304, and the comparison that led to it. */
  | {
      readonly kind: 'not-modified';
      readonly evidence: string;
      readonly source: string;
      readonly fields: readonly FieldEvidence[];
    }
  /** 206 with these bytes of a representation of `length` bytes. */
  | {
      readonly kind: 'range';
      readonly range: ByteRange;
      readonly length: number | undefined;
      readonly evidence: string;
    }
  /** 206 with several ranges, each in a part of its own. */
  | {
      readonly kind: 'ranges';
      readonly ranges: readonly ByteRange[];
      readonly length: number | undefined;
      readonly evidence: string;
    }
  /** 416: no byte asked for exists. */
  | { readonly kind: 'unsatisfiable'; readonly length: number; readonly evidence: string }
  /** A range of what nobody knows the length of: 206 or 416, as the bytes will have it. */
  | { readonly kind: 'unmeasured'; readonly evidence: string }
  /** A part is stored, and the request needs bytes that it does not have. */
  | { readonly kind: 'insufficient' };

/**
 * How many bytes the origin need not send because of an answer: those that it takes of the stored body. To HEAD, with a 304
 * or a 416 the origin would have sent no body either, so these save time alone.
 */
export function bytesSaved(answer: Answer, { bodyLength = 0 }: Pick<StoredResponse, 'bodyLength'>): number {
  switch (answer.kind) {
    case 'whole':
    case 'unmeasured':
    case 'insufficient':
      return bodyLength;
    case 'range':
      return rangeLength(answer.range);
    case 'ranges':
      return answer.ranges.reduce((sum, range) => sum + rangeLength(range), 0);
    case 'head':
    case 'not-modified':
    case 'unsatisfiable':
      return 0;
  }
}

const WHOLE: Answer = { kind: 'whole' };
const HEAD: Answer = { kind: 'head' };
const INSUFFICIENT: Answer = { kind: 'insufficient' };

/** Chooses the answer that a stored response gives to a request that may reuse it. */
export function answerFor(request: CacheRequest, stored: StoredResponse, policy: ResponsePolicy): Answer {
  const { status } = stored.head;
  const answer = unconditionalAnswer(request, stored, policy);
  // A part answers nothing beyond its bytes, not even that they have not changed (RFC 9111 §3.3). Preconditions count only
  // where the answer without them would be a 2xx (RFC 9110 §13.2.1).
  if (answer.kind === 'insufficient' || status < 200 || status > 299) return answer;
  return clientCopyIsCurrent(request, stored, policy) ?? answer;
}

/** What answers a request apart from its preconditions. */
function unconditionalAnswer(request: CacheRequest, stored: StoredResponse, policy: ResponsePolicy): Answer {
  const { status, part } = stored.head;
  if (request.method === 'HEAD') return part === undefined ? HEAD : INSUFFICIENT;
  const wanted = request.range === undefined ? undefined : parseRange(request.range);
  const length = part === undefined ? stored.bodyLength : part.length;
  const complete = part === undefined ? WHOLE : INSUFFICIENT;
  if (wanted === undefined || (status !== 200 && status !== 206)) return complete;
  if (request.ifRange !== undefined && !ifRangeHolds(request.ifRange, policy)) {
    return part === undefined ? changedSince(request.ifRange, stored) : INSUFFICIENT;
  }
  // A server may ignore a Range field that would cost it more than the whole (RFC 9110 §14.2).
  if (wanted.length > MAX_RANGES) return part === undefined ? tooManyRanges(wanted.length) : INSUFFICIENT;
  // The end of nothing is satisfiable, and no 206 can say so (RFC 9110 §14.1.2, §14.4).
  if (length === 0 && wanted.some((spec) => spec.first === undefined && spec.suffix > 0)) return complete;
  const evidence = rangeEvidence(request.range ?? '', length);
  if (part === undefined && length === undefined) return { kind: 'unmeasured', evidence };
  const ranges = satisfiableRanges(wanted, length, part?.range);
  if (ranges === undefined) return INSUFFICIENT;
  const [range] = ranges;
  if (range === undefined) return length === undefined ? INSUFFICIENT : { kind: 'unsatisfiable', length, evidence };
  return ranges.length === 1
    ? { kind: 'range', range, length, evidence }
    : { kind: 'ranges', ranges, length, evidence };
}

/** More ranges than a client has a use for are an attack or a mistake (RFC 9110 §17.15). */
const MAX_RANGES = 32;

function tooManyRanges(count: number): Answer {
  const evidence = `\`Range\` with ${count} ranges, more than ${MAX_RANGES}`;
  return { kind: 'whole', unranged: { evidence, source: 'RFC 9110 §14.2', fields: [ofRequest('range')] } };
}

/** The client's own part is of another representation, or may be: the whole goes out (RFC 9110 §13.1.5). */
function changedSince(ifRange: string, { head }: StoredResponse): Answer {
  const name = isTag(trimOws(ifRange)) ? 'ETag' : 'Last-Modified';
  const known = getHeader(head.headers, name.toLowerCase()) ?? '(absent)';
  const told = `\`If-Range: ${ifRange}\` is no strong match for \`${name}: ${known}\``;
  // It may have changed again within the second of its Date (RFC 9110 §8.8.2.2).
  const weakDate = name === 'Last-Modified' && trimOws(ifRange) === known;
  const evidence = weakDate ? `${told}, which is too close to \`Date\`` : told;
  const fields = [ofRequest('if-range'), ofStored(name.toLowerCase()), ...(weakDate ? [ofStored('date')] : [])];
  return { kind: 'whole', unranged: { evidence, source: 'RFC 9110 §13.1.5', fields } };
}

function isTag(ifRange: string): boolean {
  return ifRange.startsWith('"') || ifRange.startsWith('W/');
}

function rangeEvidence(range: string, length: number | undefined): string {
  return length === undefined
    ? `\`Range: ${range}\` of an unknown number of bytes`
    : `\`Range: ${range}\` of ${length} bytes`;
}

/**
 * The bytes asked for that there are.
 *
 * @param length of the whole, where it is known
 * @param stored the bytes that are stored, if not all
 * @returns undefined when bytes are asked for that are not stored, or perhaps not: without a length nobody knows the end
 */
function satisfiableRanges(
  wanted: readonly RangeSpec[],
  length: number | undefined,
  stored: ByteRange | undefined,
): readonly ByteRange[] | undefined {
  const ranges: ByteRange[] = [];
  for (const spec of wanted) {
    const range = length === undefined ? namedRange(spec) : resolveRange(spec, length);
    if (range === undefined && length !== undefined) continue;
    if (range === undefined || (stored !== undefined && !rangeContains(stored, range))) return undefined;
    ranges.push(range);
  }
  return coalesce(ranges);
}

/** Makes one range of those that overlap or touch (RFC 9110 §15.3.7.2); the rest stay as and where they were asked for. */
function coalesce(wanted: readonly ByteRange[]): readonly ByteRange[] {
  if (wanted.length < 2) return wanted;
  const ranges: ByteRange[] = [];
  for (const next of wanted) {
    let joined = next;
    // What has grown may now touch a range that it did not touch before.
    for (let at = find(ranges, joined); at >= 0; at = find(ranges, joined)) {
      const [other] = ranges.splice(at, 1) as [ByteRange];
      joined = { first: Math.min(other.first, joined.first), last: Math.max(other.last, joined.last) };
    }
    ranges.push(joined);
  }
  return ranges;
}

function find(ranges: readonly ByteRange[], range: ByteRange): number {
  return ranges.findIndex((other) => rangesJoin(other, range));
}

/**
 * Evaluates If-None-Match, or in its absence If-Modified-Since, against a stored response (RFC 9111 §4.3.2).
 *
 * @returns the 304 to answer with, or undefined when the client needs the response itself
 */
function clientCopyIsCurrent(
  request: CacheRequest,
  stored: StoredResponse,
  policy: ResponsePolicy,
): Answer | undefined {
  const { ifNoneMatch, ifModifiedSince } = request;
  if (ifNoneMatch !== undefined) {
    if (!conditionIncludes(parseEntityTagCondition(ifNoneMatch), policy.etag)) return undefined;
    const tag = getHeader(stored.head.headers, 'etag');
    // Without a tag it is the asterisk that matches.
    const evidence =
      tag === undefined
        ? `\`If-None-Match: ${ifNoneMatch}\` matches whatever is stored`
        : `\`If-None-Match: ${ifNoneMatch}\` matches \`ETag: ${tag}\``;
    const fields = [ofRequest('if-none-match'), ...(tag === undefined ? [] : [ofStored('etag')])];
    return { kind: 'not-modified', evidence, source: 'RFC 9110 §13.1.2', fields };
  }
  if (ifModifiedSince === undefined) return undefined;
  const since = parseHttpDate(ifModifiedSince, stored.head.responseTime);
  if (since === undefined) return undefined;
  // Without Last-Modified the time of the response itself is compared (RFC 9111 §4.3.2).
  const dated = policy.lastModified === undefined;
  const modified = dated ? policy.date : policy.lastModifiedTime;
  if (modified === undefined || modified > since) return undefined;
  const compared = dated ? '`Date`' : `\`Last-Modified: ${policy.lastModified}\``;
  const evidence = `\`If-Modified-Since: ${ifModifiedSince}\` is not before ${compared}`;
  const fields = [ofRequest('if-modified-since'), ofStored(dated ? 'date' : 'last-modified')];
  return { kind: 'not-modified', evidence, source: 'RFC 9110 §13.1.3', fields };
}

/** If-Range compares strongly, a tag or the exact Last-Modified (RFC 9110 §13.1.5). */
export function ifRangeHolds(ifRange: string, policy: ResponsePolicy): boolean {
  const value = trimOws(ifRange);
  if (isTag(value)) {
    const tag = parseEntityTag(value);
    return tag !== undefined && policy.etag !== undefined && strongMatch(tag, policy.etag);
  }
  const time = parseHttpDate(value, policy.date);
  return time !== undefined && time === policy.lastModifiedTime && isStrongDate(policy);
}

/**
 * What surely tells a stored response's bytes from all others of its resource, as If-Range wants it: its entity tag, or the
 * date of a response without one, if it is strong (RFC 9110 §8.8.1).
 */
export function strongValidator(policy: ResponsePolicy): string | undefined {
  const { etag, lastModified } = policy;
  if (etag !== undefined) return etag.weak ? undefined : formatEntityTag(etag);
  return isStrongDate(policy) ? lastModified : undefined;
}

/** A Last-Modified that is at least a second older than the Date it came with is strong (RFC 9110 §8.8.2.2). */
export function isStrongDate(policy: ResponsePolicy): boolean {
  return policy.lastModifiedTime !== undefined && policy.date - policy.lastModifiedTime >= 1000;
}
