import { rename } from 'node:fs/promises';
import type { HeaderList } from '../../../../shared/headers.ts';
import type { EntryWriter, MaybePromise } from '../cache-store.ts';
import type { StoredHead, StoredResponse } from '../stored-response.ts';
import { BodyFile } from './body-files.ts';
import { BodySpool } from './body-spool.ts';
import { INLINE_BODY } from './disk-schema.ts';

/** What writers need of their store. */
export interface BodyStore {
  /** Where body files are. */
  readonly folder: string;
  /** Bytes that one body may have. */
  readonly maxBytes: () => number;
  /** An id for an entry; asked for once, when the body is complete or needs a file. */
  readonly nextId: () => number;
  /** The body is complete: its chunks and how many bytes they have, or a file. @returns undefined when there is no room for it */
  readonly insert: (id: number, head: StoredHead, body: WholeBody | BodyFile) => StoredResponse | undefined;
  /** The disk does not take it. */
  readonly failed: (error: Error) => void;
}

/** A body in memory. */
export interface WholeBody {
  readonly chunks: readonly Uint8Array[];
  readonly length: number;
}

/** Takes a body: a small one in memory, a large one into a file that gets its name when it is complete. */
export class BodyWriter implements EntryWriter {
  readonly #store: BodyStore;
  readonly #head: StoredHead;
  #chunks: Uint8Array[] = [];
  #length = 0;
  #over = false;
  #id = 0;
  #spool: BodySpool | undefined;

  constructor(store: BodyStore, head: StoredHead) {
    this.#store = store;
    this.#head = head;
  }

  write(chunk: Uint8Array): MaybePromise<boolean> {
    if (this.#over) return false;
    this.#length += chunk.length;
    if (this.#length > this.#store.maxBytes()) {
      this.abort();
      return false;
    }
    if (this.#spool !== undefined) return this.#spill(this.#spool, chunk);
    this.#chunks.push(chunk);
    if (this.#length <= INLINE_BODY) return true;
    this.#id = this.#store.nextId();
    const { unfinishedPath } = new BodyFile(this.#store.folder, this.#id, 0);
    this.#spool = new BodySpool(unfinishedPath);
    const before = this.#chunks;
    this.#chunks = [];
    return this.#spill(this.#spool, ...before);
  }

  commit(_trailers?: HeaderList, head: StoredHead = this.#head): MaybePromise<StoredResponse | undefined> {
    if (this.#over) return undefined;
    this.#over = true;
    if (this.#spool !== undefined) return this.#finish(this.#spool, head);
    return this.#store.insert(this.#store.nextId(), head, { chunks: this.#chunks, length: this.#length });
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#chunks = [];
    this.#spool?.discard(this.#store.failed);
  }

  #spill(spool: BodySpool, ...chunks: readonly Uint8Array[]): MaybePromise<boolean> {
    let waiting: Promise<void> | undefined;
    for (const chunk of chunks) waiting = spool.write(chunk);
    return waiting === undefined ? this.#goesOn(spool) : waiting.then(() => this.#goesOn(spool));
  }

  #goesOn(spool: BodySpool): boolean {
    if (this.#over) return false;
    if (spool.error === undefined) return true;
    this.abort();
    this.#store.failed(spool.error);
    return false;
  }

  async #finish(spool: BodySpool, head: StoredHead): Promise<StoredResponse | undefined> {
    const { failed } = this.#store;
    const file = new BodyFile(this.#store.folder, this.#id, this.#length);
    await spool.finish();
    try {
      if (spool.error !== undefined) throw spool.error;
      await rename(spool.path, file.path);
    } catch (error) {
      spool.discard(failed);
      failed(error as Error);
      return undefined;
    }
    const entry = this.#store.insert(this.#id, head, file);
    if (entry === undefined) file.delete(failed);
    return entry;
  }
}
