/** Which rows of a fixed-height list are on the screen, and where to scroll: pure arithmetic, O(1) for any number of rows. */

export interface RowWindow {
  /** First row drawn. */
  readonly first: number;
  /** Row after the last one drawn. */
  readonly end: number;
}

/** Rows drawn beyond the edges, so that a fast scroll finds them there. */
const OVERSCAN = 12;

/** @param height of the scrolled area's visible part, without the header, in pixels */
export function rowWindow(scrollTop: number, height: number, rowHeight: number, count: number): RowWindow {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - OVERSCAN);
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + OVERSCAN);
  return { first: Math.min(first, end), end };
}

/** Where to scroll so that row `index` is wholly visible; `scrollTop` itself when it is. */
export function scrollToShow(index: number, scrollTop: number, height: number, rowHeight: number): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  const bottom = top + rowHeight;
  return bottom > scrollTop + height ? bottom - height : scrollTop;
}

/** Whether the end of the list is in sight, give or take half a row. */
export function isAtEnd(scrollTop: number, height: number, rowHeight: number, count: number): boolean {
  return scrollTop + height >= count * rowHeight - rowHeight / 2;
}
