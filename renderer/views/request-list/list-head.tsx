import { ArrowDown, ArrowUp } from 'lucide-react';
import { useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent, ReactElement } from 'react';
import { ARRIVAL } from '../../store/query/sort-key.ts';
import type { Sort } from '../../store/query/sort-key.ts';
import type { UiStore } from '../../store/ui-store.ts';
import { useInspector, useT, useUi } from '../inspector-context.tsx';
import { columnName, columnTitle } from './column-words.ts';
import { moveColumn, USUAL_COLUMNS } from './columns.ts';
import type { Column } from './column.ts';
import type { PlacedColumn } from './columns.ts';

/** Pixels that a title has to be dragged before it moves: a click may tremble. */
const DRAG_BEYOND = 6;
/** Pixels by which a key makes a column wider or narrower. */
const RESIZE_STEP = 10;

/** The column titles: a click or Enter sorts, dragging moves a column, and the line at a title's edge resizes it. */
export function ListHead({ columns }: { readonly columns: readonly PlacedColumn[] }): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  const sort = useUi((state) => state.sort);
  const [last, setEntry] = useState<string | undefined>(undefined);
  /** The title that Tab comes to. */
  const entry = columns.some(({ id }) => id === last) ? last : columns[0]?.id;
  const pathPlace = columns.findIndex(({ id }) => id === 'path');
  const drag = useRef<{ readonly id: string; readonly x: number; moved: boolean } | undefined>(undefined);

  const begin = (event: PointerEvent<HTMLDivElement>, id: string): void => {
    if (event.button !== 0) return;
    drag.current = { id, x: event.clientX, moved: false };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent<HTMLDivElement>): void => {
    const dragged = drag.current;
    if (dragged === undefined || (!dragged.moved && Math.abs(event.clientX - dragged.x) < DRAG_BEYOND)) return;
    dragged.moved = true;
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('.head-cell');
    const target = under?.dataset['column'];
    if (target === undefined || target === dragged.id) return;
    ui.setState(({ shownColumns }) => ({
      shownColumns: moveColumn(shownColumns ?? USUAL_COLUMNS, dragged.id, target),
    }));
  };
  const end = (column: Column): void => {
    if (drag.current?.moved === false) sortBy(ui, column);
    drag.current = undefined;
  };

  /** Arrows go from title to title; with Alt they move a column, with Shift they make it wider or narrower. */
  const onKeyDown = (event: KeyboardEvent, column: PlacedColumn, place: number): void => {
    if (event.key === 'Enter' || event.key === ' ') return event.stopPropagation();
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (event.ctrlKey || event.metaKey || (step === 0 && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    event.stopPropagation();
    const target = columns[place + step];
    if (step === 0) event.currentTarget.closest<HTMLElement>('.request-list')?.focus();
    else if (event.shiftKey) resizeColumn(ui, column, column.style.width + step * RESIZE_STEP);
    else if (target === undefined) return;
    else if (event.altKey) {
      ui.setState(({ shownColumns }) => ({
        shownColumns: moveColumn(shownColumns ?? USUAL_COLUMNS, column.id, target.id),
      }));
    } else {
      const title = `[data-column="${CSS.escape(target.id)}"] .head-title`;
      event.currentTarget.closest('.list-head')?.querySelector<HTMLElement>(title)?.focus();
    }
  };

  return (
    <div className="list-head" role="row" aria-rowindex={1}>
      {columns.map((column, place) => (
        <div
          key={column.id}
          role="columnheader"
          aria-colindex={place + 1}
          aria-sort={sortedAs(sort, column)}
          className="head-cell"
          data-column={column.id}
          data-align={column.align}
          data-sorted={isShownAsSorted(sort, column)}
          title={columnName(t, column)}
          style={column.style}
          onPointerDown={(event) => begin(event, column.id)}
          onPointerMove={move}
          onPointerUp={() => end(column)}
          onPointerCancel={() => (drag.current = undefined)}
        >
          <button
            type="button"
            className="head-title"
            tabIndex={column.id === entry ? 0 : -1}
            onFocus={() => setEntry(column.id)}
            onKeyDown={(event) => onKeyDown(event, column, place)}
            // A click with the mouse may be a drag, which is told apart above.
            onClick={(event) => {
              if (event.detail === 0) sortBy(ui, column);
            }}
          >
            {columnTitle(t, column)}
            {isShownAsSorted(sort, column) && <SortArrow descending={sort.descending} />}
          </button>
          {column.id !== 'path' && <ColumnGrip column={column} fromLeft={place > pathPlace} />}
        </div>
      ))}
    </div>
  );
}

function SortArrow({ descending }: { readonly descending: boolean }): ReactElement {
  const Arrow = descending ? ArrowDown : ArrowUp;
  return <Arrow className="icon icon-small sort-arrow" aria-hidden="true" />;
}

/** The order of arrival is what a list without any sorting has: it is not worth an arrow. */
function isShownAsSorted(sort: Sort, column: Column): boolean {
  const isArrival = sort.key === ARRIVAL.key && sort.descending === ARRIVAL.descending;
  return sort.key === column.sort && !isArrival;
}

/** Undefined for a column that nothing can be sorted by. */
function sortedAs(sort: Sort, column: Column): 'none' | 'ascending' | 'descending' | undefined {
  if (column.sort === undefined) return undefined;
  if (sort.key !== column.sort) return 'none';
  return sort.descending ? 'descending' : 'ascending';
}

/** From ascending to descending and back to the order of arrival. */
function sortBy(ui: UiStore, { sort: key }: Column): void {
  if (key === undefined) return;
  ui.setState(({ sort }) => {
    if (sort.key !== key) return { sort: { key, descending: false } };
    return { sort: sort.descending ? ARRIVAL : { key, descending: true } };
  });
}

function resizeColumn(ui: UiStore, { id, minWidth }: Column, pixels: number): void {
  if (id === 'path') return;
  const width = Math.round(Math.max(minWidth, pixels));
  ui.setState(({ columnWidths }) => ({ columnWidths: { ...columnWidths, [id]: width } }));
}

/** Columns right of the path grow to the left, so their grip is at their left edge. */
function ColumnGrip({ column, fromLeft }: { readonly column: Column; readonly fromLeft: boolean }): ReactElement {
  const { ui } = useInspector();
  const drag = useRef<{ readonly x: number; readonly width: number } | undefined>(undefined);

  const begin = (event: PointerEvent<HTMLSpanElement>): void => {
    event.preventDefault();
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    const width = event.currentTarget.parentElement?.getBoundingClientRect().width ?? column.width;
    drag.current = { x: event.clientX, width };
  };

  const move = (event: PointerEvent<HTMLSpanElement>): void => {
    if (drag.current === undefined) return;
    const distance = event.clientX - drag.current.x;
    resizeColumn(ui, column, drag.current.width + (fromLeft ? -distance : distance));
  };

  const end = (event: PointerEvent<HTMLSpanElement>): void => {
    event.stopPropagation();
    drag.current = undefined;
  };

  const reset = (): void => {
    ui.setState(({ columnWidths }) => {
      const rest = Object.entries(columnWidths).filter(([id]) => id !== column.id);
      return { columnWidths: Object.fromEntries(rest) };
    });
  };

  return (
    <span
      className="column-grip"
      data-edge={fromLeft ? 'left' : 'right'}
      aria-hidden="true"
      onPointerDown={begin}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
      onDoubleClick={reset}
    />
  );
}
