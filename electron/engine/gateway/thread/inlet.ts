import { Signal } from './signal.ts';

/** A body on its way into a thread: pushed by messages, read by the user's code. Reading it gives credit back. */
export class Inlet implements AsyncIterableIterator<Uint8Array, undefined, undefined> {
  readonly #onRead: (bytes: number) => void;
  readonly #onWanted: () => void;
  readonly #chunks: Uint8Array[] = [];
  #wanted = false;
  #end: { readonly error: Error | undefined } | undefined;
  readonly #news = new Signal();

  /** @param onWanted called when the first chunk is asked for */
  constructor(onRead: (bytes: number) => void, onWanted: () => void) {
    this.#onRead = onRead;
    this.#onWanted = onWanted;
  }

  push(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#news.give();
  }

  end(error?: Error): void {
    this.#end ??= { error };
    this.#news.give();
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (!this.#wanted) {
      this.#wanted = true;
      this.#onWanted();
    }
    while (this.#chunks.length === 0 && this.#end === undefined) await this.#news.wait();
    const value = this.#chunks.shift();
    if (value !== undefined) {
      this.#onRead(value.length);
      return { done: false, value };
    }
    if (this.#end?.error !== undefined) throw this.#end.error;
    return { done: true, value: undefined };
  }

  /** What still comes is thrown away, so that nobody waits for it to be read. */
  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (const { length } of this.#chunks.splice(0)) this.#onRead(length);
    this.#end ??= { error: undefined };
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
