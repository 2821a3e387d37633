import { useEffect } from 'react';
import type { Inspector } from '../store/inspector.ts';
import { undoNewest } from '../store/session-store.ts';
import { rememberFocus } from './focus-regions.ts';
import { keepFocus } from './keep-focus.ts';
import { commandsOf, ON_MAC, worksWhileTyping } from './key-combination.ts';
import { runCommand } from './run-command.ts';

const TYPED_INTO = 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=menu]';
/** Keys by which whatever has the keyboard is moved through or pressed. */
const WIDGET_KEYS = /^(?:Arrow.*|Page.*|Home|End|Enter)$/;

/** Has the keys of the window run its commands. */
export function useCommandKeys(inspector: Inspector): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('dialog[open]') !== null || isForTarget(event)) return;
      const { target } = event;
      if (isUndo(event)) {
        if (undoNewest(inspector.session)) event.preventDefault();
        return;
      }
      if (commandsOf(event).some((id) => runCommand(id, { inspector, target }))) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    const ends = [rememberFocus(), keepFocus()];
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      ends.forEach((end) => end());
    };
  }, [inspector]);
}

/** Whether it is the key by which everything is undone. In a text it undoes what was typed. */
function isUndo(event: KeyboardEvent): boolean {
  const { key, altKey, shiftKey, target } = event;
  if (key.toLowerCase() !== 'z' || altKey || shiftKey || !(ON_MAC ? event.metaKey : event.ctrlKey)) return false;
  return !(target instanceof Element && target.closest(TYPED_INTO) !== null);
}

/** Whether the key means something to what has the keyboard, and so nothing to the window. */
function isForTarget(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof Element) || target === document.body) return false;
  if (target.closest(TYPED_INTO) !== null && !worksWhileTyping(event)) return true;
  return WIDGET_KEYS.test(event.key) && !/^(?:tree)?grid$/.test(target.getAttribute('role') ?? '');
}
