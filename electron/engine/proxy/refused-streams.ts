/** A client may leave numbers out (RFC 9113 §5.1.1). More than these at once are no requests. */
const MAX_IN_A_ROW = 100;

/**
 * Finds the requests that node:http2 refuses without a word. Its library resets what is malformed (RFC 9113 §8.1.1) or far too
 * large, and tells nobody; all that shows is that the connection has got to, or past, a stream of which nothing was heard.
 * Clients number their requests without gaps, but some begin with a high number, so that the first ones cannot be told.
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
    if (this.#heard !== 0 && stream > this.#heard + 2) this.#missed = stream - 2;
    if (this.#missed < stream) this.settle();
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
    const first = this.#heard === 0 ? stream : Math.max(this.#heard + 2, stream - 2 * MAX_IN_A_ROW);
    this.#missed = 0;
    this.#waited = false;
    this.#heard = stream;
    for (let one = first; one <= stream; one += 2) this.#found(one);
  }
}
