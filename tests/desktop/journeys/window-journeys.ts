import { chmod, mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { finishedRows, proxyUrlOf } from './main-journey.ts';
import type { DesktopApps } from './running-app.ts';
import { dataDirectory, open, sentencesOf } from './running-app.ts';

/** A desktop that shows icons of a tray: under Linux, what answers for its session bus. */
export async function desktopWithTray(directory: string): Promise<Record<string, string>> {
  if (process.platform !== 'linux') return {};
  const bin = join(directory, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'gdbus'), '#!/bin/sh\necho "(true,)"\n');
  await chmod(join(bin, 'gdbus'), 0o755);
  return { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
}

/** What the app does while nobody looks at its window, or its window has nothing to show. */
export function windowJourneys(apps: DesktopApps): void {
  describe('the window', () => {
    it('is not needed: the app calls for the person, and goes on at the tray', async () => {
      const dataDir = await dataDirectory();
      const settings = join(dataDir, 'settings.json');
      const { app, page } = await open(apps, { args: ['--data-dir', dataDir], env: await desktopWithTray(dataDir) });
      await page.getByRole('radio', { name: 'Off', exact: true }).click();
      await expect.poll(() => readFile(settings, 'utf8').catch(() => '')).toContain('"off"');
      // Nothing can be written there any more.
      await rm(settings);
      await mkdir(settings);
      expect(await app.calls()).toEqual({ badge: 0, notifications: [] });

      await app.look('elsewhere');
      await app.chooseInTray('Record traffic');
      const sentence = expect.stringContaining('The settings could not be saved') as string;
      await expect.poll(() => app.calls()).toEqual({ badge: 1, notifications: [sentence] });
      await app.clickNotification();
      await app.look('here');
      await expect.poll(async () => (await app.calls()).badge).toBe(0);
      await page.getByText('The settings could not be saved').waitFor();
      await rmdir(settings);
      await app.chooseInTray('Record traffic');
      // What is over is not said any longer.
      await page.getByText('The settings could not be saved').waitFor({ state: 'detached' });

      const proxyUrl = await proxyUrlOf(page);
      await page.close();
      await app.chooseInTray('Record traffic');
      await (await fetch(proxyUrl)).arrayBuffer();
      await app.chooseInTray('Show Hopscope');
      const next = await app.page();
      expect(await proxyUrlOf(next)).toBe(proxyUrl);
      await next.getByText('Recording is paused').first().waitFor();
      expect(await app.quit()).toBe(0);
    });

    it('loads a page that ends anew, with all that it showed, and asks when that does not help', async () => {
      const { app, page } = await open(apps);
      await (await fetch(`${await proxyUrlOf(page)}/remembered`)).arrayBuffer();
      await finishedRows(page, '/remembered').waitFor();
      await app.crashPage();
      await expect.poll(() => app.text()).toContain('This page had ended and was loaded anew.');
      await expect.poll(() => app.text()).toContain('/remembered');
      const [sentence, ...more] = sentencesOf(app);
      expect(sentence).toMatch(/^hopscope: the window's page ended \((?:crashed|killed)\); it is loaded anew$/);
      expect(more).toEqual([]);
      await app.answer(1);
      await app.crashPage();
      expect(await app.exited).toBe(0);
      expect(app.questions).toEqual(['The window’s page ended twice in a row.']);
    });
  });
}
