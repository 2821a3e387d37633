import { filterKey } from '../../../shared/filter/filter-keys.ts';
import type { Overview, ValueCount } from './query-messages.ts';
import { RowCursor } from './row-columns.ts';
import type { RowColumns } from './row-columns.ts';

const MOST_VALUES = 50;
/** Statuses are offered as they are; other numbers would be offered by the thousand. */
const OFFERED_NUMBERS = ['status'];

/** Calls `visit` for every row that is there. */
function visitRows(columns: RowColumns, visit: (row: RowCursor) => void): void {
  const cursor = new RowCursor(columns);
  for (let at = 0; at < columns.size; at++) {
    if (!columns.isAlive(at)) continue;
    cursor.at = at;
    visit(cursor);
  }
}

/** The values of a key that contain what has been typed, the most frequent first. */
export function valuesOf(columns: RowColumns, name: string, typed: string): ValueCount[] {
  const key = filterKey(name);
  if (key === undefined) return [];
  const counts = new Map<string, number>();
  const count = (value: string | undefined): void => {
    if (value !== undefined && value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  };
  if (key.kind === 'text') visitRows(columns, (row) => count(key.read(row, undefined)));
  else if (key.kind === 'texts') visitRows(columns, (row) => key.read(row).forEach(count));
  else if (key.kind === 'number' && OFFERED_NUMBERS.includes(key.name)) {
    visitRows(columns, (row) => count(key.read(row)?.toString()));
  } else if (key.kind === 'word') {
    visitRows(columns, (row) => count(key.words.find((word) => key.is(row, word, undefined))));
  }
  const wanted = typed.toLowerCase();
  return [...counts]
    .filter(([value]) => value.toLowerCase().includes(wanted))
    .sort(([a, counted], [b, other]) => other - counted || (a < b ? -1 : 1))
    .slice(0, MOST_VALUES)
    .map(([value, times]) => ({ value, count: times }));
}

/** Undefined without rows. */
export function overviewOf(columns: RowColumns, parts: number): Overview | undefined {
  let from = Infinity;
  let to = -Infinity;
  visitRows(columns, (row) => {
    from = Math.min(from, row.start);
    to = Math.max(to, row.end);
  });
  if (from > to) return undefined;
  const [counts, errors, hits] = [new Uint32Array(parts), new Uint32Array(parts), new Uint32Array(parts)];
  const scale = parts / Math.max(1, to - from);
  const add = (sums: Uint32Array, part: number): void => {
    sums[part] = (sums[part] ?? 0) + 1;
  };
  visitRows(columns, (row) => {
    const part = Math.min(parts - 1, Math.floor((row.start - from) * scale));
    add(counts, part);
    if (isError(row)) add(errors, part);
    else if (row.from === 'cache') add(hits, part);
  });
  return { from, to, counts, errors, hits };
}

function isError(row: RowCursor): boolean {
  return row.outcome.kind !== 'completed' || (row.status ?? 0) >= 500;
}
