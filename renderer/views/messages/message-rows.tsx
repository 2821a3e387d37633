import { ArrowDown, ArrowUp, TriangleAlert } from 'lucide-react';
import { memo, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { KeyboardEvent, MouseEvent, ReactElement } from 'react';
import { useStore } from 'zustand';
import { parseEventBlock } from '../../../shared/event-stream.ts';
import type { MessageEntry } from '../../../shared/messages.ts';
import type { Translate } from '../../i18n/translate.ts';
import { formatBytes, formatClock } from '../../format/units.ts';
import { visibleText } from '../../format/visible-text.ts';
import type { Move } from '../../store/selection.ts';
import type { MessageList } from '../../store/message-list.ts';
import { useSession, useT } from '../inspector-context.tsx';
import { closeWords } from './close-words.ts';
import { listMove } from '../rows/list-keys.ts';
import { RowScroller } from '../rows/row-scroller.ts';
import { useRowHeight } from '../rows/use-row-height.ts';
import { rowSlots } from '../rows/row-window.ts';

interface MessageRowsProps {
  readonly list: MessageList;
  /** Changes with the list. */
  readonly version: number;
  readonly selected: number | undefined;
  readonly onSelect: (index: number) => void;
}

const ROW_ID = 'message-';

/** The messages, oldest first; the newest stay in sight while the end is. */
export function MessageRows({ list, version, selected, onSelect }: MessageRowsProps): ReactElement {
  const t = useT();
  const epoch = useSession((state) => state.status?.epoch ?? 0);
  const scroller = useRef<HTMLDivElement>(null);
  const scroll = useMemo(
    () =>
      new RowScroller(
        {
          get count() {
            return list.count;
          },
          idAt: (position) => list.indexAt(position),
          positionOf: (index) => list.positionOf(index),
        },
        true,
      ),
    [list],
  );
  const rowHeight = useRowHeight(scroll);
  const { window: rows, following } = useStore(scroll.store);
  useEffect(() => (scroller.current === null ? undefined : scroll.attach(scroller.current)), [scroll]);
  useLayoutEffect(() => scroll.rowsChanged(), [scroll, version]);
  // The selected message's content takes a part of the list's room when it opens.
  useLayoutEffect(() => {
    if (selected !== undefined) scroll.showRow(selected);
  }, [scroll, selected]);
  useEffect(() => list.show(rows.first, rows.end), [list, rows, version]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const move = listMove(event);
    if (move === undefined || list.count === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const from = selected === undefined ? undefined : list.positionOf(selected).index;
    const position = moved(from, move, scroll.pageSize, list.count);
    const index = list.indexAt(position);
    if (index === undefined) return;
    onSelect(index);
  };
  const press = (event: MouseEvent): void => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.message-row') : null;
    if (event.button === 0 && row !== null) onSelect(Number(row.id.slice(ROW_ID.length)));
  };

  const slots = rowSlots(rows, list.count);
  const drawn = slots.some(({ position }) => list.indexAt(position) === selected);
  return (
    <div className="messages-frame">
      <div
        ref={scroller}
        className="messages-list"
        role="grid"
        tabIndex={0}
        aria-label={t('messages.messages')}
        aria-rowcount={list.count + 1}
        aria-activedescendant={drawn ? `${ROW_ID}${selected}` : undefined}
        onKeyDown={onKeyDown}
      >
        <div className="messages-head" role="row">
          <span role="columnheader" aria-label={t('messages.direction')} />
          <span role="columnheader">{t('messages.time')}</span>
          <span role="columnheader">{t('messages.kind')}</span>
          <span role="columnheader" className="message-size">
            {t('messages.size')}
          </span>
          <span role="columnheader">{t('messages.content')}</span>
        </div>
        <div className="messages-body" role="rowgroup" style={{ height: list.count * rowHeight }} onMouseDown={press}>
          {slots.map(({ slot, position }) => {
            const index = list.indexAt(position) as number;
            return (
              <MessageRow
                key={slot}
                index={index}
                position={position}
                top={position * rowHeight}
                entry={list.entry(index)}
                selected={index === selected}
                epoch={epoch}
              />
            );
          })}
        </div>
      </div>
      {!following && list.count > 0 && (
        <button type="button" className="button jump-to-end" onClick={() => scroll.showEnd()}>
          <ArrowDown className="icon icon-small" />
          {t('messages.newestOf', { count: list.count })}
        </button>
      )}
    </div>
  );
}

function moved(from: number | undefined, move: Move, page: number, count: number): number {
  const last = count - 1;
  if (move === 'first') return 0;
  if (move === 'last' || from === undefined) return last;
  const by = { next: 1, previous: -1, 'page-down': page, 'page-up': -page }[move];
  return Math.min(last, Math.max(0, from + by));
}

interface MessageRowProps {
  readonly index: number;
  readonly position: number;
  /** Where it is drawn, in pixels below the first row. */
  readonly top: number;
  readonly entry: MessageEntry | 'lost' | undefined;
  readonly selected: boolean;
  readonly epoch: number;
}

const MessageRow = memo(function MessageRow({
  index,
  position,
  top,
  entry,
  selected,
  epoch,
}: MessageRowProps): ReactElement {
  const t = useT();
  const known = entry === undefined || entry === 'lost' ? undefined : entry;
  return (
    <div
      id={`${ROW_ID}${index}`}
      className="message-row"
      role="row"
      aria-rowindex={position + 2}
      aria-selected={selected}
      data-odd={position % 2 === 1}
      style={{ transform: `translateY(${top}px)` }}
    >
      {known === undefined ? (
        <span className="message-lost" role="gridcell">
          {entry === 'lost' ? t('messages.notKept') : ''}
        </span>
      ) : (
        <Cells entry={known} epoch={epoch} />
      )}
    </div>
  );
});

function Cells({ entry, epoch }: { readonly entry: MessageEntry; readonly epoch: number }): ReactElement {
  const t = useT();
  const sent = entry.direction === 'sent';
  const Arrow = sent ? ArrowUp : ArrowDown;
  return (
    <>
      <span role="gridcell" className={sent ? 'message-sent' : 'message-received'}>
        <Arrow
          className="icon icon-small"
          aria-label={sent ? t('messages.factDirectionSent') : t('messages.factDirectionReceived')}
        />
      </span>
      <span role="gridcell" className="message-time">
        {formatClock(epoch + entry.at)}
      </span>
      <span role="gridcell" className="message-kind" data-kind={entry.kind}>
        {kindWord(t, entry)}
      </span>
      <span role="gridcell" className="message-size">
        {formatBytes(entry.size)}
      </span>
      <span role="gridcell" className="message-preview" data-quiet={isQuiet(entry)}>
        {entry.problems.length > 0 && (
          <TriangleAlert className="icon icon-small message-warning" aria-label={t('messages.breaks')} />
        )}
        <bdi>{previewOf(t, entry)}</bdi>
      </span>
    </>
  );
}

/** What kind of message it is, in one word: for an event its type. */
export function kindWord(t: Translate, entry: MessageEntry): string {
  if (entry.kind === 'event') return visibleText(parseEventBlock(entry.preview).type.slice(0, 40));
  if (entry.kind === 'continuation') return entry.fin ? t('messages.kindEnd') : '…';
  return entry.fin ? entry.kind : `${entry.kind} …`;
}

function isQuiet({ kind, captured, coding }: MessageEntry): boolean {
  return captured === 0 || coding === 'compressed' || !['text', 'event', 'continuation', 'close'].includes(kind);
}

function previewOf(t: Translate, entry: MessageEntry): string {
  const { kind, close, captured, size } = entry;
  if (close !== undefined) {
    const reason = close.reason === '' ? '' : `: ${close.reason}`;
    return visibleText(`${close.code} ${closeWords(t, close.code)}${reason}`);
  }
  if (captured === 0) return size === 0 ? t('messages.empty') : t('messages.payloadNotKept');
  if (kind === 'event') return visibleText(parseEventBlock(entry.preview).data.replace(/\s+/g, ' '));
  return visibleText(entry.preview.replace(/\s+/g, ' '));
}
