import type { CacheRequest } from '../cache/cache-request.ts';
import type { ForwardPlan } from '../cache/plan.ts';
import type { StoredHead } from '../cache/stored-response.ts';
import type { SelectingField } from '../cache/vary.ts';
import { requestVariantId } from '../cache/vary.ts';
import type { Arriving } from './cache-shared-body.ts';
import { RecentMap } from '../recent-map.ts';
import { TransientMap } from '../transient-map.ts';

/** What requests that wait for another one's response learn from its head. */
export type FlightNews =
  /** It is being stored and may be reused; `committed` resolves with whether it really was. */
  | { readonly kind: 'reusable'; readonly head: StoredHead; readonly committed: () => Promise<boolean> }
  /** It will answer nobody else. */
  | { readonly kind: 'not-reusable' }
  /** The leader left before there was a head, or got one that is for it alone: one of the others may lead. */
  | { readonly kind: 'abandoned' };

/** A request on its way to the origin, for which others to the same key wait (RFC 9111 §4). */
export class Flight {
  // Nobody waits for most flights, so there are no promises before somebody does.
  #news: FlightNews | undefined;
  #landing: PromiseWithResolvers<FlightNews> | undefined;
  #committed: boolean | undefined;
  #settling: PromiseWithResolvers<boolean> | undefined;
  readonly #flights: Flights;
  readonly #key: string;

  constructor(flights: Flights, key: string) {
    this.#flights = flights;
    this.#key = key;
  }

  /** Resolves with what the head of the response tells. */
  get head(): Promise<FlightNews> {
    if (this.#landing === undefined) {
      this.#landing = Promise.withResolvers();
      if (this.#news !== undefined) this.#landing.resolve(this.#news);
    }
    return this.#landing.promise;
  }

  /** Resolves when nobody need wait any longer: with whether the response is in the store. */
  get settled(): Promise<boolean> {
    if (this.#settling === undefined) {
      this.#settling = Promise.withResolvers();
      if (this.#committed !== undefined) this.#settling.resolve(this.#committed);
    }
    return this.#settling.promise;
  }

  /** The response while it arrives, when others can read it along. */
  arriving: Arriving | undefined;
  /** When the head of a reusable response was known, in epoch milliseconds. */
  landed: number | undefined;
  /** What the origin answered with then. */
  status: number | undefined;

  /** The leader's response head is known and its response will be reusable once {@link settle} says so. */
  landReusable(head: StoredHead, status: number): void {
    this.landed = Date.now();
    this.status = status;
    const committed = (): Promise<boolean> => this.settled;
    this.#land({ kind: 'reusable', head, committed });
  }

  landElsewhere(kind: 'not-reusable' | 'abandoned'): void {
    this.#land({ kind });
  }

  /** The body has been stored, or will not be. */
  settle(committed: boolean): void {
    if (this.#committed !== undefined) return;
    this.#committed = committed;
    this.#settling?.resolve(committed);
    this.#flights.end(this.#key, this);
  }

  #land(news: FlightNews): void {
    this.#news ??= news;
    this.#landing?.resolve(this.#news);
  }
}

/** How long (ms) a key is remembered whose response nobody else could use, and how many of them at least. */
const NOT_REUSABLE_MS = 10_000;
const NOT_REUSABLE_MAX = 5_000;

/** The requests that are on their way, by what they could be shared under. */
export class Flights {
  readonly #flying = new TransientMap<string, Flight>();
  readonly #notReusable = new RecentMap<string, number>(NOT_REUSABLE_MAX);

  find(key: string): Flight | undefined {
    return this.#flying.get(key);
  }

  /** Starts a flight; undefined when the last response under this key was of use to nobody else, so waiting would be vain. */
  start(key: string, now: number): Flight | undefined {
    const until = this.#notReusable.get(key);
    if (until !== undefined && until > now) return undefined;
    const flight = new Flight(this, key);
    this.#flying.set(key, flight);
    return flight;
  }

  /** The flight's fate is known to those who wait; new requests look at the store again. */
  end(key: string, flight: Flight): void {
    if (this.#flying.get(key) === flight) this.#flying.delete(key);
  }

  /** Remembers for a while whether waiting for this key's response is in vain. */
  noteReusable(key: string, reusable: boolean): void {
    if (reusable) this.#notReusable.delete(key);
    else this.#notReusable.set(key, Date.now() + NOT_REUSABLE_MS);
  }
}

/** What requests share a flight by: their key, and how they select among the variants that are known already. */
export function flightKey(plan: ForwardPlan, request: CacheRequest): string {
  const [known] = plan.matching;
  const selecting = known?.head.selecting ?? plan.selecting;
  return selecting.length === 0 ? plan.key : variantFlightKey(plan.key, selecting, request);
}

/** The same, for requests under a key that are known to be answered by these fields. */
export function variantFlightKey(key: string, selecting: readonly SelectingField[], request: CacheRequest): string {
  return `${key}\n${requestVariantId(selecting, request.headers)}`;
}
