import { ArrowDown, ArrowUp, SearchX } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { KeyboardEvent, MouseEvent, ReactElement } from 'react';
import { useStore } from 'zustand';
import type { Move } from '../../store/selection.ts';
import { ENTRY_LIST_ID } from '../cache-page-keys.ts';
import { EmptyState } from '../common/empty-state.tsx';
import { useInspector, useT, useUi } from '../inspector-context.tsx';
import { listMove } from '../rows/list-keys.ts';
import { RowScroller } from '../rows/row-scroller.ts';
import { useRowHeight } from '../rows/use-row-height.ts';
import { rowSlots } from '../rows/row-window.ts';
import { useCacheList, useCachePage } from './cache-context.tsx';
import { ENTRY_COLUMNS } from './entry-columns.ts';
import type { EntryColumn } from './entry-columns.ts';
import { EntryRow, entryAt, entryElementId } from './entry-row.tsx';

/** The stored entries. Only the rows in sight are drawn, and only those around them are fetched. */
export function EntryList(): ReactElement {
  const t = useT();
  const { ui, purge } = useInspector();
  const { list } = useCachePage();
  const scroller = useRef<HTMLDivElement>(null);
  const total = useCacheList((state) => state.total ?? 0);
  // Rows are read from the list itself; each answer is a reason to draw them again.
  useCacheList((state) => state.version);
  const opened = useUi((state) => state.cacheEntry);
  const search = useUi((state) => state.cacheSearch);
  const order = useUi((state) => `${state.cacheSort} ${state.cacheAscending}`);
  const scroll = useMemo(
    () =>
      new RowScroller(
        {
          get count() {
            return list.store.getState().total ?? 0;
          },
          // Entries come and go anywhere in the order, so a row's place is what scrolling holds on to.
          idAt: () => undefined,
          positionOf: () => ({ index: 0, found: false }),
        },
        false,
      ),
    [list],
  );
  const rowHeight = useRowHeight(scroll);
  const { window: rows } = useStore(scroll.store);

  useEffect(() => (scroller.current === null ? undefined : scroll.attach(scroller.current)), [scroll]);
  useLayoutEffect(() => scroll.rowsChanged(), [scroll, total]);
  useEffect(() => scroll.showStart(), [scroll, search, order]);
  useEffect(() => list.show(rows), [list, rows]);

  const travel = async (move: Move): Promise<void> => {
    const from = opened === null ? undefined : list.positionOf(opened);
    const to = positionAfter(move, from, total, scroll.pageSize);
    if (to === undefined) return;
    scroll.showPosition(to);
    const row = await list.fetchRow(to);
    if (row !== undefined) ui.setState({ cacheEntry: row.id });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const move = listMove(event);
    if ((event.key === 'Delete' || event.key === 'Backspace') && isForList(event) && opened !== null) {
      event.preventDefault();
      event.stopPropagation();
      void purge({ id: opened });
      return;
    }
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    void travel(move);
  };

  const press = (event: MouseEvent): void => {
    const id = event.button === 0 ? entryAt(event.target) : undefined;
    if (id !== undefined) ui.setState({ cacheEntry: id });
  };

  const slots = rowSlots(rows, total);
  return (
    <div className="list-slot">
      <div className="list-frame entry-frame" data-selected={opened !== null}>
        <div
          ref={scroller}
          id={ENTRY_LIST_ID}
          className="request-list entry-list"
          role="grid"
          tabIndex={0}
          aria-label={t('cache.entries')}
          aria-rowcount={total + 1}
          aria-colcount={ENTRY_COLUMNS.length}
          aria-activedescendant={
            opened !== null && list.positionOf(opened) !== undefined ? entryElementId(opened) : undefined
          }
          onKeyDown={onKeyDown}
        >
          <div className="entry-head" role="row" aria-rowindex={1}>
            {ENTRY_COLUMNS.map((column, place) => (
              <HeadCell key={column.id} column={column} place={place} />
            ))}
          </div>
          <div className="list-body" role="rowgroup" style={{ height: total * rowHeight }} onMouseDown={press}>
            {slots.map(({ slot, position }) => (
              <EntryRow
                key={slot}
                row={list.rowAt(position)}
                position={position}
                top={position * rowHeight}
                selected={opened !== null && list.rowAt(position)?.id === opened}
              />
            ))}
          </div>
        </div>
        {total === 0 && search !== '' && <NoneFound search={search} />}
      </div>
    </div>
  );
}

function HeadCell({ column, place }: { readonly column: EntryColumn; readonly place: number }): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  const { id, title, sort, align } = column;
  const ascending = useUi((state) => (state.cacheSort === sort ? state.cacheAscending : undefined));
  const turn = (): void => {
    if (sort === undefined) return;
    ui.setState({
      cacheSort: sort,
      cacheAscending: ascending === undefined ? column.ascendingFirst === true : !ascending,
    });
  };
  return (
    <div
      role="columnheader"
      aria-colindex={place + 1}
      aria-sort={ascending === undefined ? undefined : ascending ? 'ascending' : 'descending'}
      className="entry-cell"
      data-column={id}
      data-align={align}
    >
      {sort === undefined ? (
        t(title)
      ) : (
        <button type="button" className="sort-button" onClick={turn}>
          {t(title)}
          {ascending === true && <ArrowUp className="icon icon-small" aria-hidden="true" />}
          {ascending === false && <ArrowDown className="icon icon-small" aria-hidden="true" />}
        </button>
      )}
    </div>
  );
}

function NoneFound({ search }: { readonly search: string }): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  return (
    <div className="list-cover">
      <EmptyState icon={<SearchX className="icon" />} title={t('cache.noneFound')}>
        <p>{t('cache.noneFoundNote', { search: search.slice(0, 200) })}</p>
        <button type="button" className="button" onClick={() => ui.setState({ cacheSearch: '' })}>
          {t('cache.showAll')}
        </button>
      </EmptyState>
    </div>
  );
}

/** Whether a key is pressed alone, and on the list rather than on one of its titles. */
function isForList({ ctrlKey, metaKey, altKey, shiftKey, target, currentTarget }: KeyboardEvent): boolean {
  return target === currentTarget && !ctrlKey && !metaKey && !altKey && !shiftKey;
}

/** Where a key leads, from the selected row's place if that is known. */
function positionAfter(move: Move, from: number | undefined, total: number, page: number): number | undefined {
  const last = total - 1;
  if (last < 0) return undefined;
  const step = Math.max(1, page - 1);
  switch (move) {
    case 'first':
      return 0;
    case 'last':
      return last;
    case 'next':
      return from === undefined ? 0 : Math.min(last, from + 1);
    case 'previous':
      return from === undefined ? last : Math.max(0, from - 1);
    case 'page-down':
      return Math.min(last, (from ?? 0) + step);
    case 'page-up':
      return Math.max(0, (from ?? last) - step);
  }
}
