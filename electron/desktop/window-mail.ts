import type { AppEvent } from '../../shared/app-contract.ts';

/** Brings the page what the app tells it, and keeps it while no page listens: at the start, after a crash, without a window. */
export class WindowMail {
  readonly #listeners = new Set<(event: AppEvent) => void>();
  #waiting: AppEvent[] = [];
  #heard = false;

  post(event: AppEvent): void {
    if (!this.#heard) this.#waiting.push(event);
    else for (const listener of this.#listeners) listener(event);
  }

  /** A page listens from now on; gives it what came before. */
  open(): readonly AppEvent[] {
    this.#heard = true;
    const events = this.#waiting;
    this.#waiting = [];
    return events;
  }

  /** The page is gone. */
  hold(): void {
    this.#heard = false;
  }

  onEvent(listener: (event: AppEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
