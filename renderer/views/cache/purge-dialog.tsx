import { Trash2 } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import type { ReactElement, SubmitEvent } from 'react';
import '../common/form-rows.css';
import { useModal } from '../common/use-modal.ts';
import { useInspector, useT } from '../inspector-context.tsx';
import { PURGE_FIELDS, PURGE_MEANINGS, PURGE_TITLES, purgeTarget } from './purge-draft.ts';
import type { PurgeDraft } from './purge-draft.ts';

interface PurgeDialogProps {
  readonly draft: PurgeDraft;
  readonly onClose: () => void;
}

/** Says what will be forgotten, and asks. There is no way back from it, unlike from purging a single entry. */
export function PurgeDialog({ draft, onClose }: PurgeDialogProps): ReactElement {
  const t = useT();
  const { purge } = useInspector();
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState(draft.text);
  const id = useId();
  const { kind } = draft;
  const field = PURGE_FIELDS[kind];
  const target = purgeTarget({ kind, text });

  useModal(dialog);

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (target === undefined) return;
    void purge(target).then((done) => {
      if (done) onClose();
    });
  };

  return (
    <dialog ref={dialog} className="sheet purge-dialog" aria-labelledby={`${id}-title`} onClose={onClose}>
      <form className="sheet-content" onSubmit={submit} noValidate>
        <header className="sheet-head">
          <h2 id={`${id}-title`}>{t(PURGE_TITLES[kind])}</h2>
        </header>
        <p className="purge-meaning">{t(PURGE_MEANINGS[kind])}</p>
        {field !== undefined && (
          <label className="purge-field">
            {t(field[0])}
            <input
              className="field"
              placeholder={field[1]}
              autoComplete="off"
              spellCheck={false}
              value={text}
              onChange={({ target: input }) => setText(input.value)}
            />
          </label>
        )}
        <p className="section-note">{t('cache.noUndo')}</p>
        <footer className="sheet-actions">
          <button type="button" className="button" onClick={onClose}>
            {t('common.cancel')}
          </button>
          <button type="submit" className="button" data-kind="danger" disabled={target === undefined}>
            <Trash2 className="icon icon-small" />
            {t('cache.purge')}
          </button>
        </footer>
      </form>
    </dialog>
  );
}
