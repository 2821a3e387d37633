import { CirclePause, OctagonX } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { ReactElement, ReactNode, SubmitEvent } from 'react';
import { notify } from '../../store/session-store.ts';
import { Hint } from '../common/hint.tsx';
import { useInspector, useT } from '../inspector-context.tsx';
import { HELD_FORM_ID, release } from './held-rows.ts';

interface HeldFormProps {
  readonly id: number;
  readonly title: string;
  readonly note: string;
  readonly frame: {
    readonly mistakes: object;
    readonly refusal: string;
    readonly submit: (event: SubmitEvent) => void;
  };
  /** The buttons that let it go on. */
  readonly actions: ReactNode;
  readonly children: ReactNode;
}

/** The form around a held message: what it is, its fields, and the ways on. */
export function HeldForm({ id, title, note, frame, actions, children }: HeldFormProps): ReactElement {
  const t = useT();
  const inspector = useInspector();
  const form = useRef<HTMLFormElement>(null);
  const abort = async (): Promise<void> => {
    const refusal = await release(inspector, id, { type: 'abort' });
    if (refusal !== undefined) notify(inspector.session, 'error', refusal);
  };
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus(), [frame.mistakes]);
  return (
    <form ref={form} id={HELD_FORM_ID} className="held-form" aria-label={title} noValidate onSubmit={frame.submit}>
      <header className="callout" data-tone="warn">
        <CirclePause className="icon" aria-hidden="true" />
        <span>
          <strong>{title}</strong> {note}
        </span>
      </header>
      {children}
      <p className="field-error" role="alert">
        {frame.refusal}
      </p>
      <footer className="held-actions">
        {actions}
        <Hint text={t('held.abortHint')} side="top">
          <button type="button" className="button" data-kind="danger" onClick={() => void abort()}>
            <OctagonX className="icon icon-small" />
            {t('held.abort')}
          </button>
        </Hint>
      </footer>
    </form>
  );
}
