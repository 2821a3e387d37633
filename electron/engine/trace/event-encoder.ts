import type { Decision, DecisionStep } from '../../../shared/decision.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import type { BodyCapture, ExchangeNote, ExchangeStarted, Outcome, TraceEvent } from '../../../shared/trace-event.ts';
import { TAG, TRUNCATIONS } from './record-format.ts';
import type { SymbolTable } from './symbol-table.ts';
import type { Track } from './track.ts';

/**
 * Appends an event to an exchange's two tracks: `list` gets what a row of the list is made of, `detail` everything else.
 * What only the details need of a list event (headers, trailers, decision steps) goes to `detail` under the same `seq`,
 * and event-decoder.ts puts the two together again. Every number that this reserves room for is accounted for in the
 * comment-free arithmetic of `reserve`: the fixed numbers of the event, and two for each symbol.
 */
export function encodeEvent(event: TraceEvent, list: Track, detail: Track, symbols: SymbolTable): void {
  switch (event.type) {
    case 'span':
      detail.reserve(15);
      head(detail, TAG.span, event);
      detail.number(event.start);
      detail.symbol(symbols, event.lane);
      detail.symbol(symbols, event.name);
      detail.symbol(symbols, event.handler ?? '');
      detail.optionalText(event.detail);
      detail.optionalText(event.error);
      return;
    case 'exchange.started':
      return encodeStarted(event, list, symbols);
    case 'request.head':
      detail.reserve(4);
      head(detail, TAG.requestHead, event);
      detail.text(event.target);
      detail.list(event.headers);
      return;
    case 'request.ended':
      list.reserve(6);
      head(list, TAG.requestEnded, event);
      return encodeEnd(event, list, detail);
    case 'cache.decided':
      encodeDecision(event.decision, event, list, symbols);
      return encodeSteps(event.decision.steps, event.seq, detail);
    case 'response.informational':
      detail.reserve(4);
      head(detail, TAG.informational, event);
      detail.number(event.status);
      detail.list(event.headers);
      return;
    case 'response.started':
      list.reserve(9);
      head(list, TAG.responseStarted, event);
      list.number(event.status);
      list.text(event.reason);
      list.symbol(symbols, event.from);
      list.text(event.contentType);
      list.optionalText(event.upstream);
      return encodeFields(TAG.headers, event.seq, event.headers, detail);
    case 'response.ended':
      list.reserve(6);
      head(list, TAG.responseEnded, event);
      return encodeEnd(event, list, detail);
    case 'exchange.note':
      return encodeNote(event, event.level === 'info' ? detail : list, symbols);
    case 'exchange.finished':
      list.reserve(10);
      head(list, TAG.finished, event);
      return encodeOutcome(event.outcome, list, symbols);
    case 'exchange.progress':
      // Only the newest of these says anything, and only while the exchange runs.
      return;
  }
}

function head(track: Track, tag: number, event: { seq: number; at: number }): void {
  track.number(tag);
  track.number(event.seq);
  track.number(event.at);
}

function encodeStarted(event: ExchangeStarted, list: Track, symbols: SymbolTable): void {
  list.reserve(12);
  head(list, TAG.started, event);
  list.symbol(symbols, event.kind);
  list.text(event.method);
  list.text(event.url);
  list.text(event.version);
  list.text(event.client);
  list.number(event.connection);
  list.number(event.nth);
  list.optionalNumber(event.parent);
}

function encodeEnd(
  event: { seq: number; bytes: number; body?: BodyCapture; trailers?: HeaderList },
  list: Track,
  detail: Track,
): void {
  list.number(event.bytes);
  const { body } = event;
  list.number(body === undefined ? -1 : body.captured);
  list.number(body?.truncated === undefined ? 0 : TRUNCATIONS.indexOf(body.truncated) + 1);
  if (event.trailers !== undefined) encodeFields(TAG.trailers, event.seq, event.trailers, detail);
}

function encodeFields(tag: number, seq: number, fields: HeaderList, detail: Track): void {
  detail.reserve(2);
  detail.number(tag);
  detail.number(seq);
  detail.list(fields);
}

function encodeDecision(
  decision: Decision,
  event: { seq: number; at: number },
  list: Track,
  symbols: SymbolTable,
): void {
  list.reserve(24);
  head(list, TAG.decided, event);
  list.symbol(symbols, decision.verdict);
  list.symbol(symbols, decision.mode);
  list.symbol(symbols, decision.fwd ?? '');
  list.number(flag(decision.hit) | (optionalFlag(decision.stored) << 1) | (optionalFlag(decision.collapsed) << 3));
  list.optionalNumber(decision.fwdStatus);
  list.optionalNumber(decision.ttl);
  list.optionalNumber(decision.age);
  list.optionalNumber(decision.lifetime);
  list.optionalText(decision.key);
  list.optionalText(decision.detail);
  list.optionalText(decision.nearMiss === undefined ? undefined : JSON.stringify(decision.nearMiss));
}

function encodeSteps(steps: readonly DecisionStep[], seq: number, detail: Track): void {
  detail.reserve(3 + 6 * steps.length);
  detail.number(TAG.steps);
  detail.number(seq);
  detail.number(steps.length);
  for (const step of steps) {
    detail.text(step.rule);
    detail.text(step.source);
    detail.text(step.evidence);
    detail.text(step.effect);
    detail.optionalText(step.say);
    detail.number(optionalFlag(step.departure));
  }
}

function encodeNote(event: ExchangeNote, track: Track, symbols: SymbolTable): void {
  track.reserve(8);
  head(track, TAG.note, event);
  track.symbol(symbols, event.level);
  track.text(event.code);
  track.text(event.text);
}

function encodeOutcome(outcome: Outcome, list: Track, symbols: SymbolTable): void {
  list.symbol(symbols, outcome.kind);
  if (outcome.kind === 'completed') return;
  list.text(outcome.kind === 'failed' ? outcome.code : outcome.by);
  list.text(outcome.phase);
  list.text(outcome.message);
}

function flag(value: boolean): number {
  return value ? 1 : 0;
}

/** 0 absent, 1 false, 2 true. */
function optionalFlag(value: boolean | undefined): number {
  return value === undefined ? 0 : value ? 2 : 1;
}
