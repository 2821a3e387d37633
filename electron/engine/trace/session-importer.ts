import { setImmediate } from 'node:timers/promises';
import { isBlank } from '../../../shared/annotation.ts';
import type { AnnotatedExchanges, Annotation } from '../../../shared/annotation.ts';
import type { ExchangeStarted, TraceEvent } from '../../../shared/trace-event.ts';
import { EventEncoder } from './event-encoder.ts';
import { extentsOf } from './extents.ts';
import type { Extent } from './extents.ts';
import { ImportedExchange } from './imported-exchange.ts';
import { importedEvents, isWholeExchange } from './imported-events.ts';
import type { SessionItem } from './session-item.ts';
import type { SessionStore } from './session-store.ts';
import type { Track } from './track.ts';

/** What importing needs of the recorder. */
export interface ImportContext {
  readonly store: SessionStore;
  /** Wall time of this run's engine time zero. */
  readonly epoch: number;
  readonly live: boolean;
  nextId(): number;
  nextSeq(): number;
  publish(event: TraceEvent): void;
  annotate(annotations: readonly AnnotatedExchanges[]): void;
  takeTrack(): Track;
  giveTrack(track: Track): void;
}

/** Where imported exchanges come from. */
export interface ImportSource {
  /** The session's name, which its exchanges are marked with. */
  readonly name: string;
  /** Wall time (ms since 1970) of its engine time zero. */
  readonly epoch: number;
}

/** What became of an import. */
export interface ImportCounts {
  readonly imported: number;
  /** Exchanges that were there and could not be taken over. */
  readonly lost: number;
}

/** Bytes after which the import waits for the disk, so that it never takes the room that live traffic needs. */
const FLUSH_AFTER_BYTES = 4 * 1024 * 1024;
/** Milliseconds of work after which live traffic gets its turn. */
const SLICE_MS = 5;
/** Annotations are taken over so many at a time. */
const ANNOTATIONS = 500;

/**
 * Takes the exchanges of another session over into this one, as they come, under new ids and with their times shifted to
 * this run's clock. They are whole when they get here: whoever watches live sees each begin and end at once.
 */
export class SessionImporter {
  readonly #context: ImportContext;
  readonly #source: ImportSource;
  readonly #shift: number;
  readonly #ids = new Map<number, number>();
  readonly #named = new Map<string, Extent[]>();
  #annotations: AnnotatedExchanges[] = [];
  #current: ImportedExchange | undefined;
  #imported = 0;
  #lost = 0;
  #unflushed = 0;
  #sliceEnd = performance.now() + SLICE_MS;

  constructor(context: ImportContext, source: ImportSource) {
    this.#context = context;
    this.#source = source;
    // Whole microseconds, so that times keep their distances when records round them.
    this.#shift = Math.round((source.epoch - context.epoch) * 1000) / 1000;
  }

  get counts(): ImportCounts {
    return { imported: this.#imported, lost: this.#lost };
  }

  /** Takes the next part of the session. Resolves when there is room, and time, for another one. */
  async add(item: SessionItem): Promise<void> {
    if (performance.now() > this.#sliceEnd) {
      await setImmediate();
      this.#sliceEnd = performance.now() + SLICE_MS;
    }
    switch (item.kind) {
      case 'exchange': {
        await this.#finish();
        if (isWholeExchange(item.events)) this.#current = new ImportedExchange(this.#context.store, item);
        else this.#lost++;
        return;
      }
      case 'body':
        await this.#room(item.bytes.length);
        this.#current?.addBody(item.side, item.bytes);
        return;
      case 'message':
        await this.#room(item.payload.length + 64);
        this.#current?.addMessage(item.facts, item.facts.at + this.#shift, item.payload);
        return;
      case 'lost-messages':
        this.#current?.addLostMessages();
        return;
    }
  }

  /** No more comes. */
  async end(): Promise<void> {
    await this.#finish();
    this.#annotate();
    await this.#context.store.flushed();
  }

  /** Segments of the store that hold bodies of the exchange that is arriving. */
  segments(): ReadonlySet<number> {
    return this.#current?.segments() ?? new Set();
  }

  async #finish(): Promise<void> {
    const exchange = this.#current;
    if (exchange === undefined) return;
    if (exchange.bodyName !== undefined) await this.#shareBody(exchange, exchange.bodyName);
    this.#current = undefined;
    this.#record(exchange);
    this.#imported++;
  }

  /** A body that came before is pointed to; what was evicted meanwhile is missing, as it would be in any recording. */
  async #shareBody(exchange: ImportedExchange, name: string): Promise<void> {
    const { store } = this.#context;
    const before = this.#named.get(name);
    if (exchange.captured('response') === 0 && before !== undefined) {
      // What lies in an older segment is evicted sooner than the exchange that needs it.
      if (before.every(({ segment }) => store.isNewest(segment))) return exchange.pointToBody(before);
      for (const extent of before) await this.#copy(exchange, extent);
    }
    this.#named.set(name, extentsOf(exchange.bodyExtents('response')));
  }

  async #copy(exchange: ImportedExchange, extent: Extent): Promise<void> {
    for (let offset = 0; offset < extent.length; offset += FLUSH_AFTER_BYTES) {
      const bytes = await this.#context.store.readBody([extent], offset, FLUSH_AFTER_BYTES);
      if (bytes === undefined) return;
      await this.#room(bytes.length);
      exchange.addBody('response', bytes);
    }
  }

  /** Nothing here waits, so sequence numbers of one exchange follow each other. */
  #record(exchange: ImportedExchange): void {
    const context = this.#context;
    const id = context.nextId();
    const [first] = exchange.events as readonly [ExchangeStarted, ...TraceEvent[]];
    const events = importedEvents(exchange.events, {
      ...{ id, shift: this.#shift, session: this.#source.name },
      nextSeq: () => context.nextSeq(),
      idOf: (other) => (other === first.id ? id : this.#ids.get(other)),
      captured: (side) => exchange.captured(side),
    });
    const started = events.next().value as ExchangeStarted;
    const [list, detail] = [context.takeTrack(), context.takeTrack()];
    const encoder = new EventEncoder(started, list, detail, context.store.symbols);
    if (context.live) context.publish(started);
    for (const event of events) {
      encoder.add(event);
      if (context.live) context.publish(event);
    }
    encoder.addExtents('requestExtents', exchange.bodyExtents('request'));
    encoder.addExtents('responseExtents', exchange.bodyExtents('response'));
    const blocks = exchange.messageBlocks();
    if (blocks.length > 0) encoder.addExtents('messageBlocks', blocks);
    context.store.append(id, list, detail);
    context.giveTrack(list);
    context.giveTrack(detail);
    this.#ids.set(first.id, id);
    if (exchange.annotation !== undefined) this.#note(id, exchange.annotation);
  }

  #note(id: number, annotation: Annotation): void {
    if (!isBlank(annotation)) this.#annotations.push([annotation, [id]]);
    if (this.#annotations.length >= ANNOTATIONS) this.#annotate();
  }

  #annotate(): void {
    const annotations = this.#annotations;
    this.#annotations = [];
    if (annotations.length > 0) this.#context.annotate(annotations);
  }

  async #room(bytes: number): Promise<void> {
    this.#unflushed += bytes;
    if (this.#unflushed < FLUSH_AFTER_BYTES) return;
    await this.#context.store.flushed();
    this.#unflushed = bytes;
  }
}
