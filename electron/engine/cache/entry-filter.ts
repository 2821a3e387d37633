import { originOf } from './cache-key.ts';
import type { StoredHead } from './stored-response.ts';
import { urlPattern, withoutDefaultPort } from './url-pattern.ts';

/** Which stored responses are meant. */
export type EntryFilter =
  | { readonly id: number }
  /** Every variant under a cache key. */
  | { readonly key: string }
  /** As in `example.com:8080`, in any case; without a port it stands for every port of the host. */
  | { readonly host: string }
  /** A URL pattern, see url-pattern.ts. */
  | { readonly pattern: string }
  /** Cache groups (RFC 9875) of one origin; without an origin, of any. */
  | { readonly groups: readonly string[]; readonly origin?: string }
  | { readonly all: true };

/** What a filter looks at. */
export interface FilteredEntry {
  readonly id: number;
  readonly head: Pick<StoredHead, 'key' | 'uri' | 'groups'>;
}

/** Prepares a filter: the function says whether an entry is meant. */
export function entryMatcher(filter: EntryFilter): (entry: FilteredEntry) => boolean {
  if ('id' in filter) return ({ id }) => id === filter.id;
  if ('key' in filter) return ({ head }) => head.key === filter.key;
  if ('host' in filter) return hostMatcher(filter.host);
  if ('pattern' in filter) {
    const matches = urlPattern(filter.pattern);
    return ({ head }) => matches(head.uri);
  }
  if ('groups' in filter) {
    const { groups, origin } = filter;
    return ({ head }) =>
      head.groups?.some((group) => groups.includes(group)) === true &&
      (origin === undefined || originOf(head.uri) === origin);
  }
  return () => true;
}

function hostMatcher(host: string): (entry: FilteredEntry) => boolean {
  const wanted = host.toLowerCase();
  const beforePort = `${wanted}:`;
  const withPort = withoutDefaultPort(wanted);
  return ({ head }) => {
    const origin = originOf(head.uri);
    if (`${origin}/` === withPort) return true;
    const authority = origin.slice(origin.indexOf('//') + 2);
    return authority === wanted || authority.startsWith(beforePort);
  };
}
