import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hopscope } from '../support/hopscope-process.ts';
import { startOrigin } from '../support/origin.ts';
import { dataDirectory, openDesktop, sharedDesktop, startDesktop } from './desktop-app.ts';
import { proxyUrlOf } from './main-journey.ts';

describe('starting', () => {
  it('says on the screen and at the terminal that a port is taken, and exits with 1', async () => {
    const other = await startOrigin((_request, response) => response.end());
    const app = await startDesktop({ args: ['--port', String(other.port)], windowless: true });
    expect(await app.exited).toBe(1);
    const sentence = `port ${other.port} on 127.0.0.1 is taken; choose another with --port`;
    expect(app.output).toBe(`hopscope: ${sentence}\n`);
    expect(app.errorBoxes).toEqual([`Hopscope cannot go on: ${sentence}`]);
  });

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

  it.each([
    ['--port', 'http'],
    ['--host', '0.0.0.0'],
  ])('refuses %s %s with one line, exit code 2 and no window', async (flag, value) => {
    const app = await startDesktop({ args: [flag, value], windowless: true });
    expect(await app.exited).toBe(2);
    expect(app.output).toMatch(/^hopscope: [^\n]+\n$/);
    expect(app.errorBoxes).toEqual([]);
  });

  it('leaves to the instance that is running already', async () => {
    const app = await startDesktop({ secondInstance: true, windowless: true });
    expect(await app.exited).toBe(0);
    expect(app.output).toBe('hopscope: Hopscope is running already; its window was asked to come forward\n');
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

  it('shows in the window that a settings file was set aside', async () => {
    const dataDir = await dataDirectory();
    await writeFile(join(dataDir, 'settings.json'), '{"cache": {"mode": "sometimes"}}');
    const { page } = await openDesktop({ args: ['--data-dir', dataDir] });
    await page.getByRole('region', { name: 'Warnings' }).getByText('defaults are used').waitFor();
  });
});

describe('an app that was started with switches of Chromium', () => {
  const desktop = sharedDesktop('--enable-logging', '--force-device-scale-factor=1');

  it('takes them for what they are', async () => {
    expect(await desktop.page.title()).toBe('Hopscope');
  });

  it('brings its window forward when it is started once more', async () => {
    await desktop.app.evaluate(({ app, BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.minimize();
      app.emit('second-instance', {}, [], '', {});
    }, undefined);
    const minimized = (): Promise<boolean[]> =>
      desktop.app.evaluate(
        ({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isMinimized()),
        undefined,
      );
    await expect.poll(minimized).toEqual([false]);
  });
});

describe('quitting', () => {
  it('lets a running response end before the process does', async () => {
    let finish = (): void => undefined;
    const origin = await startOrigin((_request, response) => {
      response.write('first half, ');
      finish = () => response.end('second half');
    });
    const { app, page } = await openDesktop({ args: ['--upstream', origin.url] });
    const response = await fetch(await proxyUrlOf(page));
    const closed = page.waitForEvent('close');
    const exited = app.quit();
    await closed;
    finish();
    expect(await response.text()).toBe('first half, second half');
    expect(await exited).toBe(0);
  });

  it.skipIf(process.platform === 'darwin')('ends with its last window', async () => {
    const { app, page } = await openDesktop();
    await page.close();
    expect(await app.exited).toBe(0);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('exits with 0 on %s', async (signal) => {
    const { app } = await openDesktop();
    app.kill(signal);
    expect(await app.exited).toBe(0);
    expect(app.output).toBe('');
  });
});
