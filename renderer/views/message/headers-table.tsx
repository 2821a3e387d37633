import { useVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { headerPairs } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { visibleText } from '../../format/visible-text.ts';
import { formatCount } from '../../format/units.ts';
import { Rich } from '../../i18n/rich.tsx';
import { CopyButton } from '../common/copy-button.tsx';
import { Hint } from '../common/hint.tsx';
import { RawText } from '../common/raw-text.tsx';
import { useT } from '../inspector-context.tsx';
import { changeWords, fieldChanges } from './field-changes.ts';
import type { FieldChange } from './field-changes.ts';
import { fieldNote } from './field-notes.ts';

/** More fields than this are drawn only where they are in sight. Their heights differ, so each is measured. */
const DRAW_ALL_UP_TO = 150;
/** Characters of a value shown at first. */
const VALUE_LIMIT = 800;

const NO_FIELD: FieldChange = { name: '', value: '', kind: 'same' };

interface HeadersTableProps {
  readonly title: string;
  readonly headers: HeaderList;
  /** The fields behind the proxy, where they are known: what became of each is marked. */
  readonly behind?: HeaderList | undefined;
}

/** Header or trailer fields, in their order and with the case they had. */
export function HeadersTable({ title, headers, behind }: HeadersTableProps): ReactElement {
  const t = useT();
  const fields = useMemo(() => fieldChanges(headers, behind ?? headers), [headers, behind]);
  const asText = (): string => [...headerPairs(headers)].map(([name, value]) => `${name}: ${value}`).join('\n');
  const changes = changeWords(t, fields);
  return (
    <>
      <h3 className="section-title">
        {title}
        <span className="section-note">
          {formatCount(headers.length / 2)}
          {changes !== '' && ` · ${changes}`}
        </span>
        {fields.length > 0 && (
          <span className="section-actions">
            <CopyButton text={asText} label={t('message.copyAll', { title })} size="small" />
          </span>
        )}
      </h3>
      {fields.length === 0 && <p className="section-note">{t('message.none')}</p>}
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

function FieldLine({ field }: { readonly field: FieldChange }): ReactElement {
  const { name, value, kind, became } = field;
  const t = useT();
  const [whole, setWhole] = useState(false);
  return (
    <div className="field-line" role="row" data-change={kind}>
      <span className="field-name" role="rowheader">
        <FieldName name={name} />
      </span>
      <span className="field-value" role="cell">
        {value === '' ? (
          <span className="section-note">{t('message.empty')}</span>
        ) : (
          <RawText text={value} limit={whole ? Infinity : VALUE_LIMIT} />
        )}
        {value.length > VALUE_LIMIT && !whole && (
          <button type="button" className="link-button" onClick={() => setWhole(true)}>
            {t('message.showAll', { characters: formatCount(value.length) })}
          </button>
        )}
        {kind !== 'same' && (
          <span className="field-change">
            {kind === 'changed' ? (
              <Rich of="message.changed" with={{ value: <RawText text={became ?? ''} limit={300} /> }} />
            ) : (
              t(`message.${kind}`)
            )}
          </span>
        )}
      </span>
      <span className="field-copy" role="cell">
        <CopyButton text={value} label={t('message.copyValueOf', { name: visibleText(name) })} size="small" />
      </span>
    </div>
  );
}

/** A field's name; one that is known explains itself on hover and on focus. */
function FieldName({ name }: { readonly name: string }): ReactElement {
  const t = useT();
  const note = fieldNote(t, name);
  if (note === undefined) return <RawText text={name} limit={500} />;
  const [meaning, reference] = note;
  return (
    <Hint
      side="top"
      text={
        <>
          {meaning}
          <span className="field-reference">{reference}</span>
        </>
      }
    >
      <button type="button" className="field-term">
        <RawText text={name} limit={500} />
      </button>
    </Hint>
  );
}

function ManyFields({
  title,
  fields,
}: {
  readonly title: string;
  readonly fields: readonly FieldChange[];
}): ReactElement {
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
          <FieldLine field={fields[index] ?? NO_FIELD} />
        </div>
      ))}
    </div>
  );
}
