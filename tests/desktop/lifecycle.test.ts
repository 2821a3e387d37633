import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hopscope } from '../support/hopscope-process.ts';
import { doubles, openDesktop, startDesktop } from './desktop-app.ts';
import { lifecycleJourneys } from './journeys/lifecycle-journeys.ts';
import { dataDirectory } from './journeys/running-app.ts';

lifecycleJourneys(doubles);

describe('starting on the double', () => {
  it.skipIf(process.platform === 'win32')('says what to do where it cannot keep anything, on both hosts', async () => {
    const args = ['--data-dir', '/dev/null/hopscope'];
    const app = await startDesktop({ args, windowless: true });
    expect(await app.exited).toBe(2);
    const sentence =
      /nothing can be kept in \/dev\/null\/hopscope\S*: a part of its path is no directory; [^;]*another directory with --data-dir/;
    expect(app.output).toMatch(sentence);
    expect(app.errorBoxes).toEqual([expect.stringMatching(sentence)]);
    const headless = await hopscope('serve', '--port', '0', ...args).ended;
    expect(headless.code).toBe(2);
    expect(headless.stderr).toMatch(sentence);
  });

  it('keeps the authority’s key in the keyring’s protection, which other users and the headless host do not have', async () => {
    const dataDir = await dataDirectory();
    const args = ['--data-dir', dataDir];
    const first = await openDesktop({ args, keyring: 'mine' });
    await first.app.quit();
    const files = await readdir(join(dataDir, 'ca'));
    expect(files.sort()).toEqual(['hopscope-ca-key.protected', 'hopscope-ca.pem']);
    expect(await readFile(join(dataDir, 'ca', 'hopscope-ca-key.protected'), 'latin1')).not.toContain('PRIVATE KEY');
    const again = await openDesktop({ args, keyring: 'mine' });
    expect(await again.page.title()).toBe('Hopscope');
    await again.app.quit();
    const other = await startDesktop({ args, keyring: 'another', windowless: true });
    expect(await other.exited).toBe(1);
    expect(other.output).toMatch(/its key cannot be unprotected/);
    const headless = await hopscope('serve', '--port', '0', ...args).ended;
    expect(headless.code).toBe(1);
    expect(headless.stderr).toMatch(/protected by the desktop app[^]*make another authority with --ca-dir/);
  });
});
