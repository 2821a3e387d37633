import type { ServerHttp2Stream } from 'node:http2';
import { constants } from 'node:http2';
import { randomBytes } from 'node:crypto';
import type { HeaderList } from '../../../shared/headers.ts';
import { getHeader, NO_HEADERS, trimValues } from '../../../shared/headers.ts';
import type { Outcome } from '../../../shared/trace-event.ts';
import type { LiveExchange } from '../chain/live-exchange.ts';
import type { Reply } from '../chain/reply.ts';
import type { Delivery } from '../chain/run-exchange.ts';
import { abortedOutcome } from '../chain/run-exchange.ts';
import { ExchangeError } from '../errors.ts';
import type { Http2Head } from '../http/http2-head.ts';
import { http2FieldsObject, http2ResponseFields, readHttp2Head } from '../http/http2-head.ts';
import type { Framing, Malformed } from '../http/request-head.ts';
import type { OriginForm, TargetUrl } from '../http/request-target.ts';
import { parseAuthority } from '../http/request-target.ts';
import type { ClientTransport, ConnectionHost, RequestSource } from './client-connection.ts';
import { deliverHttp2, wasClosedWhole } from './deliver-http2.ts';
import { forgetListeners } from '../forget-listeners.ts';
import { errorReply } from './error-reply.ts';
import type { RequestReader } from './request-reader.ts';
import { guessHttp2Head } from './unreadable-head.ts';

/** Either side may have said so; node:http2 does it by itself, without a word about the reason (RFC 9113 §8.1.1). */
const RULES_BROKEN =
  'The stream was reset with PROTOCOL_ERROR: a body of another length than announced, malformed trailers, or the client ' +
  'takes what it got for malformed.';

/** One stream of an HTTP/2 connection: a request and its response (RFC 9113 §8.1), or the tunnel it asked for (§8.5). */
export class Http2Exchange implements RequestSource, Delivery {
  readonly errorReply = errorReply;
  /** The number of its stream. */
  readonly id: number;
  readonly #stream: ServerHttp2Stream;
  readonly #session: ServerHttp2Stream['session'];
  readonly #transport: ClientTransport;
  readonly #host: ConnectionHost;
  #x: LiveExchange | undefined;
  #reader: RequestReader | undefined;
  #trailers: HeaderList = NO_HEADERS;
  #continueDue = false;
  #handedOver = false;
  readonly #closed: (exchange: Http2Exchange) => void;
  /** When the body's next part began to be awaited. */
  #since: number;
  /** When the stream was seen to be closed with something still to be sent. */
  #closedAt: number | undefined;

  /** @param closed called when the stream is closed. */
  constructor(
    stream: ServerHttp2Stream,
    transport: ClientTransport,
    host: ConnectionHost,
    closed: (exchange: Http2Exchange) => void,
  ) {
    this.id = stream.id ?? 0;
    this.#closed = closed;
    this.#stream = stream;
    this.#session = stream.session;
    this.#transport = transport;
    this.#host = host;
    this.#since = host.now();
    stream.on('error', this.#onError);
    stream.on('close', this.#onClose);
    // The library is still at work on what the client has sent.
    stream.on('aborted', () => setImmediate(() => this.#noticeReset()));
  }

  /** @param ended whether the request has no body. */
  start(raw: HeaderList, ended: boolean): void {
    const head = readHttp2Head(raw, this.#host.limits.maxHead);
    const target = 'error' in head ? head : this.#targetOf(head);
    const place = { transport: this.#transport, nth: ++this.#transport.peer.requests, start: this.#since };
    if ('error' in head || 'error' in target) {
      const problem = 'error' in head ? head : (target as Malformed);
      const seen = 'error' in head ? guessHttp2Head(raw) : head;
      this.#run(this.#host.openMalformed({ head: seen, ...place }, problem));
      return;
    }
    const tunnels = head.method === 'CONNECT';
    const arriving = head.protocol === undefined ? head : upgradeRequest(head);
    const framing = ended || tunnels ? NO_BODY : framingOf(head);
    this.#continueDue = !ended && getHeader(head.headers, 'expect')?.toLowerCase() === '100-continue';
    const { x, reader } = this.#host.open({ head: arriving, framing, target, ...place, source: this });
    this.#reader = reader;
    if (reader !== undefined) this.#receive(reader);
    this.#run(x);
  }

  check(now: number): void {
    this.#noticeReset();
    if (this.#reader?.complete !== false) return;
    const isLate = now - this.#since > this.#host.limits.bodyTimeout;
    if (this.#x === undefined) this.#dismiss(isLate);
    else if (isLate && !this.#stream.isPaused()) this.#reader.fail(new ExchangeError('REQUEST_TIMEOUT', 'receive'));
  }

  kill(): void {
    this.#x?.abort({ by: 'hopscope', message: 'Hopscope is stopping.' });
  }

  inform(status: number, headers: HeaderList): void {
    const stream = this.#stream;
    if (stream.headersSent || stream.destroyed) return;
    // RFC 9113 §8.6: HTTP/2 has no switching of protocols.
    if (status === 101) return;
    this.#x?.trace.informational(status, headers);
    stream.additionalHeaders({ ':status': status, ...http2FieldsObject(headers) });
  }

  drop(): void {
    // Not REFUSED_STREAM, after which clients ask again (RFC 9113 §8.7), and not CANCEL, of which some say nothing.
    this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  pauseBody(): void {
    this.#stream.pause();
  }

  resumeBody(): void {
    if (!this.#stream.destroyed) this.#stream.resume();
  }

  bodyWanted(): void {
    if (!this.#continueDue) return;
    this.#continueDue = false;
    if (this.#reader?.complete === false) this.inform(100, NO_HEADERS);
  }

  deliver(reply: Reply): Promise<Outcome> {
    const x = this.#x as LiveExchange;
    if (reply.tunnel !== undefined) return this.#openTunnel(reply, x);
    return deliverHttp2(reply, x, this.#stream);
  }

  #run(x: LiveExchange): void {
    this.#x = x;
    void this.#host.run(x, this).then(() => this.#ended());
  }

  #receive(reader: RequestReader): void {
    const stream = this.#stream;
    stream.on('data', (chunk: Buffer) => {
      this.#since = this.#host.now();
      reader.feed(chunk);
    });
    stream.on('trailers', (_trailers, _flags, raw: string[]) => (this.#trailers = trimValues(raw)));
    stream.on('end', () => {
      if (!stream.aborted) reader.end(this.#trailers);
    });
  }

  /** Where the request goes (RFC 9113 §8.3.1): HTTP/2 does not tell requests to a proxy from those to a server. */
  #targetOf(head: Http2Head): TargetUrl | OriginForm | Malformed {
    const { base, tls } = this.#transport;
    const { method, target, scheme, authority, protocol } = head;
    if (method === 'CONNECT' && protocol === undefined) {
      const url = /:\d+$/.test(authority) ? parseAuthority('http', authority, '') : undefined;
      return url ?? { error: 'BAD_TARGET', detail: `CONNECT takes host:port. Received ${JSON.stringify(authority)}.` };
    }
    if (!target.startsWith('/') && !(target === '*' && method === 'OPTIONS')) {
      return { error: 'BAD_TARGET', detail: `It is not a path. Received ${JSON.stringify(target.slice(0, 80))}.` };
    }
    // A fragment is for clients alone (RFC 9113 §8.3.1, RFC 3986 §3.5).
    if (target.includes('#')) return { error: 'BAD_TARGET', detail: 'A target has no fragment.' };
    const url = parseAuthority(scheme === 'https' ? 'https' : 'http', authority, target);
    if (url === undefined) return { error: 'BAD_HOST', detail: `:authority is ${JSON.stringify(authority)}.` };
    // Who asks us by a name of ours, or by the name that it wanted a certificate for, takes us for the server.
    const isOurs = this.#host.isOwnHost(url.hostname, url.port) || tls?.serverName === url.hostname;
    return base !== undefined || isOurs ? { path: target } : url;
  }

  /** RFC 9113 §8.5, RFC 8441 §5: the stream itself becomes the tunnel. */
  async #openTunnel(reply: Reply, x: LiveExchange): Promise<Outcome> {
    const stream = this.#stream;
    const { tunnel: other, watch, headers } = reply;
    if (other === undefined || stream.destroyed) {
      if (typeof other === 'object') other.socket.destroy();
      return abortedOutcome(x, 'deliver');
    }
    const tunnel = this.#host.tunnel({ x, transport: { ...this.#transport, socket: stream }, other, watch });
    // The handshake's proof is part of HTTP/1's Upgrade alone.
    const fields = http2ResponseFields(200, headers).filter((_, i, all) => all[i - (i % 2)] !== 'sec-websocket-accept');
    x.trace.responseStarted({ ...reply, status: 200, reason: '' }, fields.slice(2));
    this.#handedOver = true;
    stream.off('error', this.#onError);
    // So that the tunnel's end is told when it has ended only: node:http2 has END_STREAM go ahead of any reset.
    stream.once('wantTrailers', () => {
      if (!stream.closed) stream.sendTrailers({});
    });
    stream.respond(fields, { waitForTrailers: true });
    return tunnel.open(new Uint8Array());
  }

  #ended(): void {
    if (this.#handedOver) return;
    this.#x = undefined;
    if (this.#reader?.complete === false) setImmediate(() => this.#dismiss(false));
  }

  /**
   * RFC 9113 §8.1: a complete answer before the end of the request tells the client that the rest is not wanted. A reset
   * overtakes an END_STREAM that has not been sent, so it waits for that, unless the client is `late`.
   */
  #dismiss(late: boolean): void {
    const stream = this.#stream;
    if (this.#reader?.complete !== false || stream.destroyed || stream.closed) return;
    if (late || stream.state.localClose === 1) stream.close(constants.NGHTTP2_NO_ERROR);
  }

  /**
   * A client may reset a stream with NO_ERROR. node:http2 waits then until everything that was written has been sent, which
   * will never be: there is no such stream any more. Where all had been written before, it looks the same while the last of
   * it is on its way to a slow client, which gets its time.
   */
  #noticeReset(): void {
    const stream = this.#stream;
    if (!stream.closed || stream.destroyed) return;
    if (stream.state.state !== constants.NGHTTP2_STREAM_STATE_IDLE) return;
    const now = this.#host.now();
    this.#closedAt ??= now;
    if (!stream.aborted && now - this.#closedAt <= this.#host.limits.bodyTimeout) return;
    if (!this.#handedOver) this.#goneFor('The client reset its stream before the exchange was complete.');
    stream.destroy();
  }

  readonly #onError = (error: Error): void =>
    this.#goneFor(this.#stream.rstCode === constants.NGHTTP2_PROTOCOL_ERROR ? RULES_BROKEN : error.message);

  readonly #onClose = (): void => {
    this.#closed(this);
    forgetListeners(this.#stream);
    if (this.#handedOver || wasClosedWhole(this.#stream, this.#session)) return;
    const { rstCode } = this.#stream;
    const why = rstCode === constants.NGHTTP2_NO_ERROR ? 'closed' : `reset (code ${rstCode})`;
    this.#goneFor(`The client's stream was ${why} before the exchange was complete.`);
  };

  #goneFor(message: string): void {
    this.#reader?.fail(new ExchangeError('CLIENT_GONE', 'receive', message));
    this.#x?.abort({ by: 'client', message });
  }
}

const NO_BODY: Framing = { kind: 'none' };

/** The frame layer holds a body to the length that was announced (RFC 9113 §8.1.1). */
function framingOf(head: Http2Head): Framing {
  const length = Number(getHeader(head.headers, 'content-length') ?? NaN);
  return { kind: 'frames', length: Number.isSafeInteger(length) ? length : undefined };
}

/** An extended CONNECT (RFC 8441 §5) as the Upgrade it stands for, which is what goes on to the origin. */
function upgradeRequest(head: Http2Head): Http2Head {
  const key = randomBytes(16).toString('base64');
  const protocol = head.protocol ?? '';
  const added = ['Connection', 'Upgrade', 'Upgrade', protocol];
  if (protocol === 'websocket') added.push('Sec-WebSocket-Key', key);
  return { ...head, method: 'GET', headers: [...head.headers, ...added] };
}
