import { useId } from 'react';
import type { ReactElement } from 'react';
import { useT } from '../inspector-context.tsx';
import { BodyEditor } from '../resend/body-editor.tsx';
import { Labelled } from '../resend/labelled.tsx';
import { FieldLines } from '../resend/message-fields.tsx';
import type { BodyKind } from '../resend/resend-draft.ts';
import type { ResponseDraft, ResponseErrors } from './held-draft.ts';

interface ResponseFieldsProps {
  readonly draft: ResponseDraft;
  readonly errors: ResponseErrors;
  readonly kinds: readonly BodyKind[];
  /** What is good to know of a body that passes on as it came. */
  readonly note: string;
  readonly onChange: (part: Partial<ResponseDraft>) => void;
}

/** A response as fields to be edited. */
export function ResponseFields({ draft, errors, kinds, note, onChange }: ResponseFieldsProps): ReactElement {
  const t = useT();
  const id = useId();
  return (
    <>
      <Labelled label={t('held.status')} id={id} error={errors.status}>
        <input
          id={id}
          className="field held-status"
          data-focus-first
          inputMode="numeric"
          autoComplete="off"
          maxLength={5}
          value={draft.status}
          aria-invalid={errors.status !== undefined}
          aria-describedby={`${id}-error`}
          onChange={({ target }) => onChange({ status: target.value })}
        />
      </Labelled>
      <FieldLines
        value={draft.fields}
        error={errors.fields}
        note={t('held.fieldsNote')}
        onChange={(fields) => onChange({ fields })}
      />
      <BodyEditor
        draft={draft}
        kinds={kinds}
        unchanged={t('held.unchanged')}
        note={note}
        error={errors.text}
        onChange={onChange}
      />
    </>
  );
}
