import { useLayoutEffect } from 'react';
import type { RefObject } from 'react';

/** Frames for which the focus is waited for at most. */
const PATIENCE = 10;

/**
 * Opens a native dialog, which keeps the focus inside and gives it back to where it was. A menu that it is chosen from gives the
 * focus back a moment after it has closed: that is waited for, or there would be nowhere to give it back to.
 */
export function useModal(dialog: RefObject<HTMLDialogElement | null>, first?: RefObject<HTMLElement | null>): void {
  // A layout effect ends while the dialog is still in the page; one that is closed later gives no focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    let frame = 0;
    let waited = 0;
    const open = (): void => {
      const { activeElement } = document;
      const isComing = activeElement === document.body || activeElement?.closest('[role=menu]') !== null;
      if (isComing && waited++ < PATIENCE) {
        frame = requestAnimationFrame(open);
        return;
      }
      element?.showModal();
      first?.current?.focus();
    };
    open();
    return () => {
      cancelAnimationFrame(frame);
      element?.close();
    };
  }, [dialog, first]);
}
