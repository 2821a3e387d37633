import type { HeaderList } from '../../../shared/headers.ts';
import type { EntryWriter } from '../cache/cache-store.ts';
import type { StoredResponse } from '../cache/stored-response.ts';
import type { Body } from '../chain/reply.ts';

/** How storing a body ended: with the entry, or without one and the reason why. */
export type StoringResult =
  | { readonly stored: StoredResponse }
  | { readonly stored: undefined; readonly reason: 'broken' | 'left' | 'length' | 'refused' };

export interface TeeOptions {
  readonly writer: EntryWriter;
  /** Bytes the body must have to be complete; undefined when only its end tells. */
  readonly expected: number | undefined;
  /** Bytes that go before and after it into the entry, when a part is joined with stored ones. */
  readonly before?: Uint8Array;
  readonly after?: Uint8Array;
  readonly trailers: (() => HeaderList) | undefined;
  /** Called once, when the entry is there or given up. */
  onSettled(result: StoringResult): void;
}

const DONE: IteratorResult<Uint8Array> = { done: true, value: undefined };

/**
 * A body on its way to the client that is stored as it passes. The entry becomes visible only when the body has ended, in
 * full, and before the client is told of its end; it is given up when the body breaks off or the client leaves.
 */
export class TeeBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #options: TeeOptions;
  #length = 0;
  #writing = true;
  #settled = false;

  constructor(source: AsyncIterable<Uint8Array>, options: TeeOptions) {
    this.#source = source[Symbol.asyncIterator]();
    this.#options = options;
    if (options.before !== undefined) void options.writer.write(options.before);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    let result: IteratorResult<Uint8Array>;
    try {
      result = await this.#source.next();
    } catch (error) {
      this.#giveUp('broken');
      throw error;
    }
    if (result.done === true) {
      await this.#complete();
      return DONE;
    }
    this.#length += result.value.length;
    if (this.#writing) {
      const kept = this.#options.writer.write(result.value);
      this.#writing = typeof kept === 'boolean' ? kept : await kept;
      if (!this.#writing) this.#giveUp('refused');
    }
    return result;
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#giveUp('left');
    await this.#source.return?.();
    return DONE;
  }

  async #complete(): Promise<void> {
    if (this.#settled) return;
    const { writer, expected, after, trailers } = this.#options;
    if (expected !== undefined && expected !== this.#length) {
      this.#giveUp('length');
      return;
    }
    if (after !== undefined) await writer.write(after);
    const stored = await writer.commit(trailers?.());
    this.#settle(stored === undefined ? { stored, reason: 'refused' } : { stored });
  }

  #giveUp(reason: 'broken' | 'left' | 'length' | 'refused'): void {
    if (this.#settled) return;
    this.#writing = false;
    this.#options.writer.abort();
    this.#settle({ stored: undefined, reason });
  }

  #settle(result: StoringResult): void {
    this.#settled = true;
    this.#options.onSettled(result);
  }
}

/** Stores a body that is at hand. */
export async function storeBytes(body: Uint8Array | null, options: TeeOptions): Promise<void> {
  const { writer, expected, before, after } = options;
  const length = body?.length ?? 0;
  if (expected !== undefined && expected !== length) {
    writer.abort();
    options.onSettled({ stored: undefined, reason: 'length' });
    return;
  }
  for (const bytes of [before, body, after]) {
    if (bytes !== null && bytes !== undefined) await writer.write(bytes);
  }
  const stored = await writer.commit(options.trailers?.());
  options.onSettled(stored === undefined ? { stored, reason: 'refused' } : { stored });
}

/** Lets go of a body that nobody will read. */
export async function discardBody(body: Body): Promise<void> {
  if (body === null || body instanceof Uint8Array) return;
  await body[Symbol.asyncIterator]().return?.();
}
