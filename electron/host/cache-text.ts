import type { CacheEntryRow } from '../../shared/cache-contract.ts';
import type { CacheSettings } from '../engine/cache/cache-settings.ts';
import type { EntrySummary } from '../engine/cache/cache-store.ts';
import { entryRow } from '../engine/cache/describe-entry.ts';

/** Stored responses as text for a terminal. */

const TITLES = ['ID', 'STATUS', 'SIZE', 'HITS', 'STORED', 'USED', 'TTL', 'URL'];
/** So much of the fields that chose a variant is shown behind its URL. */
const MOST_OF_VARIANT = 60;

/**
 * One line for each entry under a line of titles.
 *
 * @param now epoch milliseconds
 * @param settings by which its lifetime is told
 */
export function entryTable(entries: readonly EntrySummary[], now: number, settings: CacheSettings): string {
  const rows = entries.map((entry) => {
    const { id, head, bodyLength, hits, lastUsed } = entry;
    const row = entryRow(entry, settings);
    return [
      ...[String(id), statusText(head), bytesText(bodyLength), String(hits), durationText(now - head.responseTime)],
      ...[hits === 0 ? '-' : durationText(now - lastUsed), ttlText(row, now), `${head.uri}${variantText(row)}`],
    ];
  });
  const lines = [TITLES, ...rows];
  const widths = TITLES.slice(0, -1).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) => line.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')).join('\n');
}

/** How long an entry stays fresh, or why it is not. */
function ttlText({ usable, noCache, expires }: CacheEntryRow, now: number): string {
  if (!usable) return 'unusable';
  if (noCache) return 'no-cache';
  return expires > now ? durationText(expires - now) : 'stale';
}

/** The request's fields that chose a variant, as far as there is room for them. */
function variantText({ selecting }: CacheEntryRow): string {
  if (selecting.length === 0) return '';
  const text = selecting.map(([field, value]) => `${field}: ${value ?? '(absent)'}`).join(', ');
  return `  [${text.length > MOST_OF_VARIANT ? `${text.slice(0, MOST_OF_VARIANT - 1)}…` : text}]`;
}

/** An entry's request, its circumstances and its stored fields. */
export function entryText(entry: EntrySummary, now: number): string {
  const { id, head, bodyLength, bytes, hits, lastUsed, bytesSaved } = entry;
  const lines = [
    `${head.method} ${head.uri}`,
    `id ${id}, body ${bytesText(bodyLength)}, ${bytesText(bytes)} in all`,
    `stored ${durationText(now - head.responseTime)} ago, ${useText(hits, now - lastUsed, bytesSaved)}`,
    ...head.selecting.map(({ field, value }) => `chosen by ${field}: ${value ?? '(absent)'}`),
    ...(head.groups === undefined ? [] : [`groups ${head.groups.join(', ')}`]),
    '',
    `${head.status} ${head.reason}`,
  ];
  for (let i = 0; i + 1 < head.headers.length; i += 2) lines.push(`${head.headers[i]}: ${head.headers[i + 1]}`);
  return lines.join('\n');
}

function useText(hits: number, age: number, saved: number): string {
  if (hits === 0) return 'not used yet';
  return `used ${durationText(age)} ago, ${hits} ${hits === 1 ? 'hit' : 'hits'}, ${bytesText(saved)} saved`;
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
