import { expect, it } from 'vitest';
import { cacheSettingsOf } from '../../electron/engine/handlers/cache-settings.ts';
import type { EntryQuery, EntrySummary } from '../../electron/engine/cache/cache-store.ts';
import { entriesByTtl } from '../../electron/host/entries-by-ttl.ts';
import { defaultSettings } from '../../shared/settings.ts';
import { headOf } from '../cache/store-entries.ts';

const settings = cacheSettingsOf(defaultSettings());

function entry(id: number, cacheControl: string): EntrySummary {
  const head = { ...headOf(), headers: ['Cache-Control', cacheControl, 'ETag', '"1"'] };
  return { id, head, bytes: 1, bodyLength: 1, hits: 0, lastUsed: 0, bytesSaved: 0 };
}

it('entries with the longest time to live come first, and those last that cannot be used without the origin', () => {
  const controls = ['max-age=5', 'no-cache, max-age=900', 'max-age=700', 'no-store', 'max-age=60'];
  const stored = controls.map((control, i) => entry(i + 1, control));
  const list = ({ offset, limit }: EntryQuery): { total: number; entries: EntrySummary[] } => ({
    ...{ total: stored.length, entries: stored.slice(offset, offset + limit) },
  });
  const ids = (limit: number, ascending: boolean): number[] =>
    entriesByTtl(list, { limit, ascending, settings }).entries.map(({ id }) => id);
  expect(ids(9, false)).toEqual([3, 5, 1, 2, 4]);
  expect(ids(9, true)).toEqual([4, 2, 1, 5, 3]);
  expect(ids(2, false)).toEqual([3, 5]);
  expect(entriesByTtl(list, { limit: 2, ascending: false, settings }).total).toBe(5);
});
