import { joinedHeader } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import type { ByteRange } from '../http/byte-ranges.ts';
import { parseRange, resolveRange } from '../http/byte-ranges.ts';
import type { EntityTag } from '../http/etag.ts';
import { conditionIncludes, parseEntityTag, parseEntityTagCondition, strongMatch } from '../http/etag.ts';
import { parseHttpDate } from '../http/http-date.ts';

/** What tells a file from its earlier selves. */
export interface FileFacts {
  readonly length: number;
  readonly etag: EntityTag;
  /** Epoch milliseconds, in whole seconds: that is all that a date can say. */
  readonly modified: number;
}

/** What of a file answers a request. */
export type Selection =
  | { readonly kind: 'whole' }
  | { readonly kind: 'range'; readonly range: ByteRange }
  | { readonly kind: 'unsatisfiable' | 'not-modified' | 'failed' };

/** Evaluates preconditions in the order of RFC 9110 §13.2.2, then the range. @param now epoch milliseconds */
export function selectFrom(file: FileFacts, method: string, headers: HeaderList, now: number): Selection {
  const ifMatch = joinedHeader(headers, 'if-match');
  const unmodifiedSince = dateOf(headers, 'if-unmodified-since', now);
  if (ifMatch !== undefined) {
    const condition = parseEntityTagCondition(ifMatch);
    if (condition !== '*' && !condition.some((tag) => strongMatch(tag, file.etag))) return { kind: 'failed' };
  } else if (unmodifiedSince !== undefined && file.modified > unmodifiedSince) return { kind: 'failed' };
  const isRead = method === 'GET' || method === 'HEAD';
  const ifNoneMatch = joinedHeader(headers, 'if-none-match');
  const modifiedSince = isRead ? dateOf(headers, 'if-modified-since', now) : undefined;
  if (ifNoneMatch !== undefined) {
    if (conditionIncludes(parseEntityTagCondition(ifNoneMatch), file.etag)) {
      return { kind: isRead ? 'not-modified' : 'failed' };
    }
  } else if (modifiedSince !== undefined && file.modified <= modifiedSince) return { kind: 'not-modified' };
  return rangeFrom(file, method, headers, now);
}

/** Of several ranges the whole is sent: a server may ignore the field (RFC 9110 §14.2). */
function rangeFrom(file: FileFacts, method: string, headers: HeaderList, now: number): Selection {
  const specs = method === 'GET' ? parseRange(joinedHeader(headers, 'range') ?? '') : undefined;
  const [spec, ...others] = specs ?? [];
  if (spec === undefined || others.length > 0 || !ifRangeHolds(file, headers, now)) return { kind: 'whole' };
  const range = resolveRange(spec, file.length);
  return range === undefined ? { kind: 'unsatisfiable' } : { kind: 'range', range };
}

/** RFC 9110 §13.1.5: a tag by strong comparison, or the date, which is strong once a second has passed. */
function ifRangeHolds({ etag, modified }: FileFacts, headers: HeaderList, now: number): boolean {
  const value = joinedHeader(headers, 'if-range')?.trim();
  if (value === undefined) return true;
  if (value.startsWith('"') || value.startsWith('W/')) {
    const tag = parseEntityTag(value);
    return tag !== undefined && strongMatch(tag, etag);
  }
  return parseHttpDate(value, now) === modified && now - modified >= 1000;
}

function dateOf(headers: HeaderList, name: string, now: number): number | undefined {
  const value = joinedHeader(headers, name);
  return value === undefined ? undefined : parseHttpDate(value, now);
}
