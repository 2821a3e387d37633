import type { Decision } from '../../../shared/decision.ts';
import { NO_HEADERS } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import type {
  BodyCapture,
  ClientSecured,
  UpstreamSecured,
  ExchangeNote,
  ExchangeStarted,
  GatewayEvent,
  MessagesEnded,
  Outcome,
  SpanLane,
  TraceEvent,
} from '../../../shared/trace-event.ts';
import { HAS_DETAIL, HAS_ERROR, LANES, LANE_SHIFT, LONG, NEAR_MISS, TAG, TRUNCATIONS } from './record-format.ts';
import { addSteps, optionalFlag } from './step-encoding.ts';
import type { SymbolTable } from './symbol-table.ts';
import { addClientTls, addUpstreamTls } from './tls-encoding.ts';
import type { Base, Track } from './track.ts';

type ExtentTag = 'requestExtents' | 'responseExtents' | 'messageBlocks';
type Stamp = Pick<TraceEvent, 'seq' | 'at'>;

/** Room for the tag, seq and time of an event in their long form. */
const HEAD = 5;

/**
 * Turns the events of one exchange into its two records: `list` gets what a row of the list is made of, `detail`
 * everything else. What only the details need of a list event (headers, trailers, decision steps) goes to `detail` under
 * the same seq, and event-decoder.ts puts the two together again. Each `reserve` covers the numbers that follow it.
 */
export class EventEncoder {
  readonly list: Track;
  readonly detail: Track;
  readonly #symbols: SymbolTable;
  readonly #base: Base;
  /** The client's request and the upstream's answer: what they have in common with what comes of them is not repeated. */
  #asked: HeaderList = NO_HEADERS;
  #answered: HeaderList = NO_HEADERS;

  /** Begins with `started`, on empty tracks. */
  constructor(started: ExchangeStarted, list: Track, detail: Track, symbols: SymbolTable) {
    this.list = list;
    this.detail = detail;
    this.#symbols = symbols;
    this.#base = { seq: started.seq, time: microseconds(started.at) };
    this.#addStarted(started);
  }

  add(event: TraceEvent): void {
    const { list, detail } = this;
    switch (event.type) {
      case 'span': {
        const { seq, at, lane, name, handler = '', start, detail: facts = '', error = '' } = event;
        return this.addSpan(seq, at, lane, name, handler, start, facts, error);
      }
      case 'request.head':
        detail.reserve(HEAD + 1);
        this.#addHead(detail, TAG.requestHead, event);
        detail.addText(event.target);
        this.#asked = event.headers;
        return detail.addList(event.headers);
      case 'client.secured':
        return this.#addClientSecured(event);
      case 'request.ended':
        return this.#addEnd(TAG.requestEnded, event);
      case 'upstream.secured':
        return this.#addUpstreamSecured(event);
      case 'upstream.request':
        detail.reserve(HEAD + 2);
        this.#addHead(detail, TAG.upstreamRequest, event);
        detail.addText(event.method);
        detail.addText(event.target);
        return detail.addPairsLike(event.headers, this.#asked);
      case 'upstream.response':
        detail.reserve(HEAD + 2);
        this.#addHead(detail, TAG.upstreamResponse, event);
        detail.addInteger(event.status);
        detail.addText(event.reason);
        this.#answered = event.headers;
        return detail.addList(event.headers);
      case 'cache.decided':
        this.#addDecision(event.decision, event);
        return this.#addSteps(event.decision, event);
      case 'response.informational':
        detail.reserve(HEAD + 1);
        this.#addHead(detail, TAG.informational, event);
        detail.addInteger(event.status);
        return detail.addList(event.headers);
      case 'response.started':
        list.reserve(HEAD + 6);
        this.#addHead(list, TAG.responseStarted, event);
        list.addInteger(event.status);
        list.addText(event.reason);
        list.addSymbol(this.#symbols, event.from);
        list.addText(event.contentType);
        list.addOptionalText(event.upstream);
        if (event.remote !== undefined) this.#addRemote(event.remote);
        if (event.from === 'cache' || this.#answered === NO_HEADERS) {
          return this.#addFields(TAG.headers, event, event.headers, event.from === 'cache');
        }
        detail.reserve(HEAD);
        this.#addHead(detail, TAG.headersLike, event);
        return detail.addPairsLike(event.headers, this.#answered);
      case 'response.ended':
        return this.#addEnd(TAG.responseEnded, event);
      case 'messages.ended':
        return this.#addMessagesEnded(event);
      case 'gateway.called':
      case 'gateway.answered':
      case 'gateway.output':
      case 'gateway.framework':
        return this.#addGateway(event);
      case 'rule.applied':
        list.reserve(HEAD + 4);
        this.#addHead(list, TAG.ruleApplied, event);
        list.addText(event.name);
        list.addSymbol(this.#symbols, event.action);
        return list.addInteger(event.index);
      case 'exchange.held':
        detail.reserve(HEAD + 2);
        this.#addHead(detail, TAG.held, event);
        return detail.addSymbol(this.#symbols, event.stage);
      case 'exchange.released':
        detail.reserve(HEAD + 4);
        this.#addHead(detail, TAG.released, event);
        detail.addSymbol(this.#symbols, event.stage);
        return detail.addSymbol(this.#symbols, event.how);
      case 'exchange.note':
        return this.#addNote(event, event.level === 'info' ? detail : list);
      case 'exchange.finished':
        list.reserve(HEAD + 5);
        this.#addHead(list, TAG.finished, event);
        return this.#addOutcome(event.outcome);
      case 'exchange.started':
      case 'exchange.progress':
        // The first is what the encoder began with; of the second only the newest says anything, while it runs.
        return;
    }
  }

  /**
   * Adds a span without making an event of it first: more than half of all events are spans. Empty texts stand for
   * missing ones.
   */
  addSpan(
    seq: number,
    end: number,
    lane: SpanLane,
    name: string,
    handler: string,
    start: number,
    detail: string,
    error: string,
  ): void {
    const track = this.detail;
    track.reserve(HEAD + 8);
    const texts = (detail === '' ? 0 : HAS_DETAIL) | (error === '' ? 0 : HAS_ERROR);
    const first = TAG.span | (LANES.indexOf(lane) << LANE_SHIFT) | texts;
    const { seq: baseSeq, time } = this.#base;
    const seqAfter = seq - baseSeq;
    const endAfter = microseconds(end) - time;
    const startAfter = microseconds(start) - time;
    if (seqAfter === (seqAfter | 0) && endAfter === (endAfter | 0) && startAfter === (startAfter | 0)) {
      track.addInteger(first);
      track.addInteger(seqAfter);
      track.addInteger(endAfter);
      track.addInteger(startAfter);
    } else {
      track.addInteger(first | LONG);
      track.addFloat(seqAfter);
      track.addFloat(endAfter);
      track.addFloat(startAfter);
    }
    track.addSymbol(this.#symbols, name);
    track.addSymbol(this.#symbols, handler);
    if (texts === 0) return;
    if (detail !== '') track.addText(detail);
    if (error !== '') track.addText(error);
  }

  /** Where a captured body or the heads of messages lie: segment, offset and length of each extent. */
  addExtents(tag: ExtentTag, extents: readonly number[]): void {
    const { detail } = this;
    detail.reserve(2 + extents.length);
    detail.addInteger(TAG[tag]);
    detail.addInteger(extents.length / 3);
    for (let i = 0; i < extents.length; i++) detail.addInteger(extents[i] as number);
  }

  #addStarted(event: ExchangeStarted): void {
    const { list } = this;
    list.reserve(16);
    list.addInteger(TAG.started);
    list.addFloat(this.#base.seq);
    list.addFloat(this.#base.time);
    list.addSymbol(this.#symbols, event.kind);
    list.addText(event.method);
    list.addText(event.url);
    list.addText(event.version);
    list.addText(event.client);
    list.addInteger(event.connection);
    list.addInteger(event.nth);
    list.addOptionalFloat(event.parent);
    if (event.session !== undefined) {
      list.reserve(2);
      list.addInteger(TAG.session);
      list.addText(event.session);
    }
    if (event.replay === undefined) return;
    list.reserve(1);
    list.addInteger(TAG.replay);
  }

  #addRemote(remote: string): void {
    const { list } = this;
    list.reserve(2);
    list.addInteger(TAG.remote);
    list.addText(remote);
  }

  /** The tag, seq and time that every later event begins with. */
  #addHead(track: Track, tag: number, event: Stamp): void {
    const seq = event.seq - this.#base.seq;
    const time = microseconds(event.at) - this.#base.time;
    if (seq === (seq | 0) && time === (time | 0)) {
      track.addInteger(tag);
      track.addInteger(seq);
      track.addInteger(time);
    } else {
      track.addInteger(tag | LONG);
      track.addFloat(seq);
      track.addFloat(time);
    }
  }

  #addEnd(tag: number, event: Stamp & { bytes: number; body?: BodyCapture; trailers?: HeaderList }): void {
    const { list } = this;
    const { body } = event;
    list.reserve(HEAD + 5);
    this.#addHead(list, tag, event);
    list.addFloat(event.bytes);
    list.addFloat(body === undefined ? -1 : body.captured);
    list.addInteger(body?.truncated === undefined ? 0 : TRUNCATIONS.indexOf(body.truncated) + 1);
    if (event.trailers !== undefined) this.#addFields(TAG.trailers, event, event.trailers);
  }

  #addFields(tag: number, event: Stamp, fields: HeaderList, repeats = false): void {
    const { detail } = this;
    detail.reserve(HEAD);
    this.#addHead(detail, tag, event);
    const known = repeats ? this.#symbols.packed.get(fields) : undefined;
    if (known !== undefined) return detail.addPacked(known);
    const { count, text } = detail;
    detail.addList(fields);
    if (repeats) this.#symbols.packed.set(fields, detail.packSince(count, text.length));
  }

  #addDecision(decision: Decision, event: Stamp): void {
    const { list } = this;
    const symbols = this.#symbols;
    list.reserve(HEAD + 23);
    this.#addHead(list, TAG.decided, event);
    list.addSymbol(symbols, decision.verdict);
    list.addSymbol(symbols, decision.mode);
    list.addSymbol(symbols, decision.fwd ?? '');
    list.addInteger(
      (decision.hit ? 1 : 0) | (optionalFlag(decision.stored) << 1) | (optionalFlag(decision.collapsed) << 3),
    );
    list.addOptionalFloat(decision.fwdStatus);
    list.addOptionalFloat(decision.ttl);
    list.addOptionalFloat(decision.age);
    list.addOptionalFloat(decision.lifetime);
    list.addOptionalText(decision.key);
    list.addOptionalText(decision.detail);
    if (decision.nearMiss === undefined) return list.addInteger(-1);
    const { key, field, stored, requested, why } = decision.nearMiss;
    list.addInteger(NEAR_MISS);
    list.addText(key);
    list.addText(field);
    list.addText(stored);
    list.addText(requested);
    list.addText(why);
  }

  #addSteps({ hit, steps }: Decision, event: Stamp): void {
    const { detail } = this;
    detail.reserve(HEAD);
    this.#addHead(detail, TAG.steps, event);
    const known = hit ? this.#symbols.packed.get(steps) : undefined;
    if (known !== undefined) return detail.addPacked(known);
    const { count, text } = detail;
    addSteps(detail, this.#symbols, steps);
    if (hit) this.#symbols.packed.set(steps, detail.packSince(count, text.length));
  }

  #addMessagesEnded(event: MessagesEnded): void {
    const { list } = this;
    const { messages, close, lastEventId } = event;
    list.reserve(HEAD + 11);
    this.#addHead(list, TAG.messagesEnded, event);
    list.addFloat(messages.sent);
    list.addFloat(messages.received);
    list.addFloat(messages.lost);
    list.addOptionalText(lastEventId);
    list.addOptionalText(close?.by);
    if (close === undefined) return;
    list.addInteger(close.code);
    list.addText(close.reason);
  }

  #addClientSecured(event: ClientSecured): void {
    const { detail } = this;
    detail.reserve(HEAD);
    this.#addHead(detail, TAG.clientSecured, event);
    addClientTls(detail, this.#symbols, event.tls);
  }

  #addUpstreamSecured(event: UpstreamSecured): void {
    const { detail } = this;
    detail.reserve(HEAD + 3);
    this.#addHead(detail, TAG.upstreamSecured, event);
    detail.addInteger(event.connection);
    detail.addFloat(event.openedBy);
    addUpstreamTls(detail, this.#symbols, event.tls);
  }

  #addGateway(event: GatewayEvent): void {
    const { detail } = this;
    const symbols = this.#symbols;
    detail.reserve(HEAD + 4);
    switch (event.type) {
      case 'gateway.called':
        this.#addHead(detail, TAG.gatewayCalled, event);
        detail.addSymbol(symbols, event.application);
        detail.addText(event.worker);
        return detail.addList(event.environ);
      case 'gateway.answered':
        this.#addHead(detail, TAG.gatewayAnswered, event);
        detail.addText(event.status);
        return detail.addList(event.headers);
      case 'gateway.output':
        this.#addHead(detail, TAG.gatewayOutput, event);
        detail.addSymbol(symbols, event.stream);
        return detail.addText(event.text);
      case 'gateway.framework':
        this.#addHead(detail, TAG.gatewayFramework, event);
        return detail.addList(event.facts);
    }
  }

  #addNote(event: ExchangeNote, track: Track): void {
    track.reserve(HEAD + 4);
    this.#addHead(track, TAG.note, event);
    track.addSymbol(this.#symbols, event.level);
    track.addText(event.code);
    track.addText(event.text);
  }

  #addOutcome(outcome: Outcome): void {
    const { list } = this;
    list.addSymbol(this.#symbols, outcome.kind);
    if (outcome.kind === 'completed') return;
    list.addText(outcome.kind === 'failed' ? outcome.code : outcome.by);
    list.addText(outcome.phase);
    list.addText(outcome.message);
  }
}

function microseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000);
}
