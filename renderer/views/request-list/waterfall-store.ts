import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { ListLines } from '../../store/list-lines.ts';
import type { TraceIndex } from '../../store/trace-index.ts';
import { engineNow } from '../../store/trace-store.ts';
import type { TraceStore } from '../../store/trace-store.ts';
import type { Interval } from '../timeline/intervals.ts';
import { EMPTY_AXIS, waterfallAxis } from './waterfall-axis.ts';
import type { WaterfallAxis } from './waterfall-axis.ts';
import type { RowWindow } from '../rows/row-window.ts';

/** What the waterfall cells draw by. Its own store, so that a moving axis redraws bars and not rows. */
export interface WaterfallState {
  readonly axis: WaterfallAxis;
  /** Engine time up to which running bars reach. */
  readonly now: number;
}

/** How often the axis may change, and running bars grow: an axis that moves in every frame can be read by nobody. */
const PACE_MS = 120;

/** Keeps the axis of the rows in sight. */
export class WaterfallClock {
  readonly store: StoreApi<WaterfallState> = createStore<WaterfallState>()(() => ({ axis: EMPTY_AXIS, now: 0 }));
  readonly #index: TraceIndex;
  readonly #lines: Pick<ListLines, 'ids'>;
  readonly #trace: TraceStore;
  #window: RowWindow = { first: 0, end: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param lines the list, in which the window lies */
  constructor(index: TraceIndex, lines: Pick<ListLines, 'ids'>, trace: TraceStore) {
    this.#index = index;
    this.#lines = lines;
    this.#trace = trace;
  }

  /** Follows the trace until the returned function is called. */
  start(): () => void {
    const end = this.#trace.subscribe(() => this.#request());
    return () => {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      end();
    };
  }

  /** Other rows are drawn. The first ones get their axis at once. */
  show(window: RowWindow): void {
    this.#window = window;
    if (this.store.getState().axis === EMPTY_AXIS) this.#update();
    else this.#request();
  }

  #request(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#update();
    }, PACE_MS);
  }

  #update(): void {
    const now = engineNow(this.#trace.getState());
    const { ended, running } = this.#times(now);
    const axis = waterfallAxis(ended, running);
    if (running.length > 0 || !sameAxis(this.store.getState().axis, axis)) this.store.setState({ axis, now });
    if (running.length > 0) this.#request();
  }

  #times(now: number): { ended: Interval[]; running: Interval[] } {
    const ended: Interval[] = [];
    const running: Interval[] = [];
    for (let i = this.#window.first; i < this.#window.end; i++) {
      const row = this.#index.get(this.#lines.ids[i] ?? 0);
      if (row === undefined) continue;
      if (row.end === undefined) running.push({ start: row.start, end: Math.max(now, row.start) });
      else ended.push({ start: row.start, end: row.end });
    }
    return { ended, running };
  }
}

function sameAxis(a: WaterfallAxis, b: WaterfallAxis): boolean {
  return (
    a.pieces.length === b.pieces.length &&
    a.pieces.every((piece, i) => piece.start === b.pieces[i]?.start && piece.end === b.pieces[i].end)
  );
}
