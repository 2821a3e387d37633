import { cacheGroups } from './cache-groups.ts';
import { searchVariance } from './no-vary-search.ts';
import type { CacheResponse } from './cache-response.ts';
import type { StoredHead } from './stored-response.ts';

/** What stores index an entry by besides its key, read from its header fields once. */
export function indexedFacts(response: CacheResponse): Pick<StoredHead, 'groups' | 'search'> {
  const groups = cacheGroups(response.cacheGroups);
  const search = searchVariance(response.noVarySearch);
  return { ...(groups.length === 0 ? {} : { groups }), ...(search === undefined ? {} : { search }) };
}
