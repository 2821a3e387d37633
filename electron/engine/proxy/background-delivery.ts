import type { Outcome } from '../../../shared/trace-event.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Delivery } from '../chain/run-exchange.ts';
import { toExchangeError } from '../errors.ts';
import { errorReply } from './error-reply.ts';

/** Delivery for an exchange without a client: reads the body to its end, for the cache, and drops it. */
export function backgroundDelivery(x: Exchange): Delivery {
  return {
    errorReply,
    async deliver(reply): Promise<Outcome> {
      x.trace.responseStarted(reply, reply.headers);
      let failure: Outcome | undefined;
      try {
        if (reply.body !== null && !(reply.body instanceof Uint8Array)) {
          for await (const chunk of reply.body) x.trace.responseChunk(chunk);
        }
      } catch (thrown) {
        const error = toExchangeError(thrown, 'receive');
        failure = { kind: 'failed', code: error.code, phase: error.phase, message: error.message };
      }
      x.trace.responseEnded(reply.trailers?.(), failure === undefined);
      return failure ?? { kind: 'completed' };
    },
  };
}
