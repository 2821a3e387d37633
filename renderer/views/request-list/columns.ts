/** A column of the request list. */
export interface Column {
  readonly id: ColumnId;
  readonly title: string;
  /** Pixels; the path column takes what is left. */
  readonly width: number;
  readonly minWidth: number;
  readonly align?: 'end';
}

export const COLUMN_IDS = [
  'id',
  'time',
  'method',
  'host',
  'path',
  'status',
  'cache',
  'type',
  'size',
  'duration',
  'waterfall',
] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

export const COLUMNS: readonly Column[] = [
  { id: 'id', title: '#', width: 52, minWidth: 36, align: 'end' },
  { id: 'time', title: 'Time', width: 96, minWidth: 60 },
  { id: 'method', title: 'Method', width: 80, minWidth: 44 },
  { id: 'host', title: 'Host', width: 150, minWidth: 60 },
  { id: 'path', title: 'Path', width: 240, minWidth: 120 },
  { id: 'status', title: 'Status', width: 80, minWidth: 48 },
  { id: 'cache', title: 'Cache', width: 112, minWidth: 64 },
  { id: 'type', title: 'Type', width: 68, minWidth: 44 },
  { id: 'size', title: 'Size', width: 76, minWidth: 50, align: 'end' },
  { id: 'duration', title: 'Duration', width: 82, minWidth: 56, align: 'end' },
  { id: 'waterfall', title: 'Waterfall', width: 170, minWidth: 80 },
];

/** What goes first when the list gets narrow. The path, which carries the row's meaning, never goes. */
const FIRST_TO_GO: readonly ColumnId[] = [
  'type',
  'time',
  'host',
  'size',
  'id',
  'waterfall',
  'method',
  'duration',
  'cache',
];
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
 * The columns that fit into `available` pixels, without those the person has hidden.
 * @param widths pixels of columns that were resized
 */
export function layOutColumns(
  available: number,
  widths: Readonly<Record<string, number>>,
  hidden: readonly string[],
): ColumnLayout {
  const widthOf = (column: Column): number => Math.max(column.minWidth, widths[column.id] ?? column.width);
  const sum = (columns: readonly Column[]): number => columns.reduce((total, column) => total + widthOf(column), 0);
  let fixed = COLUMNS.filter((column) => column.id !== 'path' && !hidden.includes(column.id));
  for (const id of FIRST_TO_GO) {
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
  const columns = COLUMNS.filter((column) => column.id === 'path' || fixed.includes(column)).map(place);
  return { columns, width: columns.reduce((total, { style }) => total + style.width, 0) };
}
