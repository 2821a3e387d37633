import type { RequestBody } from '../chain/exchange.ts';
import type { ExchangeTrace } from '../chain/exchange-trace.ts';
import { ByteQueue } from '../chain/byte-queue.ts';
import { ExchangeError } from '../errors.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { NO_HEADERS } from '../../../shared/headers.ts';
import { ChunkedDecoder } from '../http/chunked-decoder.ts';
import type { Framing } from '../http/request-head.ts';

/** What the reader asks of its connection. */
export interface BodyControl {
  pause(): void;
  resume(): void;
  /** The body is wanted: the moment to send 100 (Continue) to a client that waits for it. */
  wanted(): void;
}

/**
 * Reads one request's body from the bytes of its connection and knows where it ends (RFC 9112 §6.3, §7.1), unless the
 * connection's frames say so.
 */
export class RequestReader implements RequestBody {
  readonly length: number | undefined;
  readonly stream: ByteQueue;
  /** Every byte of the body has been seen. */
  complete = false;
  readonly #decoder: ChunkedDecoder | undefined;
  readonly #trace: ExchangeTrace;
  #remaining: number;
  #discarding = false;
  #trailers: HeaderList = NO_HEADERS;

  constructor(framing: Framing, trace: ExchangeTrace, control: BodyControl) {
    this.length = framing.kind === 'length' || framing.kind === 'frames' ? framing.length : undefined;
    this.#remaining = framing.kind === 'length' ? framing.length : Infinity;
    this.#decoder = framing.kind === 'chunked' ? new ChunkedDecoder() : undefined;
    this.#trace = trace;
    const discard = (): void => {
      this.#discarding = true;
      control.resume();
    };
    this.stream = new ByteQueue({ wanted: () => control.wanted(), resume: () => control.resume(), cancel: discard });
    this.#pause = () => control.pause();
  }

  readonly #pause: () => void;

  /** @returns how many of `bytes` belong to the body, or the error that makes the rest of the connection unreadable. */
  feed(bytes: Uint8Array): number | ExchangeError {
    const used = this.#decoder === undefined ? this.#feedLength(bytes) : this.#feedChunked(this.#decoder, bytes);
    if (this.complete) {
      this.stream.end();
      this.#trace.requestEnded(this.#decoder?.trailers);
    }
    return used;
  }

  trailers(): HeaderList {
    return this.#decoder?.trailers ?? this.#trailers;
  }

  /** A frame said that the body is complete. */
  end(trailers: HeaderList): void {
    if (this.complete) return;
    this.complete = true;
    this.#trailers = trailers;
    this.stream.end();
    this.#trace.requestEnded(trailers.length === 0 ? undefined : trailers);
  }

  /** The rest will not come. */
  fail(error: ExchangeError): void {
    if (this.complete) return;
    this.complete = true;
    this.stream.fail(error);
    this.#trace.requestEnded(undefined, false);
  }

  #feedLength(bytes: Uint8Array): number {
    const used = Math.min(bytes.length, this.#remaining);
    this.#remaining -= used;
    this.#emit(used === bytes.length ? bytes : bytes.subarray(0, used));
    this.complete = this.#remaining === 0;
    return used;
  }

  #feedChunked(decoder: ChunkedDecoder, bytes: Uint8Array): number | ExchangeError {
    const used = decoder.feed(bytes, (data) => this.#emit(data));
    if (typeof used !== 'number') {
      const error = new ExchangeError(used.error, 'receive', used.detail);
      this.fail(error);
      return error;
    }
    this.complete = decoder.done;
    return used;
  }

  #emit(data: Uint8Array): void {
    this.#trace.requestChunk(data);
    if (this.#discarding) return;
    if (!this.stream.push(data)) this.#pause();
  }
}
