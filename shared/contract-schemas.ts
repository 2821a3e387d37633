import * as v from 'valibot';
import { annotationChangeSchema } from './annotations-contract.ts';
import { appSchemas } from './app-contract-schemas.ts';
import { bodySchemas } from './body-contract-schemas.ts';
import { cacheSchemas } from './cache-contract-schemas.ts';
import { MOST_NAMED } from './contract.ts';
import type { Params, RequestName } from './contract.ts';
import { CACHE_MODES } from './decision.ts';
import { headerListSchema } from './header-schema.ts';
import { healthSchemas } from './health-contract.ts';
import { resendSchemas } from './resend-contract-schemas.ts';
import { rulesSchemas } from './rules-contract.ts';
import { searchSchemas } from './search-contract.ts';
import { sessionSchemas } from './session-contract-schemas.ts';
import { settingsPatchSchema } from './settings.ts';

const id = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const offset = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const namedIds = v.pipe(v.array(id), v.maxLength(MOST_NAMED));
// The last moment that a Date can hold.
const time = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15));
// JSON has no undefined: over WebSocket absent params are missing or null.
const nothing = v.pipe(
  v.nullish(v.undefined()),
  v.transform(() => undefined),
);

/** The rows that one page holds at most. */
export const MAX_PAGE = 5_000;
/** The body bytes that one read returns at most. */
export const MAX_BODY_READ = 1024 * 1024;
/** The messages that one read returns at most. */
const MAX_MESSAGES = 500;

/** What the parameters of every request must look like. Whatever comes from a renderer goes through these first. */
export const requestSchemas: { readonly [N in RequestName]: v.GenericSchema<unknown, Params<N>> } = {
  'engine.snapshot': nothing,
  'exchanges.page': v.strictObject({
    before: v.exactOptional(id),
    limit: limitUpTo(MAX_PAGE),
  }),
  'exchange.read': v.strictObject({ id }),
  'exchange.watch': v.strictObject({ id: v.nullable(id) }),
  'body.read': v.strictObject({
    id,
    side: v.picklist(['request', 'response']),
    offset,
    length: limitUpTo(MAX_BODY_READ),
  }),
  'messages.read': v.strictObject({ id, from: offset, limit: limitUpTo(MAX_MESSAGES) }),
  'messages.kinds': v.strictObject({ id, from: offset, limit: limitUpTo(MAX_BODY_READ) }),
  'messages.payload': v.strictObject({ id, index: offset, offset, length: limitUpTo(MAX_BODY_READ) }),
  'settings.update': v.strictObject({ patch: settingsPatchSchema }),
  'access.hash': v.strictObject({ password: v.pipe(v.string(), v.minLength(1), v.maxLength(1_000)) }),
  'session.clear': v.union([nothing, v.strictObject({ keep: namedIds })]),
  'exchanges.delete': v.strictObject({ ids: namedIds }),
  'exchanges.annotate': v.strictObject({ ids: namedIds, change: annotationChangeSchema }),
  'session.restore': nothing,
  ...searchSchemas,
  ...resendSchemas,
  ...rulesSchemas,
  ...sessionSchemas,
  ...cacheSchemas,
  ...bodySchemas,
  ...appSchemas,
  ...healthSchemas,
  'cache.whatIf': v.strictObject({
    id,
    now: v.exactOptional(time),
    mode: v.exactOptional(v.picklist(CACHE_MODES)),
    requestHeaders: v.exactOptional(headerListSchema),
    laterOnly: v.exactOptional(v.boolean()),
    responseHeaders: v.exactOptional(headerListSchema),
  }),
  'systemProxy.read': nothing,
  'systemProxy.set': v.strictObject({ on: v.boolean() }),
  'browsers.list': nothing,
  'browsers.open': v.strictObject({
    id: v.picklist(['chromium', 'chrome', 'edge', 'brave', 'firefox']),
    // It becomes an argument: nothing but an address of the web may.
    url: v.exactOptional(
      v.pipe(v.string(), v.maxLength(2_000), v.regex(/^https?:\/\/[\x21-\x7e]+$/, 'an http or https URL')),
    ),
  }),
  'clients.facts': nothing,
  'sample.send': nothing,
  'trace.ack': v.strictObject({ lastSeq: offset }),
};

/** Says whether `name`, which came from outside, is a request of the contract. */
export function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(requestSchemas, name);
}

/** How much of something is wanted. */
function limitUpTo(max: number) {
  return v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(max));
}
