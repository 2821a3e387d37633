import type { BodyCapture } from '../../../shared/trace-event.ts';
import type { Extent } from './extents.ts';
import { addExtent } from './extents.ts';
import type { SessionStore } from './session-store.ts';

/** Bodies that were captured before, such as those the cache serves again and again. */
export type KnownBodies = WeakMap<Uint8Array, Extent>;

/** One body on its way: how long it is, and where its captured part lies. */
export class BodyRecording {
  /** Bytes that have passed. */
  bytes = 0;
  /** Captured parts: segment, offset, length, … */
  readonly extents: number[] = [];
  readonly #cap: number;
  #captured = 0;
  #truncated: BodyCapture['truncated'];

  /** @param cap bytes to capture at most; negative to capture nothing and say so with no {@link capture}. */
  constructor(cap: number) {
    this.#cap = cap;
  }

  add(chunk: Uint8Array, store: SessionStore, known: KnownBodies | undefined): void {
    const { length } = chunk;
    this.bytes += length;
    if (this.#cap < 0 || length === 0 || this.#truncated !== undefined) return;
    const room = this.#cap - this.#captured;
    if (length > room) this.#truncated = 'cap';
    if (room === 0) return;
    const part = length > room ? chunk.subarray(0, room) : chunk;
    if (known === undefined ? store.capture(part, this.extents) : this.#addKnown(chunk, part, store, known)) {
      this.#captured += part.length;
    } else {
      this.#truncated = 'backlog';
    }
  }

  /** Captures `part`, a prefix of `whole`, by pointing to where `whole` was captured before, if that was lately. */
  #addKnown(whole: Uint8Array, part: Uint8Array, store: SessionStore, known: KnownBodies): boolean {
    const before = known.get(whole);
    if (before !== undefined && before.length >= part.length && store.isNewest(before.segment)) {
      addExtent(this.extents, before.segment, before.offset, part.length);
      return true;
    }
    const fresh: number[] = [];
    if (!store.capture(part, fresh)) return false;
    const [segment = 0, offset = 0] = fresh;
    known.set(whole, { segment, offset, length: part.length });
    addExtent(this.extents, segment, offset, part.length);
    return true;
  }

  /** What was captured; `undefined` when nothing had to be. */
  capture(complete: boolean): BodyCapture | undefined {
    if (this.#cap < 0 || this.bytes === 0) return undefined;
    const truncated = this.#truncated ?? (complete ? undefined : 'aborted');
    return truncated === undefined ? { captured: this.#captured } : { captured: this.#captured, truncated };
  }
}
