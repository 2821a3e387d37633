import type { Location } from './exchange-index.ts';

/** A page is read in pieces of at most this size; closer records than the gap are read together. */
const READ_BYTES = 4 * 1024 * 1024;
const READ_GAP_BYTES = 64 * 1024;

export type Wanted = { readonly id: number; readonly location: Location };

/** Records in groups that lie close together in one file, each in file order. */
export function inRuns(wanted: readonly Wanted[]): Wanted[][] {
  const sorted = wanted.toSorted(
    (a, b) => a.location.segment - b.location.segment || a.location.listOffset - b.location.listOffset,
  );
  const runs: Wanted[][] = [];
  let run: Wanted[] = [];
  let start = 0;
  let end = 0;
  for (const item of sorted) {
    const { segment, listOffset, listLength } = item.location;
    const joins =
      run[0]?.location.segment === segment && listOffset - end <= READ_GAP_BYTES && listOffset - start <= READ_BYTES;
    if (!joins) {
      run = [];
      runs.push(run);
      start = listOffset;
    }
    run.push(item);
    end = listOffset + listLength;
  }
  return runs;
}
