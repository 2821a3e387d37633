import type { Column, FixedColumnId } from './column.ts';
import { fieldColumn } from './field-columns.ts';

const optional = true;

/** Every column, in the order in which they stand at first. */
export const COLUMNS: readonly Column[] = [
  { id: 'id', width: 52, minWidth: 36, align: 'end', sort: 'id' },
  { id: 'time', width: 108, minWidth: 60, sort: 'start' },
  { id: 'method', width: 80, minWidth: 44, sort: 'method' },
  { id: 'host', width: 150, minWidth: 60, sort: 'host' },
  { id: 'path', width: 240, minWidth: 120, sort: 'path' },
  { id: 'status', width: 80, minWidth: 48, sort: 'status' },
  { id: 'cache', width: 112, minWidth: 64, sort: 'cache' },
  { id: 'type', width: 86, minWidth: 44, sort: 'type' },
  { id: 'size', width: 76, minWidth: 50, align: 'end', sort: 'size' },
  { id: 'duration', width: 82, minWidth: 56, align: 'end', sort: 'duration' },
  { id: 'latency', width: 82, minWidth: 56, align: 'end', sort: 'latency', optional },
  { id: 'ttl', width: 84, minWidth: 48, align: 'end', sort: 'ttl', optional },
  { id: 'age', width: 84, minWidth: 48, align: 'end', sort: 'age', optional },
  { id: 'saved', width: 76, minWidth: 50, align: 'end', sort: 'saved', optional },
  { id: 'upstream', width: 150, minWidth: 60, sort: 'upstream', optional },
  { id: 'remote', width: 150, minWidth: 60, sort: 'remote', optional },
  { id: 'protocol', width: 82, minWidth: 56, sort: 'protocol', optional },
  { id: 'client', width: 130, minWidth: 60, sort: 'client', optional },
  { id: 'requestSize', width: 76, minWidth: 50, align: 'end', sort: 'requestSize', optional },
  { id: 'key', width: 200, minWidth: 60, field: { of: 'cache-key' }, optional },
  { id: 'rules', width: 150, minWidth: 60, sort: 'rules', optional },
  { id: 'comment', width: 160, minWidth: 60, optional },
  { id: 'waterfall', width: 170, minWidth: 80, sort: 'start' },
];

/** The columns shown while nobody has chosen others. */
export const USUAL_COLUMNS: readonly string[] = COLUMNS.filter((column) => column.optional !== true).map(
  ({ id }) => id,
);

/** The column called `id`, which may come from storage: one of those above, or a message's field. */
export function columnOf(id: string): Column | undefined {
  return COLUMNS.find((column) => column.id === id) ?? fieldColumn(id);
}

/** `shown` with the column at the place of `target`. */
export function moveColumn(shown: readonly string[], id: string, target: string): string[] {
  const to = shown.indexOf(target);
  const others = shown.filter((other) => other !== id);
  return to < 0 || others.length === shown.length ? [...shown] : others.toSpliced(to, 0, id);
}

/** `shown` with a column added where it usually stands (a field's in front of the waterfall), or taken away. */
export function toggleColumn(shown: readonly string[], id: string, visible: boolean): string[] {
  const others = shown.filter((other) => other !== id);
  if (!visible) return others;
  const usual = COLUMNS.map((column): string => column.id);
  if (!usual.includes(id)) {
    const last = others.at(-1) === 'waterfall' ? others.length - 1 : others.length;
    return others.toSpliced(last, 0, id);
  }
  const before = usual.slice(0, usual.indexOf(id)).findLast((other) => others.includes(other));
  return others.toSpliced(before === undefined ? 0 : others.indexOf(before) + 1, 0, id);
}

/**
 * What goes first when the list gets narrow: of what everybody has, what is missed least; then what somebody has chosen, and
 * looks for. The path, which carries the row's meaning, never goes.
 */
const FIRST_TO_GO: readonly FixedColumnId[] = ['type', 'time', 'host', 'size', 'id', 'waterfall'];
const NEXT_TO_GO: readonly FixedColumnId[] = [
  'key',
  'comment',
  'rules',
  'client',
  'protocol',
  'requestSize',
  'remote',
  'upstream',
  'age',
];
const LAST_TO_GO: readonly FixedColumnId[] = ['method', 'duration', 'cache'];
/** The path column's width below which another column has to go. */
const COMFORTABLE_PATH = 200;

/** A column at its place in the list. The style is one object for as long as the layout lasts. */
export interface PlacedColumn extends Column {
  readonly style: { readonly width: number };
}

export interface ColumnLayout {
  readonly columns: readonly PlacedColumn[];
  /** Pixels that all of them take; more than there are when the list has to scroll sideways. */
  readonly width: number;
}

/** The part of spare width that the waterfall takes while nobody has resized it; the path gets the rest. */
const WATERFALL_PART = 0.33;

/**
 * Those of the `shown` columns that fit into `available` pixels, in their order.
 * @param widths pixels of columns that were resized
 */
export function layOutColumns(
  available: number,
  widths: Readonly<Record<string, number>>,
  shown: readonly string[],
): ColumnLayout {
  const widthOf = (column: Column): number => Math.max(column.minWidth, widths[column.id] ?? column.width);
  const sum = (columns: readonly Column[]): number => columns.reduce((total, column) => total + widthOf(column), 0);
  const wanted = [...new Set(shown.includes('path') ? shown : ['path', ...shown])];
  const known = wanted.flatMap((id) => columnOf(id) ?? []);
  let fixed = known.filter((column) => column.id !== 'path');
  const chosen = known.map(({ id }) => id).filter((id) => id !== 'path' && fieldColumn(id) !== undefined);
  for (const id of [...FIRST_TO_GO, ...chosen.reverse(), ...NEXT_TO_GO, ...LAST_TO_GO]) {
    if (sum(fixed) + COMFORTABLE_PATH <= available) break;
    fixed = fixed.filter((column) => column.id !== id);
  }
  const spare = Math.max(0, available - sum(fixed) - COMFORTABLE_PATH);
  const stretched = fixed.some(({ id }) => id === 'waterfall') && widths['waterfall'] === undefined;
  const waterfallExtra = stretched ? Math.floor(spare * WATERFALL_PART) : 0;
  const place = (column: Column): PlacedColumn => {
    if (column.id === 'path') {
      const left = available - sum(fixed) - waterfallExtra;
      return { ...column, style: { width: Math.max(column.minWidth, left) } };
    }
    return { ...column, style: { width: widthOf(column) + (column.id === 'waterfall' ? waterfallExtra : 0) } };
  };
  const columns = known.filter((column) => column.id === 'path' || fixed.includes(column)).map(place);
  return { columns, width: columns.reduce((total, { style }) => total + style.width, 0) };
}
