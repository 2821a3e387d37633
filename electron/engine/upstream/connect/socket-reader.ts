import type { Socket } from 'node:net';

/**
 * Reads the few bytes of a handshake from a socket and leaves the socket as it was, with everything that came later still
 * to be read. Nothing else may read meanwhile.
 */
export class SocketReader {
  readonly #socket: Socket;
  #bytes: Buffer = Buffer.alloc(0);
  #problem: Error | undefined;
  #wake: (() => void) | undefined;
  readonly #onReadable = (): void => {
    for (let chunk = this.#next(); chunk !== null; chunk = this.#next()) {
      this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    }
    this.#wake?.();
  };
  readonly #onError = (error: Error): void => {
    this.#problem ??= error;
    this.#wake?.();
  };
  readonly #onEnd = (): void => this.#onError(new Error('the connection was closed'));

  constructor(socket: Socket) {
    this.#socket = socket;
    // Not 'data': a socket that was paused would stay so for whoever takes it over.
    socket.on('readable', this.#onReadable);
    socket.on('error', this.#onError);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onEnd);
  }

  /** The next `length` bytes. Rejects with the socket's error, or when it closes before. */
  async take(length: number): Promise<Buffer> {
    while (this.#bytes.length < length) await this.#more();
    return this.#cut(length);
  }

  /**
   * What `find` finds at the beginning, with everything up to its end. Rejects when that would be more than `max` bytes.
   *
   * @param find is asked again whenever more has come, with how many bytes it has seen before.
   */
  async takeFound<T extends { readonly end: number }>(
    find: (bytes: Buffer, seen: number) => T | undefined,
    max: number,
  ): Promise<T> {
    let seen = 0;
    for (;;) {
      const found = find(this.#bytes, seen);
      if (found !== undefined) {
        this.#cut(found.end);
        return found;
      }
      seen = this.#bytes.length;
      if (seen > max) throw new Error(`the answer is longer than ${max} bytes`);
      await this.#more();
    }
  }

  /** Stops reading and gives back what was not taken. */
  release(): void {
    const socket = this.#socket;
    socket.off('readable', this.#onReadable);
    socket.off('error', this.#onError);
    socket.off('end', this.#onEnd);
    socket.off('close', this.#onEnd);
    if (this.#bytes.length > 0 && !socket.destroyed) socket.unshift(this.#bytes);
  }

  #next(): Buffer | null {
    return this.#socket.read() as Buffer | null;
  }

  #cut(length: number): Buffer {
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }

  #more(): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        this.#wake = undefined;
        if (this.#problem === undefined) resolve();
        else reject(this.#problem);
      };
      if (this.#problem === undefined) this.#wake = look;
      else look();
    });
  }
}
