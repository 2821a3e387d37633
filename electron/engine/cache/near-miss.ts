import type { DecisionStep, NearMiss } from '../../../shared/decision.ts';
import type { CacheRequest } from './cache-request.ts';
import type { Freshness } from './explain.ts';
import type { Selection } from './select-stored.ts';
import type { ResponsePolicy, StoredResponse } from './stored-response.ts';

/**
 * Near misses: the stored entry that almost answered a request, and the one thing that stopped it, with both values side
 * by side.
 */

/** Names the entry whose selecting fields almost matched. */
export function varyNearMiss({ stored, difference }: NonNullable<Selection['mismatch']>): NearMiss {
  const { field } = difference;
  return {
    key: stored.head.key,
    field,
    stored: difference.stored ?? '(absent)',
    requested: difference.requested ?? '(absent)',
    why: `A stored response differs only in the request's ${field}, which its Vary names.`,
  };
}

/** Names the entry that only the mode keeps from answering, and what about it does. */
export function refusedNearMiss({ head }: StoredResponse, { evidence, rule }: DecisionStep): NearMiss {
  const field = head.authorized && rule === 'lookup.refused' ? 'authorization' : 'mode';
  const requested = 'what this mode may use';
  const why = 'A stored response matches, but the cache may not use it in this mode.';
  return { key: head.key, field, stored: evidence, requested, why };
}

/** Names the entry that is only too old for this request. */
export function ageNearMiss(
  { directives }: CacheRequest,
  { head }: StoredResponse,
  { lifetime }: ResponsePolicy,
  age: number,
): NearMiss {
  const { maxAge, minFresh } = directives;
  const limits = [lifetime.seconds - (minFresh ?? 0), ...(maxAge === undefined ? [] : [maxAge])];
  const limit = Math.max(0, Math.min(...limits));
  const why = `A stored response matches, but it is ${age} s old and may be ${limit} s at most.`;
  return { key: head.key, field: 'age', stored: `${age} s`, requested: `${limit} s at most`, why };
}

/** Names the entry that would answer if this request did not insist on the origin (RFC 9111 §5.2.1.4, §5.4). */
export function insistingNearMiss(
  { noCacheFrom }: CacheRequest,
  { head }: StoredResponse,
  { left }: Freshness,
): NearMiss {
  const seconds = Math.floor(Math.abs(left) / 1000);
  const stored = left > 0 ? `fresh for ${seconds} s more` : `stale for ${seconds} s`;
  const field = (noCacheFrom ?? 'Cache-Control').toLowerCase();
  const why = `A stored response matches, but the request says no-cache in its ${field}, so the origin has to be asked.`;
  return { key: head.key, field, stored, requested: 'no-cache', why };
}

/** Names the stored part that lacks bytes which the request needs (RFC 9111 §3.3). */
export function partNearMiss({ range }: CacheRequest, matching: readonly StoredResponse[]): NearMiss | undefined {
  for (const { head } of matching) {
    if (head.part === undefined) continue;
    const { first, last } = head.part.range;
    const stored = `bytes ${first}–${last} of ${head.part.length ?? '*'}`;
    const why = 'A part of the response is stored, and it lacks bytes that this request needs.';
    return { key: head.key, field: 'range', stored, requested: range ?? 'the whole', why };
  }
  return undefined;
}

/** Names the stored answer to HEAD, which has no body for a request that needs one. */
export function headNearMiss({ method }: CacheRequest, { head }: StoredResponse): NearMiss {
  const why = 'The answer to HEAD is stored, and this request needs the body as well.';
  return { key: head.key, field: 'method', stored: 'HEAD', requested: method, why };
}

/** Names the entry that answers the same URL to a GET without content, when only the method or content stops it. */
export function passNearMiss({ method }: CacheRequest, chosen: StoredResponse | undefined): NearMiss | undefined {
  if (chosen === undefined) return undefined;
  const { key } = chosen.head;
  if (method === 'GET' || method === 'HEAD') {
    const why = 'A stored response matches, but this request carries content, which no stored response can answer for.';
    return { key, field: 'content', stored: 'none', requested: `${method} with content`, why };
  }
  const why = `A stored response has the same URL, but it answers GET and HEAD; ${method} always goes to the origin.`;
  return { key, field: 'method', stored: 'GET', requested: method, why };
}
