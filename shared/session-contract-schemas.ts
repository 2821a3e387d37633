import * as v from 'valibot';
import { MOST_NAMED } from './contract.ts';
import { MAX_FILE_READ, MAX_SESSION_NAME } from './session-contract.ts';
import type { SessionRequestMap } from './session-contract.ts';

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(400));
const name = v.pipe(v.string(), v.trim(), v.minLength(1, 'a session needs a name'), v.maxLength(MAX_SESSION_NAME));
const nothing = v.pipe(
  v.nullish(v.undefined()),
  v.transform(() => undefined),
);

/** What the parameters of the requests about sessions must look like. */
export const sessionSchemas: {
  readonly [N in keyof SessionRequestMap]: v.GenericSchema<unknown, SessionRequestMap[N]['params']>;
} = {
  'sessions.list': nothing,
  'sessions.save': v.strictObject({
    ...{ name, format: v.picklist(['hopscope', 'har']) },
  }),
  'sessions.export': v.strictObject({
    only: v.pipe(v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(1))), v.maxLength(MOST_NAMED)),
    secrets: v.boolean(),
  }),
  'sessions.read': v.strictObject({
    id,
    offset: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    length: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_FILE_READ)),
  }),
  'sessions.open': v.strictObject({ id }),
  'sessions.merge': v.strictObject({ id }),
  'sessions.rename': v.strictObject({ id, name }),
  'sessions.delete': v.strictObject({ id }),
};
