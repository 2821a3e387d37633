import type { ByteRange } from '../http/byte-ranges.ts';
import { isWhole, rangeLength, rangesJoin } from '../http/byte-ranges.ts';
import { weakMatch } from '../http/etag.ts';
import type { CacheSettings } from './cache-settings.ts';
import { strongValidator } from './representation.ts';
import { isNewer } from './select-stored.ts';
import type { StoredHead, StoredResponse } from './stored-response.ts';
import { policyOf, storedPart } from './stored-response.ts';
import { variantId } from './vary.ts';

/**
 * Combining stored parts of one representation (RFC 9111 §3.4, RFC 9110 §15.3.7.3). Each part is first stored by itself;
 * what it makes together with others is put together from their stored bodies, wherever these are.
 */

/** Bytes of a stored body; the range counts from the body's beginning. */
export interface StoredPiece {
  readonly stored: StoredResponse;
  readonly range: ByteRange;
}

/** Parts that make one larger part, or the whole. */
export interface JoinedParts {
  /** The older part that has most to add: its head is what the newer part's fields are combined with. */
  readonly base: StoredResponse;
  /** The bytes that they have together. */
  readonly range: ByteRange;
  /** Those bytes in their order, the newer part's own among them. */
  readonly pieces: readonly StoredPiece[];
}

/** Older bytes up to so many are joined with any newer part. */
const CHEAP_BYTES = 16 * 1024 * 1024;
/**
 * More of them only with a newer part of a fair size, because they are copied: a client that fetches two gigabytes in a
 * thousand pieces would otherwise have them copied a thousand times. The small parts grow together beside the large one.
 */
const MAX_RATIO = 8;

/**
 * Finds the stored parts that a new one can be combined with: the same strong validator, the same length, selected by the
 * same request fields, and no gap between them.
 *
 * @param newer a part that is stored
 * @param others everything stored under the same key
 */
export function joinParts(
  newer: StoredResponse,
  others: readonly StoredResponse[],
  settings: CacheSettings,
): JoinedParts | undefined {
  const { part } = newer.head;
  const validator = strongValidator(policyOf(newer, settings));
  if (part === undefined || validator === undefined) return undefined;
  const parts = others.filter((other) => other.id !== newer.id && isSame(other, newer, validator, settings));
  if (parts.length === 0) return undefined;
  const all = grow(newer, part.range, parts, Number.POSITIVE_INFINITY);
  if (all === undefined || isWhole(all.range, part.length)) return all;
  return grow(newer, part.range, parts, MAX_RATIO);
}

/** Finds the stored whole that a new part is of: it needs no bytes, and is as fresh as the part (RFC 9111 §3.4). */
export function findWhole(
  newer: StoredResponse,
  others: readonly StoredResponse[],
  settings: CacheSettings,
): StoredResponse | undefined {
  const { part, selecting } = newer.head;
  const validator = strongValidator(policyOf(newer, settings));
  if (part === undefined || validator === undefined) return undefined;
  return others.find(
    (other) =>
      other.head.part === undefined &&
      other.head.status === 200 &&
      other.bodyLength === (part.length ?? other.bodyLength) &&
      variantId(other.head.selecting) === variantId(selecting) &&
      strongValidator(policyOf(other, settings)) === validator,
  );
}

/** Finds what a new part shows to be outdated: older, stored for the same requests, and with another validator. */
export function outdatedBy(
  newer: StoredResponse,
  others: readonly StoredResponse[],
  settings: CacheSettings,
): StoredResponse[] {
  const { etag, lastModifiedTime } = policyOf(newer, settings);
  return others.filter((other) => {
    if (variantId(other.head.selecting) !== variantId(newer.head.selecting)) return false;
    const known = policyOf(other, settings);
    const differs =
      etag !== undefined && known.etag !== undefined
        ? !weakMatch(etag, known.etag)
        : (lastModifiedTime ?? known.lastModifiedTime) !== (known.lastModifiedTime ?? lastModifiedTime);
    return differs && isNewer(newer, other, settings);
  });
}

/** Says whether an older response is a part of the same representation for the same requests. */
function isSame(other: StoredResponse, { head }: StoredResponse, validator: string, settings: CacheSettings): boolean {
  const { part, selecting } = other.head;
  if (part?.length !== head.part?.length || variantId(selecting) !== variantId(head.selecting)) return false;
  return strongValidator(policyOf(other, settings)) === validator;
}

/** Takes in one adjoining part after the other, the largest gain first. */
function grow(
  newer: StoredResponse,
  start: ByteRange,
  parts: readonly StoredResponse[],
  maxRatio: number,
): JoinedParts | undefined {
  let range = start;
  let base: StoredResponse | undefined;
  const pieces: StoredPiece[] = [{ stored: newer, range: { first: 0, last: start.last - start.first } }];
  for (;;) {
    const has = rangeLength(range);
    let best: { readonly stored: StoredResponse; readonly at: ByteRange; readonly gain: number } | undefined;
    for (const stored of parts) {
      const at = stored.head.part?.range;
      if (at === undefined || !rangesJoin(at, range)) continue;
      const gain = Math.max(0, range.first - at.first) + Math.max(0, at.last - range.last);
      if (gain === 0 || (gain > CHEAP_BYTES && gain > maxRatio * has)) continue;
      if (best === undefined || gain > best.gain) best = { stored, at, gain };
    }
    if (best === undefined) break;
    const { stored, at } = best;
    base ??= stored;
    if (at.first < range.first) pieces.unshift({ stored, range: { first: 0, last: range.first - 1 - at.first } });
    if (at.last > range.last) {
      pieces.push({ stored, range: { first: range.last + 1 - at.first, last: at.last - at.first } });
    }
    range = { first: Math.min(range.first, at.first), last: Math.max(range.last, at.last) };
  }
  return base === undefined ? undefined : { base, range, pieces };
}

/**
 * The head of the combination: complete when no byte is missing, and authorised when a part of it was (RFC 9111 §3.5).
 *
 * @param updated the older part's
 * @param newer the head of the part that it was updated from
 */
export function joinedHead(
  updated: StoredHead,
  newer: Pick<StoredHead, 'authorized'>,
  range: ByteRange,
  length: number | undefined,
): StoredHead {
  const { part: _part, ...older } = updated;
  const rest = { ...older, authorized: older.authorized || newer.authorized };
  if (isWhole(range, length)) return { ...rest, status: 200, reason: 'OK' };
  return { ...rest, part: storedPart(range, length) };
}
