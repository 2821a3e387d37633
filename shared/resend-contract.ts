import type { HeaderList } from './headers.ts';
import type { ExchangeKind, Outcome } from './trace-event.ts';

/** The contract's part about requests that are sent again. */
export interface ResendRequestMap {
  /**
   * Sends the request of an exchange again, as it was or edited, and tells the id of the exchange that this begins, whose
   * `parent` is the other one. {@link RESENDS_AT_ONCE} are under way at once; the next one waits. `NOT_FOUND` when the exchange was evicted or
   * never was, `NOT_RESENDABLE` when it cannot be sent again, `BODY_NOT_KEPT` when its body is not recorded as a whole,
   * `MASKED_FIELD` when the value of a field was left out of the session, `BAD_REQUEST` when the edited one makes no sense.
   */
  'exchange.resend': { params: ResendOrder; result: ResentExchange };
}

/** Requests that are under way at once: more selected rows are no flood for whoever answers them. */
export const RESENDS_AT_ONCE = 6;

export interface ResentExchange {
  readonly id: number;
  /** How it ended, for an order that waits for that. */
  readonly outcome?: Outcome['kind'];
}

export interface ResendOrder {
  readonly id: number;
  /** Absent: the request as it was recorded. */
  readonly edited?: EditedRequest;
  /** The cache neither answers it nor stores what it brings. */
  readonly pastCache: boolean;
  /** The answer waits until the new exchange is over. */
  readonly untilEnded?: boolean;
}

/** A request in a person's words. What frames the message is worked out anew, whatever its fields say. */
export interface EditedRequest {
  readonly method: string;
  /** An absolute URL. */
  readonly url: string;
  readonly headers: HeaderList;
  /** The recorded one, a text to be sent as UTF-8, or none. */
  readonly body: 'recorded' | 'none' | { readonly text: string };
}

/** The longest body, in UTF-16 code units, that can be edited; what is longer can be sent as it was recorded. */
export const MAX_EDITED_BODY = 48 * 1024;

/** Why rows that are no requests cannot be sent again. */
export const NO_REQUEST: Readonly<Record<Exclude<ExchangeKind, 'http'>, string>> = {
  tunnel: 'A tunnel carries bytes between its two ends, not a request: it cannot be sent again.',
  websocket: 'A WebSocket is a conversation, not a request: it cannot be sent again.',
  malformed: 'This never became a request: there is nothing to send again.',
};
