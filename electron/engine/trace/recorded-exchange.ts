import { getHeader } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import type { RuleActionType } from '../../../shared/rule-actions.ts';
import type { Decision, Verdict } from '../../../shared/decision.ts';
import type { ClientTlsFacts, TlsFacts } from '../../../shared/tls-facts.ts';
import type {
  BodyCapture,
  ExchangeStarted,
  HeldStage,
  Outcome,
  ReleasedHow,
  SpanEnded,
  SpanLane,
  TraceEvent,
} from '../../../shared/trace-event.ts';
import { messageOf } from '../../../shared/message-of.ts';
import type { ExchangeTrace, GatewayReport, HandlerPhase, OpenPhase, SpanFacts } from '../chain/exchange-trace.ts';
import type { Reply } from '../chain/reply.ts';
import { BodyRecording } from './body-recording.ts';
import type { KnownBodies } from './body-recording.ts';
import type { CodedEventStream } from './coded-event-stream.ts';
import { readEvents } from './coded-event-stream.ts';
import { decodeEvents } from './event-decoder.ts';
import type { Extent } from './extents.ts';
import { extentsOf } from './extents.ts';
import { EventEncoder } from './event-encoder.ts';
import type { EventStreamRecording } from './event-stream-recording.ts';
import { MessageLog } from './message-log.ts';
import type { RecordedMessages } from './message-log.ts';
import type { SessionStore } from './session-store.ts';
import { TrackReader } from './track.ts';
import { withoutChain } from './tls-encoding.ts';
import type { Track } from './track.ts';
import type { TrafficTotals } from './traffic-totals.ts';

/** What exchanges need of their recorder. */
export interface RecordingContext {
  readonly store: SessionStore;
  readonly known: KnownBodies;
  /** Whether anybody listens to {@link publish}. */
  readonly live: boolean;
  now(): number;
  nextSeq(): number;
  /** Whether anybody wants the spans of this exchange. */
  wantsSpans(id: number): boolean;
  publish(event: TraceEvent): void;
  takeTrack(): Track;
  readonly totals: TrafficTotals;
  /** The exchange's tracks are complete; the context takes them back. */
  ended(exchange: RecordedExchange): void;
}

/** How much is kept of an exchange: see `record` in shared/settings.ts. */
export interface RecordingDepth {
  readonly level: 'full' | 'head' | 'off';
  readonly bodyCap: number;
  readonly messagesCap: number;
}

/** The trace of one exchange: makes its events, keeps them until it ends and hands them to whoever watches live. */
export class RecordedExchange implements ExchangeTrace {
  readonly id: number;
  readonly startedAt: number;
  readonly recorded = true;
  readonly encoder: EventEncoder;
  readonly level: RecordingDepth['level'];
  readonly #context: RecordingContext;
  readonly #bodyCap: number;
  readonly #messagesCap: number;
  #request: BodyRecording | undefined;
  #response: BodyRecording | undefined;
  #knownBodies: KnownBodies | undefined;
  #messages: MessageLog | undefined;
  #eventStream: EventStreamRecording | CodedEventStream | undefined;
  #open: OpenPhase[] = [];
  #requestOpen = false;
  #responseOpen = false;
  #done = false;
  #verdict: Verdict | undefined;
  /** Bytes at the last progress report, so that a report is made only when something moved. */
  #reported = -1;

  constructor(context: RecordingContext, depth: RecordingDepth, started: ExchangeStarted) {
    this.#context = context;
    this.id = started.id;
    this.startedAt = started.at;
    this.level = depth.level;
    this.#bodyCap = depth.level === 'full' ? depth.bodyCap : -1;
    this.#messagesCap = depth.level === 'off' ? 0 : depth.messagesCap;
    this.encoder = new EventEncoder(started, context.takeTrack(), context.takeTrack(), context.store.symbols);
    if (context.live) context.publish(started);
  }

  now(): number {
    return this.#context.now();
  }

  clientSecured(tls: ClientTlsFacts): void {
    if (this.#done || this.level === 'off') return;
    const context = this.#context;
    this.#emit({ type: 'client.secured', seq: context.nextSeq(), id: this.id, at: context.now(), tls });
  }

  upstreamSecured(connection: number, openedBy: number, tls: TlsFacts): void {
    if (this.#done || this.level === 'off') return;
    const context = this.#context;
    const told = openedBy === this.id ? tls : withoutChain(tls);
    const stamp = { seq: context.nextSeq(), id: this.id, at: context.now() };
    this.#emit({ type: 'upstream.secured', ...stamp, connection, openedBy, tls: told });
  }

  upstreamRequest(method: string, target: string, headers: HeaderList): void {
    if (this.#done || this.level === 'off') return;
    const context = this.#context;
    const [seq, at] = [context.nextSeq(), context.now()];
    this.#emit({ type: 'upstream.request', seq, id: this.id, at, method, target, headers });
  }

  upstreamResponse(status: number, reason: string, headers: HeaderList): void {
    if (this.#done || this.level === 'off') return;
    const context = this.#context;
    const [seq, at] = [context.nextSeq(), context.now()];
    this.#emit({ type: 'upstream.response', seq, id: this.id, at, status, reason, headers });
  }

  requestHead(target: string, headers: HeaderList): void {
    if (this.#done) return;
    this.#requestOpen = true;
    if (this.level === 'off') return;
    const context = this.#context;
    this.#emit({ type: 'request.head', seq: context.nextSeq(), id: this.id, at: context.now(), target, headers });
  }

  requestChunk(chunk: Uint8Array): void {
    if (this.#done) return;
    this.#request ??= new BodyRecording(this.#bodyCap);
    this.#request.add(chunk, this.#context.store, undefined);
  }

  tunnelled(sent: number, received: number): void {
    if (this.#done) return;
    this.#request ??= new BodyRecording(-1);
    this.#request.bytes += sent;
    this.#response ??= new BodyRecording(-1);
    this.#response.bytes += received;
  }

  requestEnded(trailers?: HeaderList, complete = true): void {
    if (this.#done || !this.#requestOpen) return;
    this.#endRequest(complete, trailers);
  }

  decided(decision: Decision): void {
    if (this.#done) return;
    const context = this.#context;
    this.#verdict = decision.verdict;
    const shown = this.level === 'off' ? { ...decision, steps: [] } : decision;
    this.#emit({ type: 'cache.decided', seq: context.nextSeq(), id: this.id, at: context.now(), decision: shown });
  }

  informational(status: number, headers: HeaderList): void {
    if (this.#done || this.level === 'off') return;
    const context = this.#context;
    const [seq, at] = [context.nextSeq(), context.now()];
    this.#emit({ type: 'response.informational', seq, id: this.id, at, status, headers });
  }

  responseStarted(reply: Reply, headers: HeaderList): void {
    if (this.#done) return;
    this.#responseOpen = true;
    const context = this.#context;
    const { status, reason, from, upstream, remote } = reply;
    if (from === 'cache') this.#knownBodies = context.known;
    const event = {
      type: 'response.started',
      seq: context.nextSeq(),
      id: this.id,
      at: context.now(),
      status,
      reason,
      from,
      contentType: mediaType(headers),
      headers: this.level === 'off' ? [] : headers,
    } as const;
    const named = upstream === undefined ? event : { ...event, upstream };
    this.#emit(remote === undefined ? named : { ...named, remote });
    if (event.contentType === 'text/event-stream') this.#eventStream = readEvents(headers, this);
  }

  responseChunk(chunk: Uint8Array): void {
    if (this.#done) return;
    this.#response ??= new BodyRecording(this.#bodyCap);
    this.#response.add(chunk, this.#context.store, this.#knownBodies);
    this.#eventStream?.push(chunk, this.#context.now());
  }

  messages(): MessageLog {
    const limits = { payloadCap: Math.max(0, this.#bodyCap), totalCap: this.#messagesCap };
    return (this.#messages ??= new MessageLog(this.#context.store, limits));
  }

  responseEnded(trailers?: HeaderList, complete = true): void {
    if (this.#done || !this.#responseOpen) return;
    this.#endResponse(complete, trailers);
  }

  span(lane: SpanLane, name: string, start: number, facts?: SpanFacts): void {
    if (facts === undefined) this.#span(this.#context.now(), lane, name, '', start, '', '');
    else {
      const { end = this.#context.now(), handler = '', detail = '', error = '' } = facts;
      this.#span(end, lane, name, handler, start, detail, error);
    }
  }

  enter(handler: string, phase: HandlerPhase): OpenPhase {
    const open: OpenPhase = { handler, phase, start: this.#context.now() };
    this.#open.push(open);
    return open;
  }

  leave(phase: OpenPhase, error?: unknown): void {
    const open = this.#open;
    if (open.at(-1) === phase) {
      open.pop();
    } else {
      const index = open.indexOf(phase);
      if (index < 0) return;
      open.splice(index, 1);
    }
    const text = error === undefined ? '' : messageOf(error);
    this.#span(this.#context.now(), 'handler', phase.phase, phase.handler, phase.start, '', text);
  }

  gateway(report: GatewayReport): void {
    if (this.#done || this.level === 'off') return;
    const context = this.#context;
    this.#emit({ ...report, seq: context.nextSeq(), id: this.id, at: context.now() });
  }

  ruleApplied(name: string, action: RuleActionType, index: number): void {
    if (this.#done) return;
    const context = this.#context;
    this.#emit({ type: 'rule.applied', seq: context.nextSeq(), id: this.id, at: context.now(), name, action, index });
  }

  held(stage: HeldStage): void {
    if (this.#done) return;
    const context = this.#context;
    this.#emit({ type: 'exchange.held', seq: context.nextSeq(), id: this.id, at: context.now(), stage });
  }

  released(stage: HeldStage, how: ReleasedHow): void {
    if (this.#done) return;
    const context = this.#context;
    this.#emit({ type: 'exchange.released', seq: context.nextSeq(), id: this.id, at: context.now(), stage, how });
  }

  note(level: 'info' | 'warning' | 'error', code: string, text: string): void {
    if (this.#done || (this.level === 'off' && level === 'info')) return;
    const context = this.#context;
    this.#emit({ type: 'exchange.note', seq: context.nextSeq(), id: this.id, at: context.now(), level, code, text });
  }

  settling(): Promise<void> | undefined {
    return this.#eventStream?.settling();
  }

  finished(outcome: Outcome): void {
    if (this.#done) return;
    // A message that was cut off has an end too: the row needs its bytes, the details why its body is short.
    if (this.#requestOpen && this.#request !== undefined) this.#endRequest(false, undefined);
    if (this.#responseOpen) this.#endResponse(this.#response === undefined, undefined);
    this.#endMessages();
    const context = this.#context;
    this.#emit({ type: 'exchange.finished', seq: context.nextSeq(), id: this.id, at: context.now(), outcome });
    this.#done = true;
    context.totals.count(this.#verdict, this.#response?.bytes ?? 0);
    if (this.#request !== undefined) this.encoder.addExtents('requestExtents', this.#request.extents);
    if (this.#response !== undefined) this.encoder.addExtents('responseExtents', this.#response.extents);
    context.ended(this);
  }

  /** The messages so far; undefined for an exchange that has none. */
  recordedMessages(): RecordedMessages | undefined {
    return this.#messages?.recorded;
  }

  /** The events so far, and a progress report when the exchange still runs. */
  events(): TraceEvent[] {
    const { symbols } = this.#context.store;
    const reader = (track: Track): TrackReader => new TrackReader(track.numbers, track.count, track.text, symbols);
    const events = decodeEvents(this.id, reader(this.encoder.list), reader(this.encoder.detail));
    return this.#done ? events : [...events, this.#progress(events.at(-1)?.seq ?? 0)];
  }

  /** Publishes how far the exchange is, unless nothing moved since the last time. */
  reportProgress(): void {
    const moved = (this.#request?.bytes ?? 0) + (this.#response?.bytes ?? 0) + this.#open.length / 1024;
    if (moved === this.#reported) return;
    this.#reported = moved;
    this.#context.publish(this.#progress(this.#context.nextSeq()));
  }

  extents(side: 'request' | 'response'): Extent[] {
    return extentsOf((side === 'request' ? this.#request : this.#response)?.extents ?? []);
  }

  /** Segments of the store that what was captured of this exchange lies in. */
  segments(): ReadonlySet<number> {
    const segments = new Set(this.#messages?.segments);
    for (const side of ['request', 'response'] as const) {
      for (const extent of this.extents(side)) segments.add(extent.segment);
    }
    return segments;
  }

  #progress(seq: number): TraceEvent {
    const event = {
      type: 'exchange.progress' as const,
      seq,
      id: this.id,
      at: this.#context.now(),
      requestBytes: this.#request?.bytes ?? 0,
      responseBytes: this.#response?.bytes ?? 0,
      open: this.#open.map((phase) => `${phase.handler}.${phase.phase}`),
    };
    const log = this.#messages;
    if (log === undefined) return event;
    const { counts: messages, lastEventId } = log;
    return lastEventId === undefined ? { ...event, messages } : { ...event, messages, lastEventId };
  }

  #endMessages(): void {
    const log = this.#messages;
    if (log === undefined) return;
    this.#eventStream?.end();
    const blocks = log.finish();
    if (this.level !== 'off') this.encoder.addExtents('messageBlocks', blocks);
    const context = this.#context;
    const { counts: messages, close, lastEventId } = log;
    this.#emit({
      ...{ type: 'messages.ended', seq: context.nextSeq(), id: this.id, at: context.now(), messages },
      ...(close === undefined ? {} : { close }),
      ...(lastEventId === undefined ? {} : { lastEventId }),
    });
  }

  #endRequest(complete: boolean, trailers: HeaderList | undefined): void {
    this.#requestOpen = false;
    const bytes = this.#request?.bytes ?? 0;
    const context = this.#context;
    const event = { type: 'request.ended', seq: context.nextSeq(), id: this.id, at: context.now(), bytes } as const;
    this.#emit(withEnd(event, this.#request?.capture(complete), this.level === 'off' ? undefined : trailers));
  }

  #endResponse(complete: boolean, trailers: HeaderList | undefined): void {
    this.#responseOpen = false;
    const bytes = this.#response?.bytes ?? 0;
    const context = this.#context;
    const event = { type: 'response.ended', seq: context.nextSeq(), id: this.id, at: context.now(), bytes } as const;
    this.#emit(withEnd(event, this.#response?.capture(complete), this.level === 'off' ? undefined : trailers));
  }

  #span(at: number, lane: SpanLane, name: string, handler: string, start: number, detail: string, error: string): void {
    if (this.#done || this.level === 'off') return;
    const context = this.#context;
    const seq = context.nextSeq();
    this.encoder.addSpan(seq, at, lane, name, handler, start, detail, error);
    if (!context.live || !context.wantsSpans(this.id)) return;
    const span: SpanEnded = { type: 'span', seq, id: this.id, at, lane, name, start };
    context.publish({
      ...span,
      ...(handler === '' ? {} : { handler }),
      ...(detail === '' ? {} : { detail }),
      ...(error === '' ? {} : { error }),
    });
  }

  #emit(event: TraceEvent): void {
    const context = this.#context;
    this.encoder.add(event);
    if (context.live) context.publish(event);
  }
}

function withEnd<E extends object>(event: E, body: BodyCapture | undefined, trailers: HeaderList | undefined) {
  const hasTrailers = trailers !== undefined && trailers.length > 0;
  if (body === undefined) return hasTrailers ? { ...event, trailers } : event;
  return hasTrailers ? { ...event, body, trailers } : { ...event, body };
}

/** The media type without parameters, in lower case (RFC 9110 §8.3.1); empty when there is none. */
function mediaType(headers: HeaderList): string {
  const value = getHeader(headers, 'content-type');
  if (value === undefined) return '';
  const end = value.indexOf(';');
  return (end < 0 ? value : value.slice(0, end)).trim().toLowerCase();
}
