import * as v from 'valibot';
import { MOST_NAMED } from './contract.ts';
import { MAX_FILE_READ, MAX_SESSION_NAME, MAX_UPLOAD_PIECE } from './session-contract.ts';
import type { SessionRequestMap } from './session-contract.ts';

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(400));
const name = v.pipe(v.string(), v.trim(), v.minLength(1, 'a session needs a name'), v.maxLength(MAX_SESSION_NAME));
const position = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
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
    offset: position,
    length: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_FILE_READ)),
  }),
  'sessions.beginUpload': v.strictObject({ name: v.pipe(v.string(), v.maxLength(400)), bytes: position }),
  // Not checked character by character: what is no base64 does not add up to the file's size.
  'sessions.writeUpload': v.strictObject({
    id,
    offset: position,
    base64: v.pipe(v.string(), v.maxLength(Math.ceil(MAX_UPLOAD_PIECE / 3) * 4)),
  }),
  'sessions.endUpload': v.strictObject({ id }),
  'sessions.open': v.strictObject({ id }),
  'sessions.merge': v.strictObject({ id }),
  'sessions.rename': v.strictObject({ id, name }),
  'sessions.delete': v.strictObject({ id }),
};
