import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { RefObject } from 'react';
import { useElementWidth } from '../common/use-element-width.ts';
import { useInspector, useUi } from '../inspector-context.tsx';
import type { RowScroller } from '../rows/row-scroller.ts';
import type { RowWindow } from '../rows/row-window.ts';
import { layOutColumns, USUAL_COLUMNS } from './columns.ts';
import type { ColumnLayout, PlacedColumn } from './columns.ts';

/** The columns that fit, again whenever the list's width changes. */
export function useColumnLayout(scroller: RefObject<HTMLElement | null>): ColumnLayout {
  const widths = useUi((state) => state.columnWidths);
  const shown = useUi((state) => state.shownColumns) ?? USUAL_COLUMNS;
  const available = useElementWidth(scroller, 1000);
  return useMemo(() => layOutColumns(available, widths, shown), [available, widths, shown]);
}

/** Scrolls only when the cursor has moved, never when rows come and go. */
export function useCursorInSight(scroll: RowScroller, cursor: number | null): void {
  const shown = useRef<number | null>(null);
  useEffect(() => {
    if (cursor === shown.current) return;
    shown.current = cursor;
    if (cursor !== null) scroll.showRow(cursor);
  }, [cursor, scroll]);
}

/**
 * Who sorts or groups wants to see what comes first then. To be used in front of what tells the scroller of other rows.
 */
export function useOrderFromStart(scroll: RowScroller): void {
  const sort = useUi((state) => state.sort);
  const grouping = useUi((state) => state.grouping);
  const before = useRef({ sort, grouping });
  useLayoutEffect(() => {
    scroll.followEnd(grouping === 'none' && sort.key === 'id' && !sort.descending);
    if (before.current.sort === sort && before.current.grouping === grouping) return;
    before.current = { sort, grouping };
    scroll.startOver();
  }, [scroll, sort, grouping]);
}

/** Has the fields that are columns read for the rows in sight, and again as these go on. */
export function useFieldValues(columns: readonly PlacedColumn[], { first, end }: RowWindow): void {
  const { fields, index, lines, trace } = useInspector();
  useEffect(() => {
    const wanted = columns.flatMap(({ field }) => field ?? []);
    if (wanted.length === 0) return;
    const show = (): void => {
      const rows = lines.ids.slice(first, end).flatMap((id) => index.get(id) ?? []);
      fields.show(rows, wanted);
    };
    show();
    const ends = [trace.subscribe(show), lines.store.subscribe(show)];
    return () => ends.forEach((stop) => stop());
  }, [columns, first, end, fields, index, lines, trace]);
}
