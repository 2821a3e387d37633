import { useVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { headerPairs } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { visibleText } from '../../format/visible-text.ts';
import { formatCount } from '../../format/units.ts';
import { CopyButton } from '../common/copy-button.tsx';
import { RawText } from '../common/raw-text.tsx';

type Field = readonly [name: string, value: string];

/** More fields than this are drawn only where they are in sight. Their heights differ, so each is measured. */
const DRAW_ALL_UP_TO = 150;
/** Characters of a value shown at first. */
const VALUE_LIMIT = 800;

interface HeadersTableProps {
  readonly title: string;
  readonly headers: HeaderList;
}

/** Header or trailer fields, in their order and with the case they had. */
export function HeadersTable({ title, headers }: HeadersTableProps): ReactElement {
  const fields = useMemo(() => [...headerPairs(headers)], [headers]);
  const asText = (): string => fields.map(([name, value]) => `${name}: ${value}`).join('\n');
  return (
    <>
      <h3 className="section-title">
        {title}
        <span className="section-note">{fields.length}</span>
        {fields.length > 0 && (
          <span className="section-actions">
            <CopyButton text={asText} label={`Copy all ${title.toLowerCase()}`} size="small" />
          </span>
        )}
      </h3>
      {fields.length === 0 && <p className="section-note">None.</p>}
      {fields.length > DRAW_ALL_UP_TO ? (
        <ManyFields title={title} fields={fields} />
      ) : (
        <div className="fields" role="table" aria-label={title}>
          {fields.map((field, place) => (
            <FieldLine key={place} field={field} />
          ))}
        </div>
      )}
    </>
  );
}

function FieldLine({ field: [name, value] }: { readonly field: Field }): ReactElement {
  const [whole, setWhole] = useState(false);
  return (
    <div className="field-line" role="row">
      <span className="field-name" role="rowheader">
        <RawText text={name} limit={500} />
      </span>
      <span className="field-value" role="cell">
        {value === '' ? (
          <span className="section-note">(empty)</span>
        ) : (
          <RawText text={value} limit={whole ? Infinity : VALUE_LIMIT} />
        )}
        {value.length > VALUE_LIMIT && !whole && (
          <button type="button" className="link-button" onClick={() => setWhole(true)}>
            Show all {formatCount(value.length)} characters
          </button>
        )}
      </span>
      <span className="field-copy" role="cell">
        <CopyButton text={value} label={`Copy the value of ${visibleText(name)}`} size="small" />
      </span>
    </div>
  );
}

function ManyFields({ title, fields }: { readonly title: string; readonly fields: readonly Field[] }): ReactElement {
  const list = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  const scroller = (): HTMLElement | null => list.current?.closest('.details-scroll') ?? null;

  useLayoutEffect(() => setMargin(list.current?.offsetTop ?? 0), []);

  // eslint-disable-next-line react-hooks/incompatible-library -- what it returns is used here only, never memoised
  const virtualizer = useVirtualizer({
    count: fields.length,
    getScrollElement: scroller,
    estimateSize: () => 24,
    scrollMargin: margin,
    overscan: 20,
  });

  return (
    <div
      ref={list}
      className="fields-many"
      role="table"
      aria-label={title}
      aria-rowcount={fields.length}
      style={{ height: virtualizer.getTotalSize() }}
    >
      {virtualizer.getVirtualItems().map(({ key, index, start }) => (
        <div
          key={key}
          ref={virtualizer.measureElement}
          data-index={index}
          className="fields fields-placed"
          role="presentation"
          style={{ transform: `translateY(${start - margin}px)` }}
        >
          <FieldLine field={fields[index] ?? ['', '']} />
        </div>
      ))}
    </div>
  );
}
