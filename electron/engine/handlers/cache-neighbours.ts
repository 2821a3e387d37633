import type { NearMiss } from '../../../shared/decision.ts';
import type { CacheRequest } from '../cache/cache-request.ts';
import type { CacheStore } from '../cache/cache-store.ts';
import type { QueryNearMiss } from '../cache/query-near-miss.ts';
import { nearer, queryNearMiss } from '../cache/query-near-miss.ts';

/** How many neighbouring entries are looked at, at most. */
const NEIGHBOURS = 4;

/**
 * The entry of a neighbouring URL, for a request that nothing is stored for. Misses come in thousands: others are looked at
 * only when the first one is not as near as can be.
 *
 * @param key the request's cache key
 */
export function neighbourNearMiss(store: CacheStore, { uri }: CacheRequest, key: string): NearMiss | undefined {
  const [first] = store.neighbours(uri, 1);
  if (first === undefined) return undefined;
  const near = queryNearMiss(key, first);
  if (near?.differences === 1) return near.nearMiss;
  const loose = store.lookupLoose(uri);
  let nearest: QueryNearMiss | undefined;
  for (const name of store.neighbours(uri, NEIGHBOURS)) {
    const search = loose.find(({ id }) => id === name.id)?.head.search;
    nearest = nearer(nearest, queryNearMiss(key, name, search));
  }
  return nearest?.nearMiss;
}
