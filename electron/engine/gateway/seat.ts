import type { Lane, LaneTaker } from './lane.ts';

const MOST_AHEAD = 8;
/** What the last request counts for in how long they take. */
const WEIGHT = 1 / 8;

/** A lane as its pool sees it: how long its requests take, and so how many may be sent ahead. */
export class Seat<Member> {
  readonly lane: Lane;
  readonly member: Member;
  /** Closed or given up: no request begins in it any more. */
  isClosed = false;
  /** When the current request began, in milliseconds of `performance.now()`. */
  #began = 0;
  /** How long requests have taken lately (ms). Before the first one nobody knows. */
  #took = Infinity;
  #isRecalling = false;
  readonly #aheadTime: number;

  /** @param aheadTime how long (ms) those that lie ready should have to wait for their turn at most */
  constructor(lane: Lane, member: Member, aheadTime: number) {
    this.lane = lane;
    this.member = member;
    this.#aheadTime = aheadTime;
  }

  /** A request begins. */
  begin(taker: LaneTaker, now: number): void {
    this.#began = now;
    taker.onLane(this.lane);
  }

  /** The current request has been answered. Returns whoever's is the next, if one was sent ahead. */
  end(now: number): LaneTaker | undefined {
    const took = now - this.#began;
    this.#took = this.#took === Infinity ? took : this.#took + (took - this.#took) * WEIGHT;
    return this.lane.ahead?.next();
  }

  /** How many more requests may be sent ahead. None behind one that takes long. */
  room(now: number): number {
    const { ahead } = this.lane;
    if (ahead === undefined || this.isClosed || this.#isRecalling || this.isSlow(now)) return 0;
    return Math.min(MOST_AHEAD, Math.floor(this.#aheadTime / this.#took)) - ahead.count;
  }

  /** Whether the current request takes longer than others should wait behind it. */
  isSlow(now: number): boolean {
    return now - this.#began > this.#aheadTime;
  }

  /** Asks for what lies ready; resolves with the takers of what has not begun. */
  async recall(): Promise<readonly LaneTaker[]> {
    const { ahead } = this.lane;
    if (this.#isRecalling || ahead === undefined) return [];
    this.#isRecalling = true;
    const takers = await ahead.recall();
    this.#isRecalling = false;
    return takers;
  }
}
