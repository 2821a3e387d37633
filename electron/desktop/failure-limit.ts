/** What fails again within this time (ms) after it was started anew would only fail once more. */
const TOO_SOON = 60_000;

/** Decides whether what has failed is started anew without a question: once, and then again after a quiet time. */
export class FailureLimit {
  readonly #now: () => number;
  #last = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds of a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Counts a failure. `restart`: without asking; `ask`: it is the second one in a row. */
  failed(): 'restart' | 'ask' {
    const now = this.#now();
    const soon = now - this.#last < TOO_SOON;
    this.#last = now;
    return soon ? 'ask' : 'restart';
  }
}
