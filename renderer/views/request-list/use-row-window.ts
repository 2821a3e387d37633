import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { flushSync } from 'react-dom';
import type { TraceIndex } from '../../store/trace-index.ts';
import { isAtEnd, rowWindow, scrollToShow } from './row-window.ts';
import type { RowWindow } from './row-window.ts';

export const ROW_HEIGHT = 26;
/** The sticky header inside the scroller. */
export const HEAD_HEIGHT = 28;

interface ScrolledRows {
  readonly window: RowWindow;
  /** The newest row is in sight and stays so. */
  readonly following: boolean;
  /** Rows that fit on the screen. */
  readonly pageSize: () => number;
  readonly showRow: (id: number) => void;
  readonly showEnd: () => void;
}

/**
 * Draws only the rows in sight, follows the end while it is in sight, and otherwise keeps what is being read in its place
 * while rows come in before it, after it, or go. Hand-made because the height is fixed: a general virtualiser measures
 * every row again whenever one is added, which takes 3 ms for each flush at 100,000 rows.
 */
export function useRowWindow(
  scroller: RefObject<HTMLElement | null>,
  index: TraceIndex,
  viewVersion: number,
  count: number,
): ScrolledRows {
  const [rows, setRows] = useState<RowWindow>({ first: 0, end: 0 });
  const [following, setFollowing] = useState(true);
  const follow = useRef(true);
  /** The topmost row in sight, and how far it is scrolled past. */
  const anchor = useRef<{ readonly id: number; readonly past: number } | undefined>(undefined);

  const measure = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    const height = element.clientHeight - HEAD_HEIGHT;
    const total = index.view.length;
    const { scrollTop } = element;
    const next = rowWindow(scrollTop, height, ROW_HEIGHT, total);
    setRows((before) => (before.first === next.first && before.end === next.end ? before : next));
    follow.current = isAtEnd(scrollTop, height, ROW_HEIGHT, total);
    setFollowing(follow.current);
    const top = Math.floor(scrollTop / ROW_HEIGHT);
    const id = index.view[top];
    anchor.current = id === undefined ? undefined : { id, past: scrollTop - top * ROW_HEIGHT };
  }, [scroller, index]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    // Rows must be there in the very frame that shows the new position.
    const onScroll = (): void => flushSync(measure);
    element.addEventListener('scroll', onScroll, { passive: true });
    const observer = new ResizeObserver(() => {
      if (follow.current) element.scrollTop = element.scrollHeight;
      measure();
    });
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', onScroll);
      observer.disconnect();
    };
  }, [scroller, measure]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    if (follow.current) element.scrollTop = element.scrollHeight;
    else if (anchor.current !== undefined) {
      const position = index.positionOf(anchor.current.id);
      const target = position.index * ROW_HEIGHT + (position.found ? anchor.current.past : 0);
      if (Math.abs(target - element.scrollTop) >= 1) element.scrollTop = target;
    }
    measure();
  }, [scroller, index, measure, viewVersion, count]);

  return {
    window: rows,
    following,
    pageSize: () => Math.floor(((scroller.current?.clientHeight ?? 0) - HEAD_HEIGHT) / ROW_HEIGHT),
    showRow: (id) => {
      const element = scroller.current;
      const { index: position, found } = index.positionOf(id);
      if (element === null || !found) return;
      const height = element.clientHeight - HEAD_HEIGHT;
      const target = scrollToShow(position, element.scrollTop, height, ROW_HEIGHT);
      if (target !== element.scrollTop) element.scrollTop = target;
    },
    showEnd: () => {
      const element = scroller.current;
      if (element !== null) element.scrollTop = element.scrollHeight;
    },
  };
}
