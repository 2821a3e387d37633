import { Watchdog } from '../watchdog.ts';

const nobodyWaits = (): void => {};

/** The watchdogs of a connection's requests, handed on from one to the next: to put a timer off costs less than to set one. */
export class WatchdogPool {
  readonly #spare: Watchdog[] = [];
  #stopped = false;

  take(onLate: () => void): Watchdog {
    const watchdog = this.#spare.pop();
    if (watchdog === undefined) return new Watchdog(onLate);
    watchdog.onLate = onLate;
    return watchdog;
  }

  give(watchdog: Watchdog): void {
    watchdog.rest();
    watchdog.onLate = nobodyWaits;
    if (this.#stopped) watchdog.stop();
    else this.#spare.push(watchdog);
  }

  /** The connection is gone. */
  stop(): void {
    this.#stopped = true;
    for (const watchdog of this.#spare) watchdog.stop();
  }
}
