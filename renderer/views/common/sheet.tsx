import { X } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { useT } from '../inspector-context.tsx';
import './sheet.css';

interface SheetProps {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Something to read or do over the whole window. A native dialog: it keeps the focus inside and needs no styles of its own in the page. */
export function Sheet({ title, open, onClose, children }: SheetProps): ReactElement {
  const t = useT();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();

  useEffect(() => {
    const element = dialog.current;
    if (element === null || element.open === open) return;
    if (!open) {
      element.close();
      return;
    }
    element.showModal();
    element.querySelector<HTMLElement>('[data-focus-first]')?.focus();
  }, [open]);

  return (
    <dialog
      ref={dialog}
      className="sheet"
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => {
        // Closed as Escape closes it, so that the keyboard goes back to where it came from.
        if (event.target === dialog.current) dialog.current.close();
      }}
    >
      <div className="sheet-content">
        <header className="sheet-head">
          <h2 id={id}>{title}</h2>
          <button
            type="button"
            className="icon-button"
            aria-label={t('common.close')}
            onClick={() => dialog.current?.close()}
          >
            <X className="icon" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
