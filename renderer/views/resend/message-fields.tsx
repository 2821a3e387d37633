import { useId } from 'react';
import type { ReactElement } from 'react';
import { useT } from '../inspector-context.tsx';
import { Labelled } from './labelled.tsx';
import type { RequestDraft, ResendErrors } from './resend-draft.ts';
import './resend.css';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** What one request to the engine can hold, with room for a body. */
const MOST_FIELDS = 65_536;

interface MethodAndUrlProps {
  readonly draft: Pick<RequestDraft, 'method' | 'url'>;
  readonly errors: Pick<ResendErrors, 'method' | 'url'>;
  /** The method is shown, and stays as it is. */
  readonly fixedMethod?: boolean;
  readonly onChange: (part: Partial<Pick<RequestDraft, 'method' | 'url'>>) => void;
}

/** Whom a request asks for what, in one line. */
export function MethodAndUrl({ draft, errors, fixedMethod = false, onChange }: MethodAndUrlProps): ReactElement {
  const t = useT();
  const id = useId();
  return (
    <div className="resend-line">
      <Labelled label={t('resend.method')} id={`${id}-method`} error={errors.method}>
        <input
          id={`${id}-method`}
          className="field"
          list={`${id}-methods`}
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
          readOnly={fixedMethod}
          value={draft.method}
          aria-invalid={errors.method !== undefined}
          aria-describedby={`${id}-method-error`}
          onChange={({ target }) => onChange({ method: target.value })}
        />
        <datalist id={`${id}-methods`}>
          {METHODS.map((method) => (
            <option key={method} value={method} />
          ))}
        </datalist>
      </Labelled>
      <Labelled label="URL" id={`${id}-url`} error={errors.url}>
        <input
          id={`${id}-url`}
          className="field"
          data-focus-first
          autoComplete="off"
          spellCheck={false}
          maxLength={16_000}
          value={draft.url}
          aria-invalid={errors.url !== undefined}
          aria-describedby={`${id}-url-error`}
          onChange={({ target }) => onChange({ url: target.value })}
        />
      </Labelled>
    </div>
  );
}

interface FieldLinesProps {
  readonly value: string;
  readonly error: string | undefined;
  /** Which fields need not be written. */
  readonly note: string;
  readonly onChange: (fields: string) => void;
}

/** A message's header fields as a text, one on each line. */
export function FieldLines({ value, error, note, onChange }: FieldLinesProps): ReactElement {
  const t = useT();
  const id = useId();
  return (
    <Labelled label={t('resend.fields')} id={`${id}-fields`} error={error} note={note}>
      <textarea
        id={`${id}-fields`}
        className="field resend-text"
        rows={Math.min(10, Math.max(4, value.split('\n').length + 1))}
        spellCheck={false}
        maxLength={MOST_FIELDS}
        value={value}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-fields-error`}
        onChange={({ target }) => onChange(target.value)}
      />
    </Labelled>
  );
}
