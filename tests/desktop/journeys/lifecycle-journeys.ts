import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startOrigin } from '../../support/origin.ts';
import { proxyUrlOf } from './main-journey.ts';
import type { DesktopApps } from './running-app.ts';
import { dataDirectory, open, sentencesOf } from './running-app.ts';

/** How the app begins and ends, and what a terminal sees of that. */
export function lifecycleJourneys(apps: DesktopApps): void {
  describe('starting', () => {
    it.each([
      ['--port', 'http'],
      ['--host', '0.0.0.0'],
    ])('refuses %s %s with one line, exit code 2 and no window', async (flag, value) => {
      const ended = await apps.run([flag, value, '--data-dir', await dataDirectory()]);
      expect(ended.code).toBe(2);
      expect(sentencesOf(ended)).toHaveLength(1);
    });

    it('says what keeps it from starting: a port that is taken, a place that can be no directory', async () => {
      const other = await startOrigin((_request, response) => response.end());
      expect(await apps.fail(['--port', String(other.port)])).toBe(
        `hopscope: port ${other.port} on 127.0.0.1 is taken; choose another with --port`,
      );
      const file = join(await dataDirectory(), 'file');
      await writeFile(file, '');
      expect(await apps.fail(['--data-dir', join(file, 'hopscope')])).toMatch(
        /nothing can be kept in .*: [^;]+; change that, or choose another directory with --data-dir$/,
      );
    });

    it('shows in the window that a settings file was set aside, and the window where it was', async () => {
      const dataDir = await dataDirectory();
      await writeFile(join(dataDir, 'settings.json'), '{"cache": {"mode": "sometimes"}}');
      const bounds = { x: 60, y: 70, width: 1000, height: 700 };
      await writeFile(join(dataDir, 'window.json'), JSON.stringify({ bounds, maximized: false }));
      const { app, page } = await open(apps, { args: ['--data-dir', dataDir] });
      await page.getByRole('region', { name: 'Warnings' }).getByText('defaults are used').waitFor();
      const { width, height } = await app.evaluate(
        ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getNormalBounds(),
        undefined,
      );
      expect({ width, height }).toEqual({ width: 1000, height: 700 });
    });
  });

  describe('a terminal', () => {
    // Windows' shells have other words.
    it.skipIf(process.platform === 'win32')(
      'has commands of the app that find the one that runs, end as what they run ends, and leave nothing',
      async () => {
        const dataDir = await dataDirectory();
        const { app, page } = await open(apps, { args: ['--data-dir', dataDir] });
        const proxy = await proxyUrlOf(page);
        const place = ['--data-dir', dataDir];
        const shell = 'printf "%s\\n" "$https_proxy"; exit 7';
        const ran = await apps.run(['run', ...place, '--', 'sh', '-c', shell]);
        expect(ran).toEqual({ code: 7, output: expect.stringContaining(`${proxy}\n`) as string });
        const lines = await apps.run(['env', ...place]);
        expect(lines).toEqual({ code: 0, output: expect.stringContaining(`export HTTP_PROXY='${proxy}'`) as string });
        await app.quit();
        const none = await apps.run(['env', ...place]);
        expect(none.code).toBe(1);
        expect(sentencesOf(none)).toEqual([`hopscope: no Hopscope runs on ${dataDir}; "hopscope serve" starts one`]);
      },
    );
  });

  describe('quitting', () => {
    it('lets a running response end before the process does', async () => {
      let finish = (): void => undefined;
      const origin = await startOrigin((_request, response) => {
        response.write('first half, ');
        finish = () => response.end('second half');
      });
      const { app, page } = await open(apps, { args: ['--upstream', origin.url] });
      const response = await fetch(await proxyUrlOf(page));
      const closed = page.waitForEvent('close');
      const exited = app.quit();
      await closed;
      finish();
      expect(await response.text()).toBe('first half, second half');
      expect(await exited).toBe(0);
    });

    // An app that goes on at the tray does not end with its window; neither the double nor a bare display has one.
    it.runIf(process.platform === 'linux')('ends with its last window, and knows where that was', async () => {
      const dataDir = await dataDirectory();
      const { app } = await open(apps, { args: ['--data-dir', dataDir] });
      await app.evaluate(({ BrowserWindow }) => {
        const [window] = BrowserWindow.getAllWindows();
        window!.setBounds({ x: 80, y: 90, width: 1100, height: 650 });
        // After the answer to this, which the process would not outlive.
        setImmediate(() => window!.close());
      }, undefined);
      expect(await app.exited).toBe(0);
      const kept = JSON.parse(await readFile(join(dataDir, 'window.json'), 'utf8')) as object;
      expect(kept).toMatchObject({ bounds: { width: 1100, height: 650 }, maximized: false });
    });

    // Windows has no signals: there a program that is killed is gone.
    it.skipIf(process.platform === 'win32').each(['SIGTERM', 'SIGINT'] as const)(
      'exits with 0 on %s',
      async (signal) => {
        const { app } = await open(apps);
        app.kill(signal);
        expect(await app.exited).toBe(0);
        expect(sentencesOf(app)).toEqual([]);
      },
    );
  });
}
