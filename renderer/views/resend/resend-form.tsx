import { Send } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import type { ReactElement } from 'react';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { useDraft } from '../common/draft-form.tsx';
import { useInspector, useT } from '../inspector-context.tsx';
import { BodyEditor } from './body-editor.tsx';
import { Labelled } from './labelled.tsx';
import { draftOf, orderOf } from './resend-draft.ts';
import type { RecordedBody } from './resend-draft.ts';
import { resendEdited } from './resend-rows.ts';
import { SendFooter } from './send-footer.tsx';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** What one request to the engine can hold, with room for a body. */
const MOST_FIELDS = 65_536;

interface ResendFormProps {
  readonly view: ExchangeView;
  readonly body: RecordedBody;
  readonly onDone: () => void;
}

/** The request as fields to be edited. Mistakes are told where they are, once somebody wants to send it. */
export function ResendForm({ view, body, onDone }: ResendFormProps): ReactElement {
  const t = useT();
  const inspector = useInspector();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const { draft, errors, change, frame } = useDraft({
    initial: draftOf(view, body),
    make: (draft) => orderOf(t, view.id, draft, body),
    onSave: async (order) => {
      const refusal = await resendEdited(inspector, order);
      if (refusal === undefined) onDone();
      return refusal;
    },
  });
  // The sheet was there before what it is about.
  useEffect(() => form.current?.querySelector<HTMLElement>('[data-focus-first]')?.focus(), []);
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus(), [frame.mistakes]);

  return (
    <form ref={form} className="resend-form" noValidate onSubmit={frame.submit}>
      <div className="resend-line">
        <Labelled label={t('resend.method')} id={`${id}-method`} error={errors.method}>
          <input
            id={`${id}-method`}
            className="field"
            list={`${id}-methods`}
            autoComplete="off"
            spellCheck={false}
            maxLength={100}
            value={draft.method}
            aria-invalid={errors.method !== undefined}
            aria-describedby={`${id}-method-error`}
            onChange={({ target }) => change({ method: target.value })}
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
            onChange={({ target }) => change({ url: target.value })}
          />
        </Labelled>
      </div>
      <Labelled label={t('resend.fields')} id={`${id}-fields`} error={errors.fields} note={t('resend.fieldsNote')}>
        <textarea
          id={`${id}-fields`}
          className="field resend-text"
          rows={Math.min(10, Math.max(4, draft.fields.split('\n').length + 1))}
          spellCheck={false}
          maxLength={MOST_FIELDS}
          value={draft.fields}
          aria-invalid={errors.fields !== undefined}
          aria-describedby={`${id}-fields-error`}
          onChange={({ target }) => change({ fields: target.value })}
        />
      </Labelled>
      <BodyEditor draft={draft} recorded={body} error={errors.text} onChange={change} />
      <SendFooter
        icon={<Send className="icon icon-small" />}
        pastCache={draft.pastCache}
        onPastCache={(pastCache) => change({ pastCache })}
        refusal={frame.refusal}
        onCancel={onDone}
      />
    </form>
  );
}
