import type { HeaderList } from '../../../shared/headers.ts';
import { combineValues, isHeaderName } from '../../../shared/headers.ts';

/** What a cache reads in a response's fields. Undefined means absent. */
export interface CacheResponse {
  readonly headers: HeaderList;
  /** Combined values (RFC 9110 §5.3). */
  readonly age: string | undefined;
  readonly cacheControl: string | undefined;
  readonly cacheGroups: string | undefined;
  readonly contentLength: string | undefined;
  readonly noVarySearch: string | undefined;
  readonly vary: string | undefined;
  /** The first value, of fields that take one. */
  readonly contentLocation: string | undefined;
  readonly contentType: string | undefined;
  readonly date: string | undefined;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  /** Every value. */
  readonly expires: readonly string[];
}

const NO_VALUES: readonly string[] = [];

/** Reads what matters to a cache from a response's fields, in one pass that allocates only what it returns. */
export function readCacheResponse(headers: HeaderList): CacheResponse {
  let age: string | undefined;
  let cacheControl: string | undefined;
  let cacheGroups: string | undefined;
  let contentLength: string | undefined;
  let noVarySearch: string | undefined;
  let vary: string | undefined;
  let contentLocation: string | undefined;
  let contentType: string | undefined;
  let date: string | undefined;
  let etag: string | undefined;
  let lastModified: string | undefined;
  let expires = NO_VALUES;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] as string;
    const value = headers[i + 1] as string;
    // The length of the name rules out nearly every field before any comparison.
    switch (name.length) {
      case 3:
        if (isHeaderName(name, 'age')) age = combineValues(age, value);
        break;
      case 4:
        if (isHeaderName(name, 'date')) date ??= value;
        else if (isHeaderName(name, 'etag')) etag ??= value;
        else if (isHeaderName(name, 'vary')) vary = combineValues(vary, value);
        break;
      case 7:
        if (isHeaderName(name, 'expires')) expires = [...expires, value];
        break;
      case 12:
        if (isHeaderName(name, 'content-type')) contentType ??= value;
        else if (isHeaderName(name, 'cache-groups')) cacheGroups = combineValues(cacheGroups, value);
        break;
      case 13:
        if (isHeaderName(name, 'cache-control')) cacheControl = combineValues(cacheControl, value);
        else if (isHeaderName(name, 'last-modified')) lastModified ??= value;
        break;
      case 14:
        if (isHeaderName(name, 'content-length')) contentLength = combineValues(contentLength, value);
        else if (isHeaderName(name, 'no-vary-search')) noVarySearch = combineValues(noVarySearch, value);
        break;
      case 16:
        if (isHeaderName(name, 'content-location')) contentLocation ??= value;
        break;
    }
  }
  return {
    headers,
    age,
    cacheControl,
    cacheGroups,
    contentLength,
    noVarySearch,
    vary,
    contentLocation,
    contentType,
    date,
    etag,
    lastModified,
    expires,
  };
}
