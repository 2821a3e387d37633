import { lowerBound } from './ordered-ids.ts';

/** How a key moves the selection through the list. */
export type Move = 'next' | 'previous' | 'page-down' | 'page-up' | 'first' | 'last';

/**
 * The id selected after `move`. Works from where the selected row stands, or would stand when the filter hides it.
 * @param ids the listed ids, ascending
 * @param page how many rows fit on the screen
 */
export function moveSelection(
  ids: readonly number[],
  selected: number | null,
  move: Move,
  page: number,
): number | undefined {
  const last = ids.length - 1;
  if (last < 0) return undefined;
  if (move === 'first') return ids[0];
  if (move === 'last') return ids[last];
  const step = Math.max(1, page - 1);
  if (selected === null) return move === 'next' || move === 'page-down' ? ids[0] : ids[last];
  const index = lowerBound(ids, selected);
  const found = ids[index] === selected;
  // Next to a hidden row the first step lands on its neighbour, not one beyond.
  const forward = found ? index : index - 1;
  switch (move) {
    case 'next':
      return ids[Math.min(last, forward + 1)];
    case 'previous':
      return ids[Math.max(0, index - 1)];
    case 'page-down':
      return ids[Math.min(last, forward + step)];
    case 'page-up':
      return ids[Math.max(0, index - step)];
  }
}
