import { TriangleAlert } from 'lucide-react';
import { useId } from 'react';
import type { ReactElement } from 'react';
import { formatBytes } from '../../format/units.ts';
import type { Translate } from '../../i18n/translate.ts';
import { useT } from '../inspector-context.tsx';
import { Labelled } from './labelled.tsx';
import type { BodyDraft, BodyKind, RecordedBody } from './resend-draft.ts';

interface BodyEditorProps {
  readonly draft: BodyDraft;
  /** What can be chosen. */
  readonly kinds: readonly BodyKind[];
  /** What it is called to send the body as it is. */
  readonly unchanged: string;
  /** What is good to know of that, or why it cannot be. */
  readonly note: string;
  readonly error: string | undefined;
  readonly onChange: (part: Partial<BodyDraft>) => void;
}

/** What is sent as the body: nothing, a text, or what there was, where all of it is known. */
export function BodyEditor({ draft, kinds, unchanged, note, error, onChange }: BodyEditorProps): ReactElement {
  const t = useT();
  const id = useId();
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
              {kind === 'recorded' ? unchanged : t(`resend.body-${kind}`)}
            </option>
          ))}
        </select>
      </Labelled>
      {!kinds.includes('recorded') && note !== '' && (
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

/** What is good to know of a recorded body that is to be sent as it is. */
export function recordedNote(t: Translate, recorded: RecordedBody): string {
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
