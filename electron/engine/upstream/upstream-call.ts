import type { Duplex } from 'node:stream';
import type { HeaderList } from '../../../shared/headers.ts';
import { FieldNames, hasHeader, joinedHeader, NO_HEADERS } from '../../../shared/headers.ts';
import { ByteQueue } from '../chain/byte-queue.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Reply } from '../chain/reply.ts';
import { ExchangeError } from '../errors.ts';
import { endToEndFields, endToEndTrailers } from '../http/connection-fields.ts';
import { reasonPhrase } from '../http/reason-phrases.ts';
import { hasNoLength, isBodiless } from '../http/response-head.ts';
import { requiredUpgrade, switchingFields } from '../http/upgrade.ts';
import { atTurnEnd } from '../turn-end.ts';
import { watchSwitched } from '../websocket/watch-switched.ts';
import type { OpenOptions } from './connect/open-options.ts';
import { unauthenticated } from './connect/connect-handshake.ts';
import { connectFirst } from './connect-first.ts';
import { keptConnectionError } from './kept-connection-error.ts';
import type { Leg } from './leg.ts';
import { legName, legOf } from './leg.ts';
import { recycle } from './read-memory.ts';
import type {
  RequestConnection,
  RequestControl,
  ResponseForm,
  ResponseReceiver,
  UpstreamRequest,
} from './request-connection.ts';
import type { CodedSource } from './transfer-decoder.ts';
import { TransferDecoder } from './transfer-decoder.ts';
import { UnprocessedError } from './unprocessed-error.ts';
import { upstreamError } from './upstream-error.ts';
import type { UpstreamServices } from './upstream-services.ts';
import type { ViaMembers } from './via-members.ts';
import { viaOf } from './via-members.ts';

const OVER_HTTP2 = { detail: 'HTTP/2' };

const UPGRADE_REQUIRED = 426;
const CONTENT_LENGTH = new FieldNames(['content-length']);

/** What connection a request wants. */
interface Wanted {
  readonly http2?: 'never';
  /** One that has not been used. */
  readonly fresh?: boolean;
}

/**
 * One request on its way to the upstream: turns what its connection tells of it into a reply with a streamed body, and into
 * spans.
 */
export class UpstreamCall implements ResponseReceiver, CodedSource {
  readonly #x: Exchange;
  readonly #services: UpstreamServices;
  readonly #via: ViaMembers;
  #write: ((leg: Leg) => UpstreamRequest) | undefined;
  #connection: RequestConnection | undefined;
  #leg: Leg | undefined;
  /** The request-target as it is written. */
  #path = '';
  /** Set while a connection is being opened. */
  #opening: AbortController | undefined;
  #resolve: ((reply: Reply) => void) | undefined;
  #reject: ((error: ExchangeError) => void) | undefined;
  #forgetAbort: (() => void) | undefined;
  #control: RequestControl | undefined;
  #body: ByteQueue | TransferDecoder | undefined;
  #stage: 'idle' | 'connect' | 'send' | 'wait' | 'receive' | 'over' = 'idle';
  #stageStart = 0;
  #trailers = NO_HEADERS;
  #triedAgain = false;
  /** Whether the connection carries this request alone, and has carried others before. */
  #kept = false;

  constructor(x: Exchange, services: UpstreamServices, via: ViaMembers) {
    this.#x = x;
    this.#services = services;
    this.#via = via;
  }

  /**
   * Sends the request; resolves with the response's head and its body to be read, or rejects with an ExchangeError.
   *
   * @param write how the request is written on the way that was found for it.
   */
  start(write: (leg: Leg) => UpstreamRequest): Promise<Reply> {
    const { trace } = this.#x;
    this.#write = write;
    this.#enter('connect', trace.now());
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#forgetAbort = this.#x.onAbort((abort) =>
        this.giveUp(new ExchangeError('CLIENT_GONE', this.#stage, abort.message)),
      );
      if (this.#stage !== 'connect') return;
      const { route, request, settings } = this.#x;
      const [first] = route.choices;
      if (first?.via.type === 'direct') {
        const leg = legOf(first, request);
        const idle = this.#services.pools.idle(leg, settings);
        if (idle !== undefined) {
          this.#dispatch(idle, leg);
          return;
        }
      }
      this.#connectAndDispatch();
    });
  }

  /** The exchange is over: gives up whatever is still under way. */
  release(): void {
    // Nearly every call is over by now, and an error is not cheap to make.
    if (this.#stage === 'idle' || this.#stage === 'over') return;
    this.giveUp(new ExchangeError('CLIENT_GONE', this.#stage, 'The rest was not wanted.'));
  }

  resume(): void {
    this.#control?.resume();
  }

  cancel(): void {
    this.release();
  }

  recycle(chunk: Uint8Array): void {
    recycle(chunk);
  }

  onRequestStart(control: RequestControl, fields: HeaderList): void {
    this.#x.trace.upstreamRequest(this.#x.request.method, this.#path, shownFields(fields, this.#leg));
    this.#control = control;
    if (this.#stage === 'over') {
      control.abort(new ExchangeError('CLIENT_GONE', 'connect'));
      return;
    }
    this.#enter('send', this.#x.trace.now());
  }

  onRequestSent(): void {
    if (this.#stage !== 'send') return;
    const now = this.#x.trace.now();
    const facts = this.#connection?.version === '2' ? OVER_HTTP2 : undefined;
    this.#x.trace.span('upstream', 'send', this.#stageStart, facts);
    this.#enter('wait', now);
  }

  onResponseStart(status: number, reason: string, received: HeaderList, form?: ResponseForm): void {
    const headers = endToEndFields(received, hasNoLength(status) ? CONTENT_LENGTH : undefined);
    if (status < 200) {
      this.#x.inform(status, headers);
      return;
    }
    this.onRequestSent();
    this.#x.trace.upstreamResponse(status, reason, received);
    const { proxy, forwarding } = this.#leg ?? {};
    if (status === 407 && forwarding === true && proxy !== undefined) {
      this.giveUp(unauthenticated(proxy, joinedHeader(received, 'proxy-authenticate')));
      return;
    }
    this.#x.trace.span('upstream', 'wait', this.#stageStart);
    this.#enter('receive', this.#x.trace.now());
    // RFC 9110 §6.6.1: who forwards or stores a response without Date adds one.
    if (!hasHeader(headers, 'date')) headers.push('Date', new Date().toUTCString());
    headers.push('Via', this.#via[form?.version ?? this.#version]);
    if (status === UPGRADE_REQUIRED) headers.push(...requiredUpgrade(received));
    const body = isBodiless(this.#x.request.method, status) ? null : this.#openBody(form);
    this.#answer({
      status,
      reason,
      headers,
      body,
      trailers: () => this.#trailers,
      from: 'upstream',
      ...this.#sentTo(),
    });
  }

  #openBody({ coding, unknownCoding }: Partial<ResponseForm> = {}): ByteQueue {
    if (unknownCoding !== undefined) {
      const named = JSON.stringify(unknownCoding.slice(0, 80));
      const told = `The upstream's Transfer-Encoding is ${named}, which nobody knows: the body is taken as it came.`;
      this.#x.trace.note('warning', 'UNKNOWN_CODING', told);
    }
    if (coding === undefined) return (this.#body = new ByteQueue(this));
    const decoder = (this.#body = new TransferDecoder(coding, this));
    return decoder.decoded;
  }

  #sentTo(): Pick<Reply, 'upstream' | 'remote'> {
    const [leg, connection] = [this.#leg, this.#connection];
    if (leg === undefined || connection === undefined) return {};
    return { upstream: legName(leg), remote: connection.address };
  }

  #answer(reply: Reply): void {
    // node:http2 tells of a response's head and body in turns of their own, even when they came together. A body that is
    // whole when it is delivered costs much less.
    if (this.#connection?.version === '2' && reply.body !== null) atTurnEnd(() => this.#resolve?.(reply));
    else this.#resolve?.(reply);
  }

  /** The origin switches protocols (RFC 9110 §15.2.2): its connection, which is ours alone from now on, is the reply. */
  onRequestUpgrade(status: number, received: HeaderList, socket: Duplex): void {
    this.onRequestSent();
    this.#end();
    // Whoever takes the tunnel over listens for the end it may have come to by then.
    socket.on('error', () => socket.destroy());
    socket.allowHalfOpen = true;
    const headers = switchingFields(received);
    const watch = watchSwitched(this.#x, headers);
    headers.push('Via', this.#via[this.#version]);
    this.#resolve?.({
      ...{ status, reason: reasonPhrase(status), headers, body: null, from: 'upstream' },
      ...this.#sentTo(),
      tunnel: { socket },
      ...(watch === undefined ? {} : { watch }),
    });
  }

  onResponseData(chunk: Buffer): void {
    if (this.#body?.push(chunk) === false) this.#control?.pause();
  }

  onResponseEnd(trailers: HeaderList): void {
    if (trailers.length > 0) this.#trailers = endToEndTrailers(trailers);
    this.#end();
    if (this.#connection !== undefined) this.#services.pools.release(this.#connection);
    this.#body?.end();
  }

  onResponseError(thrown: Error): void {
    if (this.#stage === 'over') return;
    const found = upstreamError(thrown, this.#stage);
    if (found instanceof UnprocessedError && !this.#triedAgain) {
      this.#tryAgain(found);
      return;
    }
    const error = this.#kept && this.#stage !== 'receive' ? keptConnectionError(found) : found;
    this.#end(error.message);
    if (this.#body === undefined) this.#reject?.(error);
    else this.#body.fail(error);
  }

  /** Ends the request from our side, with the reason for whoever waits. */
  giveUp(reason: ExchangeError): void {
    if (this.#stage === 'over') return;
    this.#end(reason.message);
    if (this.#body === undefined) this.#reject?.(reason);
    else this.#body.fail(reason);
    this.#control?.abort(reason);
    this.#opening?.abort(reason);
  }

  #end(error?: string): void {
    const stage = this.#stage;
    this.#stage = 'over';
    this.#forgetAbort?.();
    if (stage === 'connect' || stage === 'over' || stage === 'idle') return;
    this.#x.trace.span('upstream', stage, this.#stageStart, error === undefined ? undefined : { error });
  }

  #enter(stage: 'connect' | 'send' | 'wait' | 'receive', now: number): void {
    this.#stage = stage;
    this.#stageStart = now;
  }

  /** Takes a connection along the exchange's route: an open one, or a new one whose steps become spans. */
  #connect({ http2, fresh = false }: Wanted): Promise<{ leg: Leg; opened: RequestConnection }> {
    const { pools, finder } = this.#services;
    const { settings, trace, request } = this.#x;
    const { signal } = (this.#opening = new AbortController());
    const report: OpenOptions['report'] = (step, start, facts) => trace.span('upstream', step, start, facts);
    return connectFirst(this.#x, finder, async (found) => {
      const leg = http2 === undefined ? found : { ...found, http2 };
      const idle = fresh ? undefined : pools.idle(leg, settings);
      return idle ?? pools.open(leg, { settings, signal, report, via: viaOf(request, this.#via) });
    });
  }

  #connectAndDispatch(wanted: Wanted = {}): void {
    this.#connect(wanted).then(
      ({ leg, opened }) => this.#dispatch(opened, leg),
      (error: unknown) => this.onResponseError(upstreamError(error, 'connect')),
    );
  }

  /** RFC 9113 §8.7, RFC 9112 §9.3.1: what the server has done nothing with may be sent again, once. */
  #tryAgain(error: UnprocessedError): void {
    const { trace } = this.#x;
    this.#triedAgain = true;
    this.#control = undefined;
    trace.span('upstream', this.#stage, this.#stageStart, { error: error.message });
    trace.note('info', 'TRIED_AGAIN', error.message);
    this.#enter('connect', trace.now());
    // Where one kept connection was closed, others are about to be.
    const fresh = error.code === 'CLOSED_EARLY';
    this.#connectAndDispatch(error.wantsHttp1 ? { http2: 'never', fresh } : { fresh });
  }

  get #version(): RequestConnection['version'] {
    return this.#connection?.version ?? '1.1';
  }

  #dispatch(connection: RequestConnection, leg: Leg): void {
    if (this.#stage === 'over') {
      // Nobody waits any more, but the connection is as good as new.
      this.#services.pools.release(connection);
      return;
    }
    const write = this.#write;
    if (write === undefined) return;
    this.#opening = undefined;
    this.#connection = connection;
    this.#leg = leg;
    this.#kept = connection.used && connection.version === '1.1';
    if (connection.used) this.#x.trace.span('upstream', 'connection', this.#stageStart, connection.reused);
    else connection.openedBy = this.#x.trace.id;
    if (connection.tls !== undefined) {
      this.#x.trace.upstreamSecured(connection.id, connection.openedBy, connection.tls);
    }
    connection.used = true;
    try {
      const request = write(leg);
      this.#path = request.path;
      connection.dispatch(request, this);
    } catch (thrown) {
      this.onResponseError(thrown as Error);
    }
  }
}

/** The fields as they are told of: without our password for a proxy. */
function shownFields(fields: HeaderList, leg: Leg | undefined): HeaderList {
  if (leg?.forwarding !== true) return fields;
  return fields.map((text, place) =>
    place % 2 === 1 && fields[place - 1] === 'Proxy-Authorization' ? '(hidden)' : text,
  );
}
