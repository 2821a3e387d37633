import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { keepPicture } from './main-journey.ts';
import type { DesktopApps } from './running-app.ts';
import { dataDirectory, open } from './running-app.ts';

export function warning(page: Page, text: string | RegExp): Locator {
  return page.getByRole('region', { name: 'Warnings' }).locator('.banner', { hasText: text });
}

export async function lookAtHealth(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: /^Health: / }).click();
  return page.getByRole('dialog', { name: 'How Hopscope is' });
}

/** What the app finds around itself that it did not expect. */
export function surroundingsJourneys(apps: DesktopApps): void {
  describe('a newer version', () => {
    it('finds all that it wrote as it was, and the window says what this one cannot read', async () => {
      const dataDir = await dataDirectory();
      const session = join(dataDir, 'session', 'session-1-later-1');
      const file = join(dataDir, 'later.hopscope');
      const settings = '{"cache": {"mode": "prophetic"}}';
      await mkdir(session, { recursive: true });
      await writeFile(join(session, 'session.json'), '{"format": 99, "closed": true}');
      await writeFile(join(session, 'records.later'), 'in a form that is not known yet');
      await writeFile(file, gzipSync('{"hopscope": 99, "name": "Later"}\n'));
      await writeFile(join(dataDir, 'settings.json'), settings);
      await mkdir(join(dataDir, 'cache'));
      const database = new DatabaseSync(join(dataDir, 'cache', 'index.db'));
      database.exec('PRAGMA user_version = 99');
      database.close();

      const { app, page } = await open(apps, { args: ['--data-dir', dataDir, file] });
      await page.getByText('“later.hopscope” was not opened. A newer Hopscope has written this file.').waitFor();
      await warning(page, /newer Hopscope.*is kept in memory/).waitFor();
      await warning(page, 'defaults are used').waitFor();
      await keepPicture(page, `${apps.name}-newer`);
      await page.getByRole('button', { name: 'Sessions' }).click();
      await page.getByRole('dialog').getByText('A newer Hopscope recorded this session.').waitFor();
      expect(await app.quit()).toBe(0);

      expect(await readdir(session)).toEqual(['records.later', 'session.json']);
      const aside = (await readdir(dataDir)).find((name) => name.startsWith('settings.corrupt-')) ?? '';
      expect(await readFile(join(dataDir, aside), 'utf8')).toBe(settings);
      const after = new DatabaseSync(join(dataDir, 'cache', 'index.db'), { readOnly: true });
      expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
      after.close();
    });
  });

  describe('a permission that is refused', () => {
    // Elsewhere the system's own program shows the window that asks, and nothing can stand in for it.
    it.runIf(process.platform === 'linux')('is said with what can be done by hand', async () => {
      const dataDir = await dataDirectory();
      const bin = join(dataDir, 'bin');
      await mkdir(bin);
      // As when the person dismisses the window that asks for a password.
      for (const command of ['pkexec', 'install', 'cp', 'update-ca-certificates', 'update-ca-trust']) {
        await writeFile(join(bin, command), '#!/bin/sh\nexit 126\n', { mode: 0o755 });
      }
      const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
      const { page } = await open(apps, { args: ['--data-dir', dataDir], env });
      const health = await lookAtHealth(page);
      await health.getByRole('button', { name: 'Have them trusted' }).click();
      await page.getByText(/It was not repaired\. The system did not let Hopscope do it .*ca install/).waitFor();
      await keepPicture(page, `${apps.name}-refused`);
      await health.getByText('This system does not trust the certificates').waitFor();
    });
  });
}
