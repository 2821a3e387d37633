import type { CacheRequest } from '../cache/cache-request.ts';
import type { CacheSettings } from '../cache/cache-settings.ts';
import type { CacheStore } from '../cache/cache-store.ts';
import type { ReceivedHead } from '../cache/stored-response.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Answer } from '../chain/handler.ts';
import type { Reply } from '../chain/reply.ts';
import type { Flight, Flights } from './cache-flights.ts';
import type { Invalidations } from './cache-invalidations.ts';

/** What a forwarded request needs of its surroundings. */
export interface ForwardContext {
  readonly x: Exchange;
  readonly request: CacheRequest;
  readonly settings: CacheSettings;
  readonly store: CacheStore;
  readonly invalidations: Invalidations;
  readonly next: () => Answer;
  /** Sends the request on once more, after an answer that was of no use. */
  readonly again: ((x: Exchange) => Promise<Reply>) | undefined;
  /** Tells those who wait what became of it. */
  readonly flight: Flight | undefined;
  readonly flights: Flights;
  /** What others may wait for this response under; empty when nobody may. */
  readonly flightKey: string;
}

/** A response's head and the moment of the invalidations at which it was asked for. */
export interface MarkedHead extends ReceivedHead {
  readonly mark: number;
}

/** @param requestTime when the request was sent on, in epoch milliseconds */
export function receivedHead(reply: Reply, requestTime: number, mark: number): MarkedHead {
  const { status, reason, headers } = reply;
  return { status, reason, headers, requestTime, responseTime: Date.now(), mark };
}

/** The response turned out to be reusable by others, or not. */
export function noteReusable({ flights, flightKey }: ForwardContext, reusable: boolean): void {
  if (flightKey !== '') flights.noteReusable(flightKey, reusable);
}

/** Tells those who wait that this response is not for them. */
export function land({ flight }: ForwardContext, kind: 'not-reusable' | 'abandoned'): void {
  flight?.landElsewhere(kind);
  flight?.settle(false);
}
