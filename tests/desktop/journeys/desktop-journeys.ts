import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { finishedRows, keepPicture, mainJourney, proxyUrlOf, sendSamples, verdictsOf } from './main-journey.ts';
import type { DesktopApps, RunningApp } from './running-app.ts';
import { dataDirectory, open, sentencesOf } from './running-app.ts';

/** Collects what a page complains about. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
}

/** Has the window's page loaded anew, as a developer does. */
export async function reload(app: RunningApp, page: Page): Promise<void> {
  const reloaded = page.waitForEvent('load');
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload(), undefined);
  await reloaded;
}

/** What a person does in the window. */
export function desktopJourneys(apps: DesktopApps): void {
  describe('the desktop app', () => {
    it('takes a newcomer from the empty window to a hit, its explanation and another cache mode', async () => {
      const dataDir = await dataDirectory();
      const { app, page } = await open(apps, { args: ['--data-dir', dataDir] });
      const complaints = complaintsOf(page);
      expect(page.url()).toMatch(/hopscope/);
      const visible = await app.evaluate(
        ({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible()),
        undefined,
      );
      expect(visible).toEqual([true]);
      await mainJourney(page, apps.name);
      expect(complaints).toEqual([]);
      expect(await app.quit()).toBe(0);
      expect(sentencesOf(app)).toEqual([]);
      const saved = JSON.parse(await readFile(join(dataDir, 'settings.json'), 'utf8')) as object;
      expect(saved).toMatchObject({ cache: { mode: 'off' } });
    });

    it('takes the flags that the headless host takes, and the colours of the system', async () => {
      const { page } = await open(apps, { args: ['--cache', 'snapshot'], colorScheme: 'dark' });
      await page.locator('[role=radio][data-mode=snapshot][aria-checked=true]').waitFor();
      await sendSamples(page);
      // Whatever its headers say, the first answer is kept.
      expect(await verdictsOf(page, '/etag')).toEqual(['MISS', 'HIT']);
      await keepPicture(page, `${apps.name}-dark`);
    });

    it('shows the same list in a page that was loaded anew, and goes on from there', async () => {
      const { app, page } = await open(apps);
      await sendSamples(page);
      await reload(app, page);
      await finishedRows(page).nth(25).waitFor();
      await (await fetch(`${await proxyUrlOf(page)}/basket`)).arrayBuffer();
      await finishedRows(page).nth(26).waitFor();
      expect(await verdictsOf(page, '/basket')).toEqual(['MISS', 'MISS']);
    });

    it('takes a newcomer by keyboard on a tour that ends with the first request, once', async () => {
      const { app, page } = await open(apps);
      const tour = page.getByRole('region', { name: 'A first look' });
      await tour.getByText('1 of 4').waitFor();
      await tour.getByRole('button', { name: 'Go on' }).press('Enter');
      await keepPicture(page, `${apps.name}-tour`);
      await tour.getByRole('button', { name: 'Send sample traffic' }).press('Enter');
      await tour.getByText('There it is: GET').waitFor();
      await tour.getByRole('button', { name: 'Look into it' }).press('Enter');
      await page.getByRole('group', { name: 'Timeline' }).waitFor();
      await keepPicture(page, `${apps.name}-tour-end`);
      await tour.getByRole('button', { name: 'Understood' }).press('Enter');
      await tour.waitFor({ state: 'detached' });
      await reload(app, page);
      await finishedRows(page).first().waitFor();
      expect(await tour.count()).toBe(0);
    });
  });
}
