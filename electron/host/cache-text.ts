import type { EntrySummary } from '../engine/cache/cache-store.ts';

/** Stored responses as text for a terminal. */

/** One line for each entry under a line of titles. @param now epoch milliseconds */
export function entryTable(entries: readonly EntrySummary[], now: number): string {
  const rows = entries.map(({ id, head, bodyLength, hits, lastUsed }) => [
    ...[String(id), statusText(head), bytesText(bodyLength), String(hits)],
    ...[durationText(now - head.responseTime), hits === 0 ? '-' : durationText(now - lastUsed), head.uri],
  ]);
  const lines = [['ID', 'STATUS', 'SIZE', 'HITS', 'STORED', 'USED', 'URL'], ...rows];
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) => line.map((cell, column) => (column === 6 ? cell : cell.padStart(widths[column] ?? 0))).join('  '))
    .join('\n');
}

/** An entry's request, its circumstances and its stored fields. */
export function entryText({ id, head, bodyLength, bytes, hits, lastUsed }: EntrySummary, now: number): string {
  const lines = [
    `${head.method} ${head.uri}`,
    `id ${id}, body ${bytesText(bodyLength)}, ${bytesText(bytes)} in all`,
    `stored ${durationText(now - head.responseTime)} ago, ${useText(hits, now - lastUsed)}`,
    ...head.selecting.map(({ field, value }) => `chosen by ${field}: ${value ?? '(absent)'}`),
    ...(head.groups === undefined ? [] : [`groups ${head.groups.join(', ')}`]),
    '',
    `${head.status} ${head.reason}`,
  ];
  for (let i = 0; i + 1 < head.headers.length; i += 2) lines.push(`${head.headers[i]}: ${head.headers[i + 1]}`);
  return lines.join('\n');
}

function useText(hits: number, age: number): string {
  if (hits === 0) return 'not used yet';
  return `used ${durationText(age)} ago, ${hits} ${hits === 1 ? 'hit' : 'hits'}`;
}

function statusText({ status, method, part }: EntrySummary['head']): string {
  if (method === 'HEAD') return `${status} head`;
  return part === undefined ? String(status) : `${status} part`;
}

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** As in `1.2 MiB`. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < SIZES.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${SIZES[unit]}`;
}

/** As in `3 min`: one unit, as fine as is of interest. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
