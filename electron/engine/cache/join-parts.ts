import type { ByteRange } from '../http/byte-ranges.ts';
import { rangesJoin } from '../http/byte-ranges.ts';
import { strongMatch } from '../http/etag.ts';
import type { CacheSettings } from './cache-settings.ts';
import { hasStrongTag } from './storing.ts';
import type { ResponsePolicy, StoredHead, StoredResponse } from './stored-response.ts';
import { policyOf } from './stored-response.ts';

/** Stored bytes that go before and after those of a new part, and the range that they make together. */
export interface JoinedPart {
  readonly older: StoredResponse;
  readonly range: ByteRange;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/**
 * Finds a stored part that a new one can be combined with: the same strong entity tag, the same length, and no gap between
 * them (RFC 9111 §3.4, RFC 9110 §15.3.7.3). Only parts in memory are combined.
 */
export function findJoin(
  head: StoredHead,
  policy: ResponsePolicy,
  matching: readonly StoredResponse[],
  settings: CacheSettings,
): JoinedPart | undefined {
  const { part } = head;
  const { etag } = policy;
  if (part === undefined || etag === undefined || !hasStrongTag(policy)) return undefined;
  for (const older of matching) {
    const { part: stored } = older.head;
    const tag = policyOf(older, settings).etag;
    if (stored === undefined || tag === undefined || !(older.body instanceof Uint8Array)) continue;
    if (!strongMatch(tag, etag) || stored.length !== part.length || !rangesJoin(stored.range, part.range)) continue;
    const first = Math.min(stored.range.first, part.range.first);
    const last = Math.max(stored.range.last, part.range.last);
    return {
      older,
      range: { first, last },
      before: older.body.subarray(0, Math.max(0, part.range.first - stored.range.first)),
      after: older.body.subarray(Math.max(0, older.body.length - Math.max(0, stored.range.last - part.range.last))),
    };
  }
  return undefined;
}

/** The head of the combination: complete when no byte is missing. */
export function joinedHead(updated: StoredHead, range: ByteRange, length: number): StoredHead {
  const { part: _part, ...rest } = updated;
  if (range.first === 0 && range.last === length - 1) return { ...rest, status: 200, reason: 'OK' };
  return { ...rest, part: { range, length } };
}
