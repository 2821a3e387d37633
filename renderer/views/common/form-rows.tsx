import { useId } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { shownLines } from '../../format/shown-lines.ts';
import { problemSentence } from '../../format/problem-sentence.ts';
import { useT } from '../inspector-context.tsx';
import './form-rows.css';

interface TextRowProps {
  readonly label: string;
  readonly value: string;
  readonly error?: string | undefined;
  readonly placeholder?: string;
  readonly note?: string;
  readonly numeric?: boolean;
  /** It may be of several lines, of which so many are shown at once at most. */
  readonly lines?: number;
  /** Not to be read over a shoulder. */
  readonly secret?: boolean;
  /** Where the keyboard is when the form opens. */
  readonly focused?: boolean;
  readonly onChange: (value: string) => void;
}

/** A text with its label. */
export function TextRow({
  label,
  value,
  error,
  placeholder = '',
  note,
  numeric,
  lines,
  focused,
  secret,
  onChange,
}: TextRowProps): ReactElement {
  const id = useId();
  const field = {
    ...{ id, placeholder, value, className: 'field', autoFocus: focused, spellCheck: false },
    'aria-invalid': error !== undefined,
    'aria-describedby': `${id}-more`,
    onChange: ({ target }: { readonly target: { readonly value: string } }): void => onChange(target.value),
  };
  return (
    <Row label={label} id={id} note={note} error={error}>
      {lines === undefined ? (
        <input
          {...field}
          type={secret === true ? 'password' : 'text'}
          inputMode={numeric === true ? 'numeric' : 'text'}
          autoComplete={secret === true ? 'new-password' : 'off'}
        />
      ) : (
        <textarea {...field} rows={shownLines(value === '' ? placeholder : value, lines)} />
      )}
    </Row>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [value: T, label: string])[];
  readonly note?: string;
  /** Where the keyboard is when the form opens. */
  readonly focused?: boolean;
  readonly onChange: (value: T) => void;
}

/** One of a few values with its label. */
export function Choice<T extends string>({
  label,
  value,
  options,
  note,
  focused,
  onChange,
}: ChoiceProps<T>): ReactElement {
  const id = useId();
  return (
    <Row label={label} id={id} note={note}>
      <select
        id={id}
        className="field"
        autoFocus={focused}
        value={value}
        aria-describedby={`${id}-more`}
        onChange={({ target }) => {
          const picked = options.find(([option]) => option === target.value);
          if (picked !== undefined) onChange(picked[0]);
        }}
      >
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </Row>
  );
}

interface RowProps {
  readonly label: string;
  readonly id: string;
  readonly note?: string | undefined;
  readonly error?: string | undefined;
  readonly children: ReactNode;
}

/** A labelled control with room for a note, or for what is wrong with its value. */
export function Row({ label, id, note, error, children }: RowProps): ReactElement {
  const t = useT();
  return (
    <div className="rule-row">
      <label htmlFor={id}>{label}</label>
      <div className="rule-control">
        {children}
        <p
          id={`${id}-more`}
          className={error === undefined ? 'section-note' : 'field-error'}
          role={error === undefined ? undefined : 'alert'}
        >
          {error === undefined ? note : problemSentence(t, error)}
        </p>
      </div>
    </div>
  );
}

interface CheckRowProps {
  readonly label: string;
  readonly note: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

/** Something that is on or off. */
export function CheckRow({ label, note, on, onChange }: CheckRowProps): ReactElement {
  return (
    <label className="check rule-check">
      <input type="checkbox" checked={on} onChange={({ target }) => onChange(target.checked)} />
      <span>
        {label}
        <span className="section-note">{note}</span>
      </span>
    </label>
  );
}
