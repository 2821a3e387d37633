import { useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { useModal } from '../common/use-modal.ts';
import { useT } from '../inspector-context.tsx';
import { fieldColumnId } from '../request-list/field-columns.ts';
import { KNOWN_FIELDS } from './known-fields.ts';

interface HeaderColumnDialogProps {
  /** Given the id of the wanted column. */
  readonly onAdd: (id: string) => void;
  readonly onClose: () => void;
}

/** Asks which header field is wanted as a column. A native dialog: it keeps the focus inside. */
export function HeaderColumnDialog({ onAdd, onClose }: HeaderColumnDialogProps): ReactElement {
  const t = useT();
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [of, setOf] = useState<'request' | 'response'>('response');
  const [refused, setRefused] = useState(false);

  useModal(dialog, field);

  const add = (): void => {
    const id = fieldColumnId(of, field.current?.value ?? '');
    setRefused(id === undefined);
    if (id === undefined) return;
    onAdd(id);
    dialog.current?.close();
  };

  return (
    <dialog ref={dialog} className="sheet header-column-dialog" aria-labelledby="header-column" onClose={onClose}>
      <form
        className="sheet-content"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <h2 id="header-column">{t('filterBar.addHeaderTitle')}</h2>
        <div className="header-column-fields">
          <div className="header-column-sides" role="radiogroup" aria-label={t('filterBar.headerOf')}>
            {SIDES.map((side) => (
              <label key={side} className="header-column-side">
                <input type="radio" name="side" checked={of === side} onChange={() => setOf(side)} />
                {t(`filterBar.${side}`)}
              </label>
            ))}
          </div>
          <input
            ref={field}
            className="field"
            type="text"
            aria-label={t('filterBar.headerName')}
            aria-invalid={refused}
            aria-describedby={refused ? 'header-column-problem' : undefined}
            list="known-fields"
            autoComplete="off"
            spellCheck={false}
            maxLength={100}
          />
          <datalist id="known-fields">
            {KNOWN_FIELDS.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          {refused && (
            <p id="header-column-problem" className="header-column-problem" role="alert">
              {t('filterBar.headerRefused')}
            </p>
          )}
        </div>
        <div className="comment-actions">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            {t('filterBar.cancel')}
          </button>
          <button type="submit" className="button" data-kind="primary">
            {t('filterBar.add')}
          </button>
        </div>
      </form>
    </dialog>
  );
}

const SIDES = ['response', 'request'] as const;
