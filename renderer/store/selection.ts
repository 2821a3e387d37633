import { lowerBound } from './ordered-ids.ts';

/** How a key moves the selection through the list. */
export type Move = 'next' | 'previous' | 'page-down' | 'page-up' | 'first' | 'last';

/**
 * The id selected after `move`. Works from where the selected row stands, or would stand when the filter hides it.
 * @param ids the listed ids
 * @param page how many rows fit on the screen
 * @param find where an id stands or would stand; by default for ascending ids
 */
export function moveSelection(
  ids: readonly number[],
  selected: number | null,
  move: Move,
  page: number,
  find: (id: number) => { readonly index: number; readonly found: boolean } = (id) => findAscending(ids, id),
): number | undefined {
  const last = ids.length - 1;
  if (last < 0) return undefined;
  if (move === 'first') return ids[0];
  if (move === 'last') return ids[last];
  const step = Math.max(1, page - 1);
  if (selected === null) return move === 'next' || move === 'page-down' ? ids[0] : ids[last];
  const { index, found } = find(selected);
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

function findAscending(ids: readonly number[], id: number): { index: number; found: boolean } {
  const index = lowerBound(ids, id);
  return { index, found: ids[index] === id };
}

/** Every listed id from `from` to `to`, both included and in either direction; `to` alone when `from` is not listed. */
export function idsBetween(
  ids: readonly number[],
  find: (id: number) => { readonly index: number; readonly found: boolean },
  from: number | null,
  to: number,
): number[] {
  const [start, end] = [from === null ? undefined : find(from), find(to)];
  if (start?.found !== true || !end.found) return [to];
  return ids.slice(Math.min(start.index, end.index), Math.max(start.index, end.index) + 1);
}
