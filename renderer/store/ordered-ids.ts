/** The first position in the ascending `ids` whose id is not below `id`. */
export function lowerBound(ids: readonly number[], id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] as number) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `ids` (ascending) with `more` (any order, none of them in `ids`) in place. Appending, the usual case, copies nothing. */
export function mergeAscending(ids: number[], more: number[]): number[] {
  more.sort((a, b) => a - b);
  const first = more[0];
  if (first === undefined) return ids;
  if (ids.length === 0 || first > (ids.at(-1) as number)) {
    for (const id of more) ids.push(id);
    return ids;
  }
  const merged: number[] = [];
  let at = 0;
  for (const id of more) {
    while (at < ids.length && (ids[at] as number) < id) merged.push(ids[at++] as number);
    merged.push(id);
  }
  while (at < ids.length) merged.push(ids[at++] as number);
  return merged;
}
