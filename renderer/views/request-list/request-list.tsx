import { ArrowDown } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent, ReactElement, RefObject } from 'react';
import { useStore } from 'zustand';
import { formatCount } from '../../format/units.ts';
import { idsBetween, moveSelection } from '../../store/selection.ts';
import type { TraceIndex } from '../../store/trace-index.ts';
import { useInspector, useSession, useTrace, useUi } from '../inspector-context.tsx';
import { listMove } from '../rows/list-keys.ts';
import { ROW_HEIGHT, RowScroller } from '../rows/row-scroller.ts';
import type { ScrolledRows } from '../rows/row-scroller.ts';
import { rowSlots } from '../rows/row-window.ts';
import type { RowWindow } from '../rows/row-window.ts';
import { cellTitle } from './cell-title.ts';
import { layOutColumns, USUAL_COLUMNS } from './columns.ts';
import type { PlacedColumn } from './columns.ts';
import { ListHead } from './list-head.tsx';
import { RowMenu } from './row-menu.tsx';
import { RequestRow } from './request-row.tsx';
import { exchangeAt, rowElementId } from './row-element.ts';
import { WaterfallClock } from './waterfall-store.ts';
import './request-list.css';

/** The exchanges, oldest first. */
export function RequestList(): ReactElement {
  const { index, trace, ui } = useInspector();
  const scroller = useRef<HTMLDivElement>(null);
  const count = useTrace((state) => state.shown);
  const viewVersion = useTrace((state) => state.viewVersion);
  const selectedId = useUi((state) => state.selectedId);
  const selection = useUi((state) => state.selection);
  const inArrival = useUi((state) => state.sort.key === 'id' && !state.sort.descending);
  const epoch = useSession((state) => state.status?.epoch ?? 0);
  const layout = useColumnLayout(scroller);
  const scroll = useMemo(() => new RowScroller(tracedRows(index), true), [index]);
  const { window: rows, following } = useStore(scroll.store);
  const clock = useMemo(() => new WaterfallClock(index, trace), [index, trace]);

  useEffect(() => clock.start(), [clock]);
  useEffect(() => clock.show(rows), [clock, rows]);
  useEffect(() => (scroller.current === null ? undefined : scroll.attach(scroller.current)), [scroll]);
  useOrderFromStart(scroll);
  useLayoutEffect(() => scroll.rowsChanged(), [scroll, viewVersion, count]);
  useSelectionInSight(scroll, selectedId);
  useFieldValues(layout.columns, rows);

  const find = (id: number): ReturnType<TraceIndex['positionOf']> => index.positionOf(id);

  /** A click selects one row; with Shift all up to it, with Ctrl it comes to the others or leaves them. */
  const press = (event: MouseEvent): void => {
    const id = event.button === 0 ? exchangeAt(event.target) : undefined;
    if (id === undefined) return;
    if (event.shiftKey) ui.setState({ selection: new Set(idsBetween(index.view, find, selectedId, id)) });
    else if (!event.ctrlKey && !event.metaKey)
      ui.setState({ selectedId: id, selection: new Set([id]), detailsOpen: true });
    else if (selection.size > 1 && selection.has(id)) {
      const rest = new Set([...selection].filter((other) => other !== id));
      ui.setState({ selection: rest, ...(id === selectedId ? { selectedId: [...rest].at(-1) ?? null } : {}) });
    } else ui.setState({ selection: new Set([...selection, id]), selectedId: id });
    if (event.shiftKey) event.preventDefault();
  };

  // Titles are made for the one cell under the pointer, not for the hundreds that are drawn.
  const explain = (event: MouseEvent): void => {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('.cell') : null;
    const row = index.get(exchangeAt(cell) ?? 0);
    if (cell !== null && row !== undefined) cell.title = cellTitle(cell.dataset['column'], row, epoch);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      ui.setState({ selection: new Set(index.view), selectedId: selectedId ?? index.view[0] ?? null });
      return;
    }
    const move = listMove(event);
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const id = moveSelection(index.view, selectedId, move, scroll.pageSize, find);
    if (id === undefined) return;
    const more = event.shiftKey ? idsBetween(index.view, find, selectedId, id) : [];
    ui.setState({ selectedId: id, selection: new Set(event.shiftKey ? [...selection, ...more] : [id]) });
  };

  const slots = rowSlots(rows, index.view.length).map((slot) => ({ ...slot, id: index.view[slot.position] as number }));
  const drawn = slots.find(({ id }) => id === selectedId);
  return (
    <div className="list-frame" data-selected={selectedId !== null}>
      <RowMenu>
        <div
          ref={scroller}
          id="request-list"
          className="request-list"
          role="grid"
          tabIndex={0}
          aria-label="Requests"
          aria-multiselectable="true"
          aria-rowcount={count + 1}
          aria-colcount={layout.columns.length}
          aria-activedescendant={drawn === undefined ? undefined : rowElementId(drawn.id)}
          style={{ '--rows-width': `${layout.width}px` }}
          onKeyDown={onKeyDown}
        >
          <ListHead columns={layout.columns} />
          <div
            className="list-body"
            role="rowgroup"
            style={{ height: count * ROW_HEIGHT }}
            onMouseDown={press}
            onMouseOver={explain}
          >
            {slots.map(({ slot, id, position }) => (
              <RequestRow
                key={slot}
                id={id}
                position={position}
                selected={selection.has(id)}
                current={id === selectedId}
                columns={layout.columns}
                epoch={epoch}
                waterfall={clock.store}
              />
            ))}
          </div>
        </div>
      </RowMenu>
      {inArrival && !following && count > 0 && (
        <button type="button" className="button jump-to-end" onClick={() => scroll.showEnd()}>
          <ArrowDown className="icon icon-small" />
          Newest of {formatCount(count)}
        </button>
      )}
    </div>
  );
}

function tracedRows(index: TraceIndex): ScrolledRows {
  return {
    get count() {
      return index.view.length;
    },
    idAt: (position) => index.view[position],
    positionOf: (id) => index.positionOf(id),
  };
}

/** The columns that fit, again whenever the list's width changes. */
function useColumnLayout(scroller: RefObject<HTMLElement | null>): ReturnType<typeof layOutColumns> {
  const widths = useUi((state) => state.columnWidths);
  const shown = useUi((state) => state.shownColumns) ?? USUAL_COLUMNS;
  const [available, setAvailable] = useState(1000);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setAvailable(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);

  return useMemo(() => layOutColumns(available, widths, shown), [available, widths, shown]);
}

/** Who sorts wants to see what comes first then. To be used in front of what tells the scroller of other rows. */
function useOrderFromStart(scroll: RowScroller): void {
  const sort = useUi((state) => state.sort);
  const sorted = useRef(sort);
  useLayoutEffect(() => {
    scroll.followEnd(sort.key === 'id' && !sort.descending);
    if (sorted.current === sort) return;
    sorted.current = sort;
    scroll.startOver();
  }, [scroll, sort]);
}

/** Has the fields that are columns read for the rows in sight, and again as these go on. */
function useFieldValues(columns: readonly PlacedColumn[], { first, end }: RowWindow): void {
  const { fields, index, trace } = useInspector();
  useEffect(() => {
    const wanted = columns.flatMap(({ field }) => field ?? []);
    if (wanted.length === 0) return;
    const show = (): void => {
      const rows = index.view.slice(first, end).flatMap((id) => index.get(id) ?? []);
      fields.show(rows, wanted);
    };
    show();
    return trace.subscribe(show);
  }, [columns, first, end, fields, index, trace]);
}

/** Scrolls only when the selection has moved, never when rows come and go. */
function useSelectionInSight(scroll: RowScroller, selectedId: number | null): void {
  const shown = useRef<number | null>(null);
  useEffect(() => {
    if (selectedId === shown.current) return;
    shown.current = selectedId;
    if (selectedId !== null) scroll.showRow(selectedId);
  }, [selectedId, scroll]);
}
