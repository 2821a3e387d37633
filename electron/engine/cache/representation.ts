import { getHeader } from '../../../shared/headers.ts';
import type { ByteRange } from '../http/byte-ranges.ts';
import { parseRange, rangeContains, resolveRange } from '../http/byte-ranges.ts';
import { conditionIncludes, parseEntityTag, parseEntityTagCondition, strongMatch } from '../http/etag.ts';
import { parseHttpDate } from '../http/http-date.ts';
import type { CacheRequest } from './cache-request.ts';
import type { ResponsePolicy, StoredResponse } from './stored-response.ts';

/**
 * What of a stored response answers a request: all of it, its head, a range, or the news that the client's own copy is
 * still good. Preconditions are evaluated in the order of RFC 9110 §13.2.2.
 */
export type Answer =
  | { readonly kind: 'whole' }
  /** The head alone, to a HEAD request. */
  | { readonly kind: 'head' }
  /** 304, and the comparison that led to it. */
  | { readonly kind: 'not-modified'; readonly evidence: string; readonly source: string }
  /** 206 with these bytes of a representation of `length` bytes. */
  | { readonly kind: 'range'; readonly range: ByteRange; readonly length: number; readonly evidence: string }
  /** 416: no byte asked for exists. */
  | { readonly kind: 'unsatisfiable'; readonly length: number; readonly evidence: string }
  /** A part is stored, and the request needs bytes that it does not have. */
  | { readonly kind: 'insufficient' };

const WHOLE: Answer = { kind: 'whole' };
const HEAD: Answer = { kind: 'head' };
const INSUFFICIENT: Answer = { kind: 'insufficient' };

/** Chooses the answer that a stored response gives to a request that may reuse it. */
export function answerFor(request: CacheRequest, stored: StoredResponse, policy: ResponsePolicy): Answer {
  const { status, part } = stored.head;
  // Preconditions count only where the answer without them would be a 2xx (RFC 9110 §13.2.1).
  if (status >= 200 && status < 300) {
    const unmodified = clientCopyIsCurrent(request, stored, policy);
    if (unmodified !== undefined) return unmodified;
  }
  if (request.method === 'HEAD') return part === undefined ? HEAD : INSUFFICIENT;
  const wanted = request.range === undefined ? undefined : parseRange(request.range);
  const length = part?.length ?? stored.bodyLength;
  const complete = part === undefined ? WHOLE : INSUFFICIENT;
  if (wanted === undefined || (status !== 200 && status !== 206)) return complete;
  if (request.ifRange !== undefined && !ifRangeHolds(request.ifRange, policy)) return complete;
  const evidence = `\`Range: ${request.range ?? ''}\` of ${length} bytes`;
  const ranges = wanted.map((spec) => resolveRange(spec, length)).filter((range) => range !== undefined);
  const [range] = ranges;
  if (range === undefined) return { kind: 'unsatisfiable', length, evidence };
  // A server may answer several ranges with the whole (RFC 9110 §14.2).
  if (ranges.length > 1) return complete;
  if (part !== undefined && !rangeContains(part.range, range)) return INSUFFICIENT;
  return { kind: 'range', range, length, evidence };
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
    const tag = getHeader(stored.head.headers, 'etag') ?? '';
    const evidence = `\`If-None-Match: ${ifNoneMatch}\` matches \`ETag: ${tag}\``;
    return { kind: 'not-modified', evidence, source: 'RFC 9110 §13.1.2' };
  }
  if (ifModifiedSince === undefined) return undefined;
  const since = parseHttpDate(ifModifiedSince, stored.head.responseTime);
  if (since === undefined) return undefined;
  // Without Last-Modified the time of the response itself is compared (RFC 9111 §4.3.2).
  const modified = policy.lastModifiedTime ?? policy.date;
  if (modified > since) return undefined;
  const compared = policy.lastModifiedTime === undefined ? '`Date`' : `\`Last-Modified: ${policy.lastModified ?? ''}\``;
  const evidence = `\`If-Modified-Since: ${ifModifiedSince}\` is not before ${compared}`;
  return { kind: 'not-modified', evidence, source: 'RFC 9110 §13.1.3' };
}

/** If-Range compares strongly, a tag or the exact Last-Modified (RFC 9110 §13.1.5). */
export function ifRangeHolds(ifRange: string, policy: ResponsePolicy): boolean {
  const value = ifRange.trim();
  if (value.startsWith('"') || value.startsWith('W/')) {
    const tag = parseEntityTag(value);
    return tag !== undefined && policy.etag !== undefined && strongMatch(tag, policy.etag);
  }
  const time = parseHttpDate(value, policy.date);
  return time !== undefined && time === policy.lastModifiedTime && isStrongDate(policy);
}

/** A Last-Modified that is at least a second older than the Date it came with is strong (RFC 9110 §8.8.2.2). */
export function isStrongDate(policy: ResponsePolicy): boolean {
  return policy.lastModifiedTime !== undefined && policy.date - policy.lastModifiedTime >= 1000;
}
