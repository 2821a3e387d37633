import type { CacheEntryRow } from '../../../shared/cache-contract.ts';
import { freshnessAt } from '../decision/life-marks.ts';
import { formatBytes, formatDuration, formatSeconds } from '../../format/units.ts';
import type { Translate } from '../../i18n/translate.ts';

/** What the list and the details say of an entry. `now` is the engine's time in epoch milliseconds. */

export function ageWords({ born }: Pick<CacheEntryRow, 'born'>, now: number): string {
  return formatSeconds(Math.max(0, Math.floor((now - born) / 1000)));
}

/** How long it stays fresh, or since when it is not. */
export function freshWords(t: Translate, row: Pick<CacheEntryRow, 'expires' | 'noCache'>, now: number): string {
  if (row.noCache) return t('cache.asks');
  const { fresh, seconds } = freshnessAt(row, now);
  return fresh ? formatSeconds(seconds) : t('cache.stale', { time: formatSeconds(seconds) });
}

/** Which of the three an entry is; colour follows it, never alone. */
export function freshKind(row: CacheEntryRow, now: number): 'fresh' | 'stale' | 'no-cache' | 'unusable' {
  if (!row.usable) return 'unusable';
  if (row.noCache) return 'no-cache';
  return row.expires > now ? 'fresh' : 'stale';
}

export function usedWords(t: Translate, { lastUsed }: Pick<CacheEntryRow, 'lastUsed'>, now: number): string {
  if (lastUsed === 0) return t('cache.notYet');
  const seconds = Math.max(0, Math.floor((now - lastUsed) / 1000));
  return seconds < 2 ? t('cache.justNow') : t('cache.ago', { time: formatSeconds(coarse(seconds)) });
}

/** Whole minutes from two minutes on, whole hours from two hours on: nobody reads the seconds of an hour. */
function coarse(seconds: number): number {
  if (seconds < 120) return seconds;
  return seconds < 7200 ? Math.floor(seconds / 60) * 60 : Math.floor(seconds / 3600) * 3600;
}

export function savedWords({ savedBytes, savedMs }: Pick<CacheEntryRow, 'savedBytes' | 'savedMs'>): string {
  if (savedBytes === 0 && savedMs === 0) return '–';
  return savedMs === 0 ? formatBytes(savedBytes) : `${formatBytes(savedBytes)} · ${formatDuration(savedMs)}`;
}

/** The fields that chose a variant, with their values; empty when the response does not vary. */
export function variantWords(t: Translate, { selecting }: Pick<CacheEntryRow, 'selecting'>): string {
  return selecting.map(([field, value]) => `${field}: ${value ?? t('cache.absent')}`).join(' · ');
}

export function validatorWords(
  t: Translate,
  { etag, lastModified }: Pick<CacheEntryRow, 'etag' | 'lastModified'>,
): string {
  if (etag !== undefined) return etag;
  return lastModified === undefined ? t('cache.none') : 'Last-Modified';
}
