import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Density } from '../../store/ui-store.ts';
import { coversSight, isAtEnd, rowWindow, scrollToShow } from './row-window.ts';
import type { RowWindow } from './row-window.ts';

/** Pixels of a row, as --row-height in tokens.css has them. */
export const ROW_HEIGHTS: Readonly<Record<Density, number>> = { comfortable: 26, compact: 21 };
/** The sticky header inside the scroller. */
export const HEAD_HEIGHT = 28;

/** The rows of a list, as far as scrolling is concerned. */
export interface ScrolledRows {
  readonly count: number;
  /** What identifies the row at a position for as long as it is listed; undefined where rows come and go unknown. */
  idAt(position: number): number | undefined;
  positionOf(id: number): { readonly index: number; readonly found: boolean };
}

export interface ScrollState {
  readonly window: RowWindow;
  /** The last row is in sight and stays so. */
  readonly following: boolean;
}

/**
 * Draws only the rows in sight, follows the end while it is in sight (where wanted), and otherwise keeps what is being read in its place
 * while rows come in before it, after it, or go. Hand-made because the height is fixed: a general virtualiser measures
 * every row again whenever one is added, which takes 3 ms for each flush at 100,000 rows.
 */
export class RowScroller {
  readonly store: StoreApi<ScrollState> = createStore<ScrollState>()(() => ({
    window: { first: 0, end: 0 },
    following: true,
  }));
  readonly #rows: ScrolledRows;
  #follow: boolean;
  #rowHeight = ROW_HEIGHTS.comfortable;
  /** The rows that come next are another list, to be read from its start. */
  #startingOver = false;
  #element: HTMLElement | undefined;
  /** The topmost row in sight, and by how many pixels it is scrolled past. */
  #anchor: { readonly id: number; readonly past: number } | undefined;

  /** @param follow whether the list stays at its end while that is in sight */
  constructor(rows: ScrolledRows, follow: boolean) {
    this.#rows = rows;
    this.#follow = follow;
  }

  /** Works on `element` until the returned function is called. */
  attach(element: HTMLElement): () => void {
    this.#element = element;
    const measure = (): void => this.#measure();
    element.addEventListener('scroll', measure, { passive: true });
    const observer = new ResizeObserver(() => this.rowsChanged());
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', measure);
      observer.disconnect();
      this.#element = undefined;
    };
  }

  /** To be called after the list's height in the document fits the rows: other rows are listed than before. */
  rowsChanged(): void {
    const element = this.#element;
    if (element === undefined) return;
    if (this.#startingOver) element.scrollTop = 0;
    else if (this.#follow && this.store.getState().following) element.scrollTop = element.scrollHeight;
    else if (this.#anchor !== undefined) {
      const { index, found } = this.#rows.positionOf(this.#anchor.id);
      const target = index * this.#rowHeight + (found ? this.#anchor.past : 0);
      if (Math.abs(target - element.scrollTop) >= 1) element.scrollTop = target;
    }
    this.#startingOver = false;
    this.#measure();
  }

  followEnd(follow: boolean): void {
    this.#follow = follow;
  }

  /** The rows that come next are to be read from their start, whatever is in sight now. */
  startOver(): void {
    this.#startingOver = true;
  }

  /** To be called after the list's height in the document fits the rows' new height, in pixels. */
  resizeRows(rowHeight: number): void {
    if (rowHeight === this.#rowHeight) return;
    if (this.#anchor !== undefined) this.#anchor = { ...this.#anchor, past: 0 };
    this.#rowHeight = rowHeight;
    this.rowsChanged();
  }

  /** Rows that fit on the screen. */
  get pageSize(): number {
    return Math.floor(this.#height / this.#rowHeight);
  }

  showRow(id: number): void {
    const { index, found } = this.#rows.positionOf(id);
    if (found) this.showPosition(index);
  }

  showPosition(index: number): void {
    const element = this.#element;
    if (element === undefined) return;
    const target = scrollToShow(index, element.scrollTop, this.#height, this.#rowHeight);
    if (target !== element.scrollTop) element.scrollTop = target;
  }

  showStart(): void {
    if (this.#element !== undefined) this.#element.scrollTop = 0;
  }

  showEnd(): void {
    if (this.#element !== undefined) this.#element.scrollTop = this.#element.scrollHeight;
  }

  get #height(): number {
    return (this.#element?.clientHeight ?? 0) - HEAD_HEIGHT;
  }

  #measure(): void {
    if (this.#element === undefined) return;
    const { scrollTop } = this.#element;
    const { count } = this.#rows;
    const following = isAtEnd(scrollTop, this.#height, this.#rowHeight, count);
    const top = Math.floor(scrollTop / this.#rowHeight);
    const id = this.#rows.idAt(top);
    this.#anchor = id === undefined ? undefined : { id, past: scrollTop - top * this.#rowHeight };
    const before = this.store.getState();
    const covered = coversSight(before.window, scrollTop, this.#height, this.#rowHeight, count);
    if (covered && before.following === following) return;
    const window = covered ? before.window : rowWindow(scrollTop, this.#height, this.#rowHeight, count);
    this.store.setState({ window, following });
  }
}
