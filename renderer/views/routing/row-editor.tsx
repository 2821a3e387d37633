import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { useId } from 'react';
import type { ReactElement } from 'react';
import { ListActions } from './list-actions.tsx';
import { useListFocus } from './use-list-focus.ts';
import { useSavedList } from './saved-list.ts';
import { useT } from '../inspector-context.tsx';

/** A part of each row. */
export interface Column {
  readonly key: string;
  readonly label: string;
  readonly placeholder?: string;
  readonly secret?: boolean;
  /** What may be meant, for completion. */
  readonly words?: readonly string[];
}

export type TextRecord = Readonly<Record<string, string>>;

interface RowEditorProps {
  readonly title: string;
  readonly note: string;
  /** What a row is. */
  readonly noun: 'Route' | 'Override' | 'Certificate';
  readonly columns: readonly Column[];
  readonly saved: readonly TextRecord[];
  readonly patchOf: (rows: readonly TextRecord[]) => unknown;
  /** The order counts and can be changed. */
  readonly ordered?: boolean;
}

/** A list of rows with several fields. Nothing is saved until it is right and somebody says so. */
export function RowEditor({ title, note, noun, columns, saved, patchOf, ordered }: RowEditorProps): ReactElement {
  const t = useT();
  const id = useId();
  const list = useSavedList(saved, patchOf);
  const root = useListFocus(list.problems);
  const rows = list.value;
  const move = (from: number, to: number): void => {
    const moved = [...rows];
    const [row] = moved.splice(from, 1);
    if (row !== undefined) moved.splice(to, 0, row);
    list.edit(moved);
  };
  return (
    <form
      ref={root}
      className="routing-rows"
      aria-labelledby={`${id}-title`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        list.save();
      }}
    >
      <header className="routing-rows-head">
        <h3 id={`${id}-title`}>{title}</h3>
        <button
          type="button"
          className="button"
          data-focus-heir
          onClick={() => list.edit([...rows, Object.fromEntries(columns.map(({ key }) => [key, '']))])}
        >
          <Plus className="icon icon-small" />
          {t(`routing.add${noun}`)}
        </button>
      </header>
      <p className="section-note">{note}</p>
      {rows.map((row, place) => (
        <div key={place} className="routing-row">
          {columns.map((column, at) => (
            <Cell
              key={column.key}
              column={column}
              name={t(`routing.cellOf${noun}`, { column: column.label, place: place + 1 })}
              value={row[column.key] ?? ''}
              error={
                list.problems.find((found) => found.place === place && (found.part ?? columns[0]?.key) === column.key)
                  ?.message
              }
              focused={list.changed && at === 0 && Object.values(row).every((text) => text === '')}
              onChange={(text) =>
                list.edit(rows.map((other, index) => (index === place ? { ...other, [column.key]: text } : other)))
              }
            />
          ))}
          <span className="routing-row-buttons">
            {ordered === true && (
              <>
                <button
                  type="button"
                  className="icon-button"
                  aria-label={t(`routing.up${noun}`, { place: place + 1 })}
                  disabled={place === 0}
                  onClick={() => move(place, place - 1)}
                >
                  <ArrowUp className="icon icon-small" />
                </button>
                <button
                  type="button"
                  className="icon-button"
                  aria-label={t(`routing.down${noun}`, { place: place + 1 })}
                  disabled={place === rows.length - 1}
                  onClick={() => move(place, place + 1)}
                >
                  <ArrowDown className="icon icon-small" />
                </button>
              </>
            )}
            <button
              type="button"
              className="icon-button"
              data-removes
              aria-label={t(`routing.delete${noun}`, { place: place + 1 })}
              onClick={() => list.edit(rows.filter((_row, index) => index !== place))}
            >
              <Trash2 className="icon icon-small" />
            </button>
          </span>
        </div>
      ))}
      <ListActions changed={list.changed} refusal={list.refusal} onDiscard={list.discard} />
    </form>
  );
}

interface CellProps {
  readonly column: Column;
  readonly name: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly focused: boolean;
  readonly onChange: (text: string) => void;
}

function Cell({ column, name, value, error, focused, onChange }: CellProps): ReactElement {
  const t = useT();
  const id = useId();
  const { words, secret, placeholder, label } = column;
  return (
    <div className="routing-cell">
      <input
        className="field"
        aria-label={name}
        type={secret === true ? 'password' : 'text'}
        autoComplete={secret === true ? 'new-password' : 'off'}
        spellCheck={false}
        autoFocus={focused}
        placeholder={placeholder ?? label}
        list={words === undefined ? undefined : `${id}-words`}
        value={value}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-more`}
        onChange={({ target }) => onChange(target.value)}
      />
      {words !== undefined && (
        <datalist id={`${id}-words`}>
          {words.map((word) => (
            <option key={word} value={word} />
          ))}
        </datalist>
      )}
      <p
        id={`${id}-more`}
        className="field-error"
        role={error === undefined ? undefined : 'alert'}
        hidden={error === undefined}
      >
        {error === undefined ? null : t.said(error)}
      </p>
    </div>
  );
}
