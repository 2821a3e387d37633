import { getHeader } from '../../../shared/headers.ts';
import { originOf } from './cache-key.ts';
import type { CacheRequest } from './cache-request.ts';

/**
 * The URI that a reference in the answer to a request stands for, without its fragment, if it is of that request's origin.
 * An origin behind a reverse proxy may call itself what its clients call it: that name counts as the origin's, too.
 *
 * @param reference absolute, or relative to the request's URI
 * @returns undefined when it is of another origin, or no http or https URI
 */
export function ownUri(reference: string, { uri, headers }: CacheRequest): string | undefined {
  if (!URL.canParse(reference, uri)) return undefined;
  const { protocol, host, pathname, search } = new URL(reference, uri);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  const origin = originOf(uri);
  const asked = `${protocol}//${getHeader(headers, 'host') ?? ''}`;
  const own = `${protocol}//${host}` === origin || (URL.canParse(asked) && new URL(asked).host === host);
  return own ? `${origin}${pathname}${search}` : undefined;
}
