import type { DecisionStep, NearMiss } from '../../../shared/decision.ts';
import { withoutQuery } from './cache-key.ts';
import type { CacheRequest } from './cache-request.ts';
import type { EntryName } from './cache-store.ts';
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

/** Names an entry of a neighbouring URL that differs in one thing, if there is one. */
export function uriNearMiss(request: CacheRequest, neighbours: readonly EntryName[]): NearMiss | undefined {
  const path = withoutQuery(request.uri);
  for (const { key, uri } of neighbours) {
    if (uri === request.uri || withoutQuery(uri) !== path) continue;
    const [stored, requested] = [uri.slice(path.length), request.uri.slice(path.length)];
    return changedParameter(key, stored, requested) ?? queryDifference(key, stored, requested);
  }
  return undefined;
}

/** The one parameter whose value is another while all others stand where they stood: the usual case, told in one walk. */
function changedParameter(key: string, stored: string, requested: string): NearMiss | undefined {
  const shorter = Math.min(stored.length, requested.length);
  let begin = 0;
  while (begin < shorter && stored.charCodeAt(begin) === requested.charCodeAt(begin)) begin++;
  let alike = 0;
  while (
    alike < shorter - begin &&
    stored.charCodeAt(stored.length - 1 - alike) === requested.charCodeAt(requested.length - 1 - alike)
  ) {
    alike++;
  }
  const storedPart = parameterAround(stored, begin, alike);
  const requestedPart = parameterAround(requested, begin, alike);
  const equals = requestedPart.indexOf('=');
  if (equals < 0 || storedPart.includes('&') || requestedPart.includes('&')) return undefined;
  const name = requestedPart.slice(0, equals);
  return storedPart.startsWith(`${name}=`) ? onlyParameter(key, name, storedPart, requestedPart) : undefined;
}

/** The parameters of a query that reach beyond its first `begin` and its last `alike` characters. */
function parameterAround(query: string, begin: number, alike: number): string {
  const start = begin === 0 ? 0 : query.lastIndexOf('&', begin - 1);
  const end = query.indexOf('&', query.length - alike);
  return query.slice(Math.max(1, start + 1), end < 0 ? query.length : end);
}

function onlyParameter(key: string, name: string, stored: string, requested: string): NearMiss {
  const why = `A stored response differs only in the query parameter ${name}.`;
  return { key, field: 'query', stored, requested, why };
}

/** The one parameter that only one of them has, or the whole query when more differ; wherever they stand. */
function queryDifference(key: string, stored: string, requested: string): NearMiss {
  const storedParts = stored.slice(1).split('&');
  const requestedParts = requested.slice(1).split('&');
  const onlyStored = storedParts.filter((part) => part !== '' && !requestedParts.includes(part));
  const onlyRequested = requestedParts.filter((part) => part !== '' && !storedParts.includes(part));
  if (onlyStored.length === 0 && onlyRequested.length === 0) {
    const why = 'A stored response has the same query parameters in another order.';
    return { key, field: 'query', stored, requested, why };
  }
  if (onlyStored.length <= 1 && onlyRequested.length <= 1) {
    const name = ((onlyRequested[0] ?? onlyStored[0]) as string).split('=', 1)[0] ?? '';
    return onlyParameter(key, name, onlyStored[0] ?? '(absent)', onlyRequested[0] ?? '(absent)');
  }
  return { key, field: 'query', stored, requested, why: 'A stored response has the same path and another query.' };
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
