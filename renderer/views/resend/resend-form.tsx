import { Send } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { ReactElement } from 'react';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { useDraft } from '../common/draft-form.tsx';
import { useInspector, useT } from '../inspector-context.tsx';
import { BodyEditor, recordedNote } from './body-editor.tsx';
import { FieldLines, MethodAndUrl } from './message-fields.tsx';
import { draftOf, kindsOf, orderOf } from './resend-draft.ts';
import type { RecordedBody } from './resend-draft.ts';
import { resendEdited } from './resend-rows.ts';
import { SendFooter } from './send-footer.tsx';

interface ResendFormProps {
  readonly view: ExchangeView;
  readonly body: RecordedBody;
  readonly onDone: () => void;
}

/** The request as fields to be edited. Mistakes are told where they are, once somebody wants to send it. */
export function ResendForm({ view, body, onDone }: ResendFormProps): ReactElement {
  const t = useT();
  const inspector = useInspector();
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
      <MethodAndUrl draft={draft} errors={errors} onChange={change} />
      <FieldLines
        value={draft.fields}
        error={errors.fields}
        note={t('resend.fieldsNote')}
        onChange={(fields) => change({ fields })}
      />
      <BodyEditor
        draft={draft}
        kinds={kindsOf(body)}
        unchanged={t('resend.body-recorded')}
        note={recordedNote(t, body)}
        error={errors.text}
        onChange={change}
      />
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
