import * as v from 'valibot';
import type { BodyRequestMap } from './body-contract.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const id = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const source = v.union([
  v.strictObject({ exchange: id, side: v.picklist(['request', 'response']) }),
  v.strictObject({ entry: id }),
]);
const upTo = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(max));

/** The decoded bytes that one read returns at most. */
const MAX_READ = 1024 * 1024;
const MAX_ROWS = 1_000;
/** UTF-16 units of a text that is looked for. */
const MAX_SOUGHT = 1_000;

/** What the parameters of requests about bodies must look like. */
export const bodySchemas: {
  readonly [N in keyof BodyRequestMap]: v.GenericSchema<unknown, BodyRequestMap[N]['params']>;
} = {
  'body.open': v.strictObject({ source }),
  'body.decoded': v.strictObject({ source, offset: count, length: upTo(MAX_READ) }),
  'body.rows': v.strictObject({ source, from: count, limit: upTo(MAX_ROWS) }),
  'body.find': v.strictObject({
    source,
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_SOUGHT)),
    matchCase: v.boolean(),
    from: count,
  }),
};
