import type { Decision } from './decision.ts';
import type { HeaderList } from './headers.ts';
import type { ClientTlsFacts, TlsFacts } from './tls-facts.ts';
import type { RuleActionType } from './rule-actions.ts';
import type { MessageCounts, WebSocketClose } from './messages.ts';

/**
 * The events an exchange leaves behind, in the order they happened. They are flat, plain JSON, and the only source of
 * every view: `fold` in exchange-view.ts turns them into what the list, the timeline and the session files hold.
 *
 * `seq` counts every event of one engine run, without gaps. `at` is in milliseconds on the engine's monotonic clock
 * (zero when the engine was created); `EngineStatus.epoch` converts it to wall time.
 */
export type TraceEvent =
  | ExchangeStarted
  | RequestHead
  | ClientSecured
  | RequestEnded
  | CacheDecided
  | InformationalSent
  | ResponseStarted
  | ResponseEnded
  | UpstreamSecured
  | UpstreamRequest
  | UpstreamResponse
  | SpanEnded
  | MessagesEnded
  | GatewayEvent
  | RuleApplied
  | ExchangeHeld
  | ExchangeReleased
  | ExchangeProgress
  | ExchangeNote
  | ExchangeFinished;

interface EventBase {
  readonly seq: number;
  /** The exchange's id: 1, 2, 3 … in order of arrival within one engine run. */
  readonly id: number;
  readonly at: number;
}

/**
 * What kind of row this is: a request, a WebSocket handshake and what follows it, an opaque CONNECT tunnel, or bytes that
 * never became a request.
 */
export type ExchangeKind = 'http' | 'websocket' | 'tunnel' | 'malformed';

export interface ExchangeStarted extends EventBase {
  readonly type: 'exchange.started';
  readonly kind: ExchangeKind;
  readonly method: string;
  /** The absolute URL asked for, for people to read; for a malformed request whatever could be made out. */
  readonly url: string;
  /** The client's protocol version, as in `HTTP/1.1`. */
  readonly version: string;
  /** The client's address and port. */
  readonly client: string;
  /** Number of the client connection, and of the request on it (1 = the first). */
  readonly connection: number;
  readonly nth: number;
  /** The exchange that caused this one, such as the one that triggered a background revalidation. */
  readonly parent?: number;
  /** A person had it sent again: what it repeats is its `parent`. */
  readonly replay?: true;
  /** The name of the session that it was opened from; absent for what this run recorded itself. */
  readonly session?: string;
}

/** The request came inside of TLS; absent for one in the clear. */
export interface ClientSecured extends EventBase {
  readonly type: 'client.secured';
  readonly tls: ClientTlsFacts;
}

export interface RequestHead extends EventBase {
  readonly type: 'request.head';
  /** The request-target exactly as it came (RFC 9112 §3.2). */
  readonly target: string;
  readonly headers: HeaderList;
}

/** Where a captured body lies in the session store; read it by range with `body.read`. */
export interface BodyCapture {
  /** Bytes captured, from the body's start. */
  readonly captured: number;
  /** Why the capture is shorter than the body, if it is. */
  readonly truncated?: 'cap' | 'backlog' | 'aborted';
}

export interface RequestEnded extends EventBase {
  readonly type: 'request.ended';
  /** Body bytes received from the client, without chunk framing. */
  readonly bytes: number;
  readonly body?: BodyCapture;
  readonly trailers?: HeaderList;
}

/** The request goes on a connection to an upstream that is secured with TLS. */
export interface UpstreamSecured extends EventBase {
  readonly type: 'upstream.secured';
  /** Number of the connection among those to upstreams. */
  readonly connection: number;
  /** The exchange that opened it; another one's id when it was open already, 0 when that is not known (any more). Its event alone holds the certificates. */
  readonly openedBy: number;
  readonly tls: TlsFacts;
}

/** A request is written to an upstream: the client's own, or one that asks whether what is stored is still good. */
export interface UpstreamRequest extends EventBase {
  readonly type: 'upstream.request';
  readonly method: string;
  /** The request-target, or the path of HTTP/2. */
  readonly target: string;
  /** As handed to the connection, which adds what frames the message. */
  readonly headers: HeaderList;
}

/** An upstream answers with this head, which need not be what the client gets. */
export interface UpstreamResponse extends EventBase {
  readonly type: 'upstream.response';
  readonly status: number;
  readonly reason: string;
  /** As received. */
  readonly headers: HeaderList;
}

/** The cache's decision; once more when the body was not stored as the one about its head had said, or joined with parts. */
export interface CacheDecided extends EventBase {
  readonly type: 'cache.decided';
  readonly decision: Decision;
}

/** An interim (1xx) response that was passed to the client. */
export interface InformationalSent extends EventBase {
  readonly type: 'response.informational';
  readonly status: number;
  readonly headers: HeaderList;
}

/** Who made the response: the upstream, the cache, or Hopscope itself (an error page, say). */
export type ResponseSource = 'upstream' | 'cache' | 'hopscope';

export interface ResponseStarted extends EventBase {
  readonly type: 'response.started';
  readonly status: number;
  readonly reason: string;
  readonly from: ResponseSource;
  /** Media type without parameters, lower case; empty when absent. */
  readonly contentType: string;
  /** As sent to the client. */
  readonly headers: HeaderList;
  /** Whom the request was sent to by name: a server as in `example.com:80`, a proxy, an application; absent when to none. */
  readonly upstream?: string;
  /** The address at the other end of the connection that it went on, as in `192.0.2.1:80`: the server's or the proxy's. */
  readonly remote?: string;
}

export interface ResponseEnded extends EventBase {
  readonly type: 'response.ended';
  /** Body bytes handed to the client's socket, without chunk framing. */
  readonly bytes: number;
  readonly body?: BodyCapture;
  readonly trailers?: HeaderList;
}

/** The lanes of the timeline. */
export type SpanLane = 'client' | 'handler' | 'upstream' | 'application';

/**
 * A timed part of an exchange, reported when it ends. `name` is the phase: accept, setup, handle, finish, deliver, dns,
 * connect, tls, send, wait, receive, tunnel … `at` is the end.
 */
export interface SpanEnded extends EventBase {
  readonly type: 'span';
  readonly lane: SpanLane;
  readonly name: string;
  /** The handler the phase belongs to, for the lane `handler`. */
  readonly handler?: string;
  readonly start: number;
  /** Facts worth showing with the span: an address, a reused connection, a TLS version. */
  readonly detail?: string;
  /** Set when the phase ended with an error. */
  readonly error?: string;
}

/** The end of a WebSocket or of an event stream: what passed, and how it was closed. */
export interface MessagesEnded extends EventBase {
  readonly type: 'messages.ended';
  readonly messages: MessageCounts;
  /** Absent for an event stream. */
  readonly close?: WebSocketClose;
  /** What a client of an event stream would reconnect with; absent when no event had an id. */
  readonly lastEventId?: string;
}

/** What passed between the gateway and an application that answers an exchange. */
export type GatewayEvent = GatewayCalled | GatewayAnswered | GatewayOutput | GatewayFramework;

/** The application is called. */
export interface GatewayCalled extends EventBase {
  readonly type: 'gateway.called';
  /** As in `shop.wsgi:application`. */
  readonly application: string;
  /** As in `worker 4711`. */
  readonly worker: string;
  /** The environ's strings, `[name, value, …]`. */
  readonly environ: HeaderList;
}

/** The status and fields that the application gave to start_response, as they are sent. */
export interface GatewayAnswered extends EventBase {
  readonly type: 'gateway.answered';
  /** As in `200 OK`. */
  readonly status: string;
  readonly headers: HeaderList;
}

/** Text that the application wrote, or the traceback of what it raised. */
export interface GatewayOutput extends EventBase {
  readonly type: 'gateway.output';
  /** `errors` is wsgi.errors. */
  readonly stream: 'errors' | 'stdout' | 'stderr' | 'traceback';
  readonly text: string;
}

/** What a framework's middleware told: its name, the view, a signal … */
export interface GatewayFramework extends EventBase {
  readonly type: 'gateway.framework';
  readonly facts: HeaderList;
}

/** A rule of the settings was applied to it. */
export interface RuleApplied extends EventBase {
  readonly type: 'rule.applied';
  readonly name: string;
  readonly action: RuleActionType;
  /** Its place among the rules of the settings then, from 0. */
  readonly index: number;
}

/** Which message of an exchange a rule holds. */
export type HeldStage = 'request' | 'response';

/** A rule holds it: it waits for a person. */
export interface ExchangeHeld extends EventBase {
  readonly type: 'exchange.held';
  readonly stage: HeldStage;
}

/** What became of a held message; `aborted` also when its client went away. */
export type ReleasedHow = 'continued' | 'edited' | 'answered' | 'aborted';

/** It waits no more. The span `paused` of the lane `handler` says how long it did. */
export interface ExchangeReleased extends EventBase {
  readonly type: 'exchange.released';
  readonly stage: HeldStage;
  readonly how: ReleasedHow;
}

/** How far a running exchange is; only the newest counts, so these may be dropped under load. */
export interface ExchangeProgress extends EventBase {
  readonly type: 'exchange.progress';
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** For a WebSocket or an event stream: its messages so far. */
  readonly messages?: MessageCounts;
  /** For an event stream: the id that a client would reconnect with, once an event had one. */
  readonly lastEventId?: string;
  /** Phases that are running now, outermost first, as in `cache.handle`. */
  readonly open: readonly string[];
}

/** Something worth telling that is not the outcome: a handler whose finish threw, a dropped trailer, a short capture. */
export interface ExchangeNote extends EventBase {
  readonly type: 'exchange.note';
  readonly level: 'info' | 'warning' | 'error';
  readonly code: string;
  readonly text: string;
}

/** How an exchange ended; every exchange has exactly one. */
export type Outcome =
  | { readonly kind: 'completed' }
  | { readonly kind: 'failed'; readonly code: string; readonly phase: string; readonly message: string }
  | {
      readonly kind: 'aborted';
      readonly by: 'client' | 'upstream' | 'hopscope';
      readonly phase: string;
      readonly message: string;
    };

export interface ExchangeFinished extends EventBase {
  readonly type: 'exchange.finished';
  readonly outcome: Outcome;
}

/**
 * The event as the list needs it, without headers and decision steps, or `undefined` when the list does not need it.
 * Live subscribers get these for every exchange and whole events for the exchanges they watch.
 */
export function toListEvent(event: TraceEvent): TraceEvent | undefined {
  switch (event.type) {
    case 'exchange.started':
    case 'exchange.finished':
    case 'exchange.progress':
    case 'messages.ended':
    case 'rule.applied':
    case 'exchange.held':
    case 'exchange.released':
      return event;
    case 'request.ended':
      return event.bytes === 0 ? undefined : event;
    case 'response.ended':
      return event;
    case 'cache.decided':
      return { ...event, decision: { ...event.decision, steps: [] } };
    case 'response.started':
      return { ...event, headers: [] };
    case 'exchange.note':
      return event.level === 'info' ? undefined : event;
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
      return undefined;
  }
}
