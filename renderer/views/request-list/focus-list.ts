/** The id of the list of requests, by which other parts of the page lead to it. */
export const REQUEST_LIST_ID = 'request-list';

/** Brings the keyboard to the list of requests, where it is shown. */
export function focusRequestList(): void {
  document.querySelector<HTMLElement>(`#${REQUEST_LIST_ID}`)?.focus();
}
