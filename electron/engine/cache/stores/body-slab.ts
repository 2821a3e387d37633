import { joinChunks } from './body-collector.ts';

const SLAB_BYTES = 65_536;
/** Larger bodies are worth memory of their own. */
const MAX_SHARED = SLAB_BYTES / 8;

/**
 * Memory that small bodies share until they are written. Most are never asked for again, and a buffer for each of them
 * costs more than the copying: V8 keeps account of every one outside of its heap.
 */
export class BodySlab {
  #slab = new Uint8Array(SLAB_BYTES);
  #used = 0;

  /** One array of all chunks, which have `length` bytes together. */
  join(chunks: readonly Uint8Array[], length: number): Uint8Array {
    if (length > MAX_SHARED) return joinChunks(chunks, new Uint8Array(length));
    if (this.#used + length > SLAB_BYTES) {
      this.#slab = new Uint8Array(SLAB_BYTES);
      this.#used = 0;
    }
    const body = this.#slab.subarray(this.#used, this.#used + length);
    this.#used += length;
    return joinChunks(chunks, body);
  }
}

/** The body in memory of its own, so that keeping it does not keep others. */
export function unshared(body: Uint8Array): Uint8Array {
  return body.length === body.buffer.byteLength ? body : body.slice();
}
