import { isUsable, usableIn } from './focus-regions.ts';

/** Keys by which what has the keyboard is pressed or put away. */
const PRESSES = /^(?:Enter|Delete|Backspace|Escape| )$/;
/** How long what was pressed may take to go: often it does so once the engine has answered. */
const WATCHED_MS = 3_000;
/** Frames in which whoever took it away may say where the keyboard goes: dialogs and menus do, a moment later. */
const PATIENCE = 6;
/** What comes and goes at the window's edge; what is left of it is no place to go on from. */
const PASSING = '.notice-stack, .tour-strip, .banner';

/** Where something stands: its ancestors from the nearest on, and its place among what each holds. */
type Place = readonly (readonly [ancestor: Element, index: number])[];

/**
 * Has the keyboard stay where it is when a key makes what it is on go, as a button that removes its own row: it comes to what
 * then stands there, else to where it was before. Without it, it would be nowhere. Until the returned function is called.
 */
export function keepFocus(): () => void {
  let before: Element | null = null;
  let frame = 0;

  const onFocusIn = ({ relatedTarget }: FocusEvent): void => {
    if (relatedTarget instanceof Element && relatedTarget.closest(`${PASSING}, dialog, [role=menu]`) === null)
      before = relatedTarget;
  };
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    cancelAnimationFrame(frame);
    const { activeElement } = document;
    if (!PRESSES.test(key) || activeElement === null || activeElement === document.body) return;
    const place = placeOf(activeElement);
    const until = performance.now() + WATCHED_MS;
    let lost = 0;
    const look = (): void => {
      const now = document.activeElement;
      if (now !== null && now !== document.body && now !== activeElement) return;
      if (activeElement.isConnected && !activeElement.matches(':disabled')) lost = 0;
      else lost++;
      if (lost > PATIENCE) heirOf(place, before)?.focus();
      else if (performance.now() < until) frame = requestAnimationFrame(look);
    };
    frame = requestAnimationFrame(look);
  };

  document.addEventListener('focusin', onFocusIn);
  window.addEventListener('keydown', onKeyDown, { capture: true });
  return () => {
    cancelAnimationFrame(frame);
    document.removeEventListener('focusin', onFocusIn);
    window.removeEventListener('keydown', onKeyDown, { capture: true });
  };
}

function placeOf(element: Element): Place {
  const place: [Element, number][] = [];
  for (let one = element.parentElement; one !== null && !one.matches('.window, body'); one = one.parentElement) {
    if (!one.matches(PASSING)) place.push([one, usableIn(one).findIndex((other) => other === element)]);
  }
  return place;
}

/** What stands at a place now: the same number among what is left there, or the last of it. A list goes before its titles. */
function heirOf(place: Place, before: Element | null): HTMLElement | undefined {
  for (const [ancestor, index] of place) {
    if (!ancestor.isConnected) continue;
    const left = usableIn(ancestor);
    const list = left.find((one) => one.matches('[role=grid], [role=treegrid]'));
    const heir = list ?? left[Math.min(Math.max(index, 0), left.length - 1)];
    if (heir !== undefined) return heir;
  }
  if (before instanceof HTMLElement && before.isConnected && isUsable(before)) return before;
  return document.querySelector<HTMLElement>('[role=grid], [role=treegrid]') ?? usableIn(document.body)[0];
}
