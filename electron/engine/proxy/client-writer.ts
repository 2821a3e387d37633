import type { Socket } from 'node:net';

/** Up to this many bytes, copying pieces together costs less than a gathered write of them. */
const MAX_JOINED = 16_384;
const EMPTY = Buffer.alloc(0);

/** The writing side of a client's socket: gathers what one tick writes and knows when the client is gone. */
export class ClientWriter {
  /** Set when nothing more can be written; writes are then dropped and waits end at once. */
  gone = false;
  readonly #socket: Socket;
  #pieces: (Uint8Array | string)[] = [];
  #bytes = 0;
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('drain', () => this.#wakeUp());
  }

  /** Hands bytes (strings: latin1) to the socket. False asks to wait for {@link drained}. */
  write(data: Uint8Array | string): boolean {
    if (this.gone) return true;
    if (this.#pieces.length === 0) process.nextTick(this.#flush);
    this.#pieces.push(data);
    this.#bytes += data.length;
    return this.#bytes + this.#socket.writableLength < this.#socket.writableHighWaterMark;
  }

  /** Resolves when more may be written, or when the client is gone. */
  drained(): Promise<void> {
    this.#flush();
    if (this.gone || !this.#socket.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Resolves when the kernel has everything, or when the client is gone. */
  flushed(): Promise<void> {
    this.#flush();
    if (this.gone || this.#socket.writableLength === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#socket.write(EMPTY, () => resolve());
    });
  }

  /** The client is gone. */
  end(): void {
    this.gone = true;
    this.#wakeUp();
  }

  readonly #flush = (): void => {
    const pieces = this.#pieces;
    const total = this.#bytes;
    if (pieces.length === 0) return;
    this.#pieces = [];
    this.#bytes = 0;
    if (this.gone) return;
    if (pieces.length > 1 && total <= MAX_JOINED) {
      this.#socket.write(joined(pieces, total));
      return;
    }
    this.#socket.cork();
    for (const piece of pieces) {
      if (typeof piece === 'string') this.#socket.write(piece, 'latin1');
      else this.#socket.write(piece);
    }
    this.#socket.uncork();
  };

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

function joined(pieces: readonly (Uint8Array | string)[], total: number): Buffer {
  const buffer = Buffer.allocUnsafe(total);
  let at = 0;
  for (const piece of pieces) {
    if (typeof piece === 'string') buffer.write(piece, at, 'latin1');
    else buffer.set(piece, at);
    at += piece.length;
  }
  return buffer;
}
