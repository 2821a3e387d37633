import type { TlsFacts } from '../../../shared/tls-facts.ts';
import type { ClientHttp2Session, Settings } from 'node:http2';
import { connect } from 'node:http2';
import type { SpanFacts } from '../chain/exchange-trace.ts';
import { http2RequestFields } from '../http/http2-head.ts';
import type { ConnectPolicy } from './connect/connect-policy.ts';
import type { OpenedSocket } from './connect/open-options.ts';
import type { Http2Carrier } from './http2-request.ts';
import { Http2Request } from './http2-request.ts';
import type { Leg } from './leg.ts';
import type { RequestConnection, ResponseReceiver, UpstreamRequest } from './request-connection.ts';
import { WatchdogPool } from './watchdog-pool.ts';

const STREAM_WINDOW = 1024 * 1024;
const CONNECTION_WINDOW = 4 * 1024 * 1024;
/** Streams to have open before the server says how many it takes. */
const UNTIL_TOLD = 100;
/**
 * What the fields of a response may take, as with HTTP/1.1, and how many there may be. A field of its own has at most 64 KiB
 * in Node's HTTP/2, whatever is said here, and what waits on a connection counts for its memory.
 */
const MAX_HEAD = 2 * 1024 * 1024;
const MAX_FIELDS = 20_000;
/** ms that a connection without requests is kept. */
const KEEP_IDLE = 60_000;

const OPTIONS = {
  settings: { enablePush: false, initialWindowSize: STREAM_WINDOW, maxHeaderListSize: MAX_HEAD },
  peerMaxConcurrentStreams: UNTIL_TOLD,
  maxHeaderListPairs: MAX_FIELDS,
  maxSendHeaderBlockLength: 1024 * 1024,
  // MB; what waits in either direction on all streams counts.
  maxSessionMemory: 64,
  // What the client repeats is the server's to judge. Node's typings leave these out.
  strictSingleValueFields: false,
  // Otherwise a field vanishes, unseen, whose value has a blank at either end (RFC 9113 §8.2.1); here the blank goes.
  strictFieldWhitespaceValidation: false,
};

/** One HTTP/2 connection to an origin (RFC 9113), which carries many requests at once. */
export class Http2Upstream implements RequestConnection, Http2Carrier {
  readonly version = '2';
  readonly id: number;
  readonly key: string;
  readonly policy: ConnectPolicy;
  readonly address: string;
  readonly reused: SpanFacts;
  used = false;
  openedBy = 0;
  readonly tls: TlsFacts | undefined;
  readonly session: ClientHttp2Session;
  readonly watchdogs = new WatchdogPool();
  lastStreamId: number | undefined;
  failure: Error | undefined;
  readonly #authority: string;
  readonly #scheme: string;
  readonly #idle: NodeJS.Timeout;
  #active = 0;
  #limit = UNTIL_TOLD;

  /** @param opened the connection, on which nothing has been sent. */
  constructor(id: number, leg: Leg, policy: ConnectPolicy, opened: OpenedSocket) {
    const { server, key } = leg;
    this.id = id;
    this.key = key;
    this.policy = policy;
    this.address = opened.address;
    this.tls = opened.tls;
    this.reused = { detail: `shared connection ${id} to ${opened.address}, HTTP/2` };
    this.#authority = server.authority;
    this.#scheme = server.scheme;
    const session = connect(server.origin, { createConnection: () => opened.socket, ...OPTIONS });
    this.session = session;
    session.on('connect', () => session.setLocalWindowSize(CONNECTION_WINDOW));
    session.on('remoteSettings', (settings: Settings) => (this.#limit = settings.maxConcurrentStreams ?? Infinity));
    session.on('goaway', (_code: number, lastStreamId: number) => (this.lastStreamId = lastStreamId));
    // Each request is told by its stream; this is what it will find as the reason.
    session.on('error', (error: Error) => (this.failure = error));
    this.#idle = setTimeout(() => this.#closeIdle(), KEEP_IDLE).unref();
    session.on('close', () => {
      clearTimeout(this.#idle);
      this.watchdogs.stop();
    });
  }

  /** Whether another request may be sent on it now. */
  get free(): boolean {
    return !this.session.closed && !this.session.destroyed && this.#active < this.#limit;
  }

  dispatch(request: UpstreamRequest, receiver: ResponseReceiver): void {
    const { method, path, headers } = request;
    const fields = http2RequestFields(method, this.#scheme, this.#authority, path, headers);
    const stream = new Http2Request(this, receiver, this.#ended).send(fields, request);
    if (stream !== undefined) this.#active++;
  }

  readonly #ended = (): void => {
    if (--this.#active === 0 && !this.session.destroyed) this.#idle.refresh();
  };

  /** Says goodbye (GOAWAY) and closes once the requests under way are over. */
  close(): void {
    this.session.close();
  }

  /** Ends it at once with everything on it. */
  destroy(): void {
    this.session.destroy();
  }

  #closeIdle(): void {
    if (this.#active === 0) this.session.close();
  }
}
