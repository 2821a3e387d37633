import type { PurgeTarget } from '../../../shared/cache-contract.ts';
import type { EntryFilter } from './entry-filter.ts';

/** The entries that somebody asks to be forgotten, as stores look for them. */
export function filterOf(target: PurgeTarget): EntryFilter {
  if ('group' in target) {
    const { group, origin } = target;
    return { groups: [group], ...(origin === undefined ? {} : { origin }) };
  }
  return 'everything' in target ? { all: true } : target;
}
