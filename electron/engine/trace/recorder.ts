import { afterChange } from '../../../shared/annotation.ts';
import type { AnnotatedExchanges, Annotation, AnnotationChange } from '../../../shared/annotation.ts';
import { foldRow } from '../../../shared/exchange-view.ts';
import type { ExchangeRow } from '../../../shared/exchange-view.ts';
import type { BodyRange } from '../../../shared/contract.ts';
import type { MessagePage, MessageRange, PayloadRange } from '../../../shared/messages.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { ExchangeStarted, TraceEvent } from '../../../shared/trace-event.ts';
import type { ExchangeTrace } from '../chain/exchange-trace.ts';
import { AnnotationLog } from './annotation-log.ts';
import type { RecordedMessages } from './message-log.ts';
import { finishedMessages, readKinds, readMessages, readPayload } from './message-reader.ts';
import { PausedExchange } from './paused-exchange.ts';
import { RecordedExchange } from './recorded-exchange.ts';
import type { RecordingContext } from './recorded-exchange.ts';
import { recordedItems } from './recorded-items.ts';
import type { ReadLosses } from './recorded-items.ts';
import { createSessionDirectory } from './session-directory.ts';
import type { PastSessionLimits, SessionDirectory } from './session-directory.ts';
import { SessionImporter } from './session-importer.ts';
import type { ImportContext, ImportCounts, ImportSource } from './session-importer.ts';
import type { SessionItem } from './session-item.ts';
import { SessionStore } from './session-store.ts';
import { Track } from './track.ts';
import type { AskedTotals } from './traffic-totals.ts';
import { TransientMap } from '../transient-map.ts';
import { TrafficTotals } from './traffic-totals.ts';
import { whyNotWritten } from '../write-trouble.ts';

const PROGRESS_EVERY_MS = 250;
/** Shorter exchanges are over before a progress report could be of use. */
const PROGRESS_AFTER_MS = 100;
const MAX_SPARE_TRACKS = 512;
const NO_MESSAGES: RecordedMessages = { blocks: [], total: 0 };

export interface RecorderOptions {
  /** Holds one directory for each session; this recorder makes its own in it, beside the last ones of earlier runs. */
  readonly directory: string;
  readonly settings: Settings['record'];
  /** Engine time: monotonic milliseconds. Default: since now. */
  readonly clock?: () => number;
}

interface EngineTime {
  readonly clock: () => number;
  /** Wall time (ms since 1970) of engine time zero. */
  readonly epoch: number;
}

interface Subscriber {
  readonly listener: (event: TraceEvent) => void;
  readonly wantsSpans: (id: number) => boolean;
}

/** What is known of an exchange when it begins. */
export interface ExchangeStart extends Omit<ExchangeStarted, 'type' | 'seq' | 'id' | 'at'> {
  /** When its first byte arrived, in engine time; now when absent. */
  readonly at?: number;
}

/** The recorder's part of the contract's snapshot. */
export interface RecorderSnapshot {
  readonly seq: number;
  readonly now: number;
  readonly running: ExchangeRow[];
  readonly firstId: number;
  readonly lastId: number;
  readonly evicted: number;
  readonly annotations: readonly AnnotatedExchanges[];
}

/** Opens a recorder. Never fails for the disk's sake: what cannot be recorded is told in {@link Recorder.warnings}. */
export async function createRecorder(options: RecorderOptions): Promise<Recorder> {
  const clock = options.clock ?? clockFromNow();
  const epoch = Date.now() - clock();
  const directory = await createSessionDirectory(options.directory, epoch, limitsOfPast(options.settings));
  return new Recorder(options.settings, directory, { clock, epoch });
}

/**
 * Gives exchanges their traces, hands events to live subscribers, and keeps finished exchanges in the session store.
 * Nothing it does for an exchange throws or waits.
 */
export class Recorder {
  /** Wall time (ms since 1970) of engine time zero. */
  readonly epoch: number;
  readonly #running = new TransientMap<number, RecordedExchange>();
  readonly #context: RecordingContext & ImportContext & { live: boolean };
  readonly #store: SessionStore;
  readonly #directory: SessionDirectory;
  readonly #clock: () => number;
  /** Replaced, never changed in place: a listener may end its subscription while it is being called. */
  #subscribers: readonly Subscriber[] = [];
  readonly #problems = new Map<string, string>();
  readonly #problemListeners = new Set<() => void>();
  readonly #annotations: AnnotationLog;
  readonly #annotationListeners = new Set<(annotations: readonly AnnotatedExchanges[]) => void>();
  readonly #spareTracks: Track[] = [];
  readonly #totals = new TrafficTotals();
  readonly #importers = new Set<SessionImporter>();
  #settings: Settings['record'];
  #seq = 0;
  #lastId = 0;
  #progressTimer: NodeJS.Timeout | undefined;

  /** Use {@link createRecorder}. */
  constructor(settings: Settings['record'], directory: SessionDirectory, { clock, epoch }: EngineTime) {
    this.#settings = settings;
    this.#clock = clock;
    this.epoch = epoch;
    this.#directory = directory;
    this.#store = new SessionStore(directory.path, settings, (problem, text) => {
      // That nothing can be recorded there is said once.
      if (directory.made || problem !== 'disk') this.#setProblem(problem, text);
    });
    this.#annotations = new AnnotationLog(directory.made ? directory.path : undefined, {
      isKept: (id) => this.#running.get(id) !== undefined || this.#store.has(id),
      written: (error) => {
        const why = error === undefined ? undefined : `Marks and comments are not kept: ${whyNotWritten(error)}`;
        if (why !== this.#problems.get('annotations')) this.#setProblem('annotations', why);
      },
    });
    if (directory.problem !== undefined) this.#setProblem('directory', directory.problem);
    this.#context = {
      store: this.#store,
      known: new WeakMap(),
      totals: this.#totals,
      live: false,
      now: this.#clock,
      nextSeq: () => ++this.#seq,
      wantsSpans: (id) => this.#subscribers.some(({ wantsSpans }) => wantsSpans(id)),
      publish: (event) => this.#publish(event),
      takeTrack: () => this.#spareTracks.pop() ?? new Track(),
      giveTrack: (track) => this.#giveTrack(track),
      annotate: (annotations) => this.#annotate(annotations),
      epoch,
      nextId: () => ++this.#lastId,
      ended: (exchange) => this.#ended(exchange),
    };
  }

  /** Sentences that everyone should know; empty when recording works. */
  get warnings(): readonly string[] {
    return [...this.#problems.values()];
  }

  /** Requests that the cache was asked to answer, recorded or not. */
  get asked(): AskedTotals {
    return this.#totals;
  }

  /** Calls `listener` whenever {@link warnings} changes; returns the function that forgets it. */
  onWarning(listener: () => void): () => void {
    this.#problemListeners.add(listener);
    return () => this.#problemListeners.delete(listener);
  }

  now(): number {
    return this.#clock();
  }

  begin(start: ExchangeStart): ExchangeTrace {
    const id = ++this.#lastId;
    if (this.#settings.paused) return new PausedExchange(id, this.#clock, this.#totals);
    const { kind, method, url, version, client, connection, nth, parent, replay } = start;
    const at = start.at ?? this.#clock();
    const type = 'exchange.started';
    const seq = ++this.#seq;
    const event: ExchangeStarted =
      parent === undefined
        ? { type, seq, id, at, kind, method, url, version, client, connection, nth }
        : { type, seq, id, at, kind, method, url, version, client, connection, nth, parent, ...(replay && { replay }) };
    const exchange = new RecordedExchange(this.#context, this.#settings, event);
    this.#running.set(id, exchange);
    return exchange;
  }

  /**
   * Calls `listener` with every event from now on; returns the function that ends it.
   *
   * @param wantsSpans which exchanges' spans the listener wants, if not all: spans are more than half of all events, and
   * making them only to have them ignored costs as much as recording them.
   */
  subscribe(listener: (event: TraceEvent) => void, wantsSpans: (id: number) => boolean = () => true): () => void {
    const subscriber: Subscriber = { listener, wantsSpans };
    this.#subscribers = [...this.#subscribers, subscriber];
    this.#context.live = true;
    this.#progressTimer ??= setInterval(() => this.#reportProgress(), PROGRESS_EVERY_MS).unref();
    return () => {
      this.#subscribers = this.#subscribers.filter((other) => other !== subscriber);
      if (this.#subscribers.length > 0) return;
      this.#context.live = false;
      clearInterval(this.#progressTimer);
      this.#progressTimer = undefined;
    };
  }

  snapshot(): RecorderSnapshot {
    const running: ExchangeRow[] = [];
    for (const exchange of this.#running.values()) {
      const row = foldRow(exchange.events());
      if (row !== undefined) running.push(row);
    }
    const { firstId, lastId } = this.#store.bounds();
    const annotations = this.#annotations.all();
    return { seq: this.#seq, now: this.#clock(), running, firstId, lastId, evicted: this.#store.evicted, annotations };
  }

  /** Rows of finished exchanges with ids below `before` (default: all), newest first. */
  page(before: number | undefined, limit: number): Promise<{ rows: ExchangeRow[]; more: boolean }> {
    return this.#store.page(before ?? Infinity, limit);
  }

  /** Every event of one exchange so far; `undefined` when it is not known (any more). */
  async read(id: number): Promise<TraceEvent[] | undefined> {
    return this.#running.get(id)?.events() ?? this.#store.read(id);
  }

  /**
   * Captured body bytes from `offset`, at most `length`; fewer, down to none, where the capture ends. `undefined` when
   * the exchange is not known (any more) or a part of its body was evicted.
   */
  async readBody(range: BodyRange): Promise<Uint8Array | undefined> {
    const { id, side, offset, length } = range;
    const extents = this.#running.get(id)?.extents(side) ?? (await this.#store.extents(id))?.[side];
    return extents === undefined ? undefined : this.#store.readBody(extents, offset, length);
  }

  /** Messages of a WebSocket or an event stream; `undefined` when the exchange is not known (any more). */
  async readMessages({ id, from, limit }: MessageRange): Promise<MessagePage | undefined> {
    const recorded = await this.#recordedMessages(id);
    return recorded === undefined ? undefined : readMessages(this.#store, recorded, from, limit);
  }

  /** The kind of each message from `from` on as a byte; see MESSAGE_KINDS in shared/messages.ts. */
  async readMessageKinds({ id, from, limit }: MessageRange): Promise<Uint8Array | undefined> {
    const recorded = await this.#recordedMessages(id);
    return recorded === undefined ? undefined : readKinds(this.#store, recorded, from, limit);
  }

  /** Bytes of one message's payload; `undefined` when it is not kept (any more). */
  async readMessagePayload({ id, index, offset, length }: PayloadRange): Promise<Uint8Array | undefined> {
    const recorded = await this.#recordedMessages(id);
    return recorded === undefined ? undefined : readPayload(this.#store, recorded, index, offset, length);
  }

  async #recordedMessages(id: number): Promise<RecordedMessages | undefined> {
    const running = this.#running.get(id);
    if (running !== undefined) return running.recordedMessages() ?? NO_MESSAGES;
    return finishedMessages(this.#store, id);
  }

  /** Forgets every finished exchange but those in `keep`; {@link restoreCleared} undoes it. Returns the last id given out. */
  clear(keep: Iterable<number> = []): number {
    this.#store.clear(keep, () => this.#segmentsInUse());
    return this.#lastId;
  }

  /** Forgets some finished exchanges; {@link restoreCleared} undoes it. Returns the ids of those that were there. */
  delete(ids: Iterable<number>): number[] {
    return this.#store.delete(ids);
  }

  /** Brings back what the last clear or deletion has forgotten, as far as it is still there. Says whether there was anything. */
  restoreCleared(): boolean {
    return this.#store.restoreCleared();
  }

  annotationOf(id: number): Annotation | undefined {
    return this.#annotations.get(id);
  }

  /** Changes what is noted about exchanges. What is noted of one that was cleared is there again when that is undone. */
  annotate(ids: readonly number[], change: AnnotationChange): void {
    const known = ids.filter((id) => id <= this.#lastId);
    this.#annotate(afterChange(this.#annotations, known, change));
  }

  /** Calls `listener` with what is noted about exchanges whenever that changes; returns the function that forgets it. */
  onAnnotated(listener: (annotations: readonly AnnotatedExchanges[]) => void): () => void {
    this.#annotationListeners.add(listener);
    return () => this.#annotationListeners.delete(listener);
  }

  #annotate(annotations: readonly AnnotatedExchanges[]): void {
    if (annotations.length === 0) return;
    const changed = this.#annotations.set(annotations);
    for (const listener of this.#annotationListeners) listener(changed);
  }

  #segmentsInUse(): Set<number> {
    const segments = new Set<number>();
    for (const exchange of this.#running.values()) for (const segment of exchange.segments()) segments.add(segment);
    for (const importer of this.#importers) for (const segment of importer.segments()) segments.add(segment);
    return segments;
  }

  /** The ids of finished exchanges, in order: of all, or of those in `only`. */
  ids(only?: Iterable<number>): number[] {
    const ids = this.#store.ids();
    if (only === undefined) return ids;
    const wanted = new Set(only);
    return ids.filter((id) => wanted.has(id));
  }

  /** Finished exchanges, with their bodies and messages. */
  items(losses: ReadLosses, ids: Iterable<number> = this.#store.ids()): AsyncIterable<SessionItem> {
    return recordedItems(this.#store, ids, losses, this.#annotations);
  }

  /**
   * Takes the exchanges of another session over, whatever is set for recording, and evicts older ones for them like for any
   * other. Rejects with what `items` rejects with; what came before that stays.
   */
  async import(source: ImportSource, items: AsyncIterable<SessionItem>): Promise<ImportCounts> {
    const importer = new SessionImporter(this.#context, source);
    this.#importers.add(importer);
    try {
      for await (const item of items) await importer.add(item);
    } finally {
      await importer.end();
      this.#importers.delete(importer);
    }
    return importer.counts;
  }

  /** Applies to exchanges that begin from now on; limits apply at once. */
  configure(settings: Settings['record']): void {
    this.#settings = settings;
    this.#store.configure(settings);
  }

  /** Resolves when everything recorded so far is on disk, or given up. */
  flushed(): Promise<void> {
    return this.#store.flushed();
  }

  /** Exchanges that can be paged and read. */
  get count(): number {
    return this.#store.count;
  }

  /** Writes what is left. The session stays on disk for later runs to open, as far as the settings keep such. */
  async close(): Promise<void> {
    clearInterval(this.#progressTimer);
    await this.#store.close();
    this.#annotations.close();
    await this.#directory.release(limitsOfPast(this.#settings));
  }

  #ended(exchange: RecordedExchange): void {
    const { id, level } = exchange;
    const { list, detail } = exchange.encoder;
    this.#store.append(id, list, level === 'off' ? undefined : detail);
    this.#running.delete(id);
    this.#giveTrack(list);
    this.#giveTrack(detail);
  }

  #giveTrack(track: Track): void {
    if (this.#spareTracks.length >= MAX_SPARE_TRACKS) return;
    track.reset();
    this.#spareTracks.push(track);
  }

  #publish(event: TraceEvent): void {
    for (const { listener, wantsSpans } of this.#subscribers) {
      if (event.type !== 'span' || wantsSpans(event.id)) listener(event);
    }
  }

  #reportProgress(): void {
    const before = this.#clock() - PROGRESS_AFTER_MS;
    for (const exchange of this.#running.values()) {
      if (exchange.startedAt > before) return;
      exchange.reportProgress();
    }
  }

  #setProblem(problem: string, text: string | undefined): void {
    if (text === undefined) this.#problems.delete(problem);
    else this.#problems.set(problem, text);
    for (const listener of this.#problemListeners) listener();
  }
}

function limitsOfPast({ keepSessions, maxBytes }: Settings['record']): PastSessionLimits {
  return { count: keepSessions, bytes: maxBytes };
}

/** Milliseconds since now, to the microsecond: `hrtime` is a good deal cheaper than `performance.now`. */
function clockFromNow(): () => number {
  const { hrtime } = process;
  const [seconds, nanoseconds] = hrtime();
  return () => {
    const [s, ns] = hrtime();
    return ((s - seconds) * 1e6 + Math.trunc((ns - nanoseconds) / 1000)) / 1000;
  };
}
