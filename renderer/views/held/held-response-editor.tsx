import { Play } from 'lucide-react';
import type { ReactElement } from 'react';
import { useT } from '../inspector-context.tsx';
import { kindsOf } from '../resend/resend-draft.ts';
import { ContinueButton } from './continue-button.tsx';
import { bodyOfHeld, continuedResponse, isSame, keptNote, responseDraft } from './held-draft.ts';
import type { HeldResponse } from './held-draft.ts';
import { HeldForm } from './held-form.tsx';
import { ResponseFields } from './response-fields.tsx';
import { useHeldDraft } from './use-held-draft.ts';

interface HeldResponseEditorProps {
  readonly id: number;
  readonly held: HeldResponse;
}

/** The answer that the client waits for. */
export function HeldResponseEditor({ id, held }: HeldResponseEditorProps): ReactElement {
  const t = useT();
  const first = responseDraft(held);
  const { draft, errors, change, frame } = useHeldDraft({
    ...{ id, first, form: 'response' },
    make: (draft) => continuedResponse(t, held, draft),
  });
  return (
    <HeldForm
      id={id}
      title={t('held.title-response')}
      note={t('held.note-response')}
      frame={frame}
      actions={<ContinueButton icon={Play} words={t(isSame(draft, first) ? 'held.continue' : 'held.continueEdited')} />}
    >
      <ResponseFields
        draft={draft}
        errors={errors}
        kinds={kindsOf(bodyOfHeld(held.body))}
        note={keptNote(t, held.body)}
        onChange={change}
      />
    </HeldForm>
  );
}
