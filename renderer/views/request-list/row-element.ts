const PREFIX = 'exchange-';

/** The id of the element that stands for an exchange, for `aria-activedescendant`. */
export function rowElementId(id: number): string {
  return `${PREFIX}${id}`;
}

/** The exchange whose row `target` is in, if any: one listener on the list serves all rows. */
export function exchangeAt(target: EventTarget | null): number | undefined {
  const row = target instanceof Element ? target.closest(`[id^="${PREFIX}"]`) : null;
  return row === null ? undefined : Number(row.id.slice(PREFIX.length));
}
