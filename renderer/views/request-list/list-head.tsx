import { ArrowDown, ArrowUp } from 'lucide-react';
import { useRef } from 'react';
import type { PointerEvent, ReactElement } from 'react';
import { ARRIVAL } from '../../store/query/sort-key.ts';
import type { Sort } from '../../store/query/sort-key.ts';
import type { UiStore } from '../../store/ui-store.ts';
import { useInspector, useUi } from '../inspector-context.tsx';
import { moveColumn, USUAL_COLUMNS } from './columns.ts';
import type { Column } from './column.ts';
import type { PlacedColumn } from './columns.ts';

/** Pixels that a title has to be dragged before it moves: a click may tremble. */
const DRAG_BEYOND = 6;

/** The column titles: a click sorts, dragging moves a column, and the line at a title's edge resizes it. */
export function ListHead({ columns }: { readonly columns: readonly PlacedColumn[] }): ReactElement {
  const { ui } = useInspector();
  const sort = useUi((state) => state.sort);
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
          title={column.name}
          style={column.style}
          onPointerDown={(event) => begin(event, column.id)}
          onPointerMove={move}
          onPointerUp={() => end(column)}
          onPointerCancel={() => (drag.current = undefined)}
        >
          {column.title}
          {isShownAsSorted(sort, column) && <SortArrow descending={sort.descending} />}
          {column.id !== 'path' && <ColumnGrip column={column} />}
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

/** Columns right of the path grow to the left, so their grip is at their left edge. */
function ColumnGrip({ column }: { readonly column: Column }): ReactElement {
  const { ui } = useInspector();
  const drag = useRef<{ readonly x: number; readonly width: number } | undefined>(undefined);
  const fromLeft = !['id', 'time', 'method', 'host'].includes(column.id);

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
    const width = Math.round(Math.max(column.minWidth, drag.current.width + (fromLeft ? -distance : distance)));
    ui.setState(({ columnWidths }) => ({ columnWidths: { ...columnWidths, [column.id]: width } }));
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
