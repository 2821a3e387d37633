import { spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRoot, NOBODY } from '../support/nobody.ts';
import { fillDisk, smallDisk } from '../support/small-disk.ts';
import { startOrigin } from '../support/origin.ts';
import { doubles, openDesktop, startDesktop } from './desktop-app.ts';
import { finishedRows, keepPicture, proxyUrlOf, sendSamples } from './journeys/main-journey.ts';
import { dataDirectory } from './journeys/running-app.ts';
import { lookAtHealth, surroundingsJourneys, warning } from './journeys/surroundings-journeys.ts';


/** A directory that belongs to nobody, in one that everybody may look into. */
async function nobodysDirectory(): Promise<string> {
  const parent = await dataDirectory();
  await chmod(parent, 0o755);
  const directory = join(parent, 'data');
  await mkdir(directory, { mode: 0o700 });
  await chown(directory, NOBODY, NOBODY);
  return directory;
}

surroundingsJourneys(doubles);

describe('a full disk', () => {
  it('is said at the first start, which leaves nothing half made', async ({ skip }) => {
    const disk = await smallDisk('4m');
    if ('obstacle' in disk) return skip(disk.obstacle);
    const args = ['--data-dir', disk.directory];
    const makeRoom = await fillDisk(disk.directory);
    const app = await startDesktop({ args, windowless: true });
    expect(await app.exited).toBe(1);
    const sentence = `nothing can be kept in ${disk.directory}: the disk is full; change that, or choose another directory with --data-dir`;
    expect(app.errorBoxes).toEqual([`Hopscope cannot go on: ${sentence}`]);
    await makeRoom();
    const { page } = await openDesktop({ args });
    await page.getByRole('heading', { name: 'Waiting for the first request' }).waitFor();
  });

  it('stops neither the proxy nor what was recorded from being looked at, and recording goes on with more room', async ({
    skip,
  }) => {
    const disk = await smallDisk('6m');
    if ('obstacle' in disk) return skip(disk.obstacle);
    const origin = await startOrigin((request, response) => response.end(`${request.url} of the origin`));
    const { app, page } = await openDesktop({ args: ['--data-dir', disk.directory, '--upstream', origin.url] });
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
    await keepPicture(page, 'double-full-disk');
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
    expect(app.output).toBe('');
  });
});

describe('a second user', () => {
  it.runIf(isRoot)('is told whose directory it is, on the screen, and can choose another', async () => {
    const mine = await dataDirectory();
    const home = await nobodysDirectory();
    const env = { HOME: home };
    const app = await startDesktop({ args: ['--data-dir', mine], user: NOBODY, windowless: true, env });
    expect(await app.exited).toBe(1);
    const sentence = new RegExp(
      `nothing can be kept in ${mine}/window: Hopscope may not write there \\(EACCES\\); .*--data-dir$`,
    );
    expect(app.errorBoxes).toEqual([expect.stringMatching(sentence)]);
    expect(await readdir(mine)).toEqual([]);

    const low = await startDesktop({ args: ['--data-dir', home, '--port', '80'], user: NOBODY, windowless: true, env });
    expect(await low.exited).toBe(1);
    expect(low.errorBoxes).toEqual([
      'Hopscope cannot go on: port 80 needs more rights; choose one above 1023 with --port',
    ]);

    // Nor may they read what is not theirs.
    const file = join(mine, 'mine.hopscope');
    await writeFile(file, 'mine', { mode: 0o600 });
    await chmod(mine, 0o755);
    const { app: second, page } = await openDesktop({ args: ['--data-dir', home, file], user: NOBODY, env });
    await page.getByText(`“mine.hopscope” was not opened. Hopscope may not read ${file}.`).waitFor();
    expect(second.output).toBe('');
  });
});

describe('a directory that has become read-only', () => {
  it.runIf(isRoot)('leaves an app that works and says what it cannot keep', async () => {
    const dataDir = await nobodysDirectory();
    const start = { args: ['--data-dir', dataDir], user: NOBODY, env: { HOME: dataDir } };
    const first = await openDesktop(start);
    await first.app.quit();
    spawnSync('chmod', ['-R', 'a-w', dataDir]);
    const { app, page } = await openDesktop(start);
    await warning(page, /^Exchanges are not recorded: .*: Hopscope may not write there \(EACCES\)$/).waitFor();
    await warning(page, /The cache .* is kept in memory/).waitFor();
    await (await fetch(await proxyUrlOf(page))).arrayBuffer();
    await finishedRows(page).first().waitFor();
    // It is said once, and said no less when there is something to record.
    expect(await warning(page, 'Exchanges are not recorded').count()).toBe(1);
    const health = await lookAtHealth(page);
    await health.getByText(/may not write there \(EACCES\)\. Settings and recordings.*--data-dir/).waitFor();
    await keepPicture(page, 'double-read-only');
    await page.keyboard.press('Escape');
    expect(await app.quit()).toBe(0);
    spawnSync('chmod', ['-R', 'u+w', dataDir]);
    const again = await openDesktop(start);
    await again.page.getByRole('heading', { name: 'Waiting for the first request' }).waitFor();
    expect(await again.page.getByRole('region', { name: 'Warnings' }).innerText()).toBe('');
  });
});

describe('no network at all', () => {
  it.runIf(isRoot)('is enough for a first start and its tour, and is what requests to elsewhere are told', async () => {
    const alone = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
    const { app, page } = await openDesktop({ through: alone });
    await sendSamples(page);
    const proxyUrl = await proxyUrlOf(page);
    // The client is where the proxy is: nothing outside reaches it.
    const status = await app.evaluate((_electron, proxy) => {
      const { request } = process.getBuiltinModule('node:http');
      const { hostname, port } = new URL(proxy);
      return new Promise<number | undefined>((resolve, reject) => {
        const asked = request({ host: hostname, port, path: 'http://elsewhere.example/' }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        asked.on('error', reject).end();
      });
    }, proxyUrl);
    expect(status).toBe(502);
    const row = finishedRows(page).filter({ hasText: 'elsewhere.example' });
    await row.click();
    await page
      .locator('#details')
      .getByText(/elsewhere\.example.*could not be|name/i)
      .first()
      .waitFor();
    await keepPicture(page, 'double-no-network');
    expect(app.output).toBe('');
  });
});
