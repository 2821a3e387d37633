const PREFIX = 'exchange-';

/** The id of the element that stands for a line of the list, for `aria-activedescendant`. */
export function rowElementId(line: number): string {
  return `${PREFIX}${line}`;
}

/** The line whose row `target` is in, if any: one listener on the list serves all rows. */
export function lineAt(target: EventTarget | null): number | undefined {
  const row = target instanceof Element ? target.closest(`[id^="${PREFIX}"]`) : null;
  return row === null ? undefined : Number(row.id.slice(PREFIX.length));
}
