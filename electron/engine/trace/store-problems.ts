import { whyNotWritten } from '../write-trouble.ts';

/** What the store tells its owner: that recording is in trouble (a sentence), or that it works again. */
export type ProblemListener = (problem: 'disk' | 'backlog', sentence: string | undefined) => void;

/** After a failed write nothing is recorded for this long (ms). */
const RETRY_AFTER = 5_000;

/** The troubles that a session store is in, each told once when it begins and once when it is over. */
export class StoreProblems {
  readonly #directory: string;
  readonly #listener: ProblemListener;
  #diskFailed = false;
  #retryAt = 0;
  #backlogged = false;

  constructor(directory: string, listener: ProblemListener) {
    this.#directory = directory;
    this.#listener = listener;
  }

  /** Whether the disk failed so short a time ago that it is not worth another try yet. */
  get isDiskResting(): boolean {
    return this.#diskFailed && performance.now() < this.#retryAt;
  }

  /** The disk has failed, or works (again). */
  setDisk(error: NodeJS.ErrnoException | undefined): void {
    const failed = error !== undefined;
    if (failed) this.#retryAt = performance.now() + RETRY_AFTER;
    if (failed === this.#diskFailed) return;
    this.#diskFailed = failed;
    const why = failed ? whyNotWritten(error) : undefined;
    this.#listener('disk', failed ? `Exchanges are not recorded: ${this.#directory}: ${why}` : undefined);
  }

  setBacklogged(value: boolean): void {
    if (value === this.#backlogged) return;
    this.#backlogged = value;
    this.#listener('backlog', value ? 'The disk is slower than the traffic: some bodies are not recorded' : undefined);
  }

  /** Something that should be gone is still there. */
  notDeleted(sentence: string): void {
    this.#listener('disk', sentence);
  }
}
