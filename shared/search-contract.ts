import * as v from 'valibot';

/** The contract's part about what the list does not know of exchanges: to find them by it, and to show it. */
export interface SearchRequestMap {
  /**
   * Those of `ids` (≤ 200) that pass `filter`, which may ask for fields and bodies; exchanges that are not kept any more do
   * not. `BAD_FILTER` when it cannot be understood. Whoever asks goes through the session piece by piece, and so can stop.
   */
  'exchanges.match': { params: MatchQuestion; result: { matching: number[] } };
  /** For each of `ids` (≤ 200) the values of `fields` (≤ 16), cut at 1,000 characters; null where there is none. */
  'exchanges.fields': {
    params: { ids: readonly number[]; fields: readonly ExchangeField[] };
    result: { values: (string | null)[][] };
  };
}

export interface MatchQuestion {
  readonly filter: string;
  readonly ids: readonly number[];
}

/** A header field of one of the messages (`name` in lower case), or the cache's key. */
export type ExchangeField =
  { readonly of: 'request' | 'response'; readonly name: string } | { readonly of: 'cache-key' };

const id = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const ids = v.pipe(v.array(id), v.maxLength(200));

export const searchSchemas = {
  'exchanges.match': v.strictObject({
    filter: v.pipe(v.string(), v.maxLength(10_000)),
    ids,
  }),
  'exchanges.fields': v.strictObject({
    ids,
    fields: v.pipe(
      v.array(
        v.variant('of', [
          v.strictObject({ of: v.picklist(['request', 'response']), name: v.pipe(v.string(), v.maxLength(200)) }),
          v.strictObject({ of: v.literal('cache-key') }),
        ]),
      ),
      v.maxLength(16),
    ),
  }),
};
