import { hasHeader } from '../../../shared/headers.ts';
import { rangeContains } from '../http/byte-ranges.ts';
import type { CacheSettings } from './cache-settings.ts';
import { outdatedBy } from './join-parts.ts';
import type { StoredHead, StoredResponse } from './stored-response.ts';

/**
 * Says whether a newly stored response makes an older one under the same key useless: every request that the older one
 * matches, the newer one matches too, and it has at least the same bytes.
 */
export function supersedes(newer: StoredHead, older: StoredHead): boolean {
  if (isHeadOf(newer, older)) return false;
  if (newer.part !== undefined) {
    if (older.part === undefined || !rangeContains(newer.part.range, older.part.range)) return false;
  }
  if (older.selecting.length > 0 && forgotVary(newer)) return false;
  return newer.selecting.every(({ field, normal }) =>
    older.selecting.some((other) => other.field === field && other.normal === normal),
  );
}

/**
 * Says whether a newly stored response takes the place of one that matched its very request, although it does not supersede
 * it: for that request it is the newer answer.
 */
export function replaces(newer: StoredHead, matching: StoredHead): boolean {
  return newer.part === undefined && matching.selecting.length > 0 && forgotVary(newer) && !isHeadOf(newer, matching);
}

/**
 * Says whether a stored response leaves no place for one that was received before it, and whose body took longer: it
 * supersedes that one, or is a part of what the origin has by now (RFC 9111 §4).
 */
export function overtakes(newer: StoredResponse, head: StoredHead, settings: CacheSettings): boolean {
  if (newer.head.responseTime <= head.responseTime) return false;
  if (supersedes(newer.head, head)) return true;
  const slower = { id: 0, head, body: NOTHING, bodyLength: undefined, policy: undefined };
  return newer.head.part !== undefined && outdatedBy(newer, [slower], settings).length > 0;
}

const NOTHING = new Uint8Array(0);

/** An answer to HEAD takes no body's place (RFC 9110 §9.3.2). */
function isHeadOf(newer: StoredHead, older: StoredHead): boolean {
  return newer.method === 'HEAD' && older.method !== 'HEAD';
}

/**
 * Some origins leave Vary out of the answer that they give by default, which then seems to match every request. The
 * variants that are stored are preferred to it where they match (RFC 9111 §4.1), so they stay.
 */
function forgotVary({ selecting, headers }: StoredHead): boolean {
  return selecting.length === 0 && !hasHeader(headers, 'vary');
}
