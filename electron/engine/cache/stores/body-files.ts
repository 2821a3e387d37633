import { closeSync, openSync, read, statSync, unlink } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ExchangeError } from '../../errors.ts';
import type { ByteRange } from '../../http/byte-ranges.ts';
import type { StoredBodySource } from '../stored-response.ts';

/** Bytes that are read at once. */
const CHUNK = 128 * 1024;
/** What a body file is called while it is being written. */
const UNFINISHED = '.tmp';

const readChunk = promisify(read);

/** The folder of body files in a store's directory; each is named after its entry's id. */
export function bodiesFolder(directory: string): string {
  return join(directory, 'bodies');
}

/** The id in the name of a body file, finished or not; undefined for files that are none. */
export function idOfBodyFile(name: string): { readonly id: number; readonly finished: boolean } | undefined {
  const match = /^(\d{1,15})(\.tmp)?$/.exec(name);
  return match === null ? undefined : { id: Number(match[1]), finished: match[2] === undefined };
}

/** A body in a file of its own. */
export class BodyFile implements StoredBodySource {
  readonly path: string;
  readonly length: number;

  constructor(folder: string, id: number, length: number) {
    this.path = join(folder, String(id));
    this.length = length;
  }

  get unfinishedPath(): string {
    return this.path + UNFINISHED;
  }

  /** Says whether the file is there in full; it may have been deleted by hand, or torn by a power failure. */
  get isWhole(): boolean {
    return statSync(this.path, { throwIfNoEntry: false })?.size === this.length;
  }

  /** The file is open from now on, so that the bytes stay readable when the entry is dropped and the file deleted. */
  open(range: ByteRange): AsyncIterable<Uint8Array> | undefined {
    try {
      return new OpenBody(openSync(this.path, 'r'), range);
    } catch (error) {
      // As good as gone, but for a lack of descriptors, which will pass.
      if (!['EMFILE', 'ENFILE'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw new ExchangeError('STORE_FAILED', 'cache', error instanceof Error ? error.message : String(error), error);
    }
  }

  /** Deletes the file. @param failed is told of failures other than that it is gone already */
  delete(failed: (error: Error) => void): void {
    unlink(this.path, (error) => {
      if (error !== null && error.code !== 'ENOENT') failed(error);
    });
  }
}

/** A range of an open file, read once, chunk by chunk. */
class OpenBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  #fd: number | undefined;
  #at: number;
  readonly #end: number;

  constructor(fd: number, { first, last }: ByteRange) {
    this.#fd = fd;
    this.#at = first;
    this.#end = last + 1;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    const wanted = Math.min(CHUNK, this.#end - this.#at);
    if (this.#fd === undefined || wanted <= 0) return this.return();
    try {
      // A new buffer each time: the client's socket and the recorder keep the chunk.
      const buffer = Buffer.allocUnsafeSlow(wanted);
      const { bytesRead } = await readChunk(this.#fd, buffer, 0, wanted, this.#at);
      if (bytesRead === 0) throw new ExchangeError('STORE_FAILED', 'cache', 'Its body file is too short.');
      this.#at += bytesRead;
      return { done: false, value: buffer.subarray(0, bytesRead) };
    } catch (error) {
      this.#close();
      throw error;
    }
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    this.#close();
    return Promise.resolve({ done: true, value: undefined });
  }

  #close(): void {
    if (this.#fd === undefined) return;
    closeSync(this.#fd);
    this.#fd = undefined;
  }
}
