import type { ExchangeRow } from '../exchange-view.ts';
import type { HeaderList } from '../headers.ts';

/**
 * What a filter can see of an exchange in the list. A row fits, and so may whatever keeps rows in another shape: what is
 * absent may also be there and undefined.
 */
export type FilteredExchange = Optional<
  Pick<
    ExchangeRow,
    | 'id'
    | 'kind'
    | 'start'
    | 'end'
    | 'method'
    | 'url'
    | 'version'
    | 'client'
    | 'connection'
    | 'parent'
    | 'replay'
    | 'status'
    | 'from'
    | 'contentType'
    | 'upstream'
    | 'remote'
    | 'responseAt'
    | 'verdict'
    | 'fwd'
    | 'ttl'
    | 'age'
    | 'requestBytes'
    | 'responseBytes'
    | 'messages'
    | 'outcome'
    | 'rules'
    | 'held'
    | 'warnings'
  >
>;

type Optional<T> = { readonly [K in keyof T]: undefined extends T[K] ? T[K] | undefined : T[K] };

/** What the list does not know of an exchange: it is read from the session when a filter asks for it. */
export interface FilterDetail {
  /** As the client sent them, and as they were sent to the client. */
  readonly requestHeaders: HeaderList;
  readonly responseHeaders: HeaderList;
  /** Decoded text of the captured bodies. */
  readonly requestBody: string;
  readonly responseBody: string;
  /** The cache key; empty when the cache was not asked. */
  readonly cacheKey: string;
}
