import type { InspectorApi, Snapshot, TraceBatch } from '../../shared/contract.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';
import type { TraceIndex } from './trace-index.ts';

/** Calls back soon, once, in step with the screen; see frame-scheduler.ts. Tests pass their own. */
export type Scheduler = (callback: () => void) => void;

export interface FeedListener {
  /** After every flush and every page: the index is settled and may be read. */
  settled(now: number): void;
  /** A new snapshot has been taken: status and settings in it are newer than any told before. */
  snapshotTaken(snapshot: Snapshot): void;
  /** Rows have gone that the engine was told to forget; called after {@link settled}. */
  cleared(): void;
  /** Every live event, in order, as it is applied. */
  event(event: TraceEvent): void;
  /** The feed could not be established; it is tried again. */
  failed(message: string): void;
}

type QueueItem =
  | { readonly batch: TraceBatch }
  | { readonly clearedUpTo: number; readonly kept: readonly number[] }
  | { readonly deleted: readonly number[] };

const FIRST_PAGE = 500;
const PAGE = 4000;
/** Events applied in one flush; the rest waits for the next frame. */
const EVENTS_PER_FLUSH = 6000;
/** Batches kept while no snapshot can be had; dropping the oldest shows as a gap, which a later snapshot heals. */
const QUEUE_LIMIT = 2000;

/**
 * Keeps a {@link TraceIndex} in step with the engine: a snapshot, then pages of older rows backwards, while live batches
 * queue up and are applied in order. A gap in the sequence leads to a new snapshot that keeps what is still true.
 */
export class TraceFeed {
  readonly #api: InspectorApi;
  readonly #index: TraceIndex;
  readonly #schedule: Scheduler;
  readonly #listener: FeedListener;
  #queue: QueueItem[] = [];
  #scheduled = false;
  /** The last sequence number that the index includes; `undefined` before the first snapshot and during a new one. */
  #seq: number | undefined;
  #epoch: number | undefined;
  #now = 0;
  #connected = false;
  #snapshotRunning = false;
  /** Rows may have come or gone anywhere below what is known, and nothing has told which: all are to be paged again. */
  #unsure = false;
  /** How often that has become so: a snapshot that was asked for before is of no use. */
  #doubts = 0;
  /** What was known as ended then and is on no page yet. */
  #unconfirmed = new Set<number>();
  /** Ranges of ids still to be paged, newest first: rows with `from` ≤ id < `before`. */
  #missing: { from: number; before: number }[] = [];
  /** Counts snapshots; paging that belongs to an earlier one stops. */
  #generation = 0;

  constructor(api: InspectorApi, index: TraceIndex, schedule: Scheduler, listener: FeedListener) {
    this.#api = api;
    this.#index = index;
    this.#schedule = schedule;
    this.#listener = listener;
  }

  /** Follows the engine until the returned function is called. */
  start(): () => void {
    const ends = [
      this.#api.on('trace.batch', (batch) => this.#enqueue({ batch })),
      this.#api.on('session.cleared', ({ upTo, kept }) => this.#enqueue({ clearedUpTo: upTo, kept })),
      this.#api.on('exchanges.deleted', ({ ids }) => this.#enqueue({ deleted: ids })),
      this.#api.on('session.restored', () => this.#startOver()),
      this.#api.onConnection((state) => {
        this.#connected = state === 'open';
        if (this.#connected) this.#startOver();
        else this.#seq = undefined;
      }),
    ];
    return () => {
      this.#generation++;
      this.#connected = false;
      for (const end of ends) end();
    };
  }

  #enqueue(item: QueueItem): void {
    this.#queue.push(item);
    if (this.#queue.length > QUEUE_LIMIT) this.#queue.shift();
    this.#request();
  }

  #request(): void {
    if (this.#scheduled || this.#seq === undefined) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    let budget = EVENTS_PER_FLUSH;
    let acknowledge: number | undefined;
    let taken = 0;
    let cleared = false;
    for (const item of this.#queue) {
      if (budget <= 0 || this.#seq === undefined) break;
      taken++;
      if ('clearedUpTo' in item) {
        this.#index.clear(item.clearedUpTo, item.kept);
        cleared = true;
        continue;
      }
      if ('deleted' in item) {
        this.#index.delete(item.deleted);
        cleared = true;
        continue;
      }
      if (item.batch.firstSeq > this.#seq + 1) {
        taken--;
        this.#resync();
        break;
      }
      this.#applyBatch(item.batch, this.#seq);
      budget -= item.batch.events.length;
      acknowledge = item.batch.lastSeq;
    }
    this.#queue.splice(0, taken);
    this.#index.settle();
    if (acknowledge !== undefined) this.#acknowledge(acknowledge);
    this.#listener.settled(this.#now);
    if (cleared) this.#listener.cleared();
    if (this.#queue.length > 0) this.#request();
  }

  #applyBatch(batch: TraceBatch, seq: number): void {
    this.#now = Math.max(this.#now, batch.now);
    if (batch.lastSeq <= seq) return;
    for (const event of batch.events) {
      if (event.seq <= seq) continue;
      this.#index.apply(event);
      this.#listener.event(event);
    }
    this.#seq = batch.lastSeq;
  }

  #acknowledge(lastSeq: number): void {
    void this.#api.request('trace.ack', { lastSeq }).then((answer) => {
      // Lost acknowledgements only slow the stream down, and a lost connection tells of itself.
      if (!answer.ok && this.#connected) this.#listener.failed(answer.error.message);
    });
  }

  /** Takes a snapshot after which pages tell of every ended row whether it is still there. */
  #startOver(): void {
    this.#index.unclear();
    this.#queue = this.#queue.filter((item) => 'batch' in item);
    this.#unsure = true;
    this.#doubts++;
    this.#resync();
  }

  #resync(): void {
    this.#seq = undefined;
    if (this.#snapshotRunning) return;
    this.#snapshotRunning = true;
    void this.#takeSnapshot().finally(() => {
      this.#snapshotRunning = false;
    });
  }

  async #takeSnapshot(): Promise<void> {
    const doubts = this.#doubts;
    const answer = await this.#api.request('engine.snapshot', undefined);
    if (!this.#connected) return;
    if (doubts !== this.#doubts) return this.#takeSnapshot();
    if (!answer.ok) {
      this.#listener.failed(answer.error.message);
      setTimeout(() => {
        if (this.#connected && this.#seq === undefined) this.#resync();
      }, 1000);
      return;
    }
    this.#adopt(answer.value);
    void this.#fill(++this.#generation);
    this.#request();
  }

  /** Makes the index a continuation of `snapshot`. */
  #adopt(snapshot: Snapshot): void {
    const index = this.#index;
    const another = this.#epoch !== undefined && snapshot.status.epoch !== this.#epoch;
    if (another) {
      index.reset();
      this.#missing = [];
      this.#now = 0;
    }
    this.#epoch = snapshot.status.epoch;
    index.cap = snapshot.settings.record.maxExchanges;
    // A clear or an eviction that was missed shows in the ids that can still be paged.
    index.clear(snapshot.lastId === 0 ? index.highestId : snapshot.firstId - 1);
    index.settle();
    const before = snapshot.lastId + 1;
    const from = this.#unsure ? snapshot.firstId : Math.max(index.lowestOpen(), snapshot.firstId);
    if (this.#unsure) {
      this.#missing = [];
      this.#unconfirmed = new Set(index.endedIds());
      this.#unsure = false;
    }
    index.dropUnended(new Set(snapshot.running.map((row) => row.id)));
    index.addPage(snapshot.running);
    index.evicted = snapshot.evicted;
    index.settle();
    if (from < before && snapshot.lastId > 0) this.#missing.unshift({ from, before });
    this.#seq = snapshot.seq;
    this.#now = Math.max(this.#now, snapshot.now);
    this.#queue = this.#queue.filter((item) => !('batch' in item) || item.batch.lastSeq > snapshot.seq);
    this.#listener.snapshotTaken(snapshot);
    this.#listener.settled(this.#now);
    if (another) this.#listener.cleared();
  }

  /** Pages through what is missing, newest first, one answer at a time so that live batches get their turn. */
  async #fill(generation: number): Promise<void> {
    let limit = FIRST_PAGE;
    for (let range = this.#missing[0]; range !== undefined; range = this.#missing[0]) {
      const answer = await this.#api.request('exchanges.page', { before: range.before, limit });
      if (generation !== this.#generation || !this.#connected) return;
      if (!answer.ok) {
        this.#listener.failed(answer.error.message);
        return;
      }
      const { rows, more } = answer.value;
      for (const { id } of rows) this.#unconfirmed.delete(id);
      this.#index.addPage(rows.filter((row) => row.end !== undefined));
      this.#index.settle();
      this.#listener.settled(this.#now);
      const lowest = rows.at(-1)?.id;
      if (!more || lowest === undefined || lowest <= range.from) this.#missing.shift();
      else range.before = lowest;
      limit = PAGE;
    }
    this.#dropUnconfirmed();
  }

  /** Every page is here: what none of them holds was deleted while nobody could be told. */
  #dropUnconfirmed(): void {
    if (this.#unconfirmed.size === 0) return;
    this.#index.delete(this.#unconfirmed);
    this.#unconfirmed = new Set();
    this.#index.settle();
    this.#listener.settled(this.#now);
    this.#listener.cleared();
  }
}
