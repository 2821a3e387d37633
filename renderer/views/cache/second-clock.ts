import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';

/**
 * The time for everything that counts down on the page: one timer, which runs only while somebody looks. Cells select the
 * text that they show from it, so that only those whose text has changed are drawn again.
 */
export class SecondClock {
  /** Milliseconds since 1970, by this page's clock. */
  readonly store: StoreApi<number> = createStore<number>()(() => Date.now());

  /** Ticks until the returned function is called. */
  start(): () => void {
    this.store.setState(Date.now(), true);
    const timer = setInterval(() => this.store.setState(Date.now(), true), 1000);
    return () => clearInterval(timer);
  }
}
