import { ArrowDown } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { MouseEvent, ReactElement } from 'react';
import { useStore } from 'zustand';
import { currentLine } from '../../store/list-cursor.ts';
import type { ListLines } from '../../store/list-lines.ts';
import { useInspector, useSession, useT, useTrace, useUi } from '../inspector-context.tsx';
import { RowScroller } from '../rows/row-scroller.ts';
import type { ScrolledRows } from '../rows/row-scroller.ts';
import { useRowHeight } from '../rows/use-row-height.ts';
import { rowSlots } from '../rows/row-window.ts';
import { cellTitle } from './cell-title.ts';
import { GroupRow } from './group-row.tsx';
import { ListHead } from './list-head.tsx';
import { useColumnLayout, useCursorInSight, useFieldValues, useOrderFromStart } from './list-hooks.ts';
import { pressKey, pressRow } from './list-presses.ts';
import { RowMenu } from './row-menu.tsx';
import { RequestRow } from './request-row.tsx';
import { lineAt, rowElementId } from './row-element.ts';
import { WaterfallClock } from './waterfall-store.ts';
import { REQUEST_LIST_ID } from './focus-list.ts';
import './request-list.css';

/** The exchanges, oldest first or as they are sorted, in one list or under groups. */
export function RequestList(): ReactElement {
  const inspector = useInspector();
  const t = useT();
  const { index, trace, lines } = inspector;
  const scroller = useRef<HTMLDivElement>(null);
  const viewVersion = useTrace((state) => state.viewVersion);
  const shown = useTrace((state) => state.shown);
  const lineVersion = useStore(lines.store, (state) => state.version);
  const selection = useUi((state) => state.selection);
  const cursor = useUi(() => currentLine(inspector));
  const inArrival = useUi((state) => state.sort.key === 'id' && !state.sort.descending);
  const epoch = useSession((state) => state.status?.epoch ?? 0);
  const layout = useColumnLayout(scroller);
  const scroll = useMemo(() => new RowScroller(scrolledLines(lines), true), [lines]);
  const rowHeight = useRowHeight(scroll);
  const { window: rows, following } = useStore(scroll.store);
  const clock = useMemo(() => new WaterfallClock(index, lines, trace), [index, lines, trace]);
  const count = lines.ids.length;
  const { grouped } = lines;

  useEffect(() => clock.start(), [clock]);
  useEffect(() => clock.show(rows), [clock, rows]);
  useEffect(() => (scroller.current === null ? undefined : scroll.attach(scroller.current)), [scroll]);
  useOrderFromStart(scroll);
  useLayoutEffect(() => scroll.rowsChanged(), [scroll, viewVersion, lineVersion, shown]);
  useCursorInSight(scroll, cursor);
  useFieldValues(layout.columns, rows);

  // Titles are made for the one cell under the pointer, not for the hundreds that are drawn.
  const explain = (event: MouseEvent): void => {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('.cell') : null;
    const row = index.get(lineAt(cell) ?? 0);
    if (cell !== null && row !== undefined)
      cell.title = cellTitle(t, cell.dataset['column'], row, inspector.annotations.get(row.id), epoch);
  };

  const slots = rowSlots(rows, count).map((slot) => ({ ...slot, line: lines.ids[slot.position] as number }));
  const drawn = slots.find(({ line }) => line === cursor);
  return (
    <div className="list-frame" data-selected={cursor !== null}>
      <RowMenu>
        <div
          ref={scroller}
          id={REQUEST_LIST_ID}
          className="request-list"
          role={grouped ? 'treegrid' : 'grid'}
          tabIndex={0}
          aria-label={t('list.requests')}
          aria-multiselectable="true"
          aria-rowcount={count + 1}
          aria-colcount={layout.columns.length}
          aria-activedescendant={drawn === undefined ? undefined : rowElementId(drawn.line)}
          style={{ '--rows-width': `${layout.width}px` }}
          onKeyDown={(event) => pressKey(event, inspector, scroll.pageSize)}
        >
          <ListHead columns={layout.columns} />
          <div
            className="list-body"
            role="rowgroup"
            style={{ height: count * rowHeight }}
            onMouseDown={(event) => pressRow(event, inspector)}
            onMouseOver={explain}
          >
            {slots.map(({ slot, line, position }) => {
              const group = lines.groupAt(line);
              return group === undefined ? (
                <RequestRow
                  key={slot}
                  id={line}
                  position={position}
                  top={position * rowHeight}
                  level={grouped ? (lines.groupOf(line)?.level ?? 0) + 1 : undefined}
                  selected={selection.has(line)}
                  current={line === cursor}
                  columns={layout.columns}
                  epoch={epoch}
                  waterfall={clock.store}
                />
              ) : (
                <GroupRow
                  key={slot}
                  group={group}
                  position={position}
                  top={position * rowHeight}
                  open={lines.isOpen(group)}
                  current={line === cursor}
                  columns={layout.columns.length}
                  version={lineVersion}
                />
              );
            })}
          </div>
        </div>
      </RowMenu>
      {inArrival && !grouped && !following && count > 0 && (
        <button type="button" className="button jump-to-end" onClick={() => scroll.showEnd()}>
          <ArrowDown className="icon icon-small" />
          {t('list.newest', { count })}
        </button>
      )}
    </div>
  );
}

function scrolledLines(lines: ListLines): ScrolledRows {
  return {
    get count() {
      return lines.ids.length;
    },
    idAt: (position) => lines.ids[position],
    positionOf: (line) => lines.positionOf(line),
  };
}
