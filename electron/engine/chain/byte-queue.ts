/** What a {@link ByteQueue} tells its source. */
export interface ByteSource {
  /** The reader has caught up after {@link ByteQueue.push} said to wait. */
  resume(): void;
  /** The reader left before the end; nothing more is wanted. */
  cancel(): void;
  /** The reader wants the first chunk. */
  wanted?(): void;
  /** Nobody needs `chunk` any more: its memory may be used again. */
  recycle?(chunk: Uint8Array): void;
}

/** Half of what a socket reads at most at once: one large chunk is enough to wait for its reader. */
const HIGH_WATER = 32_768;
const DONE: IteratorResult<Uint8Array> = { done: true, value: undefined };

/** A body that may have arrived whole before anybody reads it. */
export interface PerhapsWhole {
  /** The whole body at once, if it is there and nobody has begun to read it; it counts as read then. */
  takeWhole(): readonly Uint8Array[] | undefined;
  /**
   * Does what need not delay the body: to be called once it has been passed on whole, or never will be, before anything else
   * that comes from outside is read, and waited for before the exchange is finished.
   */
  afterwards?(): Promise<void> | undefined;
}

/** The chunks of a body that is there already; undefined for one that has to be waited for. */
export function takeWhole(body: AsyncIterable<Uint8Array>): readonly Uint8Array[] | undefined {
  return 'takeWhole' in body ? (body as AsyncIterable<Uint8Array> & PerhapsWhole).takeWhole() : undefined;
}

/** What is left to do when a body that was taken whole has been passed on: {@link PerhapsWhole.afterwards}. */
export function afterwards(body: AsyncIterable<Uint8Array>): Promise<void> | undefined {
  return (body as AsyncIterable<Uint8Array> & Partial<PerhapsWhole>).afterwards?.();
}

/**
 * A body between a push source (a connection) and the one reader that iterates it. Chunks are passed on as they
 * are. When more than 32 KiB wait, `push` returns false and the source should pause until `resume`.
 */
export class ByteQueue implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array>, PerhapsWhole {
  readonly #source: ByteSource;
  #chunks: Uint8Array[] = [];
  #head = 0;
  #waiting = 0;
  #paused = false;
  #started = false;
  #ended = false;
  #error: unknown;
  #failed = false;
  #reader: PromiseWithResolvers<IteratorResult<Uint8Array>> | undefined;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Adds a chunk; false asks the source to pause. */
  push(chunk: Uint8Array): boolean {
    if (this.#ended) return true;
    if (this.#reader !== undefined) {
      const reader = this.#reader;
      this.#reader = undefined;
      reader.resolve({ done: false, value: chunk });
      return true;
    }
    this.#chunks.push(chunk);
    this.#waiting += chunk.length;
    this.#paused = this.#waiting > HIGH_WATER;
    return !this.#paused;
  }

  /** The body is complete: the reader gets what waits, then the end. */
  end(): void {
    this.#ended = true;
    this.#reader?.resolve(DONE);
    this.#reader = undefined;
  }

  /** The body broke off: the reader gets what waits, then `error`. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failed = true;
    this.#error = error;
    this.#reader?.reject(error);
    this.#reader = undefined;
  }

  takeWhole(): Uint8Array[] | undefined {
    if (!this.#ended || this.#failed || this.#started) return undefined;
    this.#started = true;
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  /**
   * Tells the source that a chunk from here is needed no more. For a reader that knows everyone to whom it has shown the
   * chunk; to say nothing is always safe.
   */
  recycle(chunk: Uint8Array): void {
    this.#source.recycle?.(chunk);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    if (!this.#started) {
      this.#started = true;
      this.#source.wanted?.();
    }
    if (this.#head < this.#chunks.length) return Promise.resolve({ done: false, value: this.#take() });
    if (this.#failed) return Promise.reject(this.#error);
    if (this.#ended) return Promise.resolve(DONE);
    this.#reader = Promise.withResolvers();
    return this.#reader.promise;
  }

  /** Called when a `for await` loop is left early. */
  return(): Promise<IteratorResult<Uint8Array>> {
    this.#chunks = [];
    this.#head = 0;
    this.#waiting = 0;
    if (!this.#ended) {
      this.#ended = true;
      this.#reader?.resolve(DONE);
      this.#reader = undefined;
      this.#source.cancel();
    }
    return Promise.resolve(DONE);
  }

  #take(): Uint8Array {
    const chunk = this.#chunks[this.#head] as Uint8Array;
    this.#head++;
    if (this.#head === this.#chunks.length) {
      this.#chunks = [];
      this.#head = 0;
    }
    this.#waiting -= chunk.length;
    if (this.#paused && this.#waiting <= HIGH_WATER / 2) {
      this.#paused = false;
      if (!this.#ended) this.#source.resume();
    }
    return chunk;
  }
}
