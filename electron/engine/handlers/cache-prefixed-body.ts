/** A body that begins with bytes at hand and goes on with a stream. */
export class PrefixedBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  readonly #rest: AsyncIterator<Uint8Array>;
  #prefix: Uint8Array | undefined;

  constructor(prefix: Uint8Array, rest: AsyncIterable<Uint8Array>) {
    this.#prefix = prefix.length === 0 ? undefined : prefix;
    this.#rest = rest[Symbol.asyncIterator]();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#prefix === undefined) return this.#rest.next();
    const value = this.#prefix;
    this.#prefix = undefined;
    return Promise.resolve({ done: false, value });
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#prefix = undefined;
    await this.#rest.return?.();
    return { done: true, value: undefined };
  }
}
