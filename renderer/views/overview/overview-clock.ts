import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { ListSearch } from '../../store/query/list-search.ts';
import type { Overview } from '../../store/query/query-messages.ts';
import type { TraceStore } from '../../store/trace-store.ts';

/** Bars of the strip. */
export const PARTS = 240;

/** How often the bars may change: each time all ended rows are walked, on their own thread. */
const PACE_MS = 400;

/** Keeps the recording's density over time up to date while somebody looks at it. */
export class OverviewClock {
  readonly store: StoreApi<{ readonly overview: Overview | undefined }> = createStore(() => ({ overview: undefined }));
  readonly #search: ListSearch;
  readonly #trace: TraceStore;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;

  constructor(search: ListSearch, trace: TraceStore) {
    this.#search = search;
    this.#trace = trace;
  }

  /** Follows the trace until the returned function is called. */
  start(): () => void {
    void this.#ask();
    const end = this.#trace.subscribe((state, before) => {
      if (state.version !== before.version) this.#request();
    });
    return () => {
      end();
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  #request(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#ask();
    }, PACE_MS);
  }

  async #ask(): Promise<void> {
    if (this.#asking) return this.#request();
    this.#asking = true;
    const answer = await this.#search.ask({ kind: 'overview', parts: PARTS });
    this.#asking = false;
    if (answer.kind === 'overview') this.store.setState({ overview: answer.overview });
  }
}
