import { spawnSync } from 'node:child_process';
import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRoot, NOBODY } from '../../support/nobody.ts';
import { startOrigin } from '../../support/origin.ts';
import { fillDisk, smallDisk } from '../../support/small-disk.ts';
import { finishedRows, keepPicture, proxyUrlOf } from './main-journey.ts';
import type { DesktopApps } from './running-app.ts';
import { dataDirectory, open, sentencesOf } from './running-app.ts';
import { lookAtHealth, warning } from './surroundings-journeys.ts';

/** A directory that belongs to nobody, in one that everybody may look into. */
export async function nobodysDirectory(): Promise<string> {
  const parent = await dataDirectory();
  await chmod(parent, 0o755);
  const directory = join(parent, 'data');
  await mkdir(directory, { mode: 0o700 });
  await chown(directory, NOBODY, NOBODY);
  return directory;
}

/** A disk that takes nothing more, or nothing at all. */
export function diskJourneys(apps: DesktopApps): void {
  describe('a full disk', () => {
    it('is said at the first start, which leaves nothing half made', async ({ skip }) => {
      const disk = await smallDisk(apps.room);
      if ('obstacle' in disk) return skip(disk.obstacle);
      const args = ['--data-dir', disk.directory];
      const makeRoom = await fillDisk(disk.directory);
      const help = 'the disk is full; change that, or choose another directory with --data-dir';
      expect(await apps.fail(args)).toBe(`hopscope: nothing can be kept in ${disk.directory}: ${help}`);
      await makeRoom();
      const { page } = await open(apps, { args });
      await page.getByRole('heading', { name: 'Waiting for the first request' }).waitFor();
    });

    it('stops neither the proxy nor what was recorded from being looked at, and recording goes on with more room', async ({
      skip,
    }) => {
      const disk = await smallDisk(apps.room);
      if ('obstacle' in disk) return skip(disk.obstacle);
      const origin = await startOrigin((request, response) => response.end(`${request.url} of the origin`));
      const { app, page } = await open(apps, { args: ['--data-dir', disk.directory, '--upstream', origin.url] });
      const proxyUrl = await proxyUrlOf(page);
      const get = async (path: string): Promise<void> => {
        expect(await (await fetch(proxyUrl + path)).text()).toBe(`${path} of the origin`);
      };
      const lookInto = async (path: string): Promise<void> => {
        await finishedRows(page, path).last().click();
        await page.getByRole('tab', { name: 'Response' }).click();
        await page.locator('#details').getByText(`${path} of the origin`).first().waitFor();
      };
      await get('/before');
      await lookInto('/before');
      const makeRoom = await fillDisk(disk.directory);
      const trouble = warning(page, `Exchanges are not recorded: ${disk.directory}`);
      await expect
        .poll(async () => {
          await get('/meanwhile');
          return trouble.count();
        })
        .toBe(1);
      expect(await trouble.innerText()).toMatch(/: the disk is full$/);
      // What came before can still be looked into.
      await finishedRows(page, '/meanwhile').first().click();
      await lookInto('/before');
      const health = await lookAtHealth(page);
      await health.getByText('The disk is nearly full').waitFor();
      expect(await health.getByText('No client uses the proxy yet').count()).toBe(0);
      await keepPicture(page, `${apps.name}-full-disk`);
      await page.keyboard.press('Escape');
      // Settings that cannot be kept count all the same.
      await page.getByRole('radio', { name: 'Off', exact: true }).click();
      await warning(page, 'The settings could not be saved').waitFor();

      await makeRoom();
      await expect
        .poll(
          async () => {
            await get('/after');
            return trouble.count();
          },
          { timeout: 30_000 },
        )
        .toBe(0);
      await get('/later');
      await lookInto('/later');
      expect(await app.quit()).toBe(0);
      expect(sentencesOf(app)).toEqual([]);
    });
  });

  describe('a directory that has become read-only', () => {
    // Root may write everywhere.
    it.skipIf(process.platform === 'win32' || (isRoot && !apps.changesUser))(
      'leaves an app that works and says what it cannot keep',
      async () => {
        const dataDir = isRoot ? await nobodysDirectory() : await dataDirectory();
        const start = { args: ['--data-dir', dataDir], ...(isRoot ? { user: NOBODY, env: { HOME: dataDir } } : {}) };
        const first = await open(apps, start);
        await first.app.quit();
        spawnSync('chmod', ['-R', 'a-w', dataDir]);
        const { app, page } = await open(apps, start);
        await warning(page, /^Exchanges are not recorded: .*: Hopscope may not write there \(EACCES\)$/).waitFor();
        await warning(page, /The cache .* is kept in memory/).waitFor();
        await (await fetch(await proxyUrlOf(page))).arrayBuffer();
        await finishedRows(page).first().waitFor();
        // It is said once, and said no less when there is something to record.
        expect(await warning(page, 'Exchanges are not recorded').count()).toBe(1);
        const health = await lookAtHealth(page);
        await health.getByText(/may not write there \(EACCES\)\. Settings and recordings.*--data-dir/).waitFor();
        await keepPicture(page, `${apps.name}-read-only`);
        await page.keyboard.press('Escape');
        expect(await app.quit()).toBe(0);
        spawnSync('chmod', ['-R', 'u+w', dataDir]);
        const again = await open(apps, start);
        await again.page.getByRole('heading', { name: 'Waiting for the first request' }).waitFor();
        expect(await again.page.getByRole('region', { name: 'Warnings' }).innerText()).toBe('');
      },
    );
  });
}
