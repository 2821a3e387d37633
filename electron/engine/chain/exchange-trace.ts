import type { Decision } from '../../../shared/decision.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import type { MessageKind, WebSocketClose } from '../../../shared/messages.ts';
import type { ClientTlsFacts, TlsFacts } from '../../../shared/tls-facts.ts';
import type { RuleActionType } from '../../../shared/rule-actions.ts';
import type { GatewayEvent, HeldStage, Outcome, ReleasedHow, SpanLane } from '../../../shared/trace-event.ts';
import type { FrameProblem } from '../../../shared/websocket.ts';
import type { Reply } from './reply.ts';

/** What one exchange tells of itself. Every call becomes at most one trace event; none of them throws. */
export interface ExchangeTrace {
  readonly id: number;
  /** Whether anybody can see the exchange. */
  readonly recorded: boolean;
  /** Milliseconds on the engine's monotonic clock. */
  now(): number;
  /** The request came inside of TLS. */
  clientSecured(tls: ClientTlsFacts): void;
  /** The request goes on a secured connection to an upstream, which the exchange `openedBy` opened. */
  upstreamSecured(connection: number, openedBy: number, tls: TlsFacts): void;
  /** A request is written to an upstream, with these fields. */
  upstreamRequest(method: string, target: string, headers: HeaderList): void;
  /** An upstream answers with this head. */
  upstreamResponse(status: number, reason: string, headers: HeaderList): void;
  requestHead(target: string, headers: HeaderList): void;
  /** A chunk of the request body, as received; the recorder copies it, up to the cap. */
  requestChunk(chunk: Uint8Array): void;
  /** Bytes that passed through a tunnel, counted but not kept. */
  tunnelled(sent: number, received: number): void;
  /** @param complete false when the body broke off; what was captured of it then says so. Default: true. */
  requestEnded(trailers?: HeaderList, complete?: boolean): void;
  decided(decision: Decision): void;
  informational(status: number, headers: HeaderList): void;
  /** The response's head is about to be sent with `headers`. */
  responseStarted(reply: Reply, headers: HeaderList): void;
  responseChunk(chunk: Uint8Array): void;
  responseEnded(trailers?: HeaderList, complete?: boolean): void;
  /** Begins the list of messages of a WebSocket; undefined when nothing is recorded, so that nothing need be parsed. */
  messages(): MessageSink | undefined;
  /** A phase that began at `start` (see {@link now}) and ends now, or ended at `end`. */
  span(lane: SpanLane, name: string, start: number, facts?: SpanFacts): void;
  /** Marks a handler phase as running, for progress reports, until {@link leave} ends it and reports its span. */
  enter(handler: string, phase: HandlerPhase): OpenPhase;
  leave(phase: OpenPhase, error?: unknown): void;
  /** What passed between the gateway and an application. */
  gateway(report: GatewayReport): void;
  /** The rule at `index` of the settings was applied. */
  ruleApplied(name: string, action: RuleActionType, index: number): void;
  /** A message is held for a person. */
  held(stage: HeldStage): void;
  released(stage: HeldStage, how: ReleasedHow): void;
  note(level: 'info' | 'warning' | 'error', code: string, text: string): void;
  /** Resolves when what has passed is recorded; undefined when it is, as nearly always. */
  settling(): Promise<void> | undefined;
  /** The last event; anything reported later is dropped. */
  finished(outcome: Outcome): void;
}

/** One frame, or one event of an event stream, as it passed. */
export interface SeenMessage {
  /** When its first bytes passed (see {@link ExchangeTrace.now}). */
  readonly at: number;
  readonly sent: boolean;
  readonly kind: MessageKind;
  readonly fin: boolean;
  /** Payload bytes on the wire; of an event, without content codings. */
  readonly size: number;
  /** What is to be kept of it; valid during the call only. Shorter than the message when `cut` says so. */
  readonly payload: Uint8Array;
  readonly cut?: 'cap' | 'aborted';
  readonly coding?: 'inflated' | 'compressed';
  readonly problems: readonly FrameProblem[];
}

/** Where the messages of one exchange go. */
export interface MessageSink {
  /** Bytes of each payload that are of use. */
  readonly payloadCap: number;
  add(message: SeenMessage): void;
  /** The connection is over; nothing is added any more. */
  closed(close: WebSocketClose): void;
}

type WithoutStamp<E> = E extends unknown ? Omit<E, 'seq' | 'id' | 'at'> : never;
export type GatewayReport = WithoutStamp<GatewayEvent>;

export type HandlerPhase = 'setup' | 'handle' | 'finish';

export interface OpenPhase {
  readonly handler: string;
  readonly phase: HandlerPhase;
  readonly start: number;
}

export interface SpanFacts {
  readonly end?: number;
  readonly detail?: string;
  readonly error?: string;
  /** Whose phase it is, for the lane `handler`. */
  readonly handler?: string;
}
