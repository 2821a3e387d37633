import type { HeaderList } from '../../../../shared/headers.ts';
import type { EntryWriter } from '../cache-store.ts';
import type { StoredHead, StoredResponse } from '../stored-response.ts';

/** Collects the chunks of one body in memory; they are put together, once, when it is complete. */
export class BodyCollector implements EntryWriter {
  readonly #maxBytes: number;
  readonly #insert: (body: Uint8Array, head?: StoredHead) => StoredResponse | undefined;
  #chunks: Uint8Array[] | undefined = [];
  #length = 0;

  /** @param insert makes an entry with the whole body; undefined when there is no room for it */
  constructor(maxBytes: number, insert: (body: Uint8Array, head?: StoredHead) => StoredResponse | undefined) {
    this.#maxBytes = maxBytes;
    this.#insert = insert;
  }

  write(chunk: Uint8Array): boolean {
    if (this.#chunks === undefined) return false;
    this.#length += chunk.length;
    if (this.#length > this.#maxBytes) {
      this.abort();
      return false;
    }
    this.#chunks.push(chunk);
    return true;
  }

  commit(_trailers?: HeaderList, head?: StoredHead): StoredResponse | undefined {
    const chunks = this.#chunks;
    if (chunks === undefined) return undefined;
    this.#chunks = undefined;
    return this.#insert(joinChunks(chunks, new Uint8Array(this.#length)), head);
  }

  abort(): void {
    this.#chunks = undefined;
  }
}

/** Copies all chunks into `body`. Even when there is a single one: that may be a small view of a large socket buffer. */
export function joinChunks(chunks: readonly Uint8Array[], body: Uint8Array): Uint8Array {
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
