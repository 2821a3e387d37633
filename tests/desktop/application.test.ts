import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ElectronDouble } from '../support/electron-double/test/launch-double.ts';
import { doubles, openDesktop } from './desktop-app.ts';
import { applicationJourneys } from './journeys/application-journeys.ts';
import { dataDirectory } from './journeys/running-app.ts';
import { desktopWithTray, windowJourneys } from './journeys/window-journeys.ts';

/** Has the app take the system for another one from now on. */
function setPlatform(app: ElectronDouble, platform: NodeJS.Platform): Promise<void> {
  return app.evaluate((_electron, value) => void Object.defineProperty(process, 'platform', { value }), platform);
}

/** What the window's button in Windows' taskbar shows over the app's icon. */
function overlayOf(app: ElectronDouble): Promise<object | null> {
  return app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows() as unknown as { overlay: object | null }[];
    return window!.overlay;
  }, undefined);
}

applicationJourneys(doubles);
windowJourneys(doubles);

describe('the application on the double', () => {
  it('calls for attention from the start, by the marks that each system has, and comes forward when it is started again', async () => {
    const dataDir = await dataDirectory();
    await writeFile(join(dataDir, 'settings.json'), 'no settings at all');
    const bounds = { x: 2000, y: 100, width: 1200, height: 800 };
    await writeFile(join(dataDir, 'window.json'), JSON.stringify({ bounds, maximized: false }));
    const { app, page } = await openDesktop({
      // Chromium's own switches are taken for what they are.
      args: ['--enable-logging', '--data-dir', dataDir, '--force-device-scale-factor=1'],
      env: await desktopWithTray(dataDir),
    });

    // The settings were set aside while nobody looked.
    const called = await app.evaluate((electron) => {
      const {
        Notification,
        app: a,
        BrowserWindow,
      } = electron as unknown as {
        Notification: { shown: { body: string; emit(event: string): void }[] };
        app: { badge: number };
        BrowserWindow: typeof electron.BrowserWindow;
      };
      const before = { bodies: Notification.shown.map(({ body }) => body), badge: a.badge };
      Notification.shown[0]!.emit('click');
      const [window] = BrowserWindow.getAllWindows();
      return { ...before, after: a.badge, focused: window!.isFocused(), bounds: window!.getNormalBounds() };
    }, undefined);
    expect(called).toMatchObject({ badge: 1, after: 0, focused: true, bounds });
    expect(called.bodies).toEqual([expect.stringContaining('defaults are used')]);

    // Windows has no numbers at icons, but marks over the buttons of its taskbar.
    await setPlatform(app, 'win32');
    await mkdir(join(dataDir, 'settings.json'));
    await app.look('elsewhere');
    await app.chooseInTray('Record traffic');
    await expect
      .poll(() => overlayOf(app))
      .toEqual({
        picture: expect.stringMatching(/assets.badge\.png$/) as string,
        description: 'Hopscope needs your attention',
      });
    await app.look('here');
    expect(await overlayOf(app)).toBeNull();
    await setPlatform(app, process.platform);
    await page.getByText('The settings could not be saved').waitFor();

    // Another start brings the window forward.
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.minimize(), undefined);
    await app.startAgain([], dataDir);
    const minimized = (): Promise<boolean> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isMinimized(), undefined);
    await expect.poll(minimized).toBe(false);
    expect(await app.quit()).toBe(0);
    expect(JSON.parse(await readFile(join(dataDir, 'window.json'), 'utf8'))).toMatchObject({ bounds });
  });
});
