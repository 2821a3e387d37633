import { useRef } from 'react';
import type { ReactElement } from 'react';
import { useModal } from '../common/use-modal.ts';
import { useInspector, useT } from '../inspector-context.tsx';

/** A note of one's own about the selected rows. A native dialog: it keeps the focus inside. */
export function CommentDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const { ui, annotations } = useInspector();
  const t = useT();
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const { selection, selectedId } = ui.getState();

  useModal(dialog, field);

  const save = (): void => {
    annotations.change([...selection], { comment: field.current?.value ?? '' });
    dialog.current?.close();
  };

  return (
    <dialog ref={dialog} className="sheet comment-dialog" aria-labelledby="comment-title" onClose={onClose}>
      <form
        className="sheet-content"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <h2 id="comment-title">{t('list.comment')}</h2>
        <textarea
          ref={field}
          className="field comment-field"
          aria-labelledby="comment-title"
          rows={4}
          maxLength={2000}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
          }}
          defaultValue={annotations.get(selectedId ?? 0)?.comment ?? ''}
        />
        <div className="comment-actions">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            {t('list.cancel')}
          </button>
          <button type="submit" className="button" data-kind="primary">
            {t('list.save')}
          </button>
        </div>
      </form>
    </dialog>
  );
}
