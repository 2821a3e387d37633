import { ArrowLeft, MessageSquareReply, Play, Send } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { useT } from '../inspector-context.tsx';
import { BodyEditor } from '../resend/body-editor.tsx';
import { MethodAndUrl, FieldLines } from '../resend/message-fields.tsx';
import { kindsOf } from '../resend/resend-draft.ts';
import { ContinueButton } from './continue-button.tsx';
import {
  answerInstead,
  bodyOfHeld,
  continuedRequest,
  isSame,
  keptNote,
  NEW_ANSWER,
  requestDraft,
} from './held-draft.ts';
import type { HeldRequest } from './held-draft.ts';
import { HeldForm } from './held-form.tsx';
import { ResponseFields } from './response-fields.tsx';
import { useHeldDraft } from './use-held-draft.ts';

interface HeldRequestEditorProps {
  readonly id: number;
  readonly held: HeldRequest;
}

/** The request before it is sent on, or the answer that it gets instead. */
export function HeldRequestEditor({ id, held }: HeldRequestEditorProps): ReactElement {
  const [answering, setAnswering] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone.
  const before = useRef(answering);
  useEffect(() => {
    if (before.current !== answering) root.current?.querySelector<HTMLElement>('[data-focus-first]')?.focus();
    before.current = answering;
  }, [answering]);
  return (
    <div ref={root}>
      {answering ? (
        <AnswerEditor id={id} onBack={() => setAnswering(false)} />
      ) : (
        <RequestEditor id={id} held={held} onAnswer={() => setAnswering(true)} />
      )}
    </div>
  );
}

interface RequestEditorProps extends HeldRequestEditorProps {
  readonly onAnswer: () => void;
}

function RequestEditor({ id, held, onAnswer }: RequestEditorProps): ReactElement {
  const t = useT();
  const first = requestDraft(held);
  const switching = held.switching === true;
  const { draft, errors, change, frame } = useHeldDraft({
    ...{ id, first, form: 'request' },
    make: (draft) => continuedRequest(t, held, draft),
  });
  return (
    <HeldForm
      id={id}
      title={t('held.title-request')}
      note={t(switching ? 'held.note-switching' : 'held.note-request')}
      frame={frame}
      actions={
        <>
          <ContinueButton icon={Play} words={t(isSame(draft, first) ? 'held.continue' : 'held.continueEdited')} />
          {!switching && (
            <button type="button" className="button" onClick={onAnswer}>
              <MessageSquareReply className="icon icon-small" />
              {t('held.answer')}
            </button>
          )}
        </>
      }
    >
      <MethodAndUrl draft={draft} errors={errors} fixedMethod={switching} onChange={change} />
      <FieldLines
        value={draft.fields}
        error={errors.fields}
        note={t('held.fieldsNote')}
        onChange={(fields) => change({ fields })}
      />
      {!switching && (
        <BodyEditor
          draft={draft}
          kinds={kindsOf(bodyOfHeld(held.body))}
          unchanged={t('held.unchanged')}
          note={keptNote(t, held.body)}
          error={errors.text}
          onChange={change}
        />
      )}
    </HeldForm>
  );
}

interface AnswerEditorProps {
  readonly id: number;
  readonly onBack: () => void;
}

function AnswerEditor({ id, onBack }: AnswerEditorProps): ReactElement {
  const t = useT();
  const { draft, errors, change, frame } = useHeldDraft({
    ...{ id, first: NEW_ANSWER, form: 'answer' },
    make: (draft) => answerInstead(t, draft),
  });
  return (
    <HeldForm
      id={id}
      title={t('held.answerTitle')}
      note={t('held.answerNote')}
      frame={frame}
      actions={
        <>
          <ContinueButton icon={Send} words={t('held.answerNow')} />
          <button type="button" className="button" onClick={onBack}>
            <ArrowLeft className="icon icon-small" />
            {t('held.back')}
          </button>
        </>
      }
    >
      <ResponseFields draft={draft} errors={errors} kinds={kindsOf({ kind: 'none' })} note="" onChange={change} />
    </HeldForm>
  );
}
