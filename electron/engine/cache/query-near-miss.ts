import type { NearMiss } from '../../../shared/decision.ts';
import { placeOf, withoutPlace, withoutQuery } from './cache-key.ts';
import type { EntryName } from './cache-store.ts';
import type { SearchVariance } from './no-vary-search.ts';
import { significantQuery } from './no-vary-search.ts';

/**
 * Near misses of a request that nothing is stored for: entries of the same path with another query. No more than their names
 * are known, so they tell what is stored and not that it would have answered.
 */

/** A neighbour, and in how many query parameters it differs. */
export interface QueryNearMiss {
  readonly differences: number;
  readonly nearMiss: NearMiss;
}

/** A longer parameter is told beside the sentence and not in it. */
const LONGEST = 80;
/** Queries that differ in more parameters are not compared one by one. */
const MANY = 64;
const ANOTHER_QUERY = 'A response is stored for the same path, with another query.';
const ANOTHER_ORDER = 'A response is stored for the same path, with the same query parameters in another order.';

/**
 * Compares the query of a stored response with that of a request, in what their cache keys have of them: what an overlay
 * drops does not keep them apart.
 *
 * @param key the request's cache key
 * @param search which of the parameters matter to the stored response
 * @returns undefined when something else keeps them apart
 */
export function queryNearMiss(
  key: string,
  { key: storedKey }: EntryName,
  search?: SearchVariance,
): QueryNearMiss | undefined {
  if (placeOf(storedKey) !== placeOf(key)) return undefined;
  const asked = withoutPlace(key);
  const path = withoutQuery(asked);
  const bare = withoutPlace(storedKey);
  if (withoutQuery(bare) !== path) return undefined;
  let stored = bare.slice(path.length);
  let requested = asked.slice(path.length);
  if (search !== undefined)
    [stored, requested] = [significantQuery(stored, search), significantQuery(requested, search)];
  return stored === requested ? undefined : compareQueries(storedKey, stored, requested);
}

/** The nearer of two; the first when they are equally near. */
export function nearer(a: QueryNearMiss | undefined, b: QueryNearMiss | undefined): QueryNearMiss | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.differences < a.differences ? b : a;
}

/** Compares what lies between the parameters that both begin with and those that both end with: mostly a single value. */
function compareQueries(key: string, stored: string, requested: string): QueryNearMiss {
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
  const storedPart = parametersAround(stored, begin, alike);
  const requestedPart = parametersAround(requested, begin, alike);
  if (isSingle(storedPart) && isSingle(requestedPart)) return oneParameter(key, storedPart, requestedPart);
  const left = parametersIn(requestedPart);
  const parts = parametersIn(storedPart);
  if (parts.length > MANY || left.length > MANY) return wholeQuery(key, stored, requested, MANY, ANOTHER_QUERY);
  const inOrder = parts.join('&') === left.join('&');
  const missing = parts.filter((part) => !takeOut(left, part));
  const differences = Math.max(missing.length, left.length);
  if (differences === 1) return oneParameter(key, missing[0], left[0]);
  const why = differences > 0 || inOrder ? ANOTHER_QUERY : ANOTHER_ORDER;
  return wholeQuery(key, stored, requested, Math.max(1, differences), why);
}

/** The parameters of a query that reach beyond its first `begin` and its last `alike` characters. */
function parametersAround(query: string, begin: number, alike: number): string {
  const start = begin === 0 ? 0 : query.lastIndexOf('&', begin - 1);
  const end = query.indexOf('&', query.length - alike);
  return query.slice(Math.max(1, start + 1), end < 0 ? query.length : end);
}

function isSingle(parameters: string): boolean {
  return parameters !== '' && !parameters.includes('&');
}

function parametersIn(parameters: string): string[] {
  return parameters.split('&').filter((part) => part !== '');
}

/** Takes one such parameter out of the list; false when there is none. */
function takeOut(parameters: string[], wanted: string): boolean {
  const at = parameters.indexOf(wanted);
  if (at >= 0) parameters.splice(at, 1);
  return at >= 0;
}

function oneParameter(key: string, stored: string | undefined, requested: string | undefined): QueryNearMiss {
  const told = stored ?? requested?.split('=', 1)[0] ?? '';
  let why = `A response is stored for the same path, with \`${told}\`.`;
  if (stored === undefined) why = `A response is stored for the same path, without \`${told}\`.`;
  if (told.length > LONGEST) why = ANOTHER_QUERY;
  const nearMiss = { key, field: 'query', stored: stored ?? '(absent)', requested: requested ?? '(absent)', why };
  return { differences: 1, nearMiss };
}

function wholeQuery(key: string, stored: string, requested: string, differences: number, why: string): QueryNearMiss {
  return { differences, nearMiss: { key, field: 'query', stored, requested, why } };
}
