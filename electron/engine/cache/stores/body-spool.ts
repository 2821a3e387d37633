import type { WriteStream } from 'node:fs';
import { createWriteStream, unlink } from 'node:fs';

/** Bytes that may wait to be written before the body's source has to wait too. */
const WAITING_BYTES = 1024 * 1024;

/** A body on its way into a file. */
export class BodySpool {
  readonly path: string;
  /** Why nothing more is written. */
  error: Error | undefined;
  readonly #stream: WriteStream;
  #wake: (() => void) | undefined;

  constructor(path: string) {
    this.path = path;
    this.#stream = createWriteStream(path, { flags: 'wx', highWaterMark: WAITING_BYTES });
    const wake = (): void => {
      this.#wake?.();
      this.#wake = undefined;
    };
    this.#stream.on('drain', wake);
    this.#stream.on('error', (error) => {
      this.error = error;
      wake();
    });
    this.#stream.on('close', wake);
  }

  /** Writes a chunk; a promise asks to wait for the disk. */
  write(chunk: Uint8Array): Promise<void> | undefined {
    if (this.error !== undefined || this.#stream.write(chunk)) return undefined;
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Resolves when everything is written and the file is closed, or {@link error} is set. */
  async finish(): Promise<void> {
    this.#stream.end();
    await this.#closed();
  }

  /** Deletes what was written. @param failed is told when that is not possible */
  discard(failed: (error: Error) => void): void {
    this.#stream.destroy();
    void this.#closed().then(() =>
      unlink(this.path, (error) => {
        if (error !== null && error.code !== 'ENOENT') failed(error);
      }),
    );
  }

  #closed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#stream.closed) resolve();
      else this.#stream.once('close', resolve);
    });
  }
}
