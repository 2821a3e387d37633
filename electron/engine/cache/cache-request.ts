import type { HeaderList } from '../../../shared/headers.ts';
import { combineValues, isHeaderName } from '../../../shared/headers.ts';
import type { RequestDirectives } from './cache-control.ts';
import { isPragmaNoCache, NO_REQUEST_DIRECTIVES, parseRequestDirectives } from './cache-control.ts';

/**
 * A request as the policy sees it. Field values are combined values; undefined means absent. A field that takes one value and
 * came twice is thereby one that is not understood, and is ignored (RFC 9110 §13.1.3, §14.2).
 */
export interface CacheRequest {
  readonly method: string;
  /** The target URI (RFC 9110 §7.1), absolute, without a fragment. */
  readonly uri: string;
  readonly headers: HeaderList;
  readonly directives: RequestDirectives;
  /** The field that `no-cache` came from, for explanations. */
  readonly noCacheFrom: 'Cache-Control' | 'Pragma' | undefined;
  readonly authorized: boolean;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: string | undefined;
  /** If-Match or If-Unmodified-Since is there: conditions that only the origin may evaluate (RFC 9111 §4.3.2). */
  readonly originCondition: boolean;
}

/**
 * Reads what matters to a cache from a request's fields, in one pass that allocates only what it returns.
 *
 * @param uri the absolute target URI
 */
export function readCacheRequest(method: string, uri: string, headers: HeaderList): CacheRequest {
  let cacheControl: string | undefined;
  let pragma: string | undefined;
  let authorized = false;
  let range: string | undefined;
  let ifRange: string | undefined;
  let ifNoneMatch: string | undefined;
  let ifModifiedSince: string | undefined;
  let originCondition = false;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] as string;
    const value = headers[i + 1] as string;
    // The length of the name rules out nearly every field before any comparison.
    switch (name.length) {
      case 5:
        if (isHeaderName(name, 'range')) range = combineValues(range, value);
        break;
      case 6:
        if (isHeaderName(name, 'pragma')) pragma = combineValues(pragma, value);
        break;
      case 8:
        if (isHeaderName(name, 'if-range')) ifRange = combineValues(ifRange, value);
        else if (isHeaderName(name, 'if-match')) originCondition = true;
        break;
      case 13:
        if (isHeaderName(name, 'cache-control')) cacheControl = combineValues(cacheControl, value);
        else if (isHeaderName(name, 'if-none-match')) ifNoneMatch = combineValues(ifNoneMatch, value);
        else if (isHeaderName(name, 'authorization')) authorized = true;
        break;
      case 17:
        if (isHeaderName(name, 'if-modified-since')) ifModifiedSince = combineValues(ifModifiedSince, value);
        break;
      case 19:
        if (isHeaderName(name, 'if-unmodified-since')) originCondition = true;
        break;
    }
  }
  let directives = cacheControl === undefined ? NO_REQUEST_DIRECTIVES : parseRequestDirectives(cacheControl);
  let noCacheFrom: CacheRequest['noCacheFrom'] = directives.noCache ? 'Cache-Control' : undefined;
  // Pragma counts only when there is no Cache-Control (RFC 9111 §5.4).
  if (cacheControl === undefined && pragma !== undefined && isPragmaNoCache(pragma)) {
    directives = { ...NO_REQUEST_DIRECTIVES, noCache: true };
    noCacheFrom = 'Pragma';
  }
  return {
    method,
    uri,
    headers,
    directives,
    noCacheFrom,
    authorized,
    range,
    ifRange,
    ifNoneMatch,
    ifModifiedSince,
    originCondition,
  };
}
