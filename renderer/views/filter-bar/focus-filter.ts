/** Focuses the filter's field and selects what is in it. */
export function focusFilter(): void {
  const field = document.querySelector<HTMLInputElement>('#filter');
  field?.focus();
  field?.select();
}
