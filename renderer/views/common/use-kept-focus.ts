import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** Marks, in a list, the buttons that remove something from it. */
const REMOVERS = '[data-removes]';
/** Marks the button that has the keyboard when nothing is left that is like what had it: in a field, keys that lead elsewhere would be text. */
const HEIR = '[data-focus-heir]';

/**
 * Keeps the keyboard inside of an element when what had it there is removed: another remover has it then, or the heir if there is one.
 *
 * @returns goes to the element.
 */
export function useKeptFocus<T extends HTMLElement>(): RefObject<T | null> {
  const root = useRef<T>(null);
  /** Which of the removers has the keyboard, -1 for something else; undefined when nothing in here has. */
  const place = useRef<number>(undefined);

  useEffect(() => {
    const element = root.current;
    if (element === null) return;
    const enter = ({ target }: FocusEvent): void => {
      place.current = [...element.querySelectorAll(REMOVERS)].findIndex((one) => one === target);
    };
    // Whoever clicks beside it, or goes elsewhere, takes the keyboard away. What is being removed is told of while it is there.
    const leave = ({ target, relatedTarget }: FocusEvent): void => {
      if (relatedTarget instanceof Node && element.contains(relatedTarget)) return;
      queueMicrotask(() => {
        if (target instanceof Node && target.isConnected) place.current = undefined;
      });
    };
    element.addEventListener('focusin', enter);
    element.addEventListener('focusout', leave);
    return () => {
      element.removeEventListener('focusin', enter);
      element.removeEventListener('focusout', leave);
    };
  }, []);

  useEffect(() => {
    const element = root.current;
    if (element === null || place.current === undefined || document.activeElement !== document.body) return;
    const removers = element.querySelectorAll<HTMLElement>(REMOVERS);
    const heir = removers[Math.min(place.current, removers.length - 1)] ?? element.querySelector<HTMLElement>(HEIR);
    heir?.focus();
  });
  return root;
}
