/** Browsers place nothing reliably beyond some 16 million pixels; more rows than fit share the same height. */
const MAX_HEIGHT = 8_000_000;

/** Rows of one height in a scrolled box. */
export interface ScrolledBox {
  readonly count: number;
  readonly rowHeight: number;
  /** Pixels of the box that are in sight. */
  readonly height: number;
}

/** Pixels that the rows take; fewer than they need when there are too many. */
export function scrollHeight({ count, rowHeight }: ScrolledBox): number {
  return Math.min(MAX_HEIGHT, count * rowHeight);
}

/** Whether a pixel of scrolling is more than a pixel of rows. */
export function isScaled({ count, rowHeight }: ScrolledBox): boolean {
  return count * rowHeight > MAX_HEIGHT;
}

/** The row at the top, with its scrolled-out part as a fraction, where the box is scrolled to. */
export function topRow(box: ScrolledBox, scrollTop: number): number {
  if (!isScaled(box)) return scrollTop / box.rowHeight;
  return (scrollTop / Math.max(1, scrollHeight(box) - box.height)) * lastTop(box);
}

/** Where to scroll so that a row is at the top: the reverse of {@link topRow}. */
export function scrollTopFor(box: ScrolledBox, row: number): number {
  if (!isScaled(box)) return row * box.rowHeight;
  return (row / lastTop(box)) * (scrollHeight(box) - box.height);
}

/** The row that is at the top when the box is scrolled to its end. */
export function lastTop({ count, rowHeight, height }: ScrolledBox): number {
  return Math.max(0, count - height / rowHeight);
}
