import type { Decision, Forward, Verdict } from './decision.ts';
import type { HeaderList } from './headers.ts';
import type { ClientTlsFacts } from './tls-facts.ts';
import type { MessageCounts, WebSocketClose } from './messages.ts';
import type {
  BodyCapture,
  ExchangeNote,
  ExchangeProgress,
  ExchangeStarted,
  GatewayEvent,
  HeldStage,
  Outcome,
  ResponseSource,
  RuleApplied,
  SpanEnded,
  TraceEvent,
  UpstreamRequest,
  UpstreamResponse,
  UpstreamSecured,
} from './trace-event.ts';

/** One row of the list: what is kept in memory for every exchange. Times are monotonic engine milliseconds. */
export interface ExchangeRow extends Omit<ExchangeStarted, 'type' | 'seq' | 'at'> {
  readonly start: number;
  /** Set when the exchange has ended. */
  readonly end?: number;
  readonly status?: number;
  readonly from?: ResponseSource;
  readonly contentType?: string;
  readonly upstream?: string;
  readonly remote?: string;
  /** When the response's head was ready to be sent. */
  readonly responseAt?: number;
  readonly verdict?: Verdict;
  readonly fwd?: Forward;
  readonly ttl?: number;
  /** Of the stored response, in seconds, when it was decided. */
  readonly age?: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** For a WebSocket or an event stream. */
  readonly messages?: MessageCounts;
  /** How a WebSocket was closed. */
  readonly close?: WebSocketClose;
  readonly outcome?: Outcome;
  /** The rules that were applied to it, in order; absent for most. */
  readonly rules?: readonly AppliedRule[];
  /** The message of it that waits for a person now. */
  readonly held?: HeldStage;
  /** Notes of level warning and error. */
  readonly warnings: number;
}

/** A rule that was applied, and when. */
export type AppliedRule = Pick<RuleApplied, 'name' | 'action' | 'index' | 'at'>;

/** A message's fields and what is known of its body. */
export interface MessageView {
  readonly headers: HeaderList;
  readonly trailers?: HeaderList;
  readonly body?: BodyCapture;
}

/** A row with everything known of the exchange. */
export interface ExchangeView extends ExchangeRow {
  readonly target?: string;
  /** The TLS that the request came in; absent for one in the clear. */
  readonly clientTls?: ClientTlsFacts;
  /** The last secured connection to an upstream that the request went on. */
  readonly upstreamTls?: UpstreamSecured;
  /** The last request that an upstream got for it, and the last answer. */
  readonly upstreamRequest?: UpstreamRequest;
  readonly upstreamResponse?: UpstreamResponse;
  readonly request: MessageView;
  readonly response?: MessageView & { readonly reason: string };
  readonly informational: readonly { readonly at: number; readonly status: number; readonly headers: HeaderList }[];
  readonly spans: readonly SpanEnded[];
  readonly decision?: Decision;
  /** When it was first decided; the decision is the last one, which may tell of a body that was not stored as promised. */
  readonly decidedAt?: number;
  /** For an event stream: the id that a client would reconnect with, once an event had one. */
  readonly lastEventId?: string;
  readonly notes: readonly ExchangeNote[];
  /** What passed between the gateway and an application, in order; absent when none was asked. */
  readonly gateway?: readonly GatewayEvent[];
  /** Phases running at the last progress report of an exchange that has not ended. */
  readonly open: readonly string[];
}

/**
 * The row after `event`. Returns a new object when something changed and `row` itself when nothing did. Events for an
 * exchange whose `exchange.started` was missed are ignored (`undefined`): the next snapshot has them.
 */
export function applyToRow(row: ExchangeRow | undefined, event: TraceEvent): ExchangeRow | undefined {
  if (event.type === 'exchange.started') {
    const { id, kind, method, url, version, client, connection, nth } = event;
    const started: ExchangeRow = {
      ...{ id, kind, start: event.at, method, url, version, client, connection, nth },
      ...{ requestBytes: 0, responseBytes: 0, warnings: 0 },
    };
    const { parent, replay, session } = event;
    if (parent === undefined && session === undefined) return started;
    return {
      ...{ ...started, ...(parent === undefined ? {} : { parent }), ...(replay === undefined ? {} : { replay }) },
      ...(session === undefined ? {} : { session }),
    };
  }
  if (row === undefined) return undefined;
  switch (event.type) {
    case 'request.ended':
      return { ...row, requestBytes: event.bytes };
    case 'response.ended':
      return { ...row, responseBytes: event.bytes };
    case 'exchange.progress':
      return row.end === undefined ? { ...row, ...progressOf(event) } : row;
    case 'messages.ended': {
      const { messages, close } = event;
      return close === undefined ? { ...row, messages } : { ...row, messages, close };
    }
    case 'cache.decided': {
      const { verdict, fwd, ttl, age } = event.decision;
      return {
        ...{ ...(row.verdict === undefined ? row : undecided(row)), verdict },
        ...(fwd === undefined ? {} : { fwd }),
        ...(ttl === undefined ? {} : { ttl }),
        ...(age === undefined ? {} : { age }),
      };
    }
    case 'response.started': {
      const { status, from, contentType, upstream, remote } = event;
      const answered = { ...row, status, from, contentType, responseAt: event.at };
      return {
        ...answered,
        ...(upstream === undefined ? {} : { upstream }),
        ...(remote === undefined ? {} : { remote }),
      };
    }
    case 'exchange.note':
      return event.level === 'info' ? row : { ...row, warnings: row.warnings + 1 };
    case 'rule.applied': {
      const { name, action, index, at } = event;
      return { ...row, rules: [...(row.rules ?? []), { name, action, index, at }] };
    }
    case 'exchange.held':
      return { ...row, held: event.stage };
    case 'exchange.released':
      return notHeld(row);
    case 'exchange.finished':
      return { ...notHeld(row), end: event.at, outcome: event.outcome };
    case 'request.head':
    case 'response.informational':
    case 'client.secured':
    case 'upstream.secured':
    case 'upstream.request':
    case 'upstream.response':
    case 'span':
    case 'gateway.called':
    case 'gateway.answered':
    case 'gateway.output':
    case 'gateway.framework':
      return row;
  }
}

/** Without the decision that another one replaces. */
function undecided({ verdict: _verdict, fwd: _fwd, ttl: _ttl, age: _age, ...row }: ExchangeRow): ExchangeRow {
  return row;
}

function notHeld(row: ExchangeRow): ExchangeRow {
  if (row.held === undefined) return row;
  const { held: _, ...rest } = row;
  return rest;
}

/** Folds one exchange's events, in order, into its row; `undefined` when they do not begin with its start. */
export function foldRow(events: readonly TraceEvent[]): ExchangeRow | undefined {
  let row: ExchangeRow | undefined;
  for (const event of events) row = applyToRow(row, event);
  return row;
}

/** Folds one exchange's events, in order, into its view; `undefined` when they do not begin with its start. */
export function fold(events: readonly TraceEvent[]): ExchangeView | undefined {
  let view: ExchangeView | undefined;
  for (const event of events) view = applyToView(view, event);
  return view;
}

/** The view after `event`: {@link applyToRow} plus the details that only one exchange at a time needs. */
export function applyToView(view: ExchangeView | undefined, event: TraceEvent): ExchangeView | undefined {
  const row = applyToRow(view, event);
  if (row === undefined) return undefined;
  if (view === undefined || event.type === 'exchange.started') {
    return { ...row, request: { headers: [] }, informational: [], spans: [], notes: [], open: [] };
  }
  // applyToRow spreads what it is given, so every detail of `view` is still there.
  const next = row as ExchangeView;
  switch (event.type) {
    case 'request.head':
      return { ...next, target: event.target, request: { ...next.request, headers: event.headers } };
    case 'client.secured':
      return { ...next, clientTls: event.tls };
    case 'request.ended':
      return { ...next, request: { ...next.request, ...endOf(event) } };
    case 'cache.decided':
      return { ...next, decision: event.decision, decidedAt: next.decidedAt ?? event.at };
    case 'response.informational': {
      const { at, status, headers } = event;
      return { ...next, informational: [...next.informational, { at, status, headers }] };
    }
    case 'response.started':
      return { ...next, response: { reason: event.reason, headers: event.headers } };
    case 'response.ended':
      return next.response === undefined ? next : { ...next, response: { ...next.response, ...endOf(event) } };
    case 'upstream.request':
      return { ...next, upstreamRequest: event };
    case 'upstream.response':
      return { ...next, upstreamResponse: event };
    case 'upstream.secured':
      return { ...next, upstreamTls: event };
    case 'span':
      return { ...next, spans: [...next.spans, event] };
    case 'exchange.progress':
      return { ...next, ...idOf(event), open: next.end === undefined ? event.open : [] };
    case 'gateway.called':
    case 'gateway.answered':
    case 'gateway.output':
    case 'gateway.framework':
      return { ...next, gateway: [...(next.gateway ?? []), event] };
    case 'exchange.note':
      return { ...next, notes: [...next.notes, event] };
    case 'messages.ended':
      return { ...next, ...idOf(event) };
    case 'rule.applied':
    case 'exchange.held':
    case 'exchange.released':
      return next;
    case 'exchange.finished':
      return { ...next, open: [] };
  }
}

function idOf({ lastEventId }: { lastEventId?: string }): Pick<ExchangeView, 'lastEventId'> {
  return lastEventId === undefined ? {} : { lastEventId };
}

function progressOf(event: ExchangeProgress): Pick<ExchangeRow, 'requestBytes' | 'responseBytes' | 'messages'> {
  const { requestBytes, responseBytes, messages } = event;
  return messages === undefined ? { requestBytes, responseBytes } : { requestBytes, responseBytes, messages };
}

function endOf(event: { body?: BodyCapture; trailers?: HeaderList }): Partial<MessageView> {
  return {
    ...(event.body === undefined ? {} : { body: event.body }),
    ...(event.trailers === undefined ? {} : { trailers: event.trailers }),
  };
}
