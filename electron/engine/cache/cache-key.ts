import type { CacheSettings, OverlayRule } from './cache-settings.ts';
import { decodeQueryName } from './query-name.ts';

/**
 * The primary cache key (RFC 9111 §2): the target URI. The method is no part of it, because what is stored answers GET and
 * HEAD; Vary tells variants under one key apart, and an answer to HEAD is one for HEAD alone.
 */

/**
 * The key that a URI is stored and looked up under.
 *
 * @param uri absolute, scheme and host in lower case, default port left out
 * @param place what answers for the URI, where that is not the origin that it names; empty where it is
 */
export function cacheKey(uri: string, settings: CacheSettings, overlay: OverlayRule, place = ''): string {
  if (settings.mode === 'snapshot' && settings.snapshotKey === 'path') return pathKey(uri);
  const key = selectedQuery(uri, overlay);
  // A target URI has no fragment (RFC 9110 §7.1), so no other key can look like this one.
  return place === '' ? key : `${key}#${place}`;
}

/** What {@link cacheKey} was told to be answering; empty for the origin that the URI names. */
export function placeOf(key: string): string {
  const mark = key.indexOf('#');
  return mark < 0 ? '' : key.slice(mark + 1);
}

/** A key without what {@link placeOf} reads from it. */
export function withoutPlace(key: string): string {
  const mark = key.indexOf('#');
  return mark < 0 ? key : key.slice(0, mark);
}

/** The URI that {@link cacheKey} made a key of, as far as it is in there; undefined for the key of a path. */
export function uriOf(key: string): string | undefined {
  return key.startsWith('/') ? undefined : withoutPlace(key);
}

/** The URI with the parts of its query that the rule leaves. */
function selectedQuery(uri: string, overlay: OverlayRule): string {
  if (overlay.dropQuery === undefined && overlay.sortQuery !== true) return uri;
  const mark = uri.indexOf('?');
  if (mark < 0 || overlay.dropQuery === true) return mark < 0 ? uri : uri.slice(0, mark);
  let parameters = uri.slice(mark + 1).split('&');
  const drop = overlay.dropQuery;
  if (drop !== undefined) {
    const dropped = drop.map(decodeQueryName);
    parameters = parameters.filter((parameter) => !dropped.includes(decodeQueryName(parameterName(parameter))));
  }
  if (overlay.sortQuery === true) parameters.sort(byName);
  return parameters.length === 0 ? uri.slice(0, mark) : `${uri.slice(0, mark)}?${parameters.join('&')}`;
}

/** The URI without its query: what entries that differ only in the query have in common. */
export function withoutQuery(uri: string): string {
  const mark = uri.indexOf('?');
  return mark < 0 ? uri : uri.slice(0, mark);
}

/** Scheme, host and port of an absolute URI (RFC 9110 §4.3.1), as in `http://example.com:8080`. */
export function originOf(uri: string): string {
  const authority = uri.indexOf('//') + 2;
  const end = uri.slice(authority).search(/[/?#]/);
  return end < 0 ? uri : uri.slice(0, authority + end);
}

/** The path alone, whatever the host: the key of the cache file per path. */
export function pathKey(uri: string): string {
  return withoutQuery(uri.slice(originOf(uri).length)) || '/';
}

function parameterName(parameter: string): string {
  const equals = parameter.indexOf('=');
  return equals < 0 ? parameter : parameter.slice(0, equals);
}

/** By name only, and stable, so that the order of equal names keeps its meaning. */
function byName(a: string, b: string): number {
  const nameA = parameterName(a);
  const nameB = parameterName(b);
  if (nameA === nameB) return 0;
  return nameA < nameB ? -1 : 1;
}
