const REGIONS =
  '.top-bar, .filter-bar, #request-list, #details, #entry-list, #entry-details, main, [data-region], .status-bar';
const FOCUSABLE = 'a[href], button, input, select, textarea, [tabindex="0"], [contenteditable="true"]';

/** What had the focus last in each region, so that it is found again there. */
const lastFocused = new WeakMap<Element, HTMLElement>();

/** Remembers where the keyboard is in each region, until the returned function is called. */
export function rememberFocus(): () => void {
  const remember = ({ target }: FocusEvent): void => {
    const region = regions().findLast((one) => target instanceof Node && one.contains(target));
    if (region !== undefined && target instanceof HTMLElement) lastFocused.set(region, target);
  };
  document.addEventListener('focusin', remember);
  return () => document.removeEventListener('focusin', remember);
}

/** Moves the keyboard to the next part of the window, or to the one before; says whether there was one. */
export function focusRegion(step: 1 | -1): boolean {
  const all = regions();
  const here = all.findLastIndex((region) => region.contains(document.activeElement));
  const from = here < 0 && step < 0 ? all.length : here;
  for (let i = 1; i <= all.length; i++) {
    const region = all[(from + step * i + all.length * 2) % all.length];
    const target = region === undefined ? undefined : targetIn(region);
    if (target === undefined) continue;
    target.focus();
    return true;
  }
  return false;
}

/** The parts of the window from top to bottom; a part that holds others stands for itself no more. */
function regions(): HTMLElement[] {
  const all = [...document.querySelectorAll<HTMLElement>(REGIONS)];
  return all.filter((region) => !all.some((other) => other !== region && region.contains(other)));
}

function targetIn(region: HTMLElement): HTMLElement | undefined {
  const last = lastFocused.get(region);
  if (last !== undefined && region.contains(last) && isUsable(last)) return last;
  if (region.tabIndex >= 0) return region;
  const chosen = region.querySelector<HTMLElement>('[role=tab][aria-selected=true]');
  return chosen ?? usableIn(region)[0];
}

/** What the keyboard can be on in a part of the page, in order. */
export function usableIn(part: Element): HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(isUsable);
}

/** Whether the keyboard can be on an element. */
export function isUsable(element: HTMLElement): boolean {
  return element.tabIndex >= 0 && !element.matches(':disabled') && element.checkVisibility();
}
