import type { Outcome } from '../../../shared/trace-event.ts';
import { ExchangeError, toExchangeError } from '../errors.ts';
import type { Exchange } from './exchange.ts';
import type { Chain, Handler } from './handler.ts';
import type { Reply } from './reply.ts';

/** How the runner hands a reply to the client. */
export interface Delivery {
  /** Sends the reply to its end; resolves with how that went and never rejects. */
  deliver(reply: Reply): Promise<Outcome>;
  /** The reply that tells the client of an error; nothing has been sent when this is asked for. */
  errorReply(error: ExchangeError): Reply;
}

export interface RunOptions {
  /** How long (ms) a handler may go on after an abort before it is left behind and traced as stuck. */
  readonly stuckAfter: number;
}

/**
 * Takes an exchange through the chain: each `setup` lazily on the way in, `handle` around the rest, the reply to
 * `delivery`, then `finish` of every handler whose setup completed, in reverse, exactly once. This is the only place
 * that calls the three. Never rejects; the exchange's trace gets its one outcome as the last event.
 */
export async function runExchange(
  chain: Chain,
  x: Exchange,
  delivery: Delivery,
  options: RunOptions,
): Promise<Outcome> {
  const run = new Run(chain, x);
  const outcome = await run.answer(delivery, options);
  await run.finish(outcome);
  x.trace.finished(outcome);
  return outcome;
}

class Run {
  readonly #chain: Chain;
  readonly #x: Exchange;
  readonly #states: unknown[] = [];

  constructor(chain: Chain, x: Exchange) {
    this.#chain = chain;
    this.#x = x;
  }

  async answer(delivery: Delivery, options: RunOptions): Promise<Outcome> {
    let reply: Reply;
    try {
      reply = await this.#handleOrGiveUp(options.stuckAfter);
    } catch (thrown) {
      return this.#fail(toExchangeError(thrown, this.#depth()), delivery);
    }
    if (this.#x.aborted !== undefined) {
      discard(reply, this.#x);
      return abortedOutcome(this.#x, 'handle');
    }
    return delivery.deliver(reply);
  }

  async finish(outcome: Outcome): Promise<void> {
    const { trace } = this.#x;
    for (let i = this.#states.length - 1; i >= 0; i--) {
      const handler = this.#chain[i] as Handler<unknown>;
      if (handler.finish === undefined) continue;
      const open = trace.enter(handler.name, 'finish');
      try {
        await handler.finish(this.#x, this.#states[i], outcome);
        trace.leave(open);
      } catch (thrown) {
        // The response is out; whoever finishes next still has to.
        trace.leave(open, thrown);
        trace.note('error', 'FINISH_FAILED', `${handler.name}.finish threw: ${messageOf(thrown)}`);
      }
    }
  }

  /** The chain's reply, or a rejection when an abort was ignored for longer than the grace time. */
  #handleOrGiveUp(stuckAfter: number): Promise<Reply> {
    const x = this.#x;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      let leftBehind = false;
      const forget = x.onAbort(() => {
        timer = setTimeout(() => {
          leftBehind = true;
          const handler = this.#depth();
          x.trace.note('warning', 'HANDLER_STUCK', `${handler} went on for ${stuckAfter} ms after the abort.`);
          reject(new ExchangeError('HANDLER_STUCK', handler));
        }, stuckAfter);
      });
      const settle = (): void => {
        forget();
        if (timer !== undefined) clearTimeout(timer);
      };
      this.#call(0).then(
        (reply) => {
          settle();
          if (leftBehind) discard(reply, x);
          else resolve(reply);
        },
        (error: unknown) => {
          settle();
          reject(error);
        },
      );
    });
  }

  async #call(index: number): Promise<Reply> {
    const handler = this.#chain[index] as Handler<unknown> | undefined;
    if (handler === undefined) throw new ExchangeError('NOT_FORWARDABLE', 'chain', 'No handler answered it.');
    const state = await this.#setUp(handler);
    this.#states[index] = state;
    const { trace } = this.#x;
    const open = trace.enter(handler.name, 'handle');
    let called = false;
    const next = (): Promise<Reply> => {
      if (called) return Promise.reject(new ExchangeError('NEXT_TWICE', handler.name, `It was ${handler.name}.`));
      called = true;
      return this.#call(index + 1);
    };
    try {
      const reply = await handler.handle(this.#x, state, next);
      trace.leave(open);
      return reply;
    } catch (thrown) {
      trace.leave(open, thrown);
      throw toExchangeError(thrown, handler.name);
    }
  }

  async #setUp(handler: Handler<unknown>): Promise<unknown> {
    if (handler.setup === undefined) return undefined;
    const { trace } = this.#x;
    const open = trace.enter(handler.name, 'setup');
    try {
      const state = await handler.setup(this.#x);
      trace.leave(open);
      return state;
    } catch (thrown) {
      trace.leave(open, thrown);
      throw toExchangeError(thrown, handler.name);
    }
  }

  /** The innermost handler that was reached. */
  #depth(): string {
    return this.#chain[this.#states.length - 1]?.name ?? 'chain';
  }

  async #fail(error: ExchangeError, delivery: Delivery): Promise<Outcome> {
    if (this.#x.aborted !== undefined) return abortedOutcome(this.#x, error.phase);
    const failed: Outcome = { kind: 'failed', code: error.code, phase: error.phase, message: error.message };
    const told = await delivery.deliver(delivery.errorReply(error));
    return told.kind === 'aborted' ? told : failed;
  }
}

/** The outcome of an exchange that was aborted in `phase`. */
export function abortedOutcome(x: Exchange, phase: string): Outcome {
  const { by, message } = x.aborted ?? { by: 'hopscope' as const, message: 'The exchange was aborted.' };
  return { kind: 'aborted', by, phase, message };
}

/** Lets go of a reply that nobody will read. */
function discard(reply: Reply, x: Exchange): void {
  reply.tunnel?.destroy();
  if (reply.body === null || reply.body instanceof Uint8Array) return;
  reply.body[Symbol.asyncIterator]()
    .return?.()
    .catch((thrown: unknown) => x.trace.note('info', 'DISCARD_FAILED', messageOf(thrown)));
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
