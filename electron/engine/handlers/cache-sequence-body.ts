import type { Body } from '../chain/reply.ts';

/** What a body is put together from: bytes, or a stream that has been opened. */
export type BodyPiece = NonNullable<Body>;

const DONE: IteratorResult<Uint8Array> = { done: true, value: undefined };

/** A body put together from several pieces. When it is given up, so are the streams that it has not come to. */
export class SequenceBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  readonly #pieces: (Uint8Array | AsyncIterator<Uint8Array>)[];

  constructor(pieces: readonly BodyPiece[]) {
    this.#pieces = pieces.map((piece) => (piece instanceof Uint8Array ? piece : piece[Symbol.asyncIterator]()));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    for (let piece = this.#pieces[0]; piece !== undefined; piece = this.#pieces[0]) {
      if (piece instanceof Uint8Array) {
        this.#pieces.shift();
        if (piece.length > 0) return { done: false, value: piece };
        continue;
      }
      const result = await piece.next();
      if (result.done !== true) return result;
      this.#pieces.shift();
    }
    return DONE;
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    for (const piece of this.#pieces.splice(0)) {
      if (!(piece instanceof Uint8Array)) await piece.return?.();
    }
    return DONE;
  }
}
