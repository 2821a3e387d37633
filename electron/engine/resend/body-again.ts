import type { HeaderList } from '../../../shared/headers.ts';
import { NO_HEADERS } from '../../../shared/headers.ts';
import type { ExchangeTrace } from '../chain/exchange-trace.ts';
import type { RequestBody } from '../chain/exchange.ts';
import { ExchangeError } from '../errors.ts';

/** Bytes that are read at once: what is recorded may be larger than memory. */
const PIECE = 256 * 1024;

/** Reads a part of a body; shorter where it ends, undefined when it is not kept (any more). */
export type ReadPiece = (offset: number, length: number) => Promise<Uint8Array | undefined>;

/** A body that is at hand, sent as the body of a new exchange, which records it as any other. */
export class BodyAgain implements RequestBody {
  readonly length: number;
  readonly stream: AsyncIterable<Uint8Array>;
  readonly #read: ReadPiece;
  readonly #trace: ExchangeTrace;
  #sent = 0;

  constructor(length: number, read: ReadPiece, trace: ExchangeTrace) {
    this.length = length;
    this.stream = this.#pieces();
    this.#read = read;
    this.#trace = trace;
  }

  trailers(): HeaderList {
    return NO_HEADERS;
  }

  async *#pieces(): AsyncGenerator<Uint8Array> {
    while (this.#sent < this.length) {
      const piece = await this.#read(this.#sent, Math.min(PIECE, this.length - this.#sent));
      if (piece === undefined || piece.length === 0) {
        throw new ExchangeError('NOT_FORWARDABLE', 'send', 'Its recorded body is not kept any more.');
      }
      this.#sent += piece.length;
      this.#trace.requestChunk(piece);
      if (this.#sent === this.length) this.#trace.requestEnded();
      yield piece;
    }
  }
}
