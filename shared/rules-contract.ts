import * as v from 'valibot';
import { headerListSchema } from './header-schema.ts';
import type { HeaderList } from './headers.ts';
import { MAX_EDITED_BODY } from './resend-contract.ts';
import type { EditedRequest } from './resend-contract.ts';
import { editedRequestSchema } from './resend-contract-schemas.ts';
import { wholeNumber } from './whole-number.ts';

/**
 * The contract's part about exchanges that a rule holds. One that is held waits until it is released, its client goes
 * away, its rule is switched off, nobody is connected any more, or Hopscope stops.
 */
export interface RulesRequestMap {
  /** The message that is held of an exchange; `NOT_FOUND` when nothing of it is held. */
  'exchange.held': { params: { id: number }; result: HeldMessage };
  /** Lets it go on, as it is or edited, or ends it. `NOT_FOUND` when nothing of it is held, `BAD_REQUEST` when the order makes no sense. */
  'exchange.release': { params: { id: number; order: ReleaseOrder }; result: null };
  /** Lets everything that is held go on as it is. */
  'exchanges.releaseAll': { params: undefined; result: { released: number } };
}

/** Exchanges that are held at once; what comes beyond goes on, with a note. */
export const MAX_HELD = 200;

export type HeldMessage =
  | {
      readonly stage: 'request';
      readonly method: string;
      /** Absolute. */
      readonly url: string;
      readonly headers: HeaderList;
      readonly body: HeldBody;
      /** It asks for another protocol, such as a WebSocket: it stays a GET, and only its server can answer it. */
      readonly switching?: true;
    }
  | {
      readonly stage: 'response';
      readonly status: number;
      readonly reason: string;
      readonly headers: HeaderList;
      readonly body: HeldBody;
    };

export type HeldBody =
  | { readonly kind: 'none' }
  /** At most {@link MAX_EDITED_BODY} long. */
  | { readonly kind: 'text'; readonly text: string }
  /** No UTF-8 text, too long, or without an end: passes on as it is unless it is replaced. `bytes` when its length is known. */
  | { readonly kind: 'kept'; readonly bytes?: number };

export type ReleaseOrder =
  /** On to the server, or to the client; `request` belongs to a held request, `response` to a held response. */
  | { readonly type: 'continue'; readonly request?: EditedRequest; readonly response?: EditedResponse }
  /** Answers a held request; it goes no further. */
  | { readonly type: 'answer'; readonly response: EditedResponse }
  /** Closes the client's connection without an answer. */
  | { readonly type: 'abort' };

/** A response in a person's words. What frames the message is worked out anew, whatever its fields say. */
export interface EditedResponse {
  readonly status: number;
  readonly headers: HeaderList;
  /** As it came, none, or a text to be sent as UTF-8. */
  readonly body: 'kept' | 'none' | { readonly text: string };
}

const id = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const editedResponse = v.strictObject({
  status: wholeNumber(200, 599, 'a status is a whole number from 200 to 599'),
  headers: headerListSchema,
  body: v.union([
    v.picklist(['kept', 'none']),
    v.strictObject({ text: v.pipe(v.string(), v.maxLength(MAX_EDITED_BODY)) }),
  ]),
});

/** What the parameters of the requests about held exchanges must look like. */
export const rulesSchemas: {
  readonly [N in keyof RulesRequestMap]: v.GenericSchema<unknown, RulesRequestMap[N]['params']>;
} = {
  'exchange.held': v.strictObject({ id }),
  'exchange.release': v.strictObject({
    id,
    order: v.variant('type', [
      v.strictObject({
        type: v.literal('continue'),
        request: v.exactOptional(editedRequestSchema),
        response: v.exactOptional(editedResponse),
      }),
      v.strictObject({ type: v.literal('answer'), response: editedResponse }),
      v.strictObject({ type: v.literal('abort') }),
    ]),
  }),
  // JSON has no undefined: over WebSocket absent params are missing or null.
  'exchanges.releaseAll': v.pipe(
    v.nullish(v.undefined()),
    v.transform(() => undefined),
  ),
};
