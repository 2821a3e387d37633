import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { InspectorApi } from '../../shared/contract.ts';
import { startOrigin } from '../support/origin.ts';
import { dataDirectory, openDesktop } from './desktop-app.ts';
import { finishedRows, keepPicture, mainJourney, proxyUrlOf, sendSamples, verdictsOf } from './main-journey.ts';

/** Collects what a page complains about. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
}

describe('the desktop app', () => {
  it('takes a newcomer from the empty window to a hit, its explanation and another cache mode', async () => {
    const dataDir = await dataDirectory();
    const { app, page } = await openDesktop({ args: ['--data-dir', dataDir] });
    const complaints = complaintsOf(page);
    const visible = await app.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows().map((w) => w.isVisible()),
      0,
    );
    expect(visible).toEqual([true]);
    await mainJourney(page, 'double');
    expect(complaints).toEqual([]);
    expect(await app.quit()).toBe(0);
    expect(app.output).toBe('');
    const saved = JSON.parse(await readFile(join(dataDir, 'settings.json'), 'utf8')) as object;
    expect(saved).toMatchObject({ cache: { mode: 'off' } });
  });

  it('takes the flags that the headless host takes, and the colours of the system', async () => {
    const { page } = await openDesktop({ args: ['--cache', 'snapshot'], colorScheme: 'dark' });
    await page.locator('[role=radio][data-mode=snapshot][aria-checked=true]').waitFor();
    await sendSamples(page);
    // Whatever its headers say, the first answer is kept.
    expect(await verdictsOf(page, '/etag')).toEqual(['MISS', 'HIT']);
    await keepPicture(page, 'double-dark');
  });

  it('shows the same list in a page that was loaded anew, also after a crash, and goes on from there', async () => {
    const { app, page } = await openDesktop();
    await sendSamples(page);
    const reloaded = page.waitForEvent('load');
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload(), undefined);
    await reloaded;
    await finishedRows(page).nth(25).waitFor();
    await (await fetch(`${await proxyUrlOf(page)}/basket`)).arrayBuffer();
    await finishedRows(page).nth(26).waitFor();
    expect(await verdictsOf(page, '/basket')).toEqual(['MISS', 'MISS']);

    const crashed = page.waitForEvent('crash');
    const devTools = await page.context().newCDPSession(page);
    // The page is gone before it could answer.
    devTools.send('Page.crash').catch(() => undefined);
    await crashed;
    const next = await app.page();
    await finishedRows(next).nth(26).waitFor();
    expect(app.output).toBe("hopscope: the window's page ended (crashed); it is loaded anew\n");
  });

  it('copies its address, and takes a newcomer by keyboard on a tour that ends with the first request, once', async () => {
    const { app, page } = await openDesktop();
    await page.getByRole('button', { name: 'Copy the proxy address' }).click();
    await page.locator('[aria-label="Copy the proxy address"][data-copied=true]').waitFor();
    const tour = page.getByRole('region', { name: 'A first look' });
    await tour.getByText('1 of 4').waitFor();
    await tour.getByRole('button', { name: 'Go on' }).press('Enter');
    await keepPicture(page, 'double-tour');
    await tour.getByRole('button', { name: 'Send sample traffic' }).press('Enter');
    await tour.getByText('There it is: GET').waitFor();
    await tour.getByRole('button', { name: 'Look into it' }).press('Enter');
    await page.getByRole('group', { name: 'Timeline' }).waitFor();
    await keepPicture(page, 'double-tour-end');
    await tour.getByRole('button', { name: 'Understood' }).press('Enter');
    await tour.waitFor({ state: 'detached' });
    const reloaded = page.waitForEvent('load');
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload(), undefined);
    await reloaded;
    await finishedRows(page).first().waitFor();
    expect(await tour.count()).toBe(0);
  });

  it("shows the development server's page where there is one, which may load itself anew and reach its server", async () => {
    const server = await startOrigin((_request, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><title>In development</title>');
    });
    const { app, page } = await openDesktop({ rendererUrl: server.url });
    const reloaded = page.waitForEvent('load');
    await page.evaluate(() => window.location.reload());
    await reloaded;
    expect(await page.title()).toBe('In development');
    const code = await page.evaluate(async () => {
      const { hopscope } = window as unknown as { hopscope: InspectorApi };
      const answer = await hopscope.request('engine.snapshot', undefined);
      return answer.ok ? 'ok' : answer.error.code;
    });
    expect(code).toBe('ok');
    expect(await app.mayRequest(`${server.url}/main.tsx`)).toBe(true);
    expect(await app.mayRequest('http://127.0.0.1:1/')).toBe(false);
  });
});
