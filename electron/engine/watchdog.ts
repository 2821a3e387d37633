/**
 * Calls back when something that was expected did not happen in time. To expect something else is cheap, so that it may
 * be done for every chunk: the timer is set anew only when it goes off and the time has been put off meanwhile.
 */
export class Watchdog {
  /** Called when it is late. */
  onLate: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer goes off, and when it is really late; milliseconds of `performance.now()`. */
  #due = Infinity;
  #deadline = Infinity;
  #stopped = false;

  constructor(onLate: () => void) {
    this.onLate = onLate;
  }

  /** Expects something within `ms` from now, instead of what was expected before; 0 waits for ever. */
  expect(ms: number): void {
    if (ms === 0 || this.#stopped) return this.rest();
    const deadline = performance.now() + ms;
    this.#deadline = deadline;
    if (this.#timer !== undefined && this.#due <= deadline) return;
    clearTimeout(this.#timer);
    this.#set(ms, deadline);
  }

  /** Expects nothing just now. */
  rest(): void {
    this.#deadline = Infinity;
  }

  /** Expects nothing any more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #set(ms: number, due: number): void {
    this.#due = due;
    this.#timer = setTimeout(() => this.#wake(), ms);
  }

  #wake(): void {
    this.#timer = undefined;
    if (this.#deadline === Infinity || this.#stopped) return;
    const left = this.#deadline - performance.now();
    // A timer may go off a part of a millisecond early.
    if (left > 0) return this.#set(Math.max(1, left), this.#deadline);
    this.#deadline = Infinity;
    this.onLate();
  }
}
