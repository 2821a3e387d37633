import type { FileHandle } from 'node:fs/promises';

const PIECE = 65_536;
const DONE: IteratorResult<Uint8Array> = { done: true, value: undefined };

/** Bytes of an open file as a body. The file is closed at its end, and when nobody wants the rest. */
export class FileBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  readonly #file: FileHandle;
  #at: number;
  readonly #end: number;
  #closed = false;

  /** @param end the position behind the last byte; a file that has become shorter meanwhile ends before */
  constructor(file: FileHandle, start: number, end: number) {
    this.#file = file;
    this.#at = start;
    this.#end = end;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    const length = Math.min(PIECE, this.#end - this.#at);
    if (this.#closed || length === 0) return this.return();
    try {
      const { bytesRead, buffer } = await this.#file.read(Buffer.allocUnsafe(length), 0, length, this.#at);
      if (bytesRead === 0) return await this.return();
      this.#at += bytesRead;
      return { done: false, value: buffer.subarray(0, bytesRead) };
    } catch (error) {
      await this.return();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    if (!this.#closed) {
      this.#closed = true;
      await this.#file.close();
    }
    return DONE;
  }
}
