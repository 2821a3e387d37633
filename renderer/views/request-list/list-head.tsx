import { useRef } from 'react';
import type { PointerEvent, ReactElement } from 'react';
import { useInspector } from '../inspector-context.tsx';
import type { Column, PlacedColumn } from './columns.ts';

/** The column titles; the line at a title's right edge resizes the column. */
export function ListHead({ columns }: { readonly columns: readonly PlacedColumn[] }): ReactElement {
  return (
    <div className="list-head" role="row" aria-rowindex={1}>
      {columns.map((column, place) => (
        <div
          key={column.id}
          role="columnheader"
          aria-colindex={place + 1}
          className="head-cell"
          data-column={column.id}
          data-align={column.align}
          style={column.style}
        >
          {column.title}
          {column.id !== 'path' && <ColumnGrip column={column} />}
        </div>
      ))}
    </div>
  );
}

/** Columns right of the path grow to the left, so their grip is at their left edge. */
function ColumnGrip({ column }: { readonly column: Column }): ReactElement {
  const { ui } = useInspector();
  const drag = useRef<{ readonly x: number; readonly width: number } | undefined>(undefined);
  const fromLeft = !['id', 'time', 'method', 'host'].includes(column.id);

  const begin = (event: PointerEvent<HTMLSpanElement>): void => {
    event.preventDefault();
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

  const end = (): void => {
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
