import type { Outcome } from '../../../shared/trace-event.ts';
import { messageOf } from '../../../shared/message-of.ts';
import { ExchangeError, toExchangeError } from '../errors.ts';
import type { OpenPhase } from './exchange-trace.ts';
import type { Exchange, RequestHead } from './exchange.ts';
import type { Answer, Chain, Handler } from './handler.ts';
import type { Reply } from './reply.ts';

/** How the runner hands a reply to the client. */
export interface Delivery {
  /** Sends the reply to its end; resolves with how that went and never rejects. */
  deliver(reply: Reply): Promise<Outcome>;
  /** The reply that tells the client of an error; nothing has been sent when this is asked for. */
  errorReply(error: ExchangeError, request: RequestHead): Reply;
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
  const finishing = run.finish(outcome);
  if (finishing !== undefined) await finishing;
  const settling = x.trace.settling();
  if (settling !== undefined) await settling;
  x.trace.finished(outcome);
  return outcome;
}

class Run {
  #chain: Chain;
  readonly #x: Exchange;
  /** What each setup made, outermost first: the handlers that are to be finished, even those without a setup. */
  readonly #states: unknown[] = [];
  /** An answer that is awaited, and the phases that it ends: of all handlers that have passed on what `next` gave them. */
  #awaited: { readonly answer: Promise<Reply>; readonly open: OpenPhase[] } | undefined;

  constructor(chain: Chain, x: Exchange) {
    this.#chain = chain;
    this.#x = x;
  }

  /** Has the chain handle the exchange and delivers what it answers, or its failure. */
  answer(delivery: Delivery, { stuckAfter }: RunOptions): Promise<Outcome> {
    try {
      const answer = this.#call(0);
      if (!(answer instanceof Promise)) return this.#deliver(answer, delivery);
      return this.#orGiveUp(answer, stuckAfter).then(
        (reply) => this.#deliver(reply, delivery),
        (thrown: unknown) => this.#fail(toExchangeError(thrown, this.#innermost()), delivery),
      );
    } catch (thrown) {
      return this.#fail(toExchangeError(thrown, this.#innermost()), delivery);
    }
  }

  #deliver(reply: Reply, delivery: Delivery): Promise<Outcome> {
    if (this.#x.aborted === undefined) return delivery.deliver(reply);
    discard(reply, this.#x);
    return Promise.resolve(abortedOutcome(this.#x, 'handle'));
  }

  /** Finishes the handlers from `index`, or the innermost, outwards; a promise only if one of them has something to wait for. */
  finish(outcome: Outcome, index = this.#states.length - 1): Promise<void> | undefined {
    const { trace } = this.#x;
    for (let i = index; i >= 0; i--) {
      const handler = this.#chain[i] as Handler<unknown>;
      if (handler.finish === undefined) continue;
      const open = trace.enter(handler.name, 'finish');
      try {
        const finishing = handler.finish(this.#x, this.#states[i], outcome);
        if (finishing instanceof Promise) return this.#finishLater(finishing, open, outcome, i - 1);
        trace.leave(open);
      } catch (thrown) {
        this.#finishFailed(open, thrown);
      }
    }
    return undefined;
  }

  async #finishLater(finishing: Promise<void>, open: OpenPhase, outcome: Outcome, index: number): Promise<void> {
    try {
      await finishing;
      this.#x.trace.leave(open);
    } catch (thrown) {
      this.#finishFailed(open, thrown);
    }
    await this.finish(outcome, index);
  }

  /** The response is out, and whoever finishes next still has to: the failure is told, nothing more. */
  #finishFailed(open: OpenPhase, thrown: unknown): void {
    const { trace } = this.#x;
    trace.leave(open, thrown);
    trace.note('error', 'FINISH_FAILED', `${open.handler}.finish threw: ${messageOf(thrown)}`);
  }

  /** The chain's reply, or a rejection when an abort is ignored for longer than the grace time. */
  #orGiveUp(answer: Promise<Reply>, stuckAfter: number): Promise<Reply> {
    const x = this.#x;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      let leftBehind = false;
      const forget = x.onAbort(() => {
        timer = setTimeout(() => {
          leftBehind = true;
          const handler = this.#innermost();
          x.trace.note('warning', 'HANDLER_STUCK', `${handler} went on for ${stuckAfter} ms after the abort.`);
          reject(new ExchangeError('HANDLER_STUCK', handler));
        }, stuckAfter);
      });
      const settle = (): void => {
        forget();
        if (timer !== undefined) clearTimeout(timer);
      };
      answer.then(
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

  /** What the handlers from `index` on answer. Throws or rejects with what went wrong, as an {@link ExchangeError}. */
  #call(index: number): Answer {
    const handler = this.#chain[index] as Handler<unknown> | undefined;
    if (handler === undefined) throw new ExchangeError('NOT_FORWARDABLE', 'chain', 'No handler answered it.');
    if (handler.setup === undefined) return this.#handle(handler, undefined, index);
    const state = this.#setUp(handler);
    if (state instanceof Promise) return state.then((made: unknown) => this.#handle(handler, made, index));
    return this.#handle(handler, state, index);
  }

  #handle(handler: Handler<unknown>, state: unknown, index: number): Answer {
    const { trace } = this.#x;
    this.#states[index] = state;
    const open = trace.enter(handler.name, 'handle');
    let called = false;
    const next = (rest?: Chain): Answer => {
      if (called) throw new ExchangeError('NEXT_TWICE', handler.name, `It was ${handler.name}.`);
      called = true;
      if (rest !== undefined) this.#chain = [...this.#chain.slice(0, index + 1), ...rest];
      return this.#call(index + 1);
    };
    let answer: Answer;
    try {
      answer = handler.handle(this.#x, state, next);
    } catch (thrown) {
      throw this.#failed(open, thrown);
    }
    if (answer instanceof Promise) return this.#leftWith(answer, open);
    trace.leave(open);
    return answer;
  }

  /** The answer, once the phase that it ends has been left. */
  #leftWith(answer: Promise<Reply>, open: OpenPhase): Promise<Reply> {
    const inner = this.#awaited;
    if (inner?.answer === answer) {
      inner.open.push(open);
      return answer;
    }
    const phases = [open];
    const left = this.#left(answer, phases);
    this.#awaited = { answer: left, open: phases };
    return left;
  }

  /** The same, once the phases that it is the result of have been left, innermost first. */
  #left<T>(result: Promise<T>, phases: readonly OpenPhase[]): Promise<T> {
    return result.then(
      (value) => {
        for (const phase of phases) this.#x.trace.leave(phase);
        return value;
      },
      (thrown: unknown) => {
        throw phases.reduce<unknown>((error, phase) => this.#failed(phase, error), thrown);
      },
    );
  }

  #failed(open: OpenPhase, thrown: unknown): ExchangeError {
    this.#x.trace.leave(open, thrown);
    return toExchangeError(thrown, open.handler);
  }

  #setUp(handler: Handler<unknown>): unknown {
    const { trace } = this.#x;
    const open = trace.enter(handler.name, 'setup');
    let made: unknown;
    try {
      made = handler.setup?.(this.#x);
    } catch (thrown) {
      throw this.#failed(open, thrown);
    }
    if (made instanceof Promise) return this.#left(made as Promise<unknown>, [open]);
    trace.leave(open);
    return made;
  }

  /** The name of the innermost handler that was reached. */
  #innermost(): string {
    return this.#chain[this.#states.length - 1]?.name ?? 'chain';
  }

  async #fail(error: ExchangeError, delivery: Delivery): Promise<Outcome> {
    if (this.#x.aborted !== undefined) return abortedOutcome(this.#x, error.phase);
    const failed: Outcome = { kind: 'failed', code: error.code, phase: error.phase, message: error.message };
    const told = await delivery.deliver(delivery.errorReply(error, this.#x.request));
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
  if (typeof reply.tunnel === 'object') reply.tunnel.socket.destroy();
  if (reply.body === null || reply.body instanceof Uint8Array) return;
  reply.body[Symbol.asyncIterator]()
    .return?.()
    .catch((thrown: unknown) => x.trace.note('info', 'DISCARD_FAILED', messageOf(thrown)));
}
