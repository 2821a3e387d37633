import {
  CircleAlert,
  GitCompareArrows,
  ListChecks,
  MessageSquare,
  Pin,
  Repeat,
  Strikethrough,
  TriangleAlert,
} from 'lucide-react';
import { memo } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand';
import type { ExchangeRow } from '../../../shared/exchange-view.ts';
import type { Annotation } from '../../../shared/annotation.ts';
import type { ExchangeField } from '../../../shared/search-contract.ts';
import type { Translate } from '../../i18n/translate.ts';
import { visibleLines } from '../../format/visible-text.ts';
import { splitUrl } from '../../../shared/url-parts.ts';
import { MethodName, StatusLabel, VerdictBadge } from '../common/labels.tsx';
import { RawText } from '../common/raw-text.tsx';
import { useInspector, useT, useTrace, useUi } from '../inspector-context.tsx';
import { cellText } from './cell-text.ts';
import type { Column } from './column.ts';
import type { PlacedColumn } from './columns.ts';
import { rowElementId } from './row-element.ts';
import { WaterfallCell } from './waterfall-cell.tsx';
import type { WaterfallState } from './waterfall-store.ts';

interface RequestRowProps {
  readonly id: number;
  /** The row's place in the list, from 0. */
  readonly position: number;
  /** Where it is drawn, in pixels below the first row. */
  readonly top: number;
  /** How deep it stands in a tree, from 1; undefined in a flat list. */
  readonly level: number | undefined;
  readonly selected: boolean;
  /** Its details are shown. */
  readonly current: boolean;
  readonly columns: readonly PlacedColumn[];
  readonly epoch: number;
  readonly waterfall: StoreApi<WaterfallState>;
}

/** One exchange in the list. Drawn again only when its row object is a new one. */
export const RequestRow = memo(function RequestRow(props: RequestRowProps): ReactElement | null {
  const { id, position, top, level, selected, current, columns, epoch, waterfall } = props;
  const { index, annotations } = useInspector();
  const t = useT();
  const row = useTrace(() => index.get(id));
  const note = useStore(annotations.store, () => annotations.get(id));
  if (row === undefined) return null;
  const failed = row.outcome !== undefined && row.outcome.kind !== 'completed';
  return (
    <div
      id={rowElementId(id)}
      className="request-row"
      role="row"
      aria-rowindex={position + 2}
      aria-level={level}
      aria-selected={selected}
      data-current={current}
      data-failed={failed}
      data-mark={note?.mark}
      data-held={row.held}
      data-struck={note?.struck}
      data-running={row.end === undefined}
      style={level === undefined ? { top } : { top, '--level': level - 1 }}
    >
      {columns.map((column, place) => (
        <div
          key={column.id}
          role="gridcell"
          aria-colindex={place + 1}
          className="cell"
          data-column={column.field === undefined ? column.id : 'field'}
          data-align={column.align}
          style={column.style}
        >
          {column.id === 'waterfall' ? (
            <WaterfallCell row={row} waterfall={waterfall} />
          ) : (
            cellContent(t, column, row, note, epoch, columns)
          )}
        </div>
      ))}
    </div>
  );
});

const PLAIN = /^[\x20-\x7e]*$/;

/** Captured text; most of it is printable ASCII, which needs no element of its own inside its isolated cell. */
function rawText(text: string, limit: number): ReactNode {
  return text.length <= limit && PLAIN.test(text) ? text : <RawText text={text} limit={limit} />;
}

function cellContent(
  t: Translate,
  { id, field }: Column,
  row: ExchangeRow,
  note: Annotation | undefined,
  epoch: number,
  columns: readonly Column[],
): ReactNode {
  if (field !== undefined) return <FieldCell id={row.id} field={field} />;
  switch (id) {
    case 'method':
      return <MethodName method={row.method} />;
    case 'path':
      return <PathCell row={row} note={note} withHost={!columns.some(({ id }) => id === 'host')} />;
    case 'status':
      return <StatusLabel row={row} />;
    case 'cache':
      return row.verdict === undefined ? null : <VerdictBadge verdict={row.verdict} />;
    default:
      return rawText(cellText(t, id, row, note, epoch), 200);
  }
}

/** Empty until its value has been read. */
function FieldCell({ id, field }: { readonly id: number; readonly field: ExchangeField }): ReactNode {
  const { fields } = useInspector();
  const value = useStore(fields.store, () => fields.get(id, field));
  return value === undefined || value === null ? null : rawText(value, 300);
}

/** Whether bytes have passed through a tunnel: none do where its requests are rows of their own, or where it was refused. */
function isOpaque({ status = 0, requestBytes, responseBytes }: ExchangeRow): boolean {
  return status < 300 && requestBytes + responseBytes > 0;
}

interface PathCellProps {
  readonly row: ExchangeRow;
  readonly note: Annotation | undefined;
  readonly withHost: boolean;
}

function PathCell({ row, note, withHost }: PathCellProps): ReactElement {
  const t = useT();
  const collected = useUi(({ compareGroup }) => compareGroup.includes(row.id));
  const { host, path } = row.kind === 'malformed' ? { host: '', path: row.url } : splitUrl(row.url);
  const query = path.indexOf('?');
  const trouble = row.outcome !== undefined && row.outcome.kind !== 'completed';
  return (
    <>
      {note?.pinned === true && (
        <Pin className="icon icon-small row-icon" data-tone="pin" aria-label={t('list.pinned')} />
      )}
      {collected && (
        <GitCompareArrows className="icon icon-small row-icon" data-tone="pin" aria-label={t('list.collected')} />
      )}
      {note?.struck === true && <Strikethrough className="icon icon-small row-icon" aria-label={t('list.struck')} />}
      {note?.mark !== undefined && <span className="visually-hidden">{t(`list.marked-${note.mark}`)}</span>}
      {note?.comment !== undefined && (
        <MessageSquare
          className="icon icon-small row-icon"
          data-tone="pin"
          aria-label={t('list.commented', { text: visibleLines(note.comment) })}
        />
      )}
      {row.replay === true && <Repeat className="icon icon-small row-icon" aria-label={t('list.replay')} />}
      {row.rules !== undefined && (
        <ListChecks className="icon icon-small row-icon" data-tone="rule" aria-label={t('list.ruled')} />
      )}
      {trouble && (
        <CircleAlert className="icon icon-small row-icon" data-tone="bad" aria-label={t(`list.${row.outcome.kind}`)} />
      )}
      {!trouble && row.warnings > 0 && (
        <TriangleAlert
          className="icon icon-small row-icon"
          data-tone="warn"
          aria-label={t('list.warnings', { count: row.warnings })}
        />
      )}
      <span className="row-path">
        {withHost && (
          <span className="row-host">
            <RawText text={host} limit={200} />
          </span>
        )}
        {row.kind === 'tunnel' && (
          <span className="row-query">
            {withHost ? ' ' : ''}
            {t(isOpaque(row) ? 'list.opaqueTunnel' : 'list.tunnel')}
          </span>
        )}
        <RawText text={query < 0 ? path : path.slice(0, query)} limit={500} />
        {query >= 0 && (
          <span className="row-query">
            <RawText text={path.slice(query)} limit={500} />
          </span>
        )}
      </span>
    </>
  );
}
