/**
 * How a large body opens and scrolls: `npm run bench:body`, or `node bench/ui-body.ts 2000 100` for another number of megabytes,
 * with that many milliseconds between them where the disk is slow.
 * An origin makes a text of that size as it is taken, the proxy records it, and a Chromium shows it.
 */
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { percentile, printFigures } from './ui/figures.ts';
import type { Figure } from './ui/figures.ts';
import { startUiHost } from './ui/ui-host.ts';

const megabytes = Number(process.argv[2] ?? 200);
const LINES = 10_000;
const LINE_BYTES = 100;
const SCROLL_MS = 3000;
/** Between two megabytes (ms). */
const pace = Number(process.argv[3] ?? 40);
/** What one write brings: a megabyte of lines, so that line numbers tell where a row is. */
const block = Buffer.alloc(
  LINES * LINE_BYTES,
  `${'a line of a log that goes on and on '.padEnd(LINE_BYTES - 1, '.')}\n`,
);

async function answer(_request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('Content-Type', 'text/plain');
  for (let sent = 0; sent < megabytes; sent++) {
    if (!response.write(block)) await once(response, 'drain');
    // Slow enough for the recorder to keep all of it: what it cannot write in time it leaves out.
    await setTimeout(pace);
  }
  response.end();
}

const origin = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
await once(origin, 'listening');
const upstream = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
const cap = megabytes * block.length + 1;
const caps = ['--body-cap', String(cap), '--record-size', String(2 * cap + 2 ** 28)];
const host = await startUiHost(() => Promise.resolve(), '--upstream', upstream, '--cache', 'off', ...caps);
try {
  const page = await host.open();
  await page.getByRole('button', { name: 'Pause recording' }).waitFor();
  const passed = await download();
  await page.locator('.request-row[data-running=false]').click();
  console.log(`\n${megabytes} MB of text, passed through in ${(passed / 1000).toFixed(1)} s:`);
  if (!printFigures([...(await opening(page)), ...(await scrolling(page)), await heap(page)])) process.exitCode = 1;
} finally {
  await host.stop();
  origin.close();
}

/** Takes the body through the proxy; resolves with the milliseconds it took. */
async function download(): Promise<number> {
  const begun = performance.now();
  const request = get(`${host.proxy}/log`);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return performance.now() - begun;
}

/** From asking for the response to its first rows, and to its last after End. */
async function opening(page: Page): Promise<Figure[]> {
  const rows = page.locator('.virtual-rows');
  const opened = performance.now();
  // Looked for in every frame of the page itself: whoever drives it looks ever more seldom.
  const first = await page.evaluate(async () => {
    const begun = performance.now();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '3', bubbles: true }));
    while (!(document.querySelector('.code-line .raw')?.textContent ?? '').includes('a line of a log')) {
      const { promise, resolve } = Promise.withResolvers<number>();
      requestAnimationFrame(resolve);
      await promise;
    }
    return performance.now() - begun;
  });
  await page.getByText('Counting lines…').waitFor({ state: 'detached', timeout: 300_000 });
  const counted = performance.now() - opened;
  // What the recorder could not write in time it has left out, and says so.
  for (const note of await page.locator('.body-note').allInnerTexts()) console.log(`  ${note}`);
  await rows.focus();
  const asked = performance.now();
  await page.keyboard.press('End');
  const last = rows.locator('.code-line').last();
  await last.filter({ hasText: 'a line of a log' }).waitFor();
  return [
    { what: 'first rows', value: first, target: 500, unit: 'ms' },
    { what: 'all lines counted', value: counted, target: 30 * megabytes, unit: 'ms' },
    { what: 'last row after End', value: performance.now() - asked, target: 500, unit: 'ms' },
  ];
}

/** Frames while the body is scrolled from its end to its begin. */
async function scrolling(page: Page): Promise<Figure[]> {
  const frames = await page.locator('.virtual-rows').evaluate(async (list, ms) => {
    const times: number[] = [];
    const from = list.scrollTop;
    const begun = performance.now();
    let before = begun;
    while (before - begun < ms) {
      const { promise, resolve } = Promise.withResolvers<number>();
      requestAnimationFrame(resolve);
      const now = await promise;
      times.push(now - before);
      before = now;
      list.scrollTop = from * (1 - (now - begun) / ms);
    }
    return times;
  }, SCROLL_MS);
  return [
    { what: '95 % of frames while scrolling within', value: percentile(frames, 0.95), target: 25, unit: 'ms' },
    { what: 'longest of them', value: Math.max(...frames), target: 100, unit: 'ms' },
  ];
}

async function heap(page: Page): Promise<Figure> {
  const bytes = await page.evaluate(() => {
    (globalThis as { gc?: () => void }).gc?.();
    return (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? NaN;
  });
  return { what: 'heap of the page', value: bytes / 1e6, target: 100, unit: 'MB' };
}
