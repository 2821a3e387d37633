import type { CacheStore } from '../cache/cache-store.ts';
import { findWhole, joinedHead, joinParts, outdatedBy } from '../cache/join-parts.ts';
import type { StoredPiece } from '../cache/join-parts.ts';
import { openBody } from '../cache/stored-response.ts';
import type { ReceivedHead, StoredHead, StoredResponse } from '../cache/stored-response.ts';
import { freshenedHead } from '../cache/validation.ts';
import type { ForwardContext } from './cache-context.ts';

/** What stands in the store for a part that has just been stored. */
export interface JoinedResponse {
  /** What it has been combined to, or the part by itself. */
  readonly stored: StoredResponse;
  /** What it was combined with: the whole that it is of, or older parts; undefined when it stands by itself. */
  readonly with?: 'whole' | 'parts';
}

/**
 * Combines a part that has just been stored with the whole that it is of, or with the older parts that it adjoins (RFC
 * 9111 §3.4).
 *
 * @param received the head that it came with
 */
export async function joinStored(
  { request, settings, store }: Pick<ForwardContext, 'request' | 'settings' | 'store'>,
  stored: StoredResponse,
  received: ReceivedHead,
): Promise<JoinedResponse> {
  const { key, part } = stored.head;
  if (part === undefined) return { stored };
  const others = store.lookup(key);
  // What broke off before its end is no reason to let go of an older whole.
  const outdated = received.status === 206 ? outdatedBy(stored, others, settings) : [];
  for (const older of outdated) await store.remove(older);
  const whole = findWhole(stored, others, settings);
  if (whole !== undefined) {
    const updated = await store.update(whole, freshenedHead(whole.head, request, received, settings));
    if (updated === undefined) return { stored };
    await store.remove(stored);
    return { stored: updated, with: 'whole' };
  }
  const join = joinParts(stored, others, settings);
  if (join === undefined) return { stored };
  const updated = freshenedHead(join.base.head, request, received, settings);
  const head = joinedHead(updated, stored.head, join.range, part.length);
  const joined = await storePieces(store, head, join.pieces);
  return joined === undefined ? { stored } : { stored: joined, with: 'parts' };
}

/** Stores a response that is put together from stored ones; undefined when one of them is gone or there is no room. */
async function storePieces(
  store: CacheStore,
  head: StoredHead,
  pieces: readonly StoredPiece[],
): Promise<StoredResponse | undefined> {
  const writer = store.begin(head);
  try {
    for (const { stored, range } of pieces) {
      const bytes = openBody(stored, range);
      if (bytes === undefined) return undefined;
      for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) {
        if (!(await writer.write(chunk))) return undefined;
      }
    }
    return await writer.commit();
  } finally {
    // Without effect after the commit.
    writer.abort();
  }
}
