import { foldRow } from '../../../shared/exchange-view.ts';
import type { ExchangeRow } from '../../../shared/exchange-view.ts';
import { decodeEvents } from './event-decoder.ts';
import type { Location } from './exchange-index.ts';
import { openRecord } from './record.ts';
import type { SymbolTable } from './symbol-table.ts';

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

/** Adds the rows of a run, whose records are `bytes`, to `rows`. */
export function addRows(
  rows: Map<number, ExchangeRow>,
  run: readonly Wanted[],
  bytes: Buffer,
  symbols: SymbolTable,
): void {
  const start = run[0]?.location.listOffset ?? 0;
  for (const { id, location } of run) {
    const at = location.listOffset - start;
    const record = openRecord(bytes.subarray(at, at + location.listLength), id, symbols);
    const row = record === undefined ? undefined : foldRow(decodeEvents(id, record));
    if (row !== undefined) rows.set(id, row);
  }
}
