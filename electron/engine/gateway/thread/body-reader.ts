const EMPTY = new Uint8Array(0);
const NEWLINE = 10;

/** Reads a body by size or by line. Also an iterable of pieces as they come. */
export class BodyReader implements AsyncIterable<Uint8Array> {
  readonly #source: AsyncIterator<Uint8Array, undefined>;
  readonly #limit: number;
  readonly #timeout: number | undefined;
  #rest: Uint8Array = EMPTY;
  #over = false;

  /**
   * @param limit bytes that a line may have
   * @param timeout milliseconds to wait for the next bytes; undefined for ever
   */
  constructor(source: AsyncIterator<Uint8Array, undefined>, limit: number, timeout: number | undefined) {
    this.#source = source;
    this.#limit = limit;
    this.#timeout = timeout;
  }

  /** The next `size` bytes, fewer at the end; everything that is left without a size. */
  async read(size = Infinity): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let missing = size;
    while (missing > 0) {
      if (this.#rest.length === 0 && !(await this.#fill())) break;
      const piece = this.#take(Math.min(missing, this.#rest.length));
      pieces.push(piece);
      missing -= piece.length;
    }
    return join(pieces);
  }

  /** The next line with its end; empty when nothing is left. @throws {RangeError} when it is longer than the limit. */
  async readLine(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let length = 0;
    while (this.#rest.length > 0 || (await this.#fill())) {
      const end = this.#rest.indexOf(NEWLINE);
      const piece = this.#take(end < 0 ? this.#rest.length : end + 1);
      pieces.push(piece);
      length += piece.length;
      if (length > this.#limit) throw new RangeError(`The line is longer than ${this.#limit} bytes.`);
      if (end >= 0) break;
    }
    return join(pieces);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    while (this.#rest.length > 0 || (await this.#fill())) yield this.#take(this.#rest.length);
  }

  #take(size: number): Uint8Array {
    const piece = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    return piece;
  }

  /** False at the end. */
  async #fill(): Promise<boolean> {
    while (this.#rest.length === 0 && !this.#over) {
      const { done, value } = await this.#next();
      if (done === true) this.#over = true;
      else this.#rest = value;
    }
    return this.#rest.length > 0;
  }

  async #next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const timeout = this.#timeout;
    if (timeout === undefined) return this.#source.next();
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error(`The client sent nothing for ${timeout} ms.`)), timeout);
    try {
      return await Promise.race([this.#source.next(), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0] as Uint8Array;
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
