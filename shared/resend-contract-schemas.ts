import * as v from 'valibot';
import { headerListSchema } from './header-schema.ts';
import { MAX_EDITED_BODY } from './resend-contract.ts';
import type { ResendRequestMap } from './resend-contract.ts';

/** A request that a person edited. */
export const editedRequestSchema = v.strictObject({
  method: v.pipe(v.string(), v.maxLength(100), v.regex(/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/, 'a method is a token')),
  url: v.pipe(v.string(), v.maxLength(16_384), v.regex(/^https?:\/\/[\x21-\x7e]+$/i, 'an http or https URL')),
  headers: headerListSchema,
  body: v.union([
    v.picklist(['recorded', 'none']),
    v.strictObject({ text: v.pipe(v.string(), v.maxLength(MAX_EDITED_BODY)) }),
  ]),
});

/** What the parameters of the requests about sending again must look like. */
export const resendSchemas: {
  readonly [N in keyof ResendRequestMap]: v.GenericSchema<unknown, ResendRequestMap[N]['params']>;
} = {
  'exchange.resend': v.strictObject({
    id: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    edited: v.exactOptional(editedRequestSchema),
    pastCache: v.boolean(),
    untilEnded: v.exactOptional(v.boolean()),
  }),
};
