import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** Bytes kept in memory; more than these go to a file. */
const IN_MEMORY = 4 * 1024 * 1024;

/** Bytes that are appended once and read by range: in memory while they are few, in a file of its own after that. */
export class Spool {
  readonly #path: string;
  /** What is in memory, as long as there is no file. */
  #chunks: Uint8Array[] = [];
  #file: FileHandle | undefined;
  #length = 0;
  /** A file is written at one place at a time. */
  #writing: Promise<void> = Promise.resolve();

  /** @param path the file, which is made only when it is needed */
  constructor(path: string) {
    this.#path = path;
  }

  /** Bytes that can be read. */
  get length(): number {
    return this.#length;
  }

  /** Resolves when the bytes can be read; rejects when they cannot be written. One call at a time. */
  async append(bytes: Uint8Array): Promise<void> {
    if (this.#file === undefined && this.#length + bytes.length <= IN_MEMORY) {
      this.#chunks.push(bytes);
      this.#length += bytes.length;
      return;
    }
    this.#writing = this.#write(bytes);
    await this.#writing;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#file === undefined) {
      const file = await open(this.#path, 'w+', 0o600);
      await file.write(Buffer.concat(this.#chunks), 0, undefined, 0);
      this.#file = file;
      this.#chunks = [];
    }
    await this.#file.write(bytes, 0, bytes.length, this.#length);
    this.#length += bytes.length;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.#length - offset));
    const bytes = Buffer.alloc(wanted);
    if (this.#file === undefined) copyRange(this.#chunks, offset, bytes);
    else if (wanted > 0) await this.#file.read(bytes, 0, wanted, offset);
    return bytes;
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#writing]);
    this.#chunks = [];
    this.#length = 0;
    if (this.#file === undefined) return;
    await this.#file.close();
    await rm(this.#path, { force: true });
  }
}

/** Fills `into` with what begins at `offset` of the chunks. */
function copyRange(chunks: readonly Uint8Array[], offset: number, into: Uint8Array): void {
  let start = 0;
  for (const chunk of chunks) {
    const from = Math.max(0, offset - start);
    const at = start + from - offset;
    if (at >= into.length) return;
    if (from < chunk.length) into.set(chunk.subarray(from, from + into.length - at), at);
    start += chunk.length;
  }
}
