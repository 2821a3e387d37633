import { useCallback, useEffect, useImperativeHandle, useRef, useState } from 'react';
import type { KeyboardEvent, ReactElement, Ref } from 'react';
import { isScaled, lastTop, scrollHeight, scrollTopFor, topRow } from './scaled-scroll.ts';
import type { ScrolledBox } from './scaled-scroll.ts';

export const LINE_HEIGHT = 18;
const OVERSCAN = 8;
/** Rows that the box grows with; beyond them it scrolls. */
const TALLEST = 34;

/** What others may ask of the rows. */
export interface RowsHandle {
  /** Scrolls so that a row is in sight. */
  readonly show: (row: number) => void;
}

interface VirtualRowsProps {
  readonly count: number;
  readonly label: string;
  readonly role?: 'group' | 'tree';
  readonly className?: string;
  readonly drawRow: (row: number) => ReactElement;
  /** Told which rows are drawn. */
  readonly onSight?: (first: number, end: number) => void;
  /** Gets keys first; says whether it has used one. */
  readonly onKey?: (event: KeyboardEvent) => boolean;
  /** The id of the row that has the keyboard, for a tree. */
  readonly active?: string | undefined;
  readonly handle?: Ref<RowsHandle>;
}

/** Any number of rows of one height, of which only those in sight are in the document. */
export function VirtualRows(props: VirtualRowsProps): ReactElement {
  const { count, label, role = 'group', className = '', drawRow, onKey, active } = props;
  const { element, box, bar, top, moveTo, onScroll } = useScrolledBox(count);
  const first = Math.max(0, Math.floor(top) - OVERSCAN);
  const end = Math.min(count, Math.ceil(top + box.height / LINE_HEIGHT) + OVERSCAN);
  const { onSight } = props;
  useEffect(() => onSight?.(first, end), [onSight, first, end]);

  const show = useCallback(
    (row: number) => {
      const fit = Math.max(1, Math.floor(box.height / LINE_HEIGHT) - 1);
      if (row < top) moveTo(row);
      else if (row > top + fit - 1) moveTo(row - Math.floor(fit / 2));
    },
    [box.height, moveTo, top],
  );
  useImperativeHandle(props.handle, () => ({ show }), [show]);

  const travel = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(box.height / LINE_HEIGHT) - 1);
    const steps: Readonly<Record<string, number>> = {
      ...{ ArrowDown: top + 1, ArrowUp: top - 1, PageDown: top + page, PageUp: top - page, Home: 0, End: count },
    };
    const target = steps[event.key];
    const used = onKey?.(event) === true;
    if (!used && target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (!used && target !== undefined) moveTo(target);
  };

  const rows: ReactElement[] = [];
  for (let row = first; row < end; row++) rows.push(drawRow(row));
  const above = isScaled(box) ? scrollTopFor(box, top) - (top - first) * LINE_HEIGHT : first * LINE_HEIGHT;
  return (
    <div
      ref={element}
      className={`virtual-rows ${className}`}
      role={role}
      aria-label={label}
      aria-activedescendant={active}
      tabIndex={0}
      style={{ height: Math.min(TALLEST, Math.max(1, count)) * LINE_HEIGHT + 16 + bar }}
      onScroll={onScroll}
      onKeyDown={travel}
    >
      <div className="virtual-space" role="presentation" style={{ height: scrollHeight(box) }}>
        <div className="virtual-drawn" role="presentation" style={{ transform: `translateY(${above}px)` }}>
          {rows}
        </div>
      </div>
    </div>
  );
}

/** A scrolled element, the row at its top, and how to change that. */
function useScrolledBox(count: number): {
  readonly element: React.RefObject<HTMLDivElement | null>;
  readonly box: ScrolledBox;
  /** How high the bar for scrolling sideways is, which takes its room from the rows; 0 while there is none. */
  readonly bar: number;
  readonly top: number;
  readonly moveTo: (row: number) => void;
  readonly onScroll: () => void;
} {
  const element = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(TALLEST * LINE_HEIGHT);
  const [bar, setBar] = useState(0);
  const [top, setTop] = useState(0);
  /** Where the box was scrolled to by us: a scaled position says less than the row that we know. */
  const placed = useRef(-1);
  const box: ScrolledBox = { count, rowHeight: LINE_HEIGHT, height };
  const bounded = Math.min(top, lastTop(box));

  useEffect(() => {
    const scrolled = element.current;
    if (scrolled === null) return;
    const observer = new ResizeObserver(() => {
      setHeight(scrolled.clientHeight);
      setBar(scrolled.offsetHeight - scrolled.clientHeight);
    });
    observer.observe(scrolled);
    return () => observer.disconnect();
  }, []);

  const moveTo = useCallback(
    (row: number) => {
      const scrolled = element.current;
      if (scrolled === null) return;
      const now: ScrolledBox = { count, rowHeight: LINE_HEIGHT, height };
      const target = Math.min(lastTop(now), Math.max(0, row));
      placed.current = Math.round(scrollTopFor(now, target));
      scrolled.scrollTop = placed.current;
      setTop(target);
    },
    [count, height],
  );

  useEffect(() => {
    const scrolled = element.current;
    if (scrolled === null || !isScaled({ count, rowHeight: LINE_HEIGHT, height })) return;
    // A turn of the wheel must not skip a thousand rows.
    const turn = (event: WheelEvent): void => {
      if (event.deltaY === 0 || event.ctrlKey) return;
      event.preventDefault();
      moveTo(bounded + event.deltaY / LINE_HEIGHT);
    };
    scrolled.addEventListener('wheel', turn, { passive: false });
    return () => scrolled.removeEventListener('wheel', turn);
  }, [bounded, count, height, moveTo]);

  const onScroll = (): void => {
    const scrollTop = element.current?.scrollTop ?? 0;
    if (Math.abs(scrollTop - placed.current) < 2) return;
    placed.current = -1;
    setTop(topRow(box, scrollTop));
  };
  return { element, box, bar, top: bounded, moveTo, onScroll };
}
