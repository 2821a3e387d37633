const DONE: IteratorResult<Uint8Array> = { done: true, value: undefined };

/**
 * A body of which the beginning is looked at before it goes on. It is read up to a limit and then left to wait, with
 * backpressure to its source; whoever iterates it later gets all of it, from its first byte on.
 */
export class PeekedBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  /** The whole body; undefined when it is longer than the limit, broke off, or went on before its end was seen. */
  readonly whole: Promise<Uint8Array | undefined>;
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #chunks: Uint8Array[] = [];
  #length = 0;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  /** Somebody iterates it: nothing more is looked at. */
  #gone = false;

  /** @param limit the bytes from which on it is not read any further */
  constructor(body: AsyncIterable<Uint8Array>, limit: number) {
    this.#source = body[Symbol.asyncIterator]();
    this.whole = this.#look(limit);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    this.#gone = true;
    if (this.#chunks.length === 0) await this.whole;
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) return { done: false, value: chunk };
    if (this.#failure !== undefined) throw this.#failure.error;
    return this.#ended ? DONE : this.#source.next();
  }

  /** Nobody wants (the rest of) it. */
  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#gone = true;
    this.#chunks.length = 0;
    await this.#source.return?.();
    this.#ended = true;
    return DONE;
  }

  async #look(limit: number): Promise<Uint8Array | undefined> {
    try {
      while (!this.#gone && this.#length <= limit) {
        const read = await this.#source.next();
        if (read.done === true) {
          this.#ended = true;
          return Buffer.concat(this.#chunks);
        }
        this.#chunks.push(read.value);
        this.#length += read.value.length;
      }
    } catch (error) {
      this.#failure = { error };
    }
    return undefined;
  }
}
