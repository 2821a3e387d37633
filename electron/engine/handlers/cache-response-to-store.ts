import type { Decision } from '../../../shared/decision.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { afterBody, afterJoin } from '../cache/body-settled.ts';
import type { EntryWriter } from '../cache/cache-store.ts';
import { incompletePart } from '../cache/incomplete.ts';
import type { ForwardPlan } from '../cache/plan.ts';
import type { StoredHead, StoredPart, StoredResponse } from '../cache/stored-response.ts';
import { overtakes, replaces } from '../cache/supersede.ts';
import type { Reply } from '../chain/reply.ts';
import { rangeLength } from '../http/byte-ranges.ts';
import type { ForwardContext, MarkedHead } from './cache-context.ts';
import type { JoinedResponse } from './cache-join.ts';
import { joinStored } from './cache-join.ts';
import type { SharedBody } from './cache-shared-body.ts';
import type { StoringResult, TeeOptions } from './cache-tee.ts';

type Surroundings = Pick<ForwardContext, 'x' | 'request' | 'settings' | 'store' | 'invalidations' | 'flight'>;

/** How a response that passes gets into the store, and what becomes of its decision when it does not. */
export class ResponseToStore implements TeeOptions {
  readonly writer: EntryWriter;
  readonly expected: number | undefined;
  readonly shared: SharedBody | undefined;
  readonly #context: Surroundings;
  readonly #plan: ForwardPlan;
  readonly #decision: Decision;
  readonly #head: StoredHead;
  readonly #received: MarkedHead;
  readonly #reply: Reply;
  /** The part that has come, and what it has been combined to. */
  #joined: { readonly part: StoredPart; readonly to: JoinedResponse } | undefined;

  /** @param expected bytes the body must have to be complete; undefined when only its end tells */
  constructor(
    context: Surroundings,
    plan: ForwardPlan,
    decision: Decision,
    head: StoredHead,
    received: MarkedHead,
    reply: Reply,
    expected: number | undefined,
    shared?: SharedBody,
  ) {
    this.#context = context;
    this.#plan = plan;
    this.#decision = decision;
    this.#head = head;
    this.#received = received;
    this.#reply = reply;
    this.writer = context.store.begin(head);
    const { part } = head;
    this.expected = part === undefined ? expected : rangeLength(part.range);
    this.shared = shared;
  }

  /** The most recent response is the one to use (RFC 9111 §4), however long the body of another takes. */
  get overtaken(): boolean {
    // Most bodies end in the millisecond of their head, which spares them the search.
    if (Date.now() <= this.#received.responseTime) return false;
    const { store, settings } = this.#context;
    return store.lookup(this.#head.key).some((newer) => overtakes(newer, this.#head, settings));
  }

  get joins(): boolean {
    return this.#head.part !== undefined;
  }

  async join(stored: StoredResponse): Promise<StoredResponse> {
    const to = await joinStored(this.#context, stored, this.#received);
    const { part } = stored.head;
    if (to.with !== undefined && part !== undefined) this.#joined = { part, to };
    return to.stored;
  }

  incomplete(bytes: number): StoredHead | undefined {
    return incompletePart(this.#head, this.expected, bytes, this.#context.settings);
  }

  trailers(): HeaderList | undefined {
    return this.#reply.trailers?.();
  }

  onSettled(result: StoringResult): void {
    const { x, store, invalidations, flight } = this.#context;
    const outdated = invalidations.happenedSince(this.#head, this.#received.mark);
    const kept = result.stored ?? result.part;
    const whole = result.stored !== undefined && !outdated;
    if (kept !== undefined && outdated) void store.remove(kept);
    if (whole) this.#forgetReplaced(result.stored);
    // Those who wait find the newer one.
    flight?.settle(whole || (result.stored === undefined && result.reason === 'overtaken'));
    let decision = this.#decision;
    if (!whole) {
      let failure = result.stored === undefined && !(outdated && result.part) ? result.reason : 'outdated';
      // The origin's connection is closed with the client's.
      if (failure === 'broken' && x.aborted?.by === 'client') failure = 'left';
      decision = afterBody(decision, failure, kept !== undefined && !outdated);
    }
    if (this.#joined !== undefined && !outdated) {
      const { part, to } = this.#joined;
      decision = afterJoin(decision, part, to.with === 'whole', to.stored);
    }
    if (decision !== this.#decision) x.trace.decided(decision);
  }

  /** Forgets the variants that answered the very request which has got a newer answer without Vary (RFC 9111 §4.1). */
  #forgetReplaced(newer: StoredResponse): void {
    const { matching } = this.#plan;
    for (const older of matching) if (replaces(newer.head, older.head)) void this.#context.store.remove(older);
  }
}
