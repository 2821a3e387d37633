import { useEffect, useRef, useState } from 'react';
import type { ReactElement, ReactNode, SubmitEvent } from 'react';
import { useT } from '../inspector-context.tsx';
import './form-rows.css';

/** What a draft makes, or what is wrong with it, by the field that it is wrong in. */
export type Made<T, Errors> = { readonly value: T } | { readonly errors: Errors };

interface DraftOptions<Draft, T, Errors> {
  readonly initial: Draft;
  readonly make: (draft: Draft) => Made<T, Errors>;
  /** Resolves with what the engine has against it, or undefined. */
  readonly onSave: (made: T) => Promise<string | undefined>;
}

/** A draft in its form. */
export interface DraftState<Draft, Errors> {
  readonly draft: Draft;
  /** Known once somebody wanted to save it. */
  readonly errors: Errors;
  readonly change: (part: Partial<Draft>) => void;
  /** For the {@link DraftForm} around its fields. */
  readonly frame: DraftFrame;
}

interface DraftFrame {
  /** Another object whenever somebody wanted to save it and could not. */
  readonly mistakes: object;
  readonly refusal: string;
  readonly submit: (event: SubmitEvent) => void;
}

/** Keeps a draft until it is right and saved. Its mistakes are told when somebody wants to save it, and go with the next change. */
export function useDraft<Draft, T, Errors extends Readonly<Partial<Record<string, string>>>>({
  initial,
  make,
  onSave,
}: DraftOptions<Draft, T, Errors>): DraftState<Draft, Errors | Record<string, never>> {
  const [draft, setDraft] = useState(initial);
  const [errors, setErrors] = useState<Errors | Record<string, never>>({});
  const [refusal, setRefusal] = useState('');

  const change = (part: Partial<Draft>): void => {
    setDraft((before) => ({ ...before, ...part }));
    setErrors({});
    setRefusal('');
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const made = make(draft);
    if ('errors' in made) {
      setErrors(made.errors);
      return;
    }
    void onSave(made.value).then((message) => setRefusal(message ?? ''));
  };
  return { draft, errors, change, frame: { mistakes: errors, refusal, submit } };
}

interface DraftFormProps {
  readonly title: string;
  readonly saveLabel?: string;
  readonly frame: DraftFrame;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}

/**
 * The form around a draft's fields: Escape leaves it, and the keyboard goes back to where it came from. Enter saves it, from a
 * field of several lines with Control.
 */
export function DraftForm({ title, saveLabel, frame, onCancel, children }: DraftFormProps): ReactElement {
  const t = useT();
  const form = useRef<HTMLFormElement>(null);
  // To the first mistake, wherever the form is scrolled to.
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [frame.mistakes]);
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus();
    },
    [opener],
  );
  return (
    <form
      ref={form}
      className="draft-form"
      aria-label={title}
      onSubmit={frame.submit}
      noValidate
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel();
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        form.current?.requestSubmit();
      }}
    >
      <h3>{title}</h3>
      {children}
      <p className="field-error" role="alert">
        {frame.refusal}
      </p>
      <footer className="sheet-actions">
        <button type="button" className="button" onClick={onCancel}>
          {t('common.cancel')}
        </button>
        <button type="submit" className="button" data-kind="primary">
          {saveLabel ?? t('common.save')}
        </button>
      </footer>
    </form>
  );
}
