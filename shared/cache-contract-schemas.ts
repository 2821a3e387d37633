import * as v from 'valibot';
import { ENTRY_SORTS } from './cache-contract.ts';
import type { CacheRequestMap } from './cache-contract.ts';

/** The entries that one page holds at most. */
export const MAX_ENTRIES = 1_000;
/** The exchanges that one answer lists at most. */
const MAX_EXCHANGES = 200;

const id = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const offset = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const upTo = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(max));
const text = v.pipe(v.string(), v.minLength(1, 'must not be empty'), v.maxLength(65_536));

const purgeTarget = v.union(
  [
    v.strictObject({ id }),
    v.strictObject({ key: text }),
    v.strictObject({ host: text }),
    v.strictObject({ pattern: text }),
    v.strictObject({ group: text, origin: v.exactOptional(text) }),
    v.strictObject({ everything: v.literal(true) }),
  ],
  'one of id, key, host, pattern, group (with or without an origin), everything: true',
);

const nothing = v.pipe(
  v.nullish(v.undefined()),
  v.transform(() => undefined),
);

/** What the parameters of the cache's requests must look like. */
export const cacheSchemas: {
  readonly [N in keyof CacheRequestMap]: v.GenericSchema<unknown, CacheRequestMap[N]['params']>;
} = {
  'cache.stats': nothing,
  'cache.entries': v.strictObject({
    search: v.exactOptional(v.pipe(v.string(), v.maxLength(2_000))),
    key: v.exactOptional(text),
    sort: v.exactOptional(v.picklist(ENTRY_SORTS)),
    ascending: v.exactOptional(v.boolean()),
    offset,
    limit: upTo(MAX_ENTRIES),
  }),
  'cache.entry': v.strictObject({ id }),
  'cache.body': v.strictObject({ id, offset, length: upTo(1024 * 1024) }),
  'cache.purge': purgeTarget,
  'cache.restore': v.strictObject({ id }),
  'cache.entryOf': v.strictObject({ exchange: id }),
  'cache.exchanges': v.strictObject({ id, limit: upTo(MAX_EXCHANGES) }),
};
