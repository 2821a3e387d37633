/**
 * Finds the requests that node:http2 refuses without a word. Its library resets what is malformed (RFC 9113 §8.1.1) or far too
 * large, and tells nobody; all that shows is that the connection has got to a stream of which nothing was heard. Of several
 * refused in a row, the last one is found.
 */
export class RefusedStreams {
  readonly #found: (stream: number) => void;
  /** The last stream that was heard of. */
  #heard = 0;
  /** One behind it, whose fields may still be on their way; 0 for none. */
  #missed = 0;
  /** Whether it was missed at the last tick already. */
  #waited = false;

  /** @param found told of each, once. */
  constructor(found: (stream: number) => void) {
    this.#found = found;
  }

  /** A request came on `stream`. */
  hear(stream: number): void {
    if (this.#missed !== 0 && this.#missed < stream) this.settle();
    this.#missed = 0;
    this.#waited = false;
    this.#heard = stream;
  }

  /** @param latest the last stream whose request the connection has begun to process. */
  look(latest = 0): void {
    if (latest <= this.#heard || latest === this.#missed) return;
    this.settle();
    this.#missed = latest;
  }

  /** Time passes: what is missed from one tick to the next had enough of it. */
  tick(): void {
    if (this.#waited) this.settle();
    this.#waited = this.#missed !== 0;
  }

  /** What is missed will not be heard of. */
  settle(): void {
    const stream = this.#missed;
    if (stream === 0) return;
    this.#missed = 0;
    this.#waited = false;
    this.#heard = stream;
    this.#found(stream);
  }
}
