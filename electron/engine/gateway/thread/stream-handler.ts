import type { HeaderList } from '../../../../shared/headers.ts';
import { reasonPhrase } from '../../http/reason-phrases.ts';
import { checkHeaders, checkStatus } from './check-response.ts';
import { BodyReader } from './body-reader.ts';
import { RequestHandler } from './request-handler.ts';
import { ClientGoneError } from './thread-exchange.ts';

/**
 * A handler with a reader for the request's body and a writer for the response's, in the manner of Python's
 * StreamRequestHandler. Override the fields to change how they work.
 */
export class StreamHandler extends RequestHandler {
  /** Milliseconds that reading waits for the client's next bytes; undefined for ever. */
  timeout: number | undefined = undefined;
  /** Send what is written without collecting it first, as TCP_NODELAY does. */
  noDelay = true;
  /** Bytes that are collected before they are sent, unless {@link noDelay} is set or {@link flush} is called. */
  writeBufferSize = 65_536;
  /** Bytes of the request's body that the reader may hold to find the end of a line. */
  readBufferSize = 1_048_576;
  #reader: BodyReader | undefined;
  #buffered: Uint8Array[] = [];
  #bufferedBytes = 0;
  #head: { readonly status: string; readonly headers: HeaderList } | undefined;

  /** Reads the request's body. */
  get reader(): BodyReader {
    this.#reader ??= new BodyReader(this.exchange.body, this.readBufferSize, this.timeout);
    return this.#reader;
  }

  /** Says how the response begins; it is sent with the first bytes, or at the end. Until then it may be said anew. */
  respond(status: number, headers: HeaderList = [], reason = reasonPhrase(status)): void {
    if (this.exchange.headSent) throw new Error('The response has begun already.');
    const line = `${status} ${reason}`;
    checkStatus(line);
    const pairs = Array.from(
      { length: headers.length / 2 },
      (_, i) => [headers[2 * i], headers[2 * i + 1]] as [string, string],
    );
    this.#head = { status: line, headers: checkHeaders(pairs) };
  }

  /** Writes a piece of the response's body; resolves when there is room for more. Nothing is sent in answer to HEAD. */
  async write(data: Uint8Array | string): Promise<void> {
    const bytes: unknown = typeof data === 'string' ? new TextEncoder().encode(data) : data;
    // The user's code may not be type-checked, and as many zeros would be made of a number.
    if (!(bytes instanceof Uint8Array))
      throw new TypeError(`write takes a Uint8Array or a string, not ${typeof data}.`);
    if (bytes.length === 0) return;
    this.#buffered.push(bytes);
    this.#bufferedBytes += bytes.length;
    if (this.noDelay || this.#bufferedBytes >= this.writeBufferSize) await this.flush();
  }

  /** Sends what was collected. */
  async flush(): Promise<void> {
    const pieces = this.#buffered;
    this.#buffered = [];
    this.#bufferedBytes = 0;
    if (pieces.length === 0) return;
    this.#begin();
    if (this.isBodiless) return;
    for (const piece of pieces) await this.exchange.sendChunk(piece);
  }

  /** Flushes, and begins the response if nothing was written. Survives a client that has gone. */
  override async finish(): Promise<void> {
    try {
      await this.flush();
      this.#begin();
    } catch (error) {
      if (!(error instanceof ClientGoneError)) throw error;
    }
  }

  /** Whether the response has no body whatever is written. */
  get isBodiless(): boolean {
    return this.command === 'HEAD';
  }

  #begin(): void {
    if (this.exchange.headSent) return;
    const { status, headers } = this.#head ?? { status: '200 OK', headers: [] };
    this.exchange.sendHead(status, headers);
  }
}
