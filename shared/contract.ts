import type { AnnotatedExchanges } from './annotation.ts';
import type { AnnotationsEventMap, AnnotationsRequestMap } from './annotations-contract.ts';
import type { AppEventMap, AppRequestMap } from './app-contract.ts';
import type { BodyRequestMap } from './body-contract.ts';
import type { CacheEventMap, CacheRequestMap } from './cache-contract.ts';
import type { ClientsEventMap, ClientsRequestMap } from './clients-contract.ts';
import type { CacheMode, WhatIfAnswer } from './decision.ts';
import type { ExchangeRow } from './exchange-view.ts';
import type { HeaderList } from './headers.ts';
import type { HealthRequestMap } from './health-contract.ts';
import type { MessagePage, MessageRange, PayloadRange } from './messages.ts';
import type { ResendRequestMap } from './resend-contract.ts';
import type { RulesRequestMap } from './rules-contract.ts';
import type { SearchRequestMap } from './search-contract.ts';
import type { SessionEventMap, SessionRequestMap } from './session-contract.ts';
import type { Settings, SettingsPatch } from './settings.ts';
import type { TraceEvent } from './trace-event.ts';

/**
 * What the UI may ask of the engine's host. The same map is served over Electron IPC and over WebSocket; preload,
 * servers and clients derive their types from it, and every `params` is checked against its schema in
 * contract-schemas.ts before a handler sees it.
 */
export interface RequestMap
  extends
    AnnotationsRequestMap,
    AppRequestMap,
    HealthRequestMap,
    SessionRequestMap,
    CacheRequestMap,
    BodyRequestMap,
    ClientsRequestMap,
    ResendRequestMap,
    RulesRequestMap,
    SearchRequestMap {
  /** The engine's state now, and the point in the event stream it stands for. */
  'engine.snapshot': { params: undefined; result: Snapshot };
  /** Rows with ids below `before` (absent: the newest), newest first, at most `limit` (≤ 5,000). */
  'exchanges.page': { params: { before?: number; limit: number }; result: { rows: ExchangeRow[]; more: boolean } };
  /** Every event of one exchange so far; `NOT_FOUND` when it was evicted or never was. */
  'exchange.read': { params: { id: number }; result: { events: TraceEvent[] } };
  /** From now on whole events of this exchange are part of the stream (`null`: of none). */
  'exchange.watch': { params: { id: number | null }; result: null };
  /** Captured body bytes from `offset`, at most `length` (≤ 1 MiB); shorter at the capture's end. */
  'body.read': { params: BodyRange; result: Uint8Array };
  /** Messages of a WebSocket or an event stream from `from` on, at most `limit` (≤ 500); those not kept are left out. */
  'messages.read': { params: MessageRange; result: MessagePage };
  /** What kind each message from `from` on is, as one byte each, at most `limit` (≤ 1 MiB); see shared/messages.ts. */
  'messages.kinds': { params: MessageRange; result: Uint8Array };
  /** Bytes of one message's payload from `offset` on, at most `length` (≤ 1 MiB); `NOT_FOUND` when it is not kept. */
  'messages.payload': { params: PayloadRange; result: Uint8Array };
  'settings.update': { params: { patch: SettingsPatch }; result: Settings };
  /** What the settings keep of a user's password, so that it need not be kept itself. */
  'access.hash': { params: { password: string }; result: { hash: string } };
  /** Forgets every finished exchange and its bodies, but for those in `keep` (≤ {@link MOST_NAMED}). It can be undone for 20 s. */
  'session.clear': { params: { keep: readonly number[] } | undefined; result: null };
  /** Forgets finished exchanges (≤ {@link MOST_NAMED}), and says how many were there. It can be undone for 20 s, like a clear. */
  'exchanges.delete': { params: { ids: readonly number[] }; result: { deleted: number } };
  /** Undoes the last clear or deletion. Says whether there was one to undo. */
  'session.restore': { params: undefined; result: { restored: boolean } };
  /**
   * Decides again about an exchange under other circumstances, without traffic and without the store. `NOT_FOUND` when it
   * was evicted or never was, `NO_RESPONSE` when it has no response that a cache could have stored.
   */
  'cache.whatIf': { params: WhatIfQuestion; result: WhatIfAnswer };
  /** Sends the sample requests through the proxy; resolves with how many were sent. */
  'sample.send': { params: undefined; result: { sent: number } };
  /** Tells that batches up to and including `lastSeq` have been applied. */
  'trace.ack': { params: { lastSeq: number }; result: null };
}

/** What the host tells without being asked. */
export interface EventMap extends AnnotationsEventMap, AppEventMap, SessionEventMap, CacheEventMap, ClientsEventMap {
  'trace.batch': TraceBatch;
  'settings.changed': Settings;
  'status.changed': EngineStatus;
  /** The session was cleared: rows with ids up to and including `upTo` that have ended are gone, but for those in `kept`. */
  'session.cleared': { upTo: number; kept: readonly number[] };
  /** These exchanges were deleted. */
  'exchanges.deleted': { ids: readonly number[] };
  /** The last clear or deletion was undone: pages hold again what it had taken away. */
  'session.restored': null;
}

const requestNames: { readonly [N in keyof RequestMap]: true } = {
  'engine.snapshot': true,
  'exchanges.page': true,
  'exchange.read': true,
  'exchange.watch': true,
  'exchange.resend': true,
  'exchange.held': true,
  'exchange.release': true,
  'exchanges.releaseAll': true,
  'body.read': true,
  'body.open': true,
  'body.decoded': true,
  'body.rows': true,
  'body.find': true,
  'messages.read': true,
  'messages.kinds': true,
  'messages.payload': true,
  'settings.update': true,
  'access.hash': true,
  'session.clear': true,
  'exchanges.delete': true,
  'session.restore': true,
  'sessions.list': true,
  'sessions.save': true,
  'sessions.export': true,
  'sessions.read': true,
  'sessions.beginUpload': true,
  'sessions.writeUpload': true,
  'sessions.endUpload': true,
  'sessions.open': true,
  'sessions.merge': true,
  'sessions.rename': true,
  'sessions.delete': true,
  'exchanges.annotate': true,
  'exchanges.match': true,
  'exchanges.fields': true,
  'cache.stats': true,
  'cache.entries': true,
  'cache.entry': true,
  'cache.body': true,
  'cache.purge': true,
  'cache.restore': true,
  'cache.entryOf': true,
  'cache.exchanges': true,
  'cache.whatIf': true,
  'systemProxy.read': true,
  'systemProxy.set': true,
  'browsers.list': true,
  'browsers.open': true,
  'clients.facts': true,
  'app.hello': true,
  'app.update': true,
  'health.get': true,
  'health.repair': true,
  'sample.send': true,
  'trace.ack': true,
};
const eventNames: { readonly [N in keyof EventMap]: true } = {
  'trace.batch': true,
  'settings.changed': true,
  'status.changed': true,
  'session.cleared': true,
  'exchanges.deleted': true,
  'exchanges.annotated': true,
  'session.restored': true,
  'sessions.changed': true,
  'sessions.progress': true,
  'cache.changed': true,
  'systemProxy.changed': true,
  'app.event': true,
};

/** The exchanges that one request can name: those that a clear leaves alone, or those to be deleted, exported or marked. */
export const MOST_NAMED = 100_000;

/** The names of all requests and events, for those who must not pass on anything else. */
export const REQUEST_NAMES = Object.keys(requestNames) as readonly RequestName[];
export const EVENT_NAMES = Object.keys(eventNames) as readonly EventName[];

export type RequestName = keyof RequestMap;
export type EventName = keyof EventMap;
export type Params<N extends RequestName> = RequestMap[N]['params'];
export type ResultOf<N extends RequestName> = RequestMap[N]['result'];

/** The answer to a request: a value, or an error whose `code` programs and `message` people can rely on. */
export type Answer<T> = { ok: true; value: T } | { ok: false; error: { code: string; message: string } };

/**
 * A run of consecutive events: it covers every sequence number from `firstSeq` to `lastSeq`, also of events that the
 * list does not need and that are therefore not in it. A `firstSeq` other than the previous `lastSeq + 1` is a gap:
 * take a new snapshot.
 */
export interface TraceBatch {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly events: readonly TraceEvent[];
  /** Engine time when the batch was sent, for drawing exchanges that are still running. */
  readonly now: number;
}

export interface BodyRange {
  readonly id: number;
  readonly side: 'request' | 'response';
  readonly offset: number;
  readonly length: number;
}

export interface EngineStatus {
  /** `http://host:port` of the proxy; absent while it is not listening. */
  readonly proxyUrl?: string;
  /** Wall time (ms since 1970) of engine time zero. */
  readonly epoch: number;
  readonly version: string;
  /** Where the built-in demo site listens, when it runs. */
  readonly demoUrl?: string;
  /** What everyone should know: the configured port was taken, a settings file was set aside, recording fell behind. */
  readonly warnings: readonly string[];
}

export interface Snapshot {
  /** The state includes every event up to and including this one. */
  readonly seq: number;
  /** Engine time now. */
  readonly now: number;
  readonly status: EngineStatus;
  readonly settings: Settings;
  /** Rows of exchanges that are still running. */
  readonly running: readonly ExchangeRow[];
  /** Ids of finished exchanges that can be paged lie in [firstId, lastId]; both 0 when there are none. */
  readonly firstId: number;
  readonly lastId: number;
  /** Rows that the cap evicted since the last clear. */
  readonly evicted: number;
  /** What people have noted about exchanges, some of which may be gone. */
  readonly annotations: readonly AnnotatedExchanges[];
}

/**
 * A question to the cache's rules: had only this exchange happened, what would become of its request when it came again?
 * Whatever is absent is as it was recorded, or as it is now.
 */
export interface WhatIfQuestion {
  readonly id: number;
  /** When the request comes again, in epoch milliseconds; now when absent. */
  readonly now?: number;
  /** Instead of the current mode, for the storing and for the later request; `offline`, which stores nothing, for that alone. */
  readonly mode?: CacheMode;
  /**
   * All fields of the request, at its first coming as well as later. Where the store had the answer already, another
   * request had brought it, and these are those of the later one alone.
   */
  readonly requestHeaders?: HeaderList;
  /** The recorded request, which was answered, keeps its fields. */
  readonly laterOnly?: boolean;
  /** All fields of the response, instead of those that the client got. */
  readonly responseHeaders?: HeaderList;
}

/** The renderer's whole view of the engine: preload exposes one over IPC, the web client makes one over WebSocket. */
export interface InspectorApi {
  request<N extends RequestName>(name: N, params: Params<N>): Promise<Answer<ResultOf<N>>>;
  /** Returns the function that ends the subscription. */
  on<N extends EventName>(name: N, listener: (payload: EventMap[N]) => void): () => void;
  /** The link to the engine; over IPC it is closed only while the app starts its engine anew. */
  onConnection(listener: (state: LinkState) => void): () => void;
}

/** `refused`: the host answers, but does not know this page; it was started anew, perhaps. It is asked again all the same. */
export type LinkState = 'connecting' | 'open' | 'closed' | 'refused';
