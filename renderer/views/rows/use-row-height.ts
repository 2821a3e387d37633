import { useLayoutEffect } from 'react';
import { useUi } from '../inspector-context.tsx';
import { ROW_HEIGHTS } from './row-scroller.ts';
import type { RowScroller } from './row-scroller.ts';

/** How high rows are, in pixels, in the density that the person has chosen; `scroll` goes by it, too. */
export function useRowHeight(scroll: RowScroller): number {
  const height = useUi((state) => ROW_HEIGHTS[state.density]);
  useLayoutEffect(() => scroll.resizeRows(height), [scroll, height]);
  return height;
}
