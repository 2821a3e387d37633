import type { TraceBatch } from '../../shared/contract.ts';
import { toListEvent } from '../../shared/trace-event.ts';
import type { ExchangeProgress, TraceEvent } from '../../shared/trace-event.ts';

/** A batch leaves when its first event has waited this long, or as soon as it has this many events. */
const BATCH_MS = 33;
const BATCH_EVENTS = 256;
/** While the receiver is behind, more events wait and leave together: at most so many. */
const MAX_BATCH_EVENTS = 2_048;
/** Batches that may be on their way without having been acknowledged. */
const CREDIT = 2;
/** Events that wait for a receiver that is behind; with more it is told of a gap instead. */
const MAX_WAITING = 16_384;

/** Where events come from: the recorder. */
export interface TraceSource {
  now(): number;
  subscribe(listener: (event: TraceEvent) => void, wantsSpans: (id: number) => boolean): () => void;
}

/**
 * The live trace for one receiver: list events of all exchanges and whole events of the watched one, in batches, no
 * faster than the receiver acknowledges them. Nothing is published before {@link start}.
 */
export class TracePublisher {
  readonly #source: TraceSource;
  readonly #send: (batch: TraceBatch) => void;
  #unsubscribe: (() => void) | undefined;
  #watched: number | null = null;
  #queue: TraceEvent[] = [];
  /** The newest progress report of each exchange, while the receiver is behind. */
  readonly #progress = new Map<number, ExchangeProgress>();
  /** The sequence number after the last one that was sent. */
  #firstSeq = 1;
  /** The last sequence number that was emitted. */
  #lastSeq = 0;
  /** `lastSeq` of each batch on its way. */
  #unacknowledged: number[] = [];
  #overflowed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: TraceSource, send: (batch: TraceBatch) => void) {
    this.#source = source;
    this.#send = send;
  }

  /**
   * The receiver has a snapshot that includes everything up to `seq`: what was under way is obsolete, and what follows
   * is published.
   */
  start(seq: number): void {
    this.#drop();
    this.#firstSeq = seq + 1;
    this.#lastSeq = seq;
    this.#unacknowledged = [];
    this.#overflowed = false;
    this.#unsubscribe ??= this.#source.subscribe(
      (event) => this.#take(event),
      (id) => id === this.#watched,
    );
  }

  /** From now on whole events of this exchange are published; of none with `null`. */
  watch(id: number | null): void {
    this.#watched = id;
  }

  /** The receiver has applied all batches up to `lastSeq`. */
  acknowledge(lastSeq: number): void {
    const wasBehind = !this.#hasCredit();
    this.#unacknowledged = this.#unacknowledged.filter((seq) => seq > lastSeq);
    if (wasBehind) this.#flush();
  }

  /** Sends what waits, whether or not the receiver is behind: what is sent next by other means must not overtake it. */
  flushAll(): void {
    while (this.#lastSeq >= this.#firstSeq) this.#sendBatch();
  }

  close(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#drop();
  }

  #take(event: TraceEvent): void {
    this.#lastSeq = event.seq;
    if (this.#overflowed) return;
    if (event.type === 'exchange.progress' && !this.#hasCredit()) {
      this.#progress.set(event.id, event);
      return;
    }
    const shown = event.id === this.#watched ? event : toListEvent(event);
    if (shown === undefined) return;
    this.#queue.push(shown);
    if (this.#queue.length >= BATCH_EVENTS) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), BATCH_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#hasCredit() && (this.#waiting() > 0 || this.#overflowed)) this.#sendBatch();
    if (this.#queue.length <= MAX_WAITING) return;
    // Whoever is that far behind is better served by a snapshot than by what waits here.
    this.#drop();
    this.#overflowed = true;
  }

  #sendBatch(): void {
    if (this.#overflowed) {
      // An empty batch that does not follow on from the last one: the receiver takes a new snapshot.
      this.#overflowed = false;
      this.#firstSeq = this.#lastSeq;
    }
    const events = this.#takeEvents();
    const more = this.#waiting() > 0;
    const lastSeq = more ? (events.at(-1) as TraceEvent).seq : this.#lastSeq;
    this.#send({ firstSeq: this.#firstSeq, lastSeq, events, now: this.#source.now() });
    this.#firstSeq = lastSeq + 1;
    this.#unacknowledged.push(lastSeq);
  }

  /** The events of the next batch, in order. */
  #takeEvents(): TraceEvent[] {
    if (this.#progress.size > 0) {
      this.#queue = [...this.#queue, ...this.#progress.values()].sort((a, b) => a.seq - b.seq);
      this.#progress.clear();
    }
    if (this.#queue.length <= MAX_BATCH_EVENTS) {
      const events = this.#queue;
      this.#queue = [];
      return events;
    }
    return this.#queue.splice(0, MAX_BATCH_EVENTS);
  }

  #waiting(): number {
    return this.#queue.length + this.#progress.size;
  }

  #hasCredit(): boolean {
    return this.#unacknowledged.length < CREDIT;
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#queue = [];
    this.#progress.clear();
  }
}
