/**
 * Time that the cache's page takes of the engine: `node bench/cache-browser.ts [entries]`. Fills both stores with entries
 * and asks for pages as the page does; prints the median and the slowest of ten answers in milliseconds.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CacheBrowser } from '../electron/engine/cache-browser.ts';
import { readCacheRequest } from '../electron/engine/cache/cache-request.ts';
import type { CacheStore } from '../electron/engine/cache/cache-store.ts';
import { planStorage } from '../electron/engine/cache/storing.ts';
import { openStore } from '../electron/engine/cache/stores/open-store.ts';
import { cacheSettingsOf } from '../electron/engine/handlers/cache-settings.ts';
import { createRecorder } from '../electron/engine/trace/recorder.ts';
import type { EntriesQuery } from '../shared/cache-contract.ts';
import { ENTRY_SORTS } from '../shared/cache-contract.ts';
import { defaultSettings } from '../shared/settings.ts';

const entries = Number(process.argv[2] ?? 100_000);
const ROUNDS = 10;
const settings = defaultSettings();
// Room for all of them, also in memory.
const caps = { ...settings.cache, memoryBytes: settings.cache.maxBytes };
const directory = await mkdtemp(join(tmpdir(), 'hopscope-bench-'));
const recorder = await createRecorder({ directory: join(directory, 'session'), settings: settings.record });

async function fill(store: CacheStore): Promise<void> {
  const body = new Uint8Array(200);
  for (let i = 0; i < entries; i++) {
    const uri = `http://host-${i % 100}.example/section-${i % 1000}/page-${i}?utm=${i * 7}`;
    const request = readCacheRequest('GET', uri, ['Accept', 'text/html']);
    const headers = ['Content-Type', 'text/html', 'Cache-Control', `max-age=${i % 9999}`, 'ETag', `"${i}"`];
    const now = Date.now();
    const received = { status: 200, reason: 'OK', headers, requestTime: now - 20, responseTime: now };
    const { head } = planStorage(request, uri, received, cacheSettingsOf(settings));
    if (head === undefined) throw new Error('not stored');
    const writer = store.begin(head);
    await writer.write(body);
    await writer.commit();
    // A store on disk refuses what it cannot write in time.
    if (i % 1000 === 999) await store.flush();
  }
  await store.flush();
}

async function measure(browser: CacheBrowser, what: string, query: Partial<EntriesQuery>): Promise<void> {
  const times: number[] = [];
  let total = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    ({ total } = await browser.entries({ offset: 0, limit: 200, ...query }));
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  const [median = 0, slowest = 0] = [times[ROUNDS >> 1], times.at(-1)];
  console.log(
    `  ${what.padEnd(34)} ${median.toFixed(1).padStart(7)} ${slowest.toFixed(1).padStart(7)}  (${total} found)`,
  );
}

for (const kind of ['memory', 'disk'] as const) {
  const store = await openStore({
    ...{ kind, directory: join(directory, 'cache'), caps, warn: (text: string) => console.warn(text) },
  });
  await fill(store);
  console.log(`${kind}: ${store.stats().entries} entries`);
  const browser = new CacheBrowser({ store, recorder, settings: () => settings });
  for (const sort of ENTRY_SORTS) await measure(browser, `sorted by ${sort}`, { sort });
  await measure(browser, 'search with one hit', { search: 'PAGE-77777?' });
  await measure(browser, 'search with a thousand hits', { search: 'host-7.example' });
  await measure(browser, 'search with no hit', { search: 'nowhere' });
  await measure(browser, 'the middle of the list', { offset: Math.floor(entries / 2) });
  await store.close();
}
await recorder.close();
await rm(directory, { recursive: true, force: true });
