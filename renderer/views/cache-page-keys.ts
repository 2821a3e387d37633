import type { Inspector } from '../store/inspector.ts';
import { listMove } from './rows/list-keys.ts';

/** The ids of what the keys of the cache's page lead to. Here, so that the page itself can be loaded when it is wanted. */
export const ENTRY_SEARCH_ID = 'entry-search';
export const ENTRY_LIST_ID = 'entry-list';
export const ENTRY_DETAILS_ID = 'entry-details';

/** The keys of the cache's page. Says whether `key` was one of them. */
export function cachePageKey(key: string, target: EventTarget | null, { ui }: Inspector): boolean {
  const list = document.querySelector<HTMLElement>(`#${ENTRY_LIST_ID}`);
  switch (key) {
    case '/':
      document.querySelector<HTMLInputElement>(`#${ENTRY_SEARCH_ID}`)?.select();
      return true;
    case 'Enter':
      return target === list && focusDetails();
    case 'Escape':
      return stepBack(ui, list);
  }
  if (list === null || (key !== 'j' && key !== 'k')) return false;
  if (listMove({ key, ctrlKey: false, metaKey: false, altKey: false }) === undefined) return false;
  // The list knows its own rows: from elsewhere on the page the key is handed to it.
  list.focus();
  list.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  return true;
}

/** Brings the keyboard to the list, where one is shown. */
export function focusEntryList(): void {
  document.querySelector<HTMLElement>(`#${ENTRY_LIST_ID}`)?.focus();
}

function focusDetails(): boolean {
  const tab = document.querySelector<HTMLElement>(`#${ENTRY_DETAILS_ID} [role=tab][aria-selected=true]`);
  tab?.focus();
  return tab !== null;
}

/** From the details back to the list; from the list, away with the details. */
function stepBack(ui: Inspector['ui'], list: HTMLElement | null): boolean {
  const { activeElement } = document;
  if (list !== null && activeElement !== null && activeElement.closest(`#${ENTRY_DETAILS_ID}`) !== null) {
    list.focus();
    return true;
  }
  const { cacheEntry, cacheSearch } = ui.getState();
  if (cacheEntry !== null) ui.setState({ cacheEntry: null });
  else if (cacheSearch !== '') ui.setState({ cacheSearch: '' });
  else return false;
  return true;
}
