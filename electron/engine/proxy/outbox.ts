/** Up to this many bytes, copying pieces together costs less than a gathered write of them. */
export const MAX_JOINED = 32_768;
const MEMORY_BYTES = 4 * MAX_JOINED;

/** One side of a connection that has something to write. */
export interface Flushable {
  flush(): void;
}

/**
 * What all connections have to write in one turn of the event loop, written together at its end. A system call leaves
 * the processor's caches cold for the code after it, and a client that was woken for one response goes back to sleep
 * before the next: written in a row, responses of 10 KiB cost a third less CPU than written each as soon as it is ready.
 */
export class Outbox {
  #writers: Flushable[] = [];
  /** Pieces are joined here, from `#free` on: sockets nearly always take a write at once, and leave the memory to the next. */
  #memory = Buffer.allocUnsafeSlow(MEMORY_BYTES);
  #free = 0;

  /** Has `writer` flushed at the end of this turn. */
  add(writer: Flushable): void {
    if (this.#writers.length === 0) setImmediate(this.#flush);
    this.#writers.push(writer);
  }

  /** The pieces (strings: latin1; `total` bytes, at most {@link MAX_JOINED}) as one, good until the next call. */
  join(pieces: readonly (Uint8Array | string)[], total: number): Buffer {
    if (this.#free + total > MEMORY_BYTES) {
      this.#memory = Buffer.allocUnsafeSlow(MEMORY_BYTES);
      this.#free = 0;
    }
    let at = this.#free;
    for (const piece of pieces) {
      if (typeof piece === 'string') this.#memory.write(piece, at, 'latin1');
      else this.#memory.set(piece, at);
      at += piece.length;
    }
    return this.#memory.subarray(this.#free, at);
  }

  /** What was joined last is still in use: its memory is not used again. */
  keep(joined: Buffer): void {
    this.#free += joined.length;
  }

  readonly #flush = (): void => {
    const writers = this.#writers;
    this.#writers = [];
    for (const writer of writers) writer.flush();
  };
}
