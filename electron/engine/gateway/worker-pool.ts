import type { Lane, LaneTaker, Worker } from './lane.ts';
import { LoadError } from './lane.ts';
import { Seat } from './seat.ts';

/** What a pool is made of. */
export interface PoolOptions {
  /** The most workers at a time. The first starts with the pool, more when requests have to wait. */
  readonly maxWorkers: number;
  /** How long (ms) the application may take to load. */
  readonly loadTimeout: number;
  /** How long (ms) a worker beyond the first may be idle before it is retired. */
  readonly idleTimeout: number;
  /** How long (ms) a worker without requests may take to end before it is killed. */
  readonly retireTimeout: number;
  /** How long (ms) requests may lie ready in a worker's lane behind one that it answers, before they are taken back. */
  readonly aheadTime: number;
  start(): Worker;
  /** One sentence about a worker that could not be started or ended unasked. */
  onTrouble(sentence: string): void;
}

interface Member {
  readonly worker: Worker;
  readonly seats: Seat<Member>[];
  readonly idle: Seat<Member>[];
  state: 'loading' | 'ready' | 'retiring' | 'over';
  /** When it was loaded. */
  readySince: number;
  idleSince: number;
  /** Lanes that have not been closed or abandoned. */
  open: number;
  killer: NodeJS.Timeout | undefined;
}

/** How long (ms) a failure to load is told again before another attempt is made, and a worker has to last to be replaced unasked. */
const RETRY_AFTER = 1_000;

/**
 * The workers of one application. Lanes are taken and given back; requests that find none wait in line, the first of
 * them in the lanes of workers that are quick, which turn to them at once. A worker that ends is replaced when somebody
 * waits, or at once if it was the last and had lasted.
 */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #members = new Set<Member>();
  readonly #seats = new WeakMap<Lane, Seat<Member>>();
  readonly #waiting: LaneTaker[] = [];
  /** Goes off while requests lie ready, to look for those that have to wait for too long. */
  #watch: NodeJS.Timeout | undefined;
  #failure: { readonly error: LoadError; readonly at: number } | undefined;
  #shrinking: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#grow();
  }

  /** Workers that hold or load the application. */
  get size(): number {
    let size = 0;
    for (const { state } of this.#members) if (state === 'loading' || state === 'ready') size++;
    return size;
  }

  /** Gives a lane for one request, to be given back with {@link release}. At once when one is idle. */
  take(taker: LaneTaker): void {
    const seat = this.#idleSeat();
    if (seat !== undefined) return seat.begin(taker, performance.now());
    if (this.#closed) return taker.onNoLane(stopped());
    if (this.#failure !== undefined && this.size === 0) {
      if (performance.now() - this.#failure.at < RETRY_AFTER) return taker.onNoLane(this.#failure.error);
      this.#failure = undefined;
    }
    this.#waiting.push(taker);
    this.#growForWaiting();
    this.#sendAhead(performance.now());
  }

  /** Whoever waits for a lane does so no longer. False: its request was sent ahead; it will hear of it. */
  leave(taker: LaneTaker): boolean {
    const place = this.#waiting.indexOf(taker);
    if (place >= 0) this.#waiting.splice(place, 1);
    return place >= 0;
  }

  /** The lane's request is over: the next one in line gets it. */
  release(lane: Lane): void {
    const seat = this.#seats.get(lane);
    if (seat === undefined || seat.member.state === 'over') return;
    const now = performance.now();
    this.#serve(seat, seat.end(now), now);
  }

  /** The lane's worker hangs: it is replaced, and ends when its other requests have. */
  abandon(lane: Lane): void {
    const seat = this.#seats.get(lane);
    if (seat === undefined || seat.member.state === 'over') return;
    const { member } = seat;
    this.#giveUp(seat);
    this.#options.onTrouble('A request hangs; its worker is replaced.');
    this.#retire(member);
    if (member.open === 0) member.worker.kill();
    else member.worker.suspect?.();
    this.#replace();
  }

  /** The application's source has changed: new workers take the requests from now on, the old ones end theirs. */
  reload(): void {
    this.#failure = undefined;
    for (const member of this.#members) this.#retire(member);
    this.#grow();
  }

  /** Ends every worker, running requests after the grace time. Resolves when none is left. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#shrinking);
    clearTimeout(this.#watch);
    this.#turnAway();
    const members = [...this.#members];
    for (const member of members) {
      this.#retire(member);
      this.#expectEnd(member);
    }
    await Promise.all(members.map(({ worker }) => worker.ended));
  }

  /** The freest worker's, so that they share the work. */
  #idleSeat(): Seat<Member> | undefined {
    let freest: Member | undefined;
    for (const member of this.#members) {
      if (member.state === 'ready' && member.idle.length > (freest?.idle.length ?? 0)) freest = member;
    }
    return freest?.idle.pop();
  }

  /** Gives a free seat to whoever's request lies ready in it, else to the first in line. */
  #serve(seat: Seat<Member>, first: LaneTaker | undefined, now: number): void {
    const { member } = seat;
    const taker = first ?? (member.state === 'ready' ? this.#waiting.shift() : undefined);
    if (taker !== undefined) {
      seat.begin(taker, now);
      return this.#sendAhead(now);
    }
    if (member.state === 'retiring') return this.#close(seat);
    member.idle.push(seat);
    member.idleSince = now;
  }

  /** Sends requests of those that wait to workers that will turn to them soon. */
  #sendAhead(now: number): void {
    for (let taker = this.#waiting[0]; taker !== undefined; taker = this.#waiting[0]) {
      const seat = this.#roomiest(now);
      const request = seat === undefined ? undefined : taker.sentAhead();
      if (seat === undefined || request === undefined || seat.lane.ahead?.send(taker, request) !== true) return;
      this.#waiting.shift();
      this.#keepWatch();
    }
  }

  #roomiest(now: number): Seat<Member> | undefined {
    let roomiest: Seat<Member> | undefined;
    let most = 0;
    for (const { state, seats } of this.#members) {
      if (state !== 'ready') continue;
      for (const seat of seats) {
        const room = seat.room(now);
        if (room <= most) continue;
        most = room;
        roomiest = seat;
      }
    }
    return roomiest;
  }

  #keepWatch(): void {
    this.#watch ??= setTimeout(() => this.#lookAfter(), this.#options.aheadTime);
  }

  /** Asks for requests back that lie behind one that takes long. */
  #lookAfter(): void {
    this.#watch = undefined;
    const now = performance.now();
    for (const { seats } of this.#members) {
      for (const seat of seats) {
        if ((seat.lane.ahead?.count ?? 0) === 0) continue;
        this.#keepWatch();
        if (seat.isSlow(now)) void seat.recall().then((takers) => this.#takeBack(takers));
      }
    }
  }

  /** Requests that were sent ahead and have not begun are the first in line again. */
  #takeBack(takers: readonly LaneTaker[]): void {
    this.#waiting.unshift(...takers.filter((taker) => taker.onGivenBack()));
    if (this.#closed) return this.#turnAway();
    while (this.#waiting.length > 0) {
      const seat = this.#idleSeat();
      if (seat === undefined) break;
      seat.begin(this.#waiting.shift() as LaneTaker, performance.now());
    }
    this.#growForWaiting();
  }

  #turnAway(): void {
    const gone = stopped();
    for (const taker of this.#waiting.splice(0)) taker.onNoLane(gone);
  }

  #growForWaiting(): void {
    if (this.#waiting.length === 0 || this.size >= this.#options.maxWorkers) return;
    let coming = 0;
    for (const { state, worker } of this.#members) if (state === 'loading') coming += worker.lanes.length;
    if (this.#waiting.length > coming) this.#grow();
  }

  #grow(): void {
    if (this.#closed || this.size >= this.#options.maxWorkers) return;
    const worker = this.#options.start();
    const member: Member = {
      ...{ worker, seats: [], idle: [], state: 'loading', readySince: 0, idleSince: 0 },
      ...{ open: worker.lanes.length, killer: undefined },
    };
    this.#members.add(member);
    for (const lane of worker.lanes) {
      const seat = new Seat(lane, member, this.#options.aheadTime);
      member.seats.push(seat);
      this.#seats.set(lane, seat);
    }
    const timer = setTimeout(() => {
      this.#loadFailed(member, new LoadError(`It took longer than ${this.#options.loadTimeout} ms to load.`, ''));
      worker.kill();
    }, this.#options.loadTimeout);
    void worker.ready.then((failure) => {
      clearTimeout(timer);
      if (failure === undefined) this.#loaded(member);
      else this.#loadFailed(member, failure);
    });
    void worker.ended.then((reason) => this.#ended(member, reason));
  }

  #loaded(member: Member): void {
    if (member.state !== 'loading') return;
    member.state = 'ready';
    member.readySince = performance.now();
    this.#failure = undefined;
    for (const seat of member.seats) this.#serve(seat, undefined, performance.now());
    if (this.size > 1) this.#shrinking ??= setInterval(() => this.#shrink(), this.#options.idleTimeout / 2).unref();
  }

  #loadFailed(member: Member, error: LoadError): void {
    if (member.state !== 'loading') return;
    member.state = 'over';
    this.#failure = { error, at: performance.now() };
    this.#options.onTrouble(error.message);
    // Those that a worker still serves keep their place.
    if (this.size > 0) return;
    for (const taker of this.#waiting.splice(0)) taker.onNoLane(error);
  }

  #ended(member: Member, reason: string): void {
    const { state } = member;
    member.state = 'over';
    clearTimeout(member.killer);
    this.#members.delete(member);
    if (state === 'ready') this.#options.onTrouble(`A worker ended: ${reason}.`);
    this.#takeBack(member.seats.flatMap(({ lane }) => lane.ahead?.stranded() ?? []));
    // One that ends as soon as it is loaded would do so again and again: the next request will start another.
    const isShortLived = performance.now() - member.readySince < RETRY_AFTER;
    if (state === 'ready' && (this.#waiting.length > 0 || !isShortLived)) this.#replace();
  }

  #replace(): void {
    if (this.#waiting.length > 0 || this.size === 0) this.#grow();
  }

  #retire(member: Member): void {
    if (member.state === 'over' || member.state === 'retiring') return;
    // Before it is loaded it has no requests to end.
    if (member.state === 'loading') member.worker.kill();
    member.state = 'retiring';
    for (const seat of member.idle.splice(0)) this.#close(seat);
  }

  /** No further request for this seat. */
  #close(seat: Seat<Member>): void {
    const { lane, member } = seat;
    lane.close();
    this.#giveUp(seat);
    if (member.open === 0) this.#expectEnd(member);
  }

  #giveUp(seat: Seat<Member>): void {
    if (seat.isClosed) return;
    seat.isClosed = true;
    seat.member.open--;
  }

  #expectEnd(member: Member): void {
    member.killer ??= setTimeout(() => member.worker.kill(), this.#options.retireTimeout);
  }

  #shrink(): void {
    const { idleTimeout } = this.#options;
    const now = performance.now();
    for (const member of this.#members) {
      if (this.size <= 1) break;
      const { state, idle, worker, idleSince } = member;
      if (state === 'ready' && idle.length === worker.lanes.length && now - idleSince > idleTimeout) {
        this.#retire(member);
      }
    }
    if (this.size > 1) return;
    clearInterval(this.#shrinking);
    this.#shrinking = undefined;
  }
}

function stopped(): LoadError {
  return new LoadError('The application was stopped.', '');
}
