import { rename } from 'node:fs/promises';
import type { HeaderList } from '../../../../shared/headers.ts';
import type { EntryWriter, MaybePromise } from '../cache-store.ts';
import type { StoredHead, StoredResponse } from '../stored-response.ts';
import { BodyFile } from './body-files.ts';
import { BodySpool } from './body-spool.ts';

/** What the writer needs of its store. */
export interface BodyWriterOptions {
  readonly folder: string;
  readonly maxBytes: number;
  /** Bodies up to this size stay in memory until they are handed over. */
  readonly maxInline: number;
  /** An id for the entry; asked for once, when the body is complete or needs a file. */
  readonly nextId: () => number;
  /** The body is complete: its chunks and how many bytes they have, or a file. @returns undefined when there is no room for it */
  readonly insert: (id: number, body: WholeBody | BodyFile, head?: StoredHead) => StoredResponse | undefined;
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
  readonly #options: BodyWriterOptions;
  #chunks: Uint8Array[] = [];
  #length = 0;
  #over = false;
  #id = 0;
  #spool: BodySpool | undefined;

  constructor(options: BodyWriterOptions) {
    this.#options = options;
  }

  write(chunk: Uint8Array): MaybePromise<boolean> {
    if (this.#over) return false;
    const { maxBytes, maxInline } = this.#options;
    this.#length += chunk.length;
    if (this.#length > maxBytes) {
      this.abort();
      return false;
    }
    if (this.#spool !== undefined) return this.#spill(this.#spool, chunk);
    this.#chunks.push(chunk);
    if (this.#length <= maxInline) return true;
    this.#id = this.#options.nextId();
    const { unfinishedPath } = new BodyFile(this.#options.folder, this.#id, 0);
    this.#spool = new BodySpool(unfinishedPath);
    const before = this.#chunks;
    this.#chunks = [];
    return this.#spill(this.#spool, ...before);
  }

  commit(_trailers?: HeaderList, head?: StoredHead): MaybePromise<StoredResponse | undefined> {
    if (this.#over) return undefined;
    this.#over = true;
    if (this.#spool !== undefined) return this.#finish(this.#spool, head);
    return this.#options.insert(this.#options.nextId(), { chunks: this.#chunks, length: this.#length }, head);
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#chunks = [];
    this.#spool?.discard(this.#options.failed);
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
    this.#options.failed(spool.error);
    return false;
  }

  async #finish(spool: BodySpool, head: StoredHead | undefined): Promise<StoredResponse | undefined> {
    const { folder, insert, failed } = this.#options;
    const file = new BodyFile(folder, this.#id, this.#length);
    await spool.finish();
    try {
      if (spool.error !== undefined) throw spool.error;
      await rename(spool.path, file.path);
    } catch (error) {
      spool.discard(failed);
      failed(error as Error);
      return undefined;
    }
    const entry = insert(this.#id, file, head);
    if (entry === undefined) file.delete(failed);
    return entry;
  }
}
