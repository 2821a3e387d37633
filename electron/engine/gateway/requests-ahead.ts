import type { LaneAhead, LaneRequest, LaneTaker } from './lane.ts';

/** What is asked of a lane for the requests that are sent ahead on it. */
export interface AheadWire {
  /** Sends a request; returns the number that the worker will count it by. Undefined: a body is on its way. */
  send(request: LaneRequest): number | undefined;
  /** Asks for what has not begun, up to the request with this number. */
  recall(last: number): void;
}

interface Sent {
  readonly serial: number;
  readonly request: LaneRequest;
  readonly taker: LaneTaker;
}

/**
 * The requests that lie ready in a lane. The worker turns to them in order, or gives them back; it says so at once, out
 * of line, and on the lane when it comes to the place of one that it has given back. Either may be heard first.
 */
export class RequestsAhead implements LaneAhead {
  readonly #wire: AheadWire;
  #sent: Sent[] = [];
  /** Whose turn it is; it begins next. */
  #turn: Sent | undefined;
  /** The last request that was ever asked for. */
  #lastRecalled = 0;
  /**
   * The number of the current request while the worker may have given it back: until that is known nothing else is sent, for
   * it would be answered first if this one has to be sent again.
   */
  #unsure: number | undefined;
  #recall: { readonly last: number; readonly resolve: (takers: readonly LaneTaker[]) => void } | undefined;

  constructor(wire: AheadWire) {
    this.#wire = wire;
  }

  get count(): number {
    return this.#sent.length;
  }

  send(taker: LaneTaker, request: LaneRequest): boolean {
    if (this.#unsure !== undefined) return false;
    const serial = this.#wire.send(request);
    if (serial !== undefined) this.#sent.push({ serial, request, taker });
    return serial !== undefined;
  }

  next(): LaneTaker | undefined {
    this.#turn = this.#sent.shift();
    return this.#turn?.taker;
  }

  /** The number of a request that begins now, if it was sent ahead. */
  begin(request: LaneRequest): number | undefined {
    const turn = this.#turn;
    this.#turn = undefined;
    const serial = turn?.request === request ? turn.serial : undefined;
    this.#unsure = serial !== undefined && serial <= this.#lastRecalled ? serial : undefined;
    return serial;
  }

  /** The worker has come to the place of the current request, which it had given back; it is sent again. */
  passedOver(serial: number): void {
    this.#unsure = undefined;
    this.givenBack(serial);
  }

  recall(): Promise<readonly LaneTaker[]> {
    const { promise, resolve } = Promise.withResolvers<readonly LaneTaker[]>();
    const last = this.#sent.at(-1)?.serial;
    if (last === undefined) {
      resolve([]);
    } else {
      this.#recall = { last, resolve };
      this.#lastRecalled = last;
      this.#wire.recall(last);
    }
    return promise;
  }

  /** The worker's answer to a recall, or what it says on the lane. */
  givenBack(first: number, last?: number): void {
    const recall = this.#recall;
    // The lane may have been faster, and something else sent ahead since.
    if (recall === undefined || (last !== undefined && last !== recall.last)) return;
    this.#recall = undefined;
    // It had begun before it was asked for.
    if (this.#unsure !== undefined && this.#unsure < first) this.#unsure = undefined;
    const returned = this.#sent.filter(({ serial }) => serial >= first);
    this.#sent = this.#sent.filter(({ serial }) => serial < first);
    recall.resolve(returned.map(({ taker }) => taker));
  }

  stranded(): readonly LaneTaker[] {
    return this.#sent.splice(0).map(({ taker }) => taker);
  }
}
