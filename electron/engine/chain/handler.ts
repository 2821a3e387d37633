import type { Outcome } from '../../../shared/trace-event.ts';
import type { Exchange } from './exchange.ts';
import type { Reply } from './reply.ts';

/** A handler's answer: a hit has it at once, and a wait costs even where there is nothing to wait for. */
export type Answer = Reply | Promise<Reply>;

/**
 * One link of the chain. `setup` runs on the way in, just before `handle`; a handler that answers without calling
 * `next` keeps deeper handlers from being set up. `finish` runs exactly once if `setup` completed (or there is none),
 * in reverse order, after the response was delivered, failed or was aborted. Only run-exchange.ts calls these. `handle`
 * and `next` may answer at once or later, and so may what they throw.
 *
 * A handler that has replaced the request gives `next` the chain that the new one goes through, instead of the rest of its own.
 */
export interface Handler<S = undefined> {
  readonly name: string;
  setup?(x: Exchange): S | Promise<S>;
  handle(x: Exchange, state: S, next: (rest?: Chain) => Answer): Answer;
  finish?(x: Exchange, state: S, outcome: Outcome): void | Promise<void>;
}

/** Handlers in order, outermost first. Their states are private to each, hence `any`. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Chain = readonly Handler<any>[];
