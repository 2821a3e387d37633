import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** The requests that the sample traffic consists of. */
const SAMPLES = 26;

const artifacts = join(import.meta.dirname, '../../artifacts/desktop');

/** Keeps a picture of the window under artifacts/. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(artifacts, { recursive: true });
  await page.screenshot({ path: join(artifacts, `${name}.png`) });
}

/** Rows that have ended, all or those of one path of the demo site. */
export function finishedRows(page: Page, path?: string): Locator {
  const rows = page.locator('[role=row][data-running=false]');
  if (path === undefined) return rows;
  const text = new RegExp(`^(127\\.0\\.0\\.1:\\d+)?${path}$`);
  return rows.filter({ has: page.locator('[data-column=path]', { hasText: text }) });
}

/** The cache's verdicts on one path of the demo site, oldest first. */
export function verdictsOf(page: Page, path: string): Promise<string[]> {
  return finishedRows(page, path).locator('[data-column=cache]').allInnerTexts();
}

export async function proxyUrlOf(page: Page): Promise<string> {
  const label = await page.getByLabel(/^Proxy address \d/).getAttribute('aria-label');
  return `http://${label?.replace('Proxy address ', '')}`;
}

/** Presses the button for sample traffic and waits for all of its rows. */
export async function sendSamples(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Send sample traffic' }).click();
  await finishedRows(page)
    .nth(SAMPLES - 1)
    .waitFor();
}

/**
 * What a newcomer does in the app, from the empty window to a look into a request and another cache mode; the same with the
 * double of Electron and with the real one.
 */
export async function mainJourney(page: Page, pictures: string): Promise<void> {
  expect(await page.title()).toBe('Hopscope');
  await page.getByRole('heading', { name: 'Waiting for the first request' }).waitFor();
  await keepPicture(page, `${pictures}-empty`);

  await sendSamples(page);
  expect(await verdictsOf(page, '/style.css')).toEqual(['MISS', 'HIT']);
  expect(await verdictsOf(page, '/basket')).toEqual(['MISS']);
  expect(await verdictsOf(page, '/etag')).toEqual(['MISS', 'REVALIDATED']);

  await finishedRows(page, '/style.css').nth(1).click();
  await page.getByRole('group', { name: 'Timeline' }).waitFor();
  await keepPicture(page, `${pictures}-timeline`);
  await page.getByRole('tab', { name: 'Cache' }).click();
  await page.getByText('RFC 9111').first().waitFor();
  await keepPicture(page, `${pictures}-decision`);

  // The body comes as bytes, by range, over the same bridge.
  await page.getByRole('tab', { name: 'Response' }).click();
  const proxyUrl = await proxyUrlOf(page);
  const [declaration = ''] = /--leaf: [^;]+/.exec(await (await fetch(`${proxyUrl}/style.css`)).text()) ?? [];
  // However the style sheet is laid out, each declaration is on one line.
  await page.locator('#details').getByText(declaration).first().waitFor();

  await switchCacheOff(page, proxyUrl);
}

/** Toggles the cache in the window, and sees in the engine's answers and the list that it counts. */
async function switchCacheOff(page: Page, proxyUrl: string): Promise<void> {
  expect(await cacheStatus(proxyUrl)).toMatch(/^Hopscope; hit;/);
  await page.getByRole('radio', { name: 'Off', exact: true }).click();
  await page.locator('[role=radio][data-mode=off][aria-checked=true]').waitFor();
  // A cache that is off has nothing to say.
  expect(await cacheStatus(proxyUrl)).toBeNull();
  await finishedRows(page, '/style.css').nth(4).waitFor();
  expect(await verdictsOf(page, '/style.css')).toEqual(['MISS', 'HIT', 'HIT', 'HIT', 'BYPASS']);
}

/** What the cache says of one more request for the stylesheet (RFC 9211). */
async function cacheStatus(proxyUrl: string): Promise<string | null> {
  const response = await fetch(`${proxyUrl}/style.css`);
  await response.arrayBuffer();
  return response.headers.get('cache-status');
}
