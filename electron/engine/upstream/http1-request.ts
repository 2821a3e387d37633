import type { Socket } from 'node:net';
import { NO_HEADERS } from '../../../shared/headers.ts';
import { takeWhole } from '../chain/byte-queue.ts';
import { ExchangeError } from '../errors.ts';
import { ChunkedDecoder } from '../http/chunked-decoder.ts';
import { endToEndTrailers } from '../http/connection-fields.ts';
import { formatRequestHead, outgoingFields } from '../http/outgoing-request.ts';
import type { ReceivedResponse } from '../http/received-response.ts';
import { keepAliveHint, parseResponseHead } from '../http/received-response.ts';
import { formatLastChunk } from '../http/response-head.ts';
import type { Watchdog } from '../watchdog.ts';
import { HeldBody } from './held-body.ts';
import { InterimResponses } from './interim-responses.ts';
import type { RequestControl, ResponseReceiver, UpstreamBody, UpstreamRequest } from './request-connection.ts';
import { headEnd, MAX_HEAD } from './response-head-end.ts';
import { upstreamError } from './upstream-error.ts';

const SWITCHING_PROTOCOLS = 101;
const CONTINUE = 100;

/** What becomes of the connection after a request. */
export type Afterlife =
  /** It can carry another; `idle` is how long (ms) the server says that it waits for that. */
  | { readonly kind: 'kept'; readonly idle: number | undefined }
  /** It is no use any more. */
  | { readonly kind: 'spent' }
  /** It belongs to whoever took it over. */
  | { readonly kind: 'given' };

/** What a request needs of its connection. */
export interface Http1Carrier {
  readonly socket: Socket;
  readonly watchdog: Watchdog;
  /** The request is over. */
  settle(afterlife: Afterlife): void;
}

/** A head that has come, its bytes, and what came behind it. */
interface TakenHead {
  readonly response: ReceivedResponse;
  readonly length: number;
  readonly rest: Buffer;
}

/** RFC 9110 §9.2.2. */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
const SPENT: Afterlife = { kind: 'spent' };

/** One request on an HTTP/1.1 connection, and the reading of its response (RFC 9112). */
export class Http1Request implements RequestControl {
  readonly #carrier: Http1Carrier;
  readonly #request: UpstreamRequest;
  readonly #receiver: ResponseReceiver;
  #state: 'head' | 'body' | 'over' = 'head';
  /** The beginning of a head. */
  #pending: Buffer | undefined;
  #response: ReceivedResponse | undefined;
  #decoder: ChunkedDecoder | undefined;
  #remaining = 0;
  /** What is being sent of the body. */
  #sending: AsyncIterator<Uint8Array> | undefined;
  #sent = false;
  /** Something has come since it was sent. */
  #heard = false;
  #paused = false;
  #held: HeldBody | undefined;
  #interim: InterimResponses | undefined;
  #drained: (() => void) | undefined;

  constructor(carrier: Http1Carrier, request: UpstreamRequest, receiver: ResponseReceiver) {
    this.#carrier = carrier;
    this.#request = request;
    this.#receiver = receiver;
  }

  /** Throws an ExchangeError when there is no such request in HTTP/1.1; nothing has been written then. */
  send(): void {
    const { method, path, body } = this.#request;
    const fields = outgoingFields(this.#request);
    const head = formatRequestHead(method, path, fields);
    if (typeof head !== 'string') throw new ExchangeError(head.error, 'send', head.detail);
    this.#receiver.onRequestStart(this, fields);
    if (this.#isOver()) return;
    const { socket } = this.#carrier;
    this.#expectHead();
    if (body === null) {
      socket.write(head, 'latin1');
      this.#onSent();
      return;
    }
    const whole = body.awaitsContinue ? undefined : takeWhole(body.stream);
    // What is there already leaves in one piece with the head.
    if (whole !== undefined) socket.cork();
    socket.write(head, 'latin1');
    if (whole !== undefined) {
      for (const chunk of whole) this.#write(chunk, body);
      this.#end(body);
      socket.uncork();
    } else if (body.awaitsContinue) this.#held = new HeldBody(() => void this.#pump(body));
    else void this.#pump(body);
  }

  /** It may be sent again: it asks for the same then (RFC 9110 §9.2.2), has no body, and not a byte has answered it. */
  get repeatable(): boolean {
    const { method, body } = this.#request;
    return !this.#heard && body === null && IDEMPOTENT.has(method);
  }

  abort(): void {
    this.#finish(SPENT);
  }

  pause(): void {
    this.#paused = true;
    this.#carrier.socket.pause();
    // Its reader's slowness is not the server's.
    this.#carrier.watchdog.rest();
  }

  resume(): void {
    this.#paused = false;
    if (this.#isOver()) return;
    this.#carrier.socket.resume();
    this.#carrier.watchdog.expect(this.#request.bodyTimeout);
  }

  /** Bytes came. */
  feed(bytes: Buffer): void {
    this.#heard = true;
    let rest = bytes;
    while (this.#state === 'head' && rest.length > 0) {
      const head = this.#takeHead(rest);
      if (head === undefined) return;
      rest = head.rest;
      this.#onHead(head);
    }
    if (this.#state === 'body') this.#feedBody(rest);
  }

  /** The socket takes more. */
  drained(): void {
    const resolve = this.#drained;
    this.#drained = undefined;
    resolve?.();
  }

  /** The server has ended the connection, or it failed with `error`. */
  ended(error?: Error): void {
    if (this.#isOver()) return;
    if (error !== undefined) this.#fail(error);
    else if (this.#response?.framing.kind === 'close') this.#complete(true);
    else this.#fail(new ExchangeError('CLOSED_EARLY', this.#phase));
  }

  /** What was expected did not come in time. */
  late(): void {
    if (this.#isOver() || this.#paused) return;
    const { headersTimeout, bodyTimeout } = this.#request;
    if (this.#state === 'head') this.#fail(new ExchangeError('HEAD_TIMEOUT', 'wait', `${headersTimeout} ms.`));
    else this.#fail(new ExchangeError('BODY_TIMEOUT', 'receive', `${bodyTimeout} ms.`));
  }

  get #phase(): 'wait' | 'receive' {
    return this.#state === 'head' ? 'wait' : 'receive';
  }

  /** A method, because whoever is told of something may have given the request up. */
  #isOver(): boolean {
    return this.#state === 'over';
  }

  #expectHead(): void {
    this.#carrier.watchdog.expect(this.#request.headersTimeout);
  }

  async #pump(body: UpstreamBody): Promise<void> {
    const sending = body.stream[Symbol.asyncIterator]();
    this.#sending = sending;
    try {
      for (let next = await sending.next(); next.done !== true; next = await sending.next()) {
        if (this.#isOver()) return;
        if (!this.#write(next.value, body)) await this.#drain();
        if (this.#state === 'head') this.#expectHead();
      }
    } catch (thrown) {
      this.#fail(upstreamError(thrown, 'send'));
      return;
    }
    if (!this.#isOver()) this.#end(body);
  }

  #write(chunk: Uint8Array, body: UpstreamBody): boolean {
    const { socket } = this.#carrier;
    if (body.length !== undefined) return socket.write(chunk);
    // A chunk of no bytes would be the last one (RFC 9112 §7.1).
    if (chunk.length === 0) return true;
    socket.cork();
    socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
    socket.write(chunk);
    const taken = socket.write('\r\n', 'latin1');
    socket.uncork();
    return taken;
  }

  #end(body: UpstreamBody): void {
    if (body.length === undefined) {
      const trailers = body.trailers?.() ?? NO_HEADERS;
      this.#carrier.socket.write(formatLastChunk(endToEndTrailers(trailers)), 'latin1');
    }
    this.#onSent();
  }

  #onSent(): void {
    this.#sent = true;
    if (this.#state === 'head') this.#expectHead();
    this.#receiver.onRequestSent();
  }

  async #drain(): Promise<void> {
    if (!this.#carrier.socket.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
  }

  /** The next head with what stands behind it; undefined until all of it has come, and when it makes no sense. */
  #takeHead(bytes: Buffer): TakenHead | undefined {
    const before = this.#pending?.length ?? 0;
    const all = this.#pending === undefined ? bytes : Buffer.concat([this.#pending, bytes]);
    const found = headEnd(all, before);
    if (found === 'not HTTP' || (found === undefined && all.length > MAX_HEAD)) {
      const detail =
        found === undefined ? `Its head is longer than ${MAX_HEAD} bytes.` : 'It does not begin as HTTP/1 does.';
      this.#fail(new ExchangeError('MALFORMED_RESPONSE', 'wait', detail));
      return undefined;
    }
    if (found === undefined) {
      this.#pending = all;
      return undefined;
    }
    this.#pending = undefined;
    const response = parseResponseHead(found.text, this.#request.method);
    if (!('error' in response)) return { response, length: found.end, rest: all.subarray(found.end) };
    this.#fail(new ExchangeError(response.error, 'wait', response.detail));
    return undefined;
  }

  #onHead({ response, length, rest }: TakenHead): void {
    const { status, reason, headers } = response;
    if (status === SWITCHING_PROTOCOLS) {
      this.#switch(response, rest);
      return;
    }
    if (status < 200) {
      const problem = (this.#interim ??= new InterimResponses()).add(length);
      if (problem !== undefined) {
        this.#fail(problem);
        return;
      }
      // The body's first bytes being wanted tells the client to continue.
      if (status === CONTINUE && this.#held !== undefined) this.#held.release();
      else this.#receiver.onResponseStart(status, reason, headers);
      if (!this.#isOver()) this.#expectHead();
      return;
    }
    this.#held?.answered(status);
    this.#response = response;
    this.#state = 'body';
    const { framing } = response;
    if (framing.kind === 'length') this.#remaining = framing.length;
    if (framing.kind === 'chunked') this.#decoder = new ChunkedDecoder();
    this.#carrier.watchdog.expect(this.#request.bodyTimeout);
    this.#receiver.onResponseStart(status, reason, headers, response);
    if (framing.kind === 'none' || (framing.kind === 'length' && framing.length === 0)) this.#complete(rest.length > 0);
  }

  /** RFC 9110 §7.8: only what was asked for can be switched to. */
  #switch({ status, headers }: ReceivedResponse, rest: Buffer): void {
    const { socket } = this.#carrier;
    if (this.#request.upgrade === undefined) {
      this.#fail(new ExchangeError('MALFORMED_RESPONSE', 'wait', 'It switches protocols, which nobody asked for.'));
      return;
    }
    socket.pause();
    if (rest.length > 0) socket.unshift(rest);
    this.#finish({ kind: 'given' });
    this.#receiver.onRequestUpgrade(status, headers, socket);
  }

  #feedBody(bytes: Buffer): void {
    const { framing } = this.#response as ReceivedResponse;
    if (bytes.length === 0) return;
    if (!this.#paused) this.#carrier.watchdog.expect(this.#request.bodyTimeout);
    if (framing.kind === 'chunked') this.#feedChunked(this.#decoder as ChunkedDecoder, bytes);
    else if (framing.kind === 'close') this.#receiver.onResponseData(bytes);
    else {
      const used = Math.min(bytes.length, this.#remaining);
      this.#remaining -= used;
      this.#receiver.onResponseData(used === bytes.length ? bytes : bytes.subarray(0, used));
      if (this.#remaining === 0) this.#complete(used < bytes.length);
    }
  }

  #feedChunked(decoder: ChunkedDecoder, bytes: Buffer): void {
    const used = decoder.feed(bytes, (data) => {
      if (!this.#isOver()) this.#receiver.onResponseData(data as Buffer);
    });
    if (typeof used !== 'number') this.#fail(new ExchangeError('MALFORMED_RESPONSE', 'receive', used.detail));
    else if (decoder.done) this.#complete(used < bytes.length);
  }

  /** @param surplus whether there is more on the connection than belongs to this response. */
  #complete(surplus: boolean): void {
    if (this.#isOver()) return;
    const { persists = false, headers = NO_HEADERS } = this.#response ?? {};
    // A request that is not needed any more (RFC 9112 §9.5) leaves nothing that could be written behind it.
    const keeps = persists && !surplus && this.#sent;
    this.#finish(keeps ? { kind: 'kept', idle: keepAliveHint(headers) } : SPENT);
    this.#receiver.onResponseEnd(this.#decoder?.trailers ?? NO_HEADERS);
  }

  #fail(error: Error): void {
    if (this.#isOver()) return;
    this.#finish(SPENT);
    this.#receiver.onResponseError(error);
  }

  #finish(afterlife: Afterlife): void {
    if (this.#isOver()) return;
    this.#state = 'over';
    this.#held?.drop();
    this.#drained?.();
    if (!this.#sent) void this.#sending?.return?.();
    if (this.#paused && afterlife.kind === 'kept') this.#carrier.socket.resume();
    this.#carrier.settle(afterlife);
  }
}
