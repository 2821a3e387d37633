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

export interface ColumnLayout {
  readonly columns: readonly Column[];
  /** A value for `grid-template-columns`. */
  readonly template: string;
  /** The narrowest the rows may get before the list scrolls sideways. */
  readonly minWidth: number;
}

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
  let columns = COLUMNS.filter((column) => column.id === 'path' || !hidden.includes(column.id));
  const taken = (): number =>
    columns.reduce((sum, column) => sum + (column.id === 'path' ? COMFORTABLE_PATH : widthOf(column)), 0);
  for (const id of FIRST_TO_GO) {
    if (taken() <= available) break;
    columns = columns.filter((column) => column.id !== id);
  }
  const grows = (column: Column): boolean => column.id === 'path';
  const template = columns.map((column) => {
    if (grows(column)) return `minmax(${column.minWidth}px, 1fr)`;
    // Until it is resized, the waterfall takes its part of a wide window.
    const stretches = column.id === 'waterfall' && widths[column.id] === undefined;
    return stretches ? `minmax(${widthOf(column)}px, 0.5fr)` : `${widthOf(column)}px`;
  });
  const minWidth = columns.reduce((sum, column) => sum + (grows(column) ? column.minWidth : widthOf(column)), 0);
  return { columns, template: template.join(' '), minWidth };
}
