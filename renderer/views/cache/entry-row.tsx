import { memo } from 'react';
import type { ReactElement } from 'react';
import type { CacheEntryRow, EntryId } from '../../../shared/cache-contract.ts';
import { shortType } from '../../format/media-type.ts';
import { formatBytes, formatCount } from '../../format/units.ts';
import { splitUrl } from '../../../shared/url-parts.ts';
import { visibleText } from '../../format/visible-text.ts';
import { RawText } from '../common/raw-text.tsx';
import { useEngineTime } from './cache-context.tsx';
import { ENTRY_COLUMNS } from './entry-columns.ts';
import type { EntryColumn } from './entry-columns.ts';
import { ageWords, freshKind, freshWords, savedWords, usedWords, validatorWords, variantWords } from './entry-words.ts';
import type { Translate } from '../../i18n/translate.ts';
import { useT } from '../inspector-context.tsx';

const PREFIX = 'entry-';

/** The id of the element that stands for an entry, for `aria-activedescendant`. */
export function entryElementId(id: EntryId): string {
  return `${PREFIX}${id}`;
}

/** The entry whose row `target` is in, if any. */
export function entryAt(target: EventTarget | null): EntryId | undefined {
  const row = target instanceof Element ? target.closest(`.entry-row[id^="${PREFIX}"]`) : null;
  return row === null ? undefined : Number(row.id.slice(PREFIX.length));
}

interface EntryRowProps {
  /** Undefined while it is being fetched. */
  readonly row: CacheEntryRow | undefined;
  /** The row's place in the list, from 0. */
  readonly position: number;
  /** Where it is drawn, in pixels below the first row. */
  readonly top: number;
  readonly selected: boolean;
}

/** One entry in the list. What counts down in it is drawn by itself. */
export const EntryRow = memo(function EntryRow({ row, position, top, selected }: EntryRowProps): ReactElement {
  const t = useT();
  const style = { top };
  if (row === undefined) {
    return <div className="entry-row" role="row" aria-rowindex={position + 2} aria-busy="true" style={style} />;
  }
  return (
    <div
      id={entryElementId(row.id)}
      className="entry-row"
      role="row"
      aria-rowindex={position + 2}
      aria-selected={selected}
      data-usable={row.usable}
      style={style}
    >
      {ENTRY_COLUMNS.map((column, place) => (
        <div
          key={column.id}
          role="gridcell"
          aria-colindex={place + 1}
          className="entry-cell"
          data-column={column.id}
          data-align={column.align}
          title={titleOf(t, column, row)}
        >
          <CellContent column={column} row={row} />
        </div>
      ))}
    </div>
  );
});

interface CellProps {
  readonly column: EntryColumn;
  readonly row: CacheEntryRow;
}

function CellContent({ column, row }: CellProps): ReactElement | string {
  const t = useT();
  switch (column.id) {
    case 'uri':
      return <UriCell row={row} />;
    case 'variant':
      return row.selecting.length === 0 ? '' : <RawText text={variantWords(t, row)} limit={200} />;
    case 'status':
      return (
        <span className="status" data-class={String(row.status).charAt(0)}>
          {row.status}
        </span>
      );
    case 'type':
      return visibleText(shortType(row.contentType));
    case 'size':
      return formatBytes(row.bodyBytes);
    case 'age':
      return <AgeCell row={row} />;
    case 'ttl':
      return <FreshCell row={row} />;
    case 'validators':
      return <RawText text={validatorWords(t, row)} limit={80} />;
    case 'hits':
      return formatCount(row.hits);
    case 'used':
      return <UsedCell row={row} />;
    case 'saved':
      return savedWords(row);
  }
}

function UriCell({ row }: { readonly row: CacheEntryRow }): ReactElement {
  const t = useT();
  const { host, path } = splitUrl(row.uri);
  const query = path.indexOf('?');
  return (
    <>
      <span className="row-path">
        <span className="row-host">
          <RawText text={host} limit={200} />
        </span>
        <RawText text={query < 0 ? path : path.slice(0, query)} limit={500} />
        {query >= 0 && (
          <span className="row-query">
            <RawText text={path.slice(query)} limit={500} />
          </span>
        )}
      </span>
      {row.headOnly === true && <span className="badge entry-part">{t('cache.headOnly')}</span>}
      {row.part !== undefined && <span className="badge entry-part">{t('cache.part')}</span>}
    </>
  );
}

function AgeCell({ row }: { readonly row: CacheEntryRow }): ReactElement {
  return <>{useEngineTime((now) => ageWords(row, now))}</>;
}

function FreshCell({ row }: { readonly row: CacheEntryRow }): ReactElement {
  const t = useT();
  const words = useEngineTime((now) => freshWords(t, row, now));
  const kind = useEngineTime((now) => freshKind(row, now));
  return (
    <span className="fresh" data-kind={kind}>
      {kind === 'unusable' ? t('cache.notInMode') : words}
    </span>
  );
}

function UsedCell({ row }: { readonly row: CacheEntryRow }): ReactElement {
  const t = useT();
  return <>{useEngineTime((now) => usedWords(t, row, now))}</>;
}

/** What a cell tells on hover beyond what it shows. */
function titleOf(t: Translate, { id }: EntryColumn, row: CacheEntryRow): string | undefined {
  switch (id) {
    case 'uri':
      return visibleText(row.uri.slice(0, 2000));
    case 'variant':
      return row.selecting.length === 0 ? undefined : visibleText(variantWords(t, row).slice(0, 1000));
    case 'type':
      return row.contentType === '' ? undefined : visibleText(row.contentType);
    case 'validators':
      return visibleText(
        [row.etag, row.lastModified]
          .filter((value) => value !== undefined)
          .join(' · ')
          .slice(0, 500),
      );
    default:
      return undefined;
  }
}
