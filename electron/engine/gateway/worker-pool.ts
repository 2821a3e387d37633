import type { Lane, LaneTaker, Worker } from './lane.ts';
import { LoadError } from './lane.ts';

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
  start(): Worker;
  /** One sentence about a worker that could not be started or ended unasked. */
  onTrouble(sentence: string): void;
}

interface Member {
  readonly worker: Worker;
  readonly idle: Lane[];
  state: 'loading' | 'ready' | 'retiring' | 'over';
  idleSince: number;
  /** Lanes that have not been closed or abandoned. */
  open: number;
  killer: NodeJS.Timeout | undefined;
}

/** How long (ms) a failure to load is told again before another attempt is made. */
const RETRY_AFTER = 1_000;

/**
 * The workers of one application. Lanes are taken and given back; requests that find none wait in line. A worker that
 * ends is replaced when somebody waits, or at once if it was the last.
 */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #members = new Set<Member>();
  readonly #owners = new WeakMap<Lane, Member>();
  readonly #waiting: LaneTaker[] = [];
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
    let freest: Member | undefined;
    for (const member of this.#members) {
      if (member.state === 'ready' && member.idle.length > (freest?.idle.length ?? 0)) freest = member;
    }
    const lane = freest?.idle.pop();
    if (lane !== undefined) return taker.onLane(lane);
    if (this.#closed) return taker.onNoLane(stopped());
    if (this.#failure !== undefined && this.size === 0) {
      if (performance.now() - this.#failure.at < RETRY_AFTER) return taker.onNoLane(this.#failure.error);
      this.#failure = undefined;
    }
    this.#wait(taker);
  }

  /** Whoever waits for a lane does so no longer. */
  leave(taker: LaneTaker): void {
    const place = this.#waiting.indexOf(taker);
    if (place >= 0) this.#waiting.splice(place, 1);
  }

  /** The lane's request is over: the next one in line gets it. */
  release(lane: Lane): void {
    const member = this.#owners.get(lane);
    if (member === undefined || member.state === 'over') return;
    if (member.state === 'ready') {
      const taker = this.#waiting.shift();
      if (taker !== undefined) return taker.onLane(lane);
    }
    if (member.state === 'retiring') return this.#closeLane(member, lane);
    member.idle.push(lane);
    member.idleSince = performance.now();
  }

  /** The lane's worker hangs: it is replaced, and ends when its other requests have. */
  abandon(lane: Lane): void {
    const member = this.#owners.get(lane);
    if (member === undefined || member.state === 'over') return;
    member.open--;
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
    const gone = stopped();
    for (const taker of this.#waiting.splice(0)) taker.onNoLane(gone);
    const members = [...this.#members];
    for (const member of members) {
      this.#retire(member);
      this.#expectEnd(member);
    }
    await Promise.all(members.map(({ worker }) => worker.ended));
  }

  #wait(taker: LaneTaker): void {
    this.#waiting.push(taker);
    if (this.size >= this.#options.maxWorkers) return;
    let coming = 0;
    for (const { state, worker } of this.#members) if (state === 'loading') coming += worker.lanes.length;
    if (this.#waiting.length > coming) this.#grow();
  }

  #grow(): void {
    if (this.#closed || this.size >= this.#options.maxWorkers) return;
    const worker = this.#options.start();
    const member: Member = {
      worker,
      idle: [],
      state: 'loading',
      idleSince: 0,
      open: worker.lanes.length,
      killer: undefined,
    };
    this.#members.add(member);
    for (const lane of worker.lanes) this.#owners.set(lane, member);
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
    this.#failure = undefined;
    for (const lane of member.worker.lanes) this.release(lane);
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
    if (state !== 'ready') return;
    this.#options.onTrouble(`A worker ended: ${reason}.`);
    this.#replace();
  }

  #replace(): void {
    if (this.#waiting.length > 0 || this.size === 0) this.#grow();
  }

  #retire(member: Member): void {
    if (member.state === 'over' || member.state === 'retiring') return;
    // Before it is loaded it has no requests to end.
    if (member.state === 'loading') member.worker.kill();
    member.state = 'retiring';
    for (const lane of member.idle.splice(0)) this.#closeLane(member, lane);
  }

  #closeLane(member: Member, lane: Lane): void {
    lane.close();
    member.open--;
    if (member.open === 0) this.#expectEnd(member);
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
