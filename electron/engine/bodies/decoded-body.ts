import type { Transform } from 'node:stream';
import type { BodyFacts, BodyProblem } from '../../../shared/body-contract.ts';
import { messageOf } from '../../../shared/message-of.ts';
import { drained } from '../drained.ts';
import { contentDecoder } from './content-decoder.ts';
import type { KeptBody, ReadableBody } from './readable-body.ts';
import type { Spool } from './spool.ts';

/** Coded bytes read at once. */
const READ = 256 * 1024;

interface DecodedBodyParts {
  readonly kept: KeptBody;
  /** At least one, each of which can be undone. */
  readonly codings: readonly string[];
  readonly spool: Spool;
  /** Decoded bytes at most. */
  readonly limit: number;
}

/** A body whose content codings are undone in the background, into a spool that can be read from the first byte on. */
export class DecodedBody implements ReadableBody {
  readonly #parts: DecodedBodyParts;
  #done = false;
  #closed = false;
  #problem: BodyProblem | undefined;
  /** The bytes have no coding, whatever the fields say. */
  #mislabelled = false;
  readonly #waiting = new Set<{ readonly length: number; readonly wake: () => void }>();
  readonly #decoding: Promise<void>;

  constructor(parts: DecodedBodyParts) {
    this.#parts = parts;
    this.#decoding = this.#decode();
  }

  get facts(): BodyFacts {
    const { kept, codings, spool } = this.#parts;
    const problem = this.#problem;
    return {
      ...{ coded: kept.length, codings, done: this.#done },
      length: this.#mislabelled ? kept.length : spool.length,
      ...(problem === undefined ? {} : { problem }),
    };
  }

  reached(length: number): Promise<void> {
    if (this.#done || this.#parts.spool.length >= length) return Promise.resolve();
    return new Promise((wake) => {
      this.#waiting.add({ length, wake });
    });
  }

  read(offset: number, length: number): Promise<Uint8Array | undefined> {
    const { kept, spool } = this.#parts;
    if (!this.#mislabelled) return spool.read(offset, length);
    const wanted = Math.min(length, kept.length - offset);
    return wanted <= 0 ? Promise.resolve(new Uint8Array(0)) : kept.read(offset, wanted);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#decoding;
    await this.#parts.spool.close();
  }

  /** Runs until everything is decoded, or cannot be; never rejects. */
  async #decode(): Promise<void> {
    const { kept, codings, spool } = this.#parts;
    try {
      const head = (await kept.read(0, Math.min(2, kept.length))) ?? new Uint8Array(0);
      const decoders = codings
        .toReversed()
        .map((coding, place) => contentDecoder(coding, place === 0 ? head : undefined));
      await this.#pump(decoders);
    } catch (error) {
      this.#fail('damaged', codings.at(-1) ?? '', error);
    }
    const { kind } = this.#problem ?? {};
    if ((kind === 'damaged' || kind === 'early-end') && spool.length === 0 && kept.length > 0) {
      this.#mislabelled = true;
      this.#problem = { kind: 'mislabelled', coding: this.#problem?.coding ?? '', detail: this.#problem?.detail ?? '' };
    }
    this.#done = true;
    this.#wake();
  }

  /** Pushes the kept bytes through the decoders, in order; resolves when the last of them has ended. */
  async #pump(decoders: readonly Transform[]): Promise<void> {
    const last = decoders.at(-1) as Transform;
    // Undone in reverse, so the first decoder is for the last coding.
    decoders.forEach((decoder, place) => {
      const next = decoders[place + 1];
      const coding = this.#parts.codings.at(-1 - place) ?? '';
      decoder.on('error', (error: NodeJS.ErrnoException) => {
        this.#fail(error.code === 'Z_BUF_ERROR' ? 'early-end' : 'damaged', coding, error);
        // What it gave before goes on its way through the rest; what comes before it has nowhere to go.
        next?.end();
        for (const earlier of decoders.slice(0, place)) earlier.destroy();
      });
      if (next !== undefined) decoder.pipe(next);
    });
    const ended = this.#collect(last, decoders);
    await this.#feed(decoders[0] as Transform);
    await ended;
  }

  /** Keeps what comes out of the last decoder, up to the limit; resolves when nothing more comes. */
  async #collect(last: Transform, decoders: readonly Transform[]): Promise<void> {
    const { spool, limit, codings } = this.#parts;
    let queue: Promise<void> = Promise.resolve();
    const stop = (): void => decoders.forEach((decoder) => decoder.destroy());
    const keep = async (chunk: Buffer): Promise<void> => {
      if (this.#closed || this.#problem?.kind === 'limit') return stop();
      const room = limit - spool.length;
      await spool.append(chunk.length > room ? chunk.subarray(0, room) : chunk);
      this.#wake();
      if (chunk.length > room) {
        this.#fail('limit', codings.at(-1) ?? '', '');
        stop();
      } else last.resume();
    };
    // Listening, not iterating: an error does not take away what the decoder gave before it.
    last.on('data', (chunk: Buffer) => {
      last.pause();
      queue = queue.then(() => keep(chunk));
      queue.catch((error: unknown) => {
        this.#fail('damaged', codings.at(-1) ?? '', error);
        stop();
      });
    });
    await new Promise<void>((resolve) => {
      last.once('close', resolve);
    });
    await queue.catch((error: unknown) => this.#fail('damaged', codings.at(-1) ?? '', error));
  }

  async #feed(first: Transform): Promise<void> {
    const { kept, codings } = this.#parts;
    for (let offset = 0; offset < kept.length && !first.destroyed && !this.#closed; offset += READ) {
      const chunk = await kept.read(offset, Math.min(READ, kept.length - offset));
      if (chunk === undefined) {
        this.#fail('damaged', codings.at(-1) ?? '', 'the rest of the body is not kept any more');
        break;
      }
      if (!first.write(chunk)) await drained(first);
    }
    if (this.#closed) first.destroy();
    else if (!first.destroyed) first.end();
  }

  /** The first problem is the one to tell of; those that follow come from it. */
  #fail(kind: BodyProblem['kind'], coding: string, error: unknown): void {
    this.#problem ??= { kind, coding, detail: messageOf(error) };
  }

  #wake(): void {
    for (const waiting of [...this.#waiting]) {
      if (!this.#done && this.#parts.spool.length < waiting.length) continue;
      this.#waiting.delete(waiting);
      waiting.wake();
    }
  }
}
