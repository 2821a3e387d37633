import type { Outcome } from '../../../shared/trace-event.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Delivery } from '../chain/run-exchange.ts';
import { abortedOutcome } from '../chain/run-exchange.ts';
import { toExchangeError } from '../errors.ts';
import { errorReply } from './error-reply.ts';

/** Delivery for an exchange without a client: reads the body to its end, for cache and recording, and drops it. */
export function backgroundDelivery(x: Exchange): Delivery {
  return {
    errorReply,
    async deliver(reply): Promise<Outcome> {
      x.trace.responseStarted(reply, reply.headers);
      let failure: Outcome | undefined;
      try {
        if (reply.body instanceof Uint8Array) {
          // Kept for a GET, it may be the reply's to a HEAD, which gets none of it (RFC 9110 §9.3.2).
          if (x.received.method !== 'HEAD') x.trace.responseChunk(reply.body);
        } else if (reply.body !== null) {
          for await (const chunk of reply.body) x.trace.responseChunk(chunk);
        }
      } catch (thrown) {
        const error = toExchangeError(thrown, 'receive');
        failure = { kind: 'failed', code: error.code, phase: error.phase, message: error.message };
      }
      if (x.aborted !== undefined) failure = abortedOutcome(x, 'receive');
      x.trace.responseEnded(reply.trailers?.(), failure === undefined);
      return failure ?? { kind: 'completed' };
    },
  };
}
