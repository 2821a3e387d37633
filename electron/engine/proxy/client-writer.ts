import type { Socket } from 'node:net';

/** Up to this many bytes, copying pieces together costs less than a gathered write of them. */
const MAX_JOINED = 4_096;
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

  /** Hands a whole reply to the socket at once. */
  writeAll(head: string, body: Uint8Array | null): void {
    if (this.gone) return;
    if (this.#pieces.length > 0) this.#flush();
    if (body === null) this.#socket.write(head, 'latin1');
    else if (body.length <= MAX_JOINED) this.#socket.write(joined([head, body], head.length + body.length));
    else this.#writeGathered([head, body]);
  }

  /** Resolves when more may be written, or when the client is gone. */
  drained(): Promise<void> {
    this.#flush();
    if (this.gone || !this.#socket.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Resolves when the kernel has everything, or when the client is gone; `undefined` when that is so already. */
  flushed(): Promise<void> | undefined {
    this.#flush();
    if (this.gone || this.#socket.writableLength === 0) return undefined;
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
    this.#writeGathered(pieces);
  };

  #writeGathered(pieces: readonly (Uint8Array | string)[]): void {
    this.#socket.cork();
    for (const piece of pieces) {
      if (typeof piece === 'string') this.#socket.write(piece, 'latin1');
      else this.#socket.write(piece);
    }
    this.#socket.uncork();
  }

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
