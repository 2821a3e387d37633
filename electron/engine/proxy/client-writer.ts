import type { Writable } from 'node:stream';
import type { Flushable, Outbox } from './outbox.ts';
import { MAX_JOINED } from './outbox.ts';

const EMPTY = Buffer.alloc(0);

/** The writing side of a client's socket: gathers what one turn writes and knows when the client is gone. */
export class ClientWriter implements Flushable {
  /** Set when nothing more can be written; writes are then dropped and waits end at once. */
  gone = false;
  readonly #socket: Writable;
  readonly #outbox: Outbox;
  #pieces: (Uint8Array | string)[] = [];
  #bytes = 0;
  #wake: (() => void) | undefined;
  #wakeWhenEmpty = false;

  constructor(socket: Writable, outbox: Outbox) {
    this.#socket = socket;
    this.#outbox = outbox;
    socket.on('drain', () => this.#wakeUp());
  }

  /** Whether the kernel has everything that was written. */
  get empty(): boolean {
    return !this.gone && this.#pieces.length === 0 && this.#socket.writableLength === 0;
  }

  /** Takes bytes (strings: latin1) for the end of this turn. False asks to wait for {@link drained}. */
  write(data: Uint8Array | string): boolean {
    if (this.gone) return true;
    if (this.#pieces.length === 0) this.#outbox.add(this);
    this.#pieces.push(data);
    this.#bytes += data.length;
    return this.#bytes + this.#socket.writableLength < this.#socket.writableHighWaterMark;
  }

  /** Resolves when more may be written, or when the client is gone. */
  drained(): Promise<void> {
    this.flush();
    if (this.gone || !this.#socket.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Resolves when the kernel has everything, or when the client is gone. */
  flushed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#wakeWhenEmpty = true;
      if (this.#pieces.length === 0) this.#awaitEmpty();
    });
  }

  /** The client is gone. */
  end(): void {
    this.gone = true;
    this.#wakeUp();
  }

  /** Hands what was written to the socket now. */
  flush(): void {
    const pieces = this.#pieces;
    const total = this.#bytes;
    if (pieces.length > 0) {
      this.#pieces = [];
      this.#bytes = 0;
      if (!this.gone) this.#send(pieces, total);
    }
    if (this.#wakeWhenEmpty) this.#awaitEmpty();
  }

  #send(pieces: readonly (Uint8Array | string)[], total: number): void {
    const socket = this.#socket;
    if (pieces.length > 1 && total <= MAX_JOINED) {
      const joined = this.#outbox.join(pieces, total);
      socket.write(joined);
      if (socket.writableLength > 0) this.#outbox.keep(joined);
      return;
    }
    socket.cork();
    for (const piece of pieces) {
      if (typeof piece === 'string') socket.write(piece, 'latin1');
      else socket.write(piece);
    }
    socket.uncork();
  }

  /** Wakes who waits for the kernel to have everything, as soon as it has. */
  #awaitEmpty(): void {
    const wake = this.#wake;
    if (this.gone || this.#socket.writableLength === 0) this.#wakeUp();
    else {
      this.#socket.write(EMPTY, () => {
        // It may have been woken by `drain` already, and another exchange may wait by now.
        if (this.#wake === wake) this.#wakeUp();
      });
    }
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    this.#wakeWhenEmpty = false;
    wake?.();
  }
}
