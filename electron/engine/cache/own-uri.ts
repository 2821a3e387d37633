import { getHeader } from '../../../shared/headers.ts';
import { originOf, withoutQuery } from './cache-key.ts';
import type { CacheRequest } from './cache-request.ts';

/**
 * The URI that a reference in the answer to a request stands for, without its fragment, if it is of that request's origin.
 * An origin behind a reverse proxy may call itself what its clients call it: that name counts as the origin's, too.
 *
 * @param reference absolute, or relative to the request's URI
 * @returns as browsers write it (WHATWG URL standard); undefined when it is of another origin, or no http or https URI
 */
export function ownUri(reference: string, { uri, headers }: CacheRequest): string | undefined {
  const [written, base] = [withBytesEncoded(reference), withBytesEncoded(uri)];
  if (!URL.canParse(written, base)) return undefined;
  const { protocol, host, pathname, search } = new URL(written, base);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  const origin = originOf(uri);
  const asked = `${protocol}//${getHeader(headers, 'host') ?? ''}`;
  const own = `${protocol}//${host}` === origin || (URL.canParse(asked) && new URL(asked).host === host);
  return own ? `${origin}${pathname}${search}` : undefined;
}

/**
 * The same in every spelling in which clients ask for it: as browsers write it, and as the reference is written, which
 * other clients leave as it is. Those differ in characters such as braces, which are none of a URI's (RFC 3986 §2).
 */
export function ownUris(reference: string, request: CacheRequest): readonly string[] {
  const uri = ownUri(reference, request);
  if (uri === undefined) return [];
  const written = asWritten(reference, request.uri);
  return written === uri ? [uri] : [uri, written];
}

/** Fields hold bytes, each as one character; those beyond ASCII are encoded one by one, as in UTF-8 (RFC 3986 §2.5). */
function withBytesEncoded(text: string): string {
  return text.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Scheme, authority, path and query of a reference that is http or https, or relative (RFC 3986 appendix B). */
const REFERENCE = /^(?:https?:)?(\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?/i;

/** Resolves a reference to the same origin without a change to its characters (RFC 3986 §5.2.2). */
function asWritten(reference: string, base: string): string {
  const origin = originOf(base);
  const basePath = withoutQuery(base).slice(origin.length);
  const [, authority, path = '', query] = REFERENCE.exec(reference) ?? [];
  if (authority !== undefined || path.startsWith('/')) return origin + withoutDots(path) + (query ?? '');
  if (path === '') return query === undefined ? base : origin + basePath + query;
  return origin + withoutDots(basePath.slice(0, basePath.lastIndexOf('/') + 1) + path) + (query ?? '');
}

/** A path without its dot segments, of which the last one leaves its slash (RFC 3986 §5.2.4). */
function withoutDots(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  if (/(?:^|\/)\.\.?$/.test(path)) kept.push('');
  return `/${kept.join('/')}`;
}
