import type { ByteRange } from '../../http/byte-ranges.ts';
import type { StoredBodySource } from '../stored-response.ts';
import { openBody } from '../stored-response.ts';
import type { DiskFront } from './disk-front.ts';

/** The body of an entry that has just been stored: hardly anybody wants it again, and who does has it looked up. */
export class FoundBody implements StoredBodySource {
  readonly #front: DiskFront;
  readonly #id: number;

  constructor(front: DiskFront, id: number) {
    this.#front = front;
    this.#id = id;
  }

  open(range: ByteRange): AsyncIterable<Uint8Array> | undefined {
    const entry = this.#front.find(this.#id);
    const found = entry && openBody(entry, range);
    return found instanceof Uint8Array ? only(found) : found;
  }
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}
