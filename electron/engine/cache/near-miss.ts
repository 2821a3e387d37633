import type { NearMiss } from '../../../shared/decision.ts';
import { joinedHeader } from '../../../shared/headers.ts';
import type { CacheRequest } from './cache-request.ts';
import type { CacheSettings } from './cache-settings.ts';
import { overlayFor } from './cache-settings.ts';
import type { Freshness } from './explain.ts';
import { ageSeconds, ttlSeconds } from './explain.ts';
import type { Selection } from './select-stored.ts';
import { answersMethod, isNewer } from './select-stored.ts';
import { toldOfStored } from './storability.ts';
import type { ResponsePolicy, StoredResponse } from './stored-response.ts';
import type { VaryMismatch } from './vary.ts';
import { countingFields, varyMismatches } from './vary.ts';

/**
 * Near misses: the stored entry that almost answered a request, and the one thing that stopped it, with both values side
 * by side.
 */

/**
 * Names the entry that differs in the fewest of the fields that select it, the newest of those (RFC 9111 §4.1).
 *
 * @param mismatch one that differs
 */
export function varyNearMiss(
  request: CacheRequest,
  mismatch: NonNullable<Selection['mismatch']>,
  candidates: readonly StoredResponse[],
  settings: CacheSettings,
): NearMiss {
  const overlay = overlayFor(settings, request.uri);
  const differencesOf = ({ head }: StoredResponse): VaryMismatch[] =>
    varyMismatches(countingFields(head.selecting, false, overlay), request.headers);
  let nearest = mismatch.stored;
  let differences = differencesOf(nearest);
  for (const stored of candidates) {
    if (stored === nearest || !answersMethod(stored, request)) continue;
    const others = differencesOf(stored);
    if (others.length === 0) continue;
    const more = distance(others) - distance(differences);
    if (more > 0 || (more === 0 && isNewer(nearest, stored, settings))) continue;
    nearest = stored;
    differences = others;
  }
  const { key } = nearest.head;
  const { field, stored = '(absent)', requested = '(absent)' } = differences[0] ?? mismatch.difference;
  if (field === '*') {
    const why = 'A stored response has the same URL, but its `Vary: *` matches no request.';
    return { key, field: 'vary', stored: '*', requested: 'any request', why };
  }
  const names = differences.map((one) => one.field).join(', ');
  const why =
    differences.length === 1
      ? `A stored response differs only in the request's ${field}, which its Vary names.`
      : `A stored response differs in ${differences.length} fields of the request that its Vary names: ${names}.`;
  return { key, field, stored, requested, why };
}

/** In how many fields it differs; what matches no request is further off than any other. */
function distance(differences: readonly VaryMismatch[]): number {
  return differences[0]?.field === '*' ? Number.MAX_SAFE_INTEGER : differences.length;
}

/** Names the entry that the cache may not use under its settings, and what about the entry keeps it from that. */
export function refusedNearMiss(
  { head: { key } }: StoredResponse,
  { settings, storability }: ResponsePolicy,
): NearMiss {
  const last = storability.steps.at(-1);
  const { rule, evidence } = last === undefined ? { rule: '', evidence: key } : toldOfStored(last);
  if (rule === 'store.authorization') {
    const why = 'A stored response matches, but it answered a request with `Authorization`, and the cache is shared.';
    return { key, field: 'authorization', stored: evidence, requested: 'a shared cache', why };
  }
  const why = 'A stored response matches, but the cache may not use it under these settings.';
  return { key, field: 'mode', stored: evidence, requested: settings.mode, why };
}

/** Names the entry that is too old for this request, or not fresh for long enough; undefined when it is neither. */
export function ageNearMiss(
  request: CacheRequest,
  stored: StoredResponse,
  policy: ResponsePolicy,
  freshness: Freshness,
): NearMiss | undefined {
  const { key } = stored.head;
  const { maxAge, minFresh } = request.directives;
  const age = ageSeconds(freshness);
  const tolerated = tolerance(request, policy);
  const limit = policy.lifetime.seconds + tolerated;
  // A reload does not ask for what is immutable and fresh (RFC 8246 §2).
  const asksForAge = !(policy.governing.directives.immutable && freshness.left > 0);
  if (maxAge === 0 && asksForAge) return insistingNearMiss(request, stored, policy, freshness, 'max-age=0');
  if (maxAge !== undefined && asksForAge && maxAge < limit && freshness.age > maxAge * 1000) {
    const why = `A stored response matches, but it is ${age} s old, and the request asks for \`max-age=${maxAge}\`.`;
    return { key, field: 'age', stored: `${age} s`, requested: `max-age=${maxAge}`, why };
  }
  if (minFresh !== undefined && freshness.left < minFresh * 1000) {
    const state = inWords(policy, freshness);
    const why = `A stored response matches, but it is ${state}, and the request asks for \`min-fresh=${minFresh}\`.`;
    return { key, field: 'cache-control', stored: state, requested: `min-fresh=${minFresh}`, why };
  }
  // So little stale it answers all the same, while it is validated in the background.
  const answers = tolerated > 0 && -freshness.left <= tolerated * 1000;
  if (freshness.left > 0 || answers) return undefined;
  if (limit === 0) {
    const why = 'A stored response matches, but it is never fresh, so the origin is asked each time.';
    return { key, field: 'age', stored: 'never fresh', requested: 'a fresh response', why };
  }
  const why = `A stored response matches, but it is ${age} s old and has to be younger than ${limit} s.`;
  return { key, field: 'age', stored: `${age} s`, requested: `younger than ${limit} s`, why };
}

/** For how many seconds it may be served stale while the origin could be asked (RFC 9111 §4.2.4, RFC 5861 §3). */
function tolerance({ directives }: CacheRequest, { staleForbiddenBy, governing }: ResponsePolicy): number {
  if (staleForbiddenBy !== undefined) return 0;
  const { maxAge, minFresh, maxStale } = directives;
  const window = maxAge === undefined && minFresh === undefined ? governing.directives.staleWhileRevalidate : undefined;
  return maxStale ?? window ?? 0;
}

/**
 * Names the entry that would answer if this request did not insist on the origin (RFC 9111 §5.2.1.1, §5.2.1.4, §5.4).
 *
 * @param directive what it insists with
 */
export function insistingNearMiss(
  { noCacheFrom = 'Cache-Control' }: CacheRequest,
  { head }: StoredResponse,
  policy: ResponsePolicy,
  freshness: Freshness,
  directive = 'no-cache',
): NearMiss {
  const why = `A stored response matches, but the request's \`${noCacheFrom}\` says \`${directive}\`, so the origin has to be asked.`;
  const field = noCacheFrom.toLowerCase();
  return { key: head.key, field, stored: inWords(policy, freshness), requested: directive, why };
}

function inWords(policy: ResponsePolicy, freshness: Freshness): string {
  const seconds = ttlSeconds(policy, freshness);
  return freshness.left > 0 ? `fresh for ${seconds} s more` : `stale for ${-seconds} s`;
}

/** Names the entry that would answer a request without its If-Match or If-Unmodified-Since (RFC 9111 §4.3.2). */
export function conditionNearMiss({ headers }: CacheRequest, { head }: StoredResponse): NearMiss {
  const tags = joinedHeader(headers, 'if-match');
  const [name, validator] = tags === undefined ? ['If-Unmodified-Since', 'last-modified'] : ['If-Match', 'etag'];
  const requested = tags ?? joinedHeader(headers, 'if-unmodified-since') ?? '(absent)';
  const stored = joinedHeader(head.headers, validator) ?? '(absent)';
  const why = `A stored response matches, but only the origin may evaluate the request's \`${name}\`.`;
  return { key: head.key, field: name.toLowerCase(), stored, requested, why };
}

/**
 * Names the entry that would answer a request which did not ask to switch protocols (RFC 9110 §7.8).
 *
 * @param upgrade the protocols it asks for
 */
export function upgradeNearMiss({ head }: StoredResponse, upgrade: string): NearMiss {
  const why =
    'A stored response matches, but only the origin can switch protocols, as the request asks with `Upgrade`.';
  return { key: head.key, field: 'upgrade', stored: '(absent)', requested: upgrade, why };
}

/** Names the stored part that lacks bytes which the request needs (RFC 9111 §3.3). */
export function partNearMiss(
  { method, range }: CacheRequest,
  matching: readonly StoredResponse[],
): NearMiss | undefined {
  for (const { head } of matching) {
    if (head.part === undefined) continue;
    const { first, last } = head.part.range;
    const stored = `bytes ${first}–${last} of ${head.part.length ?? '*'}`;
    if (method === 'HEAD') {
      const why = 'A part of the response is stored, and this request is for the head of the whole.';
      return { key: head.key, field: 'range', stored, requested: 'the head of the whole', why };
    }
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
