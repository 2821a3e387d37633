import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { NO_COUNTS } from './tally.ts';
import type { Counts } from './tally.ts';
import type { TraceIndex } from './trace-index.ts';

/** What React is told about the trace: small, and set once per flush. Rows are read from the index by id. */
export interface TraceState {
  /** Grows with every flush. */
  readonly version: number;
  /** Grows when other ids are listed than before. */
  readonly viewVersion: number;
  readonly counts: Counts;
  /** Rows listed, that is passing the filter. */
  readonly shown: number;
  readonly evicted: number;
  /** Engine time at the last flush and the local time when it was learned, for drawing what still runs. */
  readonly live: { readonly now: number; readonly at: number };
  /** False until the first snapshot. */
  readonly ready: boolean;
}

export type TraceStore = StoreApi<TraceState>;

/** The store that tells React when the index has changed. */
export function createTraceStore(): TraceStore {
  return createStore<TraceState>()(() => ({
    version: 0,
    viewVersion: 0,
    counts: NO_COUNTS,
    shown: 0,
    evicted: 0,
    live: { now: 0, at: 0 },
    ready: false,
  }));
}

/** Publishes the settled index. @param now engine time, if the caller knows it */
export function publishTrace(store: TraceStore, index: TraceIndex, now?: number): void {
  store.setState((state) => ({
    version: state.version + 1,
    viewVersion: index.viewVersion,
    counts: index.counts(),
    shown: index.view.length,
    evicted: index.evicted,
    live: now === undefined ? state.live : { now, at: performance.now() },
    ready: state.ready || now !== undefined,
  }));
}

/** Engine time now, carried on from the last flush by the local clock. */
export function engineNow(state: TraceState): number {
  return state.live.now + (performance.now() - state.live.at);
}
