import * as v from 'valibot';
import type { Params, RequestName } from './contract.ts';
import { settingsPatchSchema } from './settings.ts';

const id = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const offset = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
// JSON has no undefined: over WebSocket absent params are missing or null.
const nothing = v.pipe(
  v.nullish(v.undefined()),
  v.transform(() => undefined),
);

/** The rows that one page holds at most. */
export const MAX_PAGE = 5_000;
/** The body bytes that one read returns at most. */
export const MAX_BODY_READ = 1024 * 1024;

/** What the parameters of every request must look like. Whatever comes from a renderer goes through these first. */
export const requestSchemas: { readonly [N in RequestName]: v.GenericSchema<unknown, Params<N>> } = {
  'engine.snapshot': nothing,
  'exchanges.page': v.strictObject({
    before: v.exactOptional(id),
    limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_PAGE)),
  }),
  'exchange.read': v.strictObject({ id }),
  'exchange.watch': v.strictObject({ id: v.nullable(id) }),
  'body.read': v.strictObject({
    id,
    side: v.picklist(['request', 'response']),
    offset,
    length: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_BODY_READ)),
  }),
  'settings.update': v.strictObject({ patch: settingsPatchSchema }),
  'session.clear': nothing,
  'cache.stats': nothing,
  'cache.purge': v.strictObject({ key: v.exactOptional(v.string()) }),
  'sample.send': nothing,
  'trace.ack': v.strictObject({ lastSeq: offset }),
};

/** Says whether `name`, which came from outside, is a request of the contract. */
export function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(requestSchemas, name);
}
