import type { HeaderList } from '../../../shared/headers.ts';
import { cacheGroups } from './cache-groups.ts';
import { searchVariance } from './no-vary-search.ts';
import type { StoredHead } from './stored-response.ts';

/** What stores index an entry by besides its key, read from its header fields once. */
export function indexedFacts(headers: HeaderList): Pick<StoredHead, 'groups' | 'search'> {
  const groups = cacheGroups(headers);
  const search = searchVariance(headers);
  return { ...(groups.length === 0 ? {} : { groups }), ...(search === undefined ? {} : { search }) };
}
