/**
 * How fast the list is with many exchanges in it: `npm run bench:list`, or `node bench/ui-list.ts 20000` for another number.
 * Opens a session of that many in a Chromium and prints what people wait for beside what it should be.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { writeSessionFile } from '../electron/engine/sessions/session-file.ts';
import { percentile, printFigures } from './ui/figures.ts';
import type { Figure } from './ui/figures.ts';
import { manyExchanges } from './ui/many-exchanges.ts';
import { startUiHost } from './ui/ui-host.ts';

const count = Number(process.argv[2] ?? 100_000);
const ROUNDS = 3;
const COLUMNS = ['path', 'status', 'duration', 'host', 'size'];
const FILTERS = ['orders', 'status:5xx', 'duration>150ms size>50kb', '/page=(7|9)/ -cache:hit'];

const host = await startUiHost(async (dataDir) => {
  await mkdir(join(dataDir, 'sessions'), { recursive: true });
  const head = { name: 'many', savedAt: new Date().toISOString(), epoch: Date.now() - count, exchanges: count };
  await writeSessionFile(join(dataDir, 'sessions', 'many.hopscope'), head, manyExchanges(count));
});
try {
  const first = await host.open();
  await openSession(first);
  await first.close();
  const { page, figures } = await coldStart();
  figures.push(...(await searching(page)), ...(await moving(page)), await heap(page), await clearing(page));
  console.log(`\n${count.toLocaleString('en')} exchanges:`);
  if (!printFigures(figures)) process.exitCode = 1;
} finally {
  await host.stop();
}

async function openSession(page: Page): Promise<void> {
  const begun = performance.now();
  await page.getByRole('button', { name: 'Pause recording' }).waitFor();
  await page.keyboard.press('s');
  await page.getByRole('button', { name: 'Open many' }).click();
  await allListed(page);
  console.log(`  opened the session within ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}

async function allListed(page: Page): Promise<void> {
  const counted = page.locator('.status-bar .fact', { hasText: count.toLocaleString('en') });
  await counted.first().waitFor({ timeout: 180_000 });
}

/** From asking for the page to the first rows, and the scripts that came until then. */
async function coldStart(): Promise<{ page: Page; figures: Figure[] }> {
  let script = 0;
  let seen = false;
  const begun = performance.now();
  const page = await host.open(async (fresh) => {
    fresh.on('response', (response) => {
      if (seen || !new URL(response.url()).pathname.endsWith('.js')) return;
      void response.body().then((body) => (script += gzipSync(body).length));
    });
    await Promise.resolve();
  });
  await page.locator('.request-row').first().waitFor();
  const value = performance.now() - begun;
  seen = true;
  await allListed(page);
  return {
    page,
    figures: [
      { what: 'cold start to first rows', value, target: 1000, unit: 'ms' },
      { what: 'scripts until then, gzipped', value: script / 1000, target: 250, unit: 'kB' },
    ],
  };
}

async function searching(page: Page): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const text of FILTERS) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      times.push(await page.evaluate((filter) => window.probe.filter(filter), text));
      await page.locator('.search-progress').waitFor({ state: 'detached' });
      await page.evaluate(() => window.probe.filter(''));
    }
    figures.push({ what: `filter ${text}`, value: percentile(times, 0.5), target: 200, unit: 'ms' });
  }
  for (const column of COLUMNS) {
    const times: number[] = [];
    // Up, down, and back to the order of arrival, so that each round begins there.
    for (let press = 0; press < ROUNDS * 3; press++) {
      const time = await page.evaluate((name) => window.probe.sort(name), column);
      if (press % 3 !== 2) times.push(time);
    }
    figures.push({ what: `sort by ${column}`, value: percentile(times, 0.5), target: 200, unit: 'ms' });
  }
  return figures;
}

async function moving(page: Page): Promise<Figure[]> {
  const p95 = (what: string, frames: readonly number[]): Figure => ({
    ...{ what: `${what}, 95 % of frames within`, value: percentile(frames, 0.95), target: 25, unit: 'ms' },
  });
  const scrolled = await page.evaluate(() => window.probe.scroll(150, 333));
  const travelled = await page.evaluate(() => window.probe.travel(150));
  const opened = await page.evaluate(() => window.probe.open(21));
  const beside = await page.evaluate(() => window.probe.travel(150));
  await page.keyboard.press('Escape');
  return [
    p95('scrolling', scrolled),
    p95('arrow keys', travelled),
    // The first one also fetches the details' scripts.
    { what: 'open details', value: percentile(opened.slice(1), 0.5), target: 50, unit: 'ms' },
    p95('arrow keys with details', beside),
  ];
}

/** Of the page's own thread, after collecting what is not used any more. */
async function heap(page: Page): Promise<Figure> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  const used = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN;
  return { what: 'heap of the page', value: used / 1e6, target: 300, unit: 'MB' };
}

async function clearing(page: Page): Promise<Figure> {
  const value = await page.evaluate(() => window.probe.press('[aria-label="Clear the list"]', '.start'));
  return { what: 'clear', value, target: 200, unit: 'ms' };
}
