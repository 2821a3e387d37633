import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { constants, performServerHandshake } from 'node:http2';
import type { HeaderList } from '../../../shared/headers.ts';
import type { Outcome } from '../../../shared/trace-event.ts';
import type { Malformed } from '../http/request-head.ts';
import type { ClientConnection, ClientTransport, ConnectionHost } from './client-connection.ts';
import { TransientMap } from '../transient-map.ts';
import { errorReply } from './error-reply.ts';
import { Http2Exchange } from './http2-exchange.ts';
import { RefusedStreams } from './refused-streams.ts';

/** Requests that one client may have under way. */
const MAX_STREAMS = 256;
/** How much of a body a client may send before it is read on; the connection as a whole gets more. */
const STREAM_WINDOW = 256 * 1024;
const CONNECTION_WINDOW = 4 * 1024 * 1024;
/** More fields than any real request has. */
const MAX_FIELDS = 1_000;
/** What the fields of a response may take, as much as an origin may send; node:http2 has 64 KiB where nobody says so. */
const MAX_RESPONSE_HEAD = 2 * 1024 * 1024;

const COMPLETED: Outcome = { kind: 'completed' };

/**
 * One client connection speaking HTTP/2 (RFC 9113). Frames, header compression, flow control and the limits against floods
 * (resets, settings, pings, continuations, RFC 9113 §10.5) are node:http2's; each stream is an exchange of its own.
 */
export class Http2Connection implements ClientConnection {
  readonly id: number;
  readonly #transport: ClientTransport;
  readonly #host: ConnectionHost;
  readonly #session: ServerHttp2Session;
  /** By the numbers of their streams. */
  readonly #exchanges = new TransientMap<number, Http2Exchange>();
  readonly #refused = new RefusedStreams((stream) => this.#reportRefused(stream));
  /** When the last stream began or ended. */
  #since: number;
  /** Whether the client's SETTINGS have come (RFC 9113 §3.4). */
  #greeted = false;
  #over = false;

  /** @param first what the client has said already. */
  constructor(transport: ClientTransport, host: ConnectionHost, first: Buffer) {
    this.id = transport.peer.id;
    this.#transport = transport;
    this.#host = host;
    this.#since = host.now();
    const { socket } = transport;
    socket.pause();
    socket.unshift(first);
    this.#session = performServerHandshake(socket, {
      maxHeaderListPairs: MAX_FIELDS,
      maxSendHeaderBlockLength: MAX_RESPONSE_HEAD,
      // What an origin repeats is passed on, and a field whose value has a blank at either end, which would vanish unseen,
      // goes on without that (RFC 9113 §8.2.1). Node's typings leave these out.
      ...{ strictSingleValueFields: false, strictFieldWhitespaceValidation: false },
      settings: {
        maxConcurrentStreams: MAX_STREAMS,
        initialWindowSize: STREAM_WINDOW,
        // Whatever is larger is reset unseen; what is above our own limit is told of and answered.
        maxHeaderListSize: 2 * host.limits.maxHead,
        // RFC 8441: WebSocket over HTTP/2.
        enableConnectProtocol: true,
      },
    });
    const session = this.#session;
    session.setLocalWindowSize(CONNECTION_WINDOW);
    session.on('stream', (stream, _headers, flags, raw) => this.#start(stream, flags, raw));
    session.once('remoteSettings', () => {
      this.#greeted = true;
      // What came together with the preface.
      setImmediate(this.#look);
    });
    session.on('error', (error: Error) => this.#onError(error));
    session.on('close', () => this.#onClose());
    // node:http2 takes the socket over, but not its errors.
    socket.on('error', (error: Error) => {
      this.#look();
      session.destroy(error);
    });
    // Sockets here may be half-closed, for HTTP/1. One that cannot acknowledge anything any more is of no use to HTTP/2.
    socket.on('end', () => {
      this.#look();
      session.destroy();
    });
  }

  check(now: number): void {
    this.#look();
    this.#refused.tick();
    if (this.#exchanges.size === 0) {
      const quiet = now - this.#since;
      const { headTimeout, idleTimeout } = this.#host.limits;
      if (!this.#greeted && quiet > headTimeout) {
        this.#report({ error: 'REQUEST_TIMEOUT', detail: 'Its SETTINGS did not follow the preface of HTTP/2.' });
        this.#session.destroy();
      } else if (quiet > idleTimeout) {
        // A GOAWAY that cannot be written, as to TLS whose connection was reset, must not keep it for ever.
        if (this.#session.closed) this.#session.destroy();
        else this.#session.close();
      }
      return;
    }
    for (const exchange of this.#exchanges.values()) exchange.check(now);
  }

  stop(): void {
    // A GOAWAY; what runs is let to its end (RFC 9113 §6.8).
    if (this.#exchanges.size === 0) this.#session.destroy();
    else this.#session.close();
  }

  kill(): void {
    for (const exchange of this.#exchanges.values()) exchange.kill();
    this.#session.destroy();
  }

  #start(stream: ServerHttp2Stream, flags: number, raw: HeaderList): void {
    this.#since = this.#host.now();
    this.#refused.hear(stream.id ?? 0);
    const ended = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    const exchange = new Http2Exchange(stream, this.#transport, this.#host, this.#ended);
    this.#exchanges.set(exchange.id, exchange);
    exchange.start(raw, ended);
  }

  readonly #ended = (exchange: Http2Exchange): void => {
    this.#exchanges.delete(exchange.id);
    this.#since = this.#host.now();
    this.#look();
  };

  readonly #look = (): void => this.#refused.look(this.#session.state.lastProcStreamID);

  /** The connection as a whole failed: frames that break the rules, or too many of those that cost nothing to send. */
  #onError(error: Error): void {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ECONNRESET' || code === 'EPIPE') return;
    this.#report({ error: 'BAD_FRAMES', detail: error.message });
  }

  #reportRefused(stream: number): void {
    const detail =
      'node:http2 does not say why: a name in upper case, a pseudo-header field missing, repeated or too late, a field ' +
      'about the connection, a length that is none (RFC 9113 §8.1.1), or more fields or requests at once than the limit.';
    this.#report({ error: 'REQUEST_REFUSED', detail }, `stream ${stream}`);
  }

  /** A row of its own: what went wrong belongs to no request that could be read. */
  #report(malformed: Malformed, target = 'connection'): void {
    const { peer } = this.#transport;
    const head = { method: '?', target, version: '2', headers: [] } as const;
    const arrival = { head, transport: this.#transport, nth: ++peer.requests, start: this.#since };
    // The client has been told by GOAWAY or by a reset.
    void this.#host.run(this.#host.openMalformed(arrival, malformed), {
      errorReply,
      deliver: () => Promise.resolve(COMPLETED),
    });
  }

  #onClose(): void {
    if (this.#over) return;
    this.#over = true;
    this.#refused.settle();
    this.#transport.socket.destroy();
    this.#host.closed(this);
  }
}
