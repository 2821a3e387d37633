import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRoot, NOBODY } from '../support/nobody.ts';
import { doubles, openDesktop, startDesktop } from './desktop-app.ts';
import { diskJourneys, nobodysDirectory } from './journeys/disk-journeys.ts';
import { finishedRows, keepPicture, proxyUrlOf, sendSamples } from './journeys/main-journey.ts';
import { dataDirectory } from './journeys/running-app.ts';
import { surroundingsJourneys } from './journeys/surroundings-journeys.ts';

surroundingsJourneys(doubles);
diskJourneys(doubles);

// Not for the real Electron: neither a display nor a checkout is another user's to use. The answers are the file system's.
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

// Nor this: Playwright reaches Electron through the network. The double is reached through a pipe.
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
