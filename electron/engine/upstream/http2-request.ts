import { forgetListeners } from '../forget-listeners.ts';
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders, IncomingHttpStatusHeader } from 'node:http2';
import { constants } from 'node:http2';
import { addAbortSignal } from 'node:stream';
import { ExchangeError } from '../errors.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { NO_HEADERS, trimValues } from '../../../shared/headers.ts';
import { drained } from '../drained.ts';
import { endToEndTrailers } from '../http/connection-fields.ts';
import { http2FieldsObject } from '../http/http2-head.ts';
import { reasonPhrase } from '../http/reason-phrases.ts';
import { parseContentLength } from '../http/request-head.ts';
import { isBodiless } from '../http/response-head.ts';
import type { Watchdog } from '../watchdog.ts';
import { securedError } from './connect/tls-failure.ts';
import { HeldBody } from './held-body.ts';
import { InterimResponses } from './interim-responses.ts';
import type { RequestControl, ResponseReceiver, UpstreamRequest } from './request-connection.ts';
import { UnprocessedError } from './unprocessed-error.ts';
import { upstreamError } from './upstream-error.ts';
import type { WatchdogPool } from './watchdog-pool.ts';
import { watchEnd } from './whole-end.ts';

const RESET_NAMES = new Map(
  Object.entries(constants)
    .filter(
      ([name]) => /^NGHTTP2_[A-Z0-9_]+$/.test(name) && !/^NGHTTP2_(ERR|FLAG|NV|HCAT|SETTINGS|SESSION)_/.test(name),
    )
    .map(([name, code]) => [code, name.slice('NGHTTP2_'.length)]),
);

/** A wait that may take too long, as the errors tell of it. */
interface Awaited {
  readonly code: 'HEAD_TIMEOUT' | 'BODY_TIMEOUT';
  readonly phase: string;
}

const HEAD: Awaited = { code: 'HEAD_TIMEOUT', phase: 'wait' };
const BODY: Awaited = { code: 'BODY_TIMEOUT', phase: 'receive' };

/** What a request needs of its connection. */
export interface Http2Carrier {
  readonly session: ClientHttp2Session;
  readonly watchdogs: WatchdogPool;
  /** The last stream that the server will answer, once it has said so by GOAWAY (RFC 9113 §6.8). */
  readonly lastStreamId: number | undefined;
  /** What ended the connection, if it was an error. */
  readonly failure: Error | undefined;
}

/** One request on a stream of an HTTP/2 connection, of which its receiver is told. */
export class Http2Request implements RequestControl {
  readonly #carrier: Http2Carrier;
  readonly #ended: () => void;
  #receiver: ResponseReceiver | undefined;
  #method = '';
  #bodyTimeout = 0;
  #stream: ClientHttp2Stream | undefined;
  #watchdog: Watchdog | undefined;
  /** What it waits for, and how long (ms); 0 is for ever. */
  #awaited: Awaited = HEAD;
  #limit = 0;
  /** Part of the request's body has been read, so that it cannot be sent again. */
  #begun = false;
  #answered = false;
  #over = false;
  #paused = false;
  #held: HeldBody | undefined;
  #interim: InterimResponses | undefined;
  #trailers: HeaderList = NO_HEADERS;
  #failure: Error | undefined;

  /** @param ended called when its stream is closed. */
  constructor(carrier: Http2Carrier, receiver: ResponseReceiver, ended: () => void) {
    this.#ended = ended;
    this.#carrier = carrier;
    this.#receiver = receiver;
  }

  /**
   * @param fields the head as HTTP/2 has it, pseudo-header fields first.
   * @returns the stream; undefined when the request was given up at once.
   */
  send(fields: string[], request: UpstreamRequest): ClientHttp2Stream | undefined {
    const { body, headers, headersTimeout, bodyTimeout } = request;
    this.#method = request.method;
    this.#bodyTimeout = bodyTimeout;
    this.#receiver?.onRequestStart(this, headers);
    if (this.#over) return undefined;
    const trailers = body?.trailers;
    const waitForTrailers = trailers !== undefined;
    const stream = this.#carrier.session.request(fields, { endStream: body === null, waitForTrailers });
    this.#stream = stream;
    this.#watchdog = this.#carrier.watchdogs.take(this.#late);
    if (waitForTrailers)
      stream.once('wantTrailers', () => stream.sendTrailers(http2FieldsObject(endToEndTrailers(trailers()))));
    stream.on('headers', (headers, _flags, raw) => this.#onInterim(Number(headers[':status']), raw));
    stream.on('response', (headers, flags, raw) => this.#onResponse(headers, flags, raw));
    stream.on('trailers', (_trailers, _flags, raw: string[]) => (this.#trailers = trimValues(raw)));
    stream.on('error', (error: Error) => (this.#failure = error));
    stream.on('close', () => {
      this.#onClose();
      forgetListeners(stream);
    });
    this.#await(HEAD, headersTimeout);
    if (body === null) this.#receiver?.onRequestSent();
    else if (body.awaitsContinue) this.#held = new HeldBody(() => void this.#sendBody(body.stream, stream));
    else void this.#sendBody(body.stream, stream);
    return stream;
  }

  abort(): void {
    this.#end();
    this.#reset();
  }

  pause(): void {
    this.#paused = true;
    this.#stream?.pause();
    // Its reader's slowness is not the server's.
    this.#watchdog?.rest();
  }

  resume(): void {
    this.#paused = false;
    if (this.#over || this.#stream?.destroyed !== false) return;
    this.#stream.resume();
    this.#expect();
  }

  #onInterim(status: number, raw: string[]): void {
    const bytes = raw.reduce((sum, text) => sum + text.length, 0);
    const problem = (this.#interim ??= new InterimResponses()).add(bytes);
    if (problem !== undefined) {
      this.#fail(problem);
      this.#reset();
      return;
    }
    // The body's first bytes being wanted tells the client to continue.
    if (status === constants.HTTP_STATUS_CONTINUE && this.#held !== undefined) this.#held.release();
    else this.#onHead(status, raw);
  }

  #onHead(status: number, raw: string[]): void {
    if (this.#over) return;
    this.#receiver?.onResponseStart(status, reasonPhrase(status), trimValues(raw.slice(2)));
  }

  #onResponse(
    { ':status': status = 0, 'content-length': length }: IncomingHttpHeaders & IncomingHttpStatusHeader,
    flags: number,
    raw: string[],
  ): void {
    const stream = this.#stream;
    if (this.#over || stream === undefined) return;
    this.#answered = true;
    this.#held?.answered(status);
    this.#await(BODY, this.#bodyTimeout);
    this.#onHead(status, raw);
    if ((flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0) {
      stream.resume();
      this.#complete();
      return;
    }
    // A body whose length is told shows by itself whether it is whole (RFC 9113 §8.1.1).
    const announced = isBodiless(this.#method, status) ? undefined : parseContentLength(length ?? '');
    const watched = announced === undefined ? watchEnd(stream) : undefined;
    let received = 0;
    stream.on('data', (chunk: Buffer) => {
      received += chunk.length;
      this.#expect();
      if (!this.#over) this.#receiver?.onResponseData(chunk);
    });
    // Node ends streams, too, that were reset or whose connection was lost.
    stream.on('end', () => {
      const whole = watched?.whole ?? received === announced;
      if (stream.rstCode === constants.NGHTTP2_NO_ERROR && whole) this.#complete();
      else this.#fail(this.#whyClosed());
    });
  }

  #complete(): void {
    if (this.#over) return;
    this.#end();
    this.#receiver?.onResponseEnd(this.#trailers);
    // RFC 9113 §8.1: whoever has answered needs no more of the request.
    if (this.#stream?.writableEnded === false) this.#reset();
  }

  async #sendBody(body: AsyncIterable<Uint8Array>, stream: ClientHttp2Stream): Promise<void> {
    try {
      for await (const chunk of body) {
        this.#begun = true;
        if (stream.destroyed || stream.closed) return;
        // A server that takes the body in is not late with its answer.
        if (!this.#paused) this.#expect();
        if (!stream.write(chunk)) await drained(stream);
      }
      this.#begun = true;
      stream.end();
      if (this.#over) return;
      if (!this.#answered) this.#expect();
      this.#receiver?.onRequestSent();
    } catch (thrown) {
      if (this.#over) return;
      this.#fail(upstreamError(thrown, 'send'));
      this.#reset();
    }
  }

  /** Waits for the server as long as `limit` says. */
  #await(awaited: Awaited, limit: number): void {
    this.#awaited = awaited;
    this.#limit = limit;
    this.#expect();
  }

  #expect(): void {
    if (!this.#over) this.#watchdog?.expect(this.#limit);
  }

  readonly #late = (): void => {
    const { code, phase } = this.#awaited;
    this.#fail(new ExchangeError(code, phase, `${this.#limit} ms.`));
    this.#reset();
  };

  /**
   * Lets go of the exchange as well: the native side of a stream, and all that can be reached from it, stays until the
   * whole heap is collected.
   */
  #onClose(): void {
    if (!this.#over) this.#fail(this.#whyClosed());
    this.#receiver = undefined;
    this.#trailers = NO_HEADERS;
    if (this.#watchdog !== undefined) this.#carrier.watchdogs.give(this.#watchdog);
    this.#watchdog = undefined;
    this.#ended();
  }

  #fail(error: ExchangeError): void {
    if (this.#over) return;
    this.#end();
    this.#receiver?.onResponseError(error);
  }

  #end(): void {
    this.#over = true;
    this.#watchdog?.rest();
    this.#held?.drop();
  }

  #reset(): void {
    const stream = this.#stream;
    if (stream?.destroyed !== false) return;
    // Both sides have ended it: what was not read is all that keeps it, and with it the connection.
    if (stream.closed) stream.destroy();
    else if (stream.writableEnded) stream.close(constants.NGHTTP2_CANCEL);
    // Not by `close`, which lets END_STREAM go ahead of the reset: half a body must not look whole. Of the ways to destroy a
    // stream, an abort is the one that says CANCEL.
    else addAbortSignal(AbortSignal.abort(), stream);
  }

  #whyClosed(): ExchangeError {
    const { session, lastStreamId, failure } = this.#carrier;
    const { rstCode = 0, id } = this.#stream ?? {};
    const phase = this.#answered ? 'receive' : 'wait';
    const name = RESET_NAMES.get(rstCode) ?? `code ${rstCode}`;
    // RFC 9113 §8.7: the server has done nothing with these.
    const beyond = id === undefined || id > (lastStreamId ?? Infinity);
    const required = rstCode === constants.NGHTTP2_HTTP_1_1_REQUIRED;
    if (beyond || rstCode === constants.NGHTTP2_REFUSED_STREAM || required) {
      const detail = beyond ? 'It was closing the connection.' : `It said ${name}.`;
      return this.#begun || this.#answered
        ? new ExchangeError('STREAM_REFUSED', phase, detail)
        : new UnprocessedError(phase, detail, required);
    }
    // What breaks TLS reaches the streams before their connection says so.
    const broken = this.#failure === undefined ? undefined : securedError(this.#failure, phase);
    if (broken !== undefined) return broken;
    if (session.destroyed || session.closed) {
      if (failure !== undefined) return upstreamError(failure, phase);
      if (rstCode === constants.NGHTTP2_CANCEL) return new ExchangeError('CLOSED_EARLY', phase);
    }
    return new ExchangeError('STREAM_RESET', phase, `It said ${name}.`, this.#failure);
  }
}
