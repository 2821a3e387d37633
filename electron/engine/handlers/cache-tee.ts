import type { HeaderList } from '../../../shared/headers.ts';
import type { StoringFailure } from '../cache/body-settled.ts';
import type { EntryWriter, MaybePromise } from '../cache/cache-store.ts';
import type { StoredHead, StoredResponse } from '../cache/stored-response.ts';
import type { PerhapsWhole } from '../chain/byte-queue.ts';
import { takeWhole } from '../chain/byte-queue.ts';
import type { Body } from '../chain/reply.ts';
import { ExchangeError } from '../errors.ts';
import type { SharedBody } from './cache-shared-body.ts';
import { COMPARABLE_BYTES } from './cache-shared-body.ts';

/** How storing a body ended: with the entry, or without one, the reason why, and the part that was stored instead. */
export type StoringResult =
  | { readonly stored: StoredResponse }
  | { readonly stored: undefined; readonly reason: StoringFailure; readonly part?: StoredResponse | undefined };

/** What storing a body needs of whoever knows its response. */
export interface TeeOptions {
  readonly writer: EntryWriter;
  /** Bytes the body must have to be complete; undefined when only its end tells. */
  readonly expected: number | undefined;
  /** Whether the entry is to be combined with others, before anybody is told of it. */
  readonly joins: boolean;
  /** Whether a newer response is stored in its place by now. */
  readonly overtaken: boolean;
  /** Where others read the body while it arrives. */
  readonly shared: SharedBody | undefined;
  /** Combines an entry with others that are stored. */
  join(stored: StoredResponse): Promise<StoredResponse>;
  /** The head of what to store of a body that ends early, after so many bytes; it is combined with others. */
  incomplete(bytes: number): StoredHead | undefined;
  trailers(): HeaderList | undefined;
  /** Called once, when the entry is there or given up. */
  onSettled(result: StoringResult): void;
}

const DONE: IteratorResult<Uint8Array> = { done: true, value: undefined };

/**
 * A body on its way to the client that is stored as it passes. The entry becomes visible only when the body has ended, in
 * full, and before the client can be heard again; it is given up when the body breaks off or the client leaves. One that is
 * there whole and small is passed on first.
 */
export class TeeBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array>, PerhapsWhole {
  readonly #body: AsyncIterable<Uint8Array>;
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #options: TeeOptions;
  #length = 0;
  #writing = true;
  #settled = false;
  /** Chunks that others have asked for before this client did. */
  readonly #ahead: Uint8Array[] = [];
  #aheadBytes = 0;
  #busy = false;
  /** It was taken whole, and is to be stored when it has been passed on. */
  #due = false;
  #pulling: Promise<void> | undefined;
  #over: { readonly done: true } | { readonly done: false; readonly error: unknown } | undefined;

  constructor(source: AsyncIterable<Uint8Array>, options: TeeOptions) {
    this.#body = source;
    this.#source = source[Symbol.asyncIterator]();
    this.#options = options;
    if (options.shared !== undefined) options.shared.source = this;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  takeWhole(): readonly Uint8Array[] | undefined {
    if (this.#busy || this.#length > 0 || this.#over !== undefined || this.#settled) return undefined;
    const chunks = takeWhole(this.#body);
    if (chunks === undefined) return undefined;
    const written = this.#writeAll(chunks);
    if (written === undefined && !this.#options.joins) {
      this.#due = true;
      this.#busy = true;
      if (this.#isWhole()) this.#options.shared?.end('whole');
      return chunks;
    }
    // The store takes its time: the client gets the chunks as it would from a body that comes slowly.
    this.#pulling = Promise.resolve(written)
      .then(() => this.#complete())
      .then(
        () => this.#end(),
        (error: unknown) => this.#fail(error),
      );
    this.#ahead.push(...chunks);
    return undefined;
  }

  /** The client has the body: time to store it, before anybody can ask for it again. */
  afterwards(): Promise<void> | undefined {
    if (!this.#due) return undefined;
    this.#due = false;
    this.#busy = false;
    try {
      const completing = this.#complete();
      if (completing !== undefined) return completing.catch((error: unknown) => this.#fail(error));
      this.#end();
    } catch (thrown) {
      this.#fail(thrown);
    }
    return undefined;
  }

  /** Takes in a body that is there whole. @returns when it is in, unless it is at once */
  #writeAll(chunks: readonly Uint8Array[]): Promise<void> | undefined {
    const { shared, writer } = this.#options;
    let waiting: Promise<boolean>[] | undefined;
    for (const chunk of chunks) {
      this.#length += chunk.length;
      const kept = this.#writing && writer.write(chunk);
      if (kept instanceof Promise) (waiting ??= []).push(kept);
      else if (!kept) void this.#giveUp('refused');
      shared?.push(chunk);
    }
    return waiting && Promise.all(waiting).then((kept) => void (kept.includes(false) && this.#giveUp('refused')));
  }

  #end(): void {
    this.#pulling = undefined;
    this.#over = { done: true };
    this.#options.shared?.end(this.#isWhole() ? 'whole' : 'lost');
  }

  #fail(error: unknown): void {
    this.#pulling = undefined;
    this.#over = { done: false, error };
    void this.#giveUp('broken');
    this.#options.shared?.end('lost');
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    while (this.#pulling !== undefined && this.#ahead.length === 0) await this.#pulling;
    const chunk = this.#ahead.shift();
    if (chunk !== undefined) {
      this.#aheadBytes -= chunk.length;
      return { done: false, value: chunk };
    }
    if (this.#over !== undefined) {
      if (this.#over.done) return DONE;
      throw this.#over.error;
    }
    return this.#pull();
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    const givenUp = this.#giveUp('left');
    this.#options.shared?.end('lost');
    this.#ahead.length = 0;
    await this.#source.return?.();
    await givenUp;
    return DONE;
  }

  /** Others have read all that there is: fetches more, so that they need not wait for this client, within limits. */
  pullAhead(): void {
    if (this.#busy || this.#over !== undefined || this.#aheadBytes >= COMPARABLE_BYTES) return;
    const pulled = this.#pull().then(
      ({ done, value }) => {
        if (done !== true) {
          this.#ahead.push(value);
          this.#aheadBytes += value.length;
        }
      },
      // Kept for the client that this body belongs to.
      (error: unknown) => (this.#over = { done: false, error }),
    );
    this.#pulling = pulled.then(() => {
      this.#pulling = undefined;
    });
  }

  /** Takes the next chunk from the origin, for everyone. */
  async #pull(): Promise<IteratorResult<Uint8Array>> {
    const { expected, shared, writer } = this.#options;
    this.#busy = true;
    try {
      const result = await this.#source.next();
      if (result.done === true) {
        this.#over = { done: true };
        await this.#complete();
        this.#end();
        return DONE;
      }
      this.#length += result.value.length;
      if (this.#writing) {
        const kept = writer.write(result.value);
        this.#writing = typeof kept === 'boolean' ? kept : await kept;
        if (!this.#writing) void this.#giveUp('refused');
      }
      shared?.push(result.value);
      // The client that has the last byte may ask again at once, and is then to find the entry.
      const completing = this.#length === expected ? this.#complete() : undefined;
      if (completing !== undefined) await completing;
      return result;
    } catch (error) {
      const damaged = error instanceof ExchangeError && error.code === 'TRANSFER_CODING';
      const givenUp = this.#giveUp(damaged ? 'damaged' : 'broken');
      shared?.end('lost');
      // The client that asks again is to find the part.
      await givenUp;
      throw error;
    } finally {
      this.#busy = false;
    }
  }

  #isWhole(): boolean {
    const { expected } = this.#options;
    return expected === undefined || expected === this.#length;
  }

  #complete(): MaybePromise<void> {
    if (this.#settled) return;
    const options = this.#options;
    if (!this.#isWhole()) return this.#giveUp('length');
    if (options.overtaken) return this.#giveUp('overtaken');
    const settle = (stored: StoredResponse | undefined): void =>
      this.#settle(stored === undefined ? { stored, reason: 'refused' } : { stored });
    const stored = options.writer.commit(options.trailers());
    if (options.joins) return joined(stored, options).then(settle);
    return stored instanceof Promise ? stored.then(settle) : settle(stored);
  }

  /** The whole is not to be had: keeps what has come as a part, if that may be. */
  #giveUp(reason: StoringFailure): MaybePromise<void> {
    if (this.#settled) return;
    const { writer } = this.#options;
    // What ended as it should with other bytes than its head promised, or has wrong ones, is no part of that either.
    const broke = reason === 'broken' || reason === 'left';
    const part = broke ? this.#options.incomplete(this.#length) : undefined;
    this.#writing = false;
    if (part === undefined) {
      writer.abort();
      this.#settle({ stored: undefined, reason });
      return;
    }
    this.#settled = true;
    const settle = (stored?: StoredResponse): void =>
      this.#options.onSettled({ stored: undefined, reason, part: stored });
    // A store that fails says so itself; the client is told why its body ended.
    return joined(writer.commit(undefined, part), this.#options).then(settle, () => settle());
  }

  #settle(result: StoringResult): void {
    this.#settled = true;
    this.#options.onSettled(result);
  }
}

async function joined(
  committed: MaybePromise<StoredResponse | undefined>,
  options: TeeOptions,
): Promise<StoredResponse | undefined> {
  const stored = await committed;
  return stored && options.join(stored);
}

/** Stores a body that is at hand. */
export async function storeBytes(body: Uint8Array | null, options: TeeOptions): Promise<void> {
  const { writer, expected } = options;
  const length = body?.length ?? 0;
  if (expected !== undefined && expected !== length) {
    writer.abort();
    options.onSettled({ stored: undefined, reason: 'length' });
    return;
  }
  if (body !== null) await writer.write(body);
  const committed = writer.commit(options.trailers());
  const stored = await (options.joins ? joined(committed, options) : committed);
  options.onSettled(stored === undefined ? { stored, reason: 'refused' } : { stored });
}

/** Lets go of a body that nobody will read. */
export async function discardBody(body: Body): Promise<void> {
  if (body === null || body instanceof Uint8Array) return;
  await body[Symbol.asyncIterator]().return?.();
}
