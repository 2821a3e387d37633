import type { BodyFacts } from '../../../shared/body-contract.ts';

/** Bytes that can be read by range; those of a body under decoding come bit by bit. */
export interface ReadableBody {
  readonly facts: BodyFacts;
  /** Resolves when `length` bytes can be read, or no more will come. */
  reached(length: number): Promise<void>;
  /** At most `length` bytes from `offset` on, of those that are there; undefined when they are not kept (any more). */
  read(offset: number, length: number): Promise<Uint8Array | undefined>;
  /** Lets go of what it holds. */
  close(): Promise<void>;
}

/** A body as it is kept. */
export interface KeptBody {
  readonly length: number;
  /** Undefined when the bytes are not kept (any more). */
  read(offset: number, length: number): Promise<Uint8Array | undefined>;
}

/** A body that has no content coding, or one that stays on it. */
export class PlainBody implements ReadableBody {
  readonly facts: BodyFacts;
  readonly #kept: KeptBody;

  constructor(kept: KeptBody, facts: Pick<BodyFacts, 'codings' | 'problem'> = { codings: [] }) {
    this.#kept = kept;
    this.facts = { coded: kept.length, length: kept.length, done: true, ...facts };
  }

  async reached(): Promise<void> {
    // All of it is there.
  }

  read(offset: number, length: number): Promise<Uint8Array | undefined> {
    const wanted = Math.min(length, this.#kept.length - offset);
    return wanted <= 0 ? Promise.resolve(new Uint8Array(0)) : this.#kept.read(offset, wanted);
  }

  async close(): Promise<void> {
    // It holds nothing of its own.
  }
}
