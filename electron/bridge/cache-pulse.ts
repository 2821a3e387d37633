import type { CacheSummary } from '../../shared/cache-contract.ts';

/** How often it looks (ms). */
const PACE_MS = 500;

/**
 * Tells of changes to the store by looking at its totals now and then, as long as somebody wants to know: nothing has to
 * be done for it when a request is answered.
 */
export class CachePulse {
  readonly #read: () => CacheSummary;
  readonly #tell: (summary: CacheSummary) => void;
  #timer: NodeJS.Timeout | undefined;
  #told = '';

  constructor(read: () => CacheSummary, tell: (summary: CacheSummary) => void) {
    this.#read = read;
    this.#tell = tell;
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#told = JSON.stringify(this.#read());
    this.#timer = setInterval(() => this.look(), PACE_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Looks at once: what a person did should not wait for the next beat. */
  look(): void {
    const summary = this.#read();
    const text = JSON.stringify(summary);
    if (text === this.#told) return;
    this.#told = text;
    this.#tell(summary);
  }
}
