import type { Transform } from 'node:stream';
import { messageOf } from '../../../shared/message-of.ts';
import { contentDecoder } from '../bodies/content-decoder.ts';
import type { ByteSource } from '../chain/byte-queue.ts';
import { ByteQueue } from '../chain/byte-queue.ts';
import { ExchangeError } from '../errors.ts';

/** Where coded bytes come from. */
export interface CodedSource extends ByteSource {
  /** They make no sense; nothing more is wanted. */
  giveUp(reason: ExchangeError): void;
}

/**
 * Undoes the transfer coding of a body on its way from a connection to its reader (RFC 9112 §7.2). The body is whole when both
 * its framing and its coding have come to their end; bytes behind the latter are nobody's.
 */
export class TransferDecoder implements ByteSource {
  /** The body without the coding. */
  readonly decoded = new ByteQueue(this);
  readonly #source: CodedSource;
  readonly #decoder: Transform;
  /** All of the body has come. */
  #whole = false;
  /** The coding has come to its end. */
  #undone = false;

  /** @param coding `gzip`, `x-gzip` or `deflate`, which mean what the content codings of these names do. */
  constructor(coding: string, source: CodedSource) {
    this.#source = source;
    this.#decoder = contentDecoder(coding)
      .on('drain', () => source.resume())
      .on('data', (chunk: Buffer) => {
        if (!this.decoded.push(chunk)) this.#decoder.pause();
      })
      .on('end', () => this.#onUndone())
      .on('error', (error) => this.#onDamaged(coding, error));
  }

  /** The next bytes in the coding; false asks to wait until the source is resumed. */
  push(chunk: Uint8Array): boolean {
    return this.#undone || this.#decoder.write(chunk);
  }

  /** No more bytes come. */
  end(): void {
    this.#whole = true;
    if (this.#undone) this.decoded.end();
    else this.#decoder.end();
  }

  /** The body broke off. */
  fail(error: unknown): void {
    this.#decoder.destroy();
    this.decoded.fail(error);
  }

  resume(): void {
    this.#decoder.resume();
  }

  cancel(): void {
    this.#decoder.destroy();
    this.#source.cancel();
  }

  #onUndone(): void {
    this.#undone = true;
    // Nothing that is still in its way drains any more.
    this.#source.resume();
    if (this.#whole) this.decoded.end();
  }

  #onDamaged(coding: string, error: Error): void {
    const reason = new ExchangeError('TRANSFER_CODING', 'receive', `${coding}: ${messageOf(error)}.`, error);
    this.decoded.fail(reason);
    this.#source.giveUp(reason);
  }
}
