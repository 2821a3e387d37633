/** Which rows of a fixed-height list are on the screen, and where to scroll: pure arithmetic, O(1) for any number of rows. */

export interface RowWindow {
  /** First row drawn. */
  readonly first: number;
  /** Row after the last one drawn. */
  readonly end: number;
}

/** Rows drawn beyond the edges, so that a fast scroll finds them there. */
const OVERSCAN = 10;

/** A window is kept while at least this many rows beyond each edge are drawn. */
const SPARE = 3;

/**
 * As many rows wherever the list is scrolled to, as far as there are so many: see {@link rowSlots}.
 *
 * @param height of the scrolled area's visible part, without the header, in pixels
 */
export function rowWindow(scrollTop: number, height: number, rowHeight: number, count: number): RowWindow {
  const drawn = Math.ceil(height / rowHeight) + 1 + 2 * OVERSCAN;
  const wanted = Math.max(0, Math.floor(scrollTop / rowHeight) - OVERSCAN);
  const first = Math.min(wanted, Math.max(0, count - drawn));
  return { first, end: Math.min(count, first + drawn) };
}

/**
 * Whether `drawn` will do at this position. A window that follows every pixel draws in every frame; this one lags behind
 * within its overscan.
 */
export function coversSight(
  drawn: RowWindow,
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
): boolean {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - SPARE);
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + SPARE);
  const most = Math.ceil(height / rowHeight) + 3 * OVERSCAN;
  return drawn.first <= first && drawn.end >= end && drawn.end <= count && drawn.end - drawn.first <= most;
}

/** A row to be drawn, and the number of the element that draws it. */
export interface RowSlot {
  readonly slot: number;
  readonly position: number;
}

/** More rows than this are never drawn at once: the height of the tallest screens. */
const SLOTS = 256;

/**
 * The rows of `window`, each with a slot. A row that scrolls into sight takes the element of one that has left, so that
 * nothing has to be made, and equal texts stay; elements keep their order in the document and stand at their row's place.
 * This holds between windows of one length.
 *
 * @param count how many rows there are
 */
export function rowSlots(window: RowWindow, count: number): RowSlot[] {
  const slots: RowSlot[] = [];
  const drawn = Math.max(1, Math.min(SLOTS, window.end - window.first));
  const end = Math.min(window.end, window.first + drawn, count);
  for (let position = window.first; position < end; position++) slots.push({ slot: position % drawn, position });
  return slots.sort((a, b) => a.slot - b.slot);
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
