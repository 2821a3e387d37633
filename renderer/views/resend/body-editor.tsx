import { TriangleAlert } from 'lucide-react';
import { useId } from 'react';
import type { ReactElement } from 'react';
import { formatBytes } from '../../format/units.ts';
import type { Translate } from '../../i18n/translate.ts';
import { useT } from '../inspector-context.tsx';
import { Labelled } from './labelled.tsx';
import { BODY_KINDS } from './resend-draft.ts';
import type { BodyKind, RecordedBody, ResendDraft } from './resend-draft.ts';

interface BodyEditorProps {
  readonly draft: ResendDraft;
  readonly recorded: RecordedBody;
  readonly error: string | undefined;
  readonly onChange: (part: Partial<ResendDraft>) => void;
}

/** What is sent as the body: nothing, a text, or what was recorded, where all of it was. */
export function BodyEditor({ draft, recorded, error, onChange }: BodyEditorProps): ReactElement {
  const t = useT();
  const id = useId();
  const whole = recorded.kind === 'text' || recorded.kind === 'bytes';
  const kinds = BODY_KINDS.filter((kind) => kind !== 'recorded' || whole);
  const note = noteOf(t, recorded);
  return (
    <div className="resend-body">
      <Labelled
        label={t('resend.body')}
        id={`${id}-kind`}
        error={undefined}
        note={draft.body === 'recorded' ? note : ''}
      >
        <select
          id={`${id}-kind`}
          className="field"
          value={draft.body}
          onChange={({ target }) => onChange({ body: target.value as BodyKind })}
        >
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {t(`resend.body-${kind}`)}
            </option>
          ))}
        </select>
      </Labelled>
      {!whole && note !== '' && (
        <p className="callout" data-tone="warn">
          <TriangleAlert className="icon icon-small" aria-hidden="true" />
          {note}
        </p>
      )}
      {draft.body === 'text' && (
        <Labelled label={t('resend.text')} id={`${id}-text`} error={error}>
          <textarea
            id={`${id}-text`}
            className="field resend-text"
            rows={Math.min(12, Math.max(4, draft.text.split('\n', 13).length))}
            spellCheck={false}
            value={draft.text}
            aria-invalid={error !== undefined}
            aria-describedby={`${id}-text-error`}
            onChange={({ target }) => onChange({ text: target.value })}
          />
        </Labelled>
      )}
    </div>
  );
}

function noteOf(t: Translate, recorded: RecordedBody): string {
  switch (recorded.kind) {
    case 'none':
    case 'text':
      return '';
    case 'bytes':
      return t(`resend.asRecorded-${recorded.why}`, { size: formatBytes(recorded.bytes) });
    case 'partial':
      return t('resend.bodyPartial', { size: formatBytes(recorded.bytes) });
    case 'missing':
      return t('resend.bodyMissing');
  }
}
