import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { Dispatcher } from 'undici';
import type { HeaderList } from '../../../shared/headers.ts';
import { hasHeader, NO_HEADERS } from '../../../shared/headers.ts';
import { ByteQueue } from '../chain/byte-queue.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Reply } from '../chain/reply.ts';
import { ExchangeError } from '../errors.ts';
import { endToEndFields } from '../http/connection-fields.ts';
import { isBodiless } from '../http/response-head.ts';
import type { ConnectionAware, UpstreamConnection } from './upstream-connection.ts';
import { upstreamError } from './upstream-error.ts';

type Controller = Dispatcher.DispatchController;

/** One request on its way through undici: turns undici's callbacks into a reply with a streamed body, and into spans. */
export class UpstreamCall implements ConnectionAware {
  connection?: UpstreamConnection;
  readonly #x: Exchange;
  readonly #via: string;
  readonly #dispatched: number;
  #settle: PromiseWithResolvers<Reply> | undefined;
  readonly #forgetAbort: () => void;
  #controller: Controller | undefined;
  #body: ByteQueue | undefined;
  #stage: 'connect' | 'send' | 'wait' | 'receive' = 'connect';
  #stageStart: number;
  #trailers: HeaderList = NO_HEADERS;
  #over = false;

  /** @param via this proxy's Via member for responses. */
  constructor(x: Exchange, via: string) {
    this.#x = x;
    this.#via = via;
    this.#dispatched = x.trace.now();
    this.#stageStart = this.#dispatched;
    this.#forgetAbort = x.onAbort((abort) => this.#stop(new ExchangeError('CLIENT_GONE', this.#stage, abort.message)));
  }

  /** Begins the call by `dispatch`; resolves with the response's head and its body to be read. */
  start(dispatch: () => void): Promise<Reply> {
    this.#settle = Promise.withResolvers();
    if (this.#over) this.#settle.reject(new ExchangeError('CLIENT_GONE', 'connect'));
    else this.#dispatch(dispatch);
    return this.#settle.promise;
  }

  #dispatch(dispatch: () => void): void {
    try {
      dispatch();
    } catch (thrown) {
      // undici throws synchronously for requests that it will not send.
      this.onResponseError(undefined, thrown as Error);
    }
  }

  /** The exchange is over: gives up whatever is still under way. */
  release(): void {
    this.#stop();
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#over) {
      controller.abort(new ExchangeError('CLIENT_GONE', 'connect'));
      return;
    }
    this.#traceConnecting();
    this.#enter('send');
  }

  onRequestSent(): void {
    if (this.#stage !== 'send') return;
    this.#x.trace.span('upstream', 'send', this.#stageStart);
    this.#enter('wait');
  }

  onResponseStart(controller: Controller, status: number, _parsed: IncomingHttpHeaders, reason = ''): void {
    const headers = decode(controller.rawHeaders);
    if (status < 200) {
      this.#x.inform(status, endToEndFields(headers));
      return;
    }
    this.onRequestSent();
    if (this.#stage === 'wait') this.#x.trace.span('upstream', 'wait', this.#stageStart);
    this.#enter('receive');
    const bodiless = isBodiless(this.#x.request.method, status);
    this.#body = bodiless ? undefined : new ByteQueue({ resume: () => controller.resume(), cancel: () => this.#stop() });
    this.#settle?.resolve({
      ...{ status, reason, headers: this.#responseHeaders(headers), from: 'upstream' },
      body: this.#body ?? null,
      trailers: () => this.#trailers,
      upstream: this.connection?.times?.address ?? this.#x.request.url.authority,
    });
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#body?.push(chunk) === false) controller.pause();
  }

  onResponseEnd(controller: Controller): void {
    this.#trailers = endToEndFields(decode(controller.rawTrailers));
    this.#end();
    this.#body?.end();
  }

  onResponseError(_controller: Controller | undefined, thrown: Error): void {
    if (this.#over) return;
    const error = upstreamError(thrown, this.#stage);
    if (this.#stage === 'connect') this.#traceConnecting(error.message);
    this.#end(error.message);
    if (this.#body === undefined) this.#settle?.reject(error);
    else this.#body.fail(error);
  }

  /** Ends the request from our side: with an error for whoever waits, or because nobody wants the rest. */
  #stop(error?: ExchangeError): void {
    if (this.#over) return;
    const reason = error ?? new ExchangeError('CLIENT_GONE', this.#stage, 'The rest of the body was not wanted.');
    this.#end(reason.message);
    if (this.#body === undefined) this.#settle?.reject(reason);
    else this.#body.fail(reason);
    this.#controller?.abort(reason);
  }

  #end(error?: string): void {
    this.#over = true;
    this.#forgetAbort();
    if (this.#stage === 'connect') return;
    this.#x.trace.span('upstream', this.#stage, this.#stageStart, error === undefined ? undefined : { error });
  }

  #enter(stage: 'send' | 'wait' | 'receive'): void {
    this.#stage = stage;
    this.#stageStart = this.#x.trace.now();
  }

  #responseHeaders(received: HeaderList): HeaderList {
    const headers = [...endToEndFields(received)];
    // RFC 9110 §6.6.1: who forwards or stores a response without Date adds one.
    if (!hasHeader(headers, 'date')) headers.push('Date', new Date().toUTCString());
    headers.push('Via', this.#via);
    return headers;
  }

  /** Reports how the connection came about, if it was opened for this request. */
  #traceConnecting(error?: string): void {
    const { trace, request } = this.#x;
    const { connection } = this;
    const times = connection?.times;
    if (connection !== undefined) connection.served++;
    if (times === undefined || times.start < this.#dispatched) {
      const detail = `reused connection ${connection?.connectionId ?? '?'} to ${times?.address ?? '?'}`;
      trace.span('upstream', 'connection', this.#dispatched, error === undefined ? { detail } : { detail, error });
      return;
    }
    const { resolved, connected, secured, address, tls } = times;
    const failed = error === undefined ? {} : { error };
    const isName = isIP(request.url.hostname) === 0;
    if (isName) {
      trace.span('upstream', 'dns', times.start, { ...(resolved === undefined ? failed : { end: resolved }) });
    }
    const dialled = isName ? resolved : times.start;
    if (dialled !== undefined) {
      const detail = address === undefined ? {} : { detail: address };
      trace.span('upstream', 'connect', dialled, connected === undefined ? failed : { end: connected, ...detail });
    }
    if (connected === undefined || request.url.scheme !== 'https') return;
    const detail = tls === undefined ? {} : { detail: tls };
    trace.span('upstream', 'tls', connected, secured === undefined ? failed : { end: secured, ...detail });
  }
}

/** undici gives names and values as Buffers, `[name, value, …]`. */
function decode(raw: Controller['rawHeaders']): HeaderList {
  if (!Array.isArray(raw)) return NO_HEADERS;
  const headers: string[] = [];
  for (const part of raw as (Buffer | string)[]) headers.push(typeof part === 'string' ? part : part.toString('latin1'));
  return headers;
}
