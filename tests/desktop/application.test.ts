import { chmod, mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { ElectronDouble } from '../support/electron-double/test/launch-double.ts';
import { doubles, openDesktop } from './desktop-app.ts';
import { applicationJourneys, notice } from './journeys/application-journeys.ts';
import { finishedRows, proxyUrlOf } from './journeys/main-journey.ts';
import { dataDirectory } from './journeys/running-app.ts';

/** Chooses an item of the tray's menu, which Electron gives to nobody, by its label. */
function chooseInTray(app: ElectronDouble, label: string): Promise<void> {
  return app.evaluate((electron, wanted) => {
    interface Item {
      label: string;
      submenu?: { items: Item[] };
      click(): void;
    }
    const { Tray } = electron as unknown as { Tray: { all: { menu: { items: Item[] } }[] } };
    const all = (items: Item[]): Item[] => items.flatMap((item) => [item, ...all(item.submenu?.items ?? [])]);
    const item = all(Tray.all[0]!.menu.items).find((one) => one.label === wanted);
    if (item === undefined) throw new Error(`There is no item ${wanted}`);
    item.click();
  }, label);
}

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

/** A desktop that shows icons of a tray: what answers for its session bus. */
async function desktopWithTray(directory: string): Promise<Record<string, string>> {
  const bin = join(directory, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'gdbus'), '#!/bin/sh\necho "(true,)"\n');
  await chmod(join(bin, 'gdbus'), 0o755);
  return { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
}

applicationJourneys(doubles);

describe('the application on the double', () => {
  it('calls for attention, and goes on at the tray without its window', async () => {
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
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.blur(), undefined);
    await chooseInTray(app, 'Record traffic');
    await expect
      .poll(() => overlayOf(app))
      .toEqual({
        picture: expect.stringMatching(/assets.badge\.png$/) as string,
        description: 'Hopscope needs your attention',
      });
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.focus(), undefined);
    expect(await overlayOf(app)).toBeNull();
    await setPlatform(app, process.platform);
    await page.getByText('The settings could not be saved').waitFor();
    await rmdir(join(dataDir, 'settings.json'));
    await chooseInTray(app, 'Record traffic');
    // What is over is not said any longer.
    await page.getByText('The settings could not be saved').waitFor({ state: 'detached' });

    // Another start brings the window forward.
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.minimize(), undefined);
    await app.startAgain([], dataDir);
    const minimized = (): Promise<boolean> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isMinimized(), undefined);
    await expect.poll(minimized).toBe(false);

    // Without its window it goes on, and the tray brings the window back.
    const proxyUrl = await proxyUrlOf(page);
    await page.close();
    await chooseInTray(app, 'Record traffic');
    await (await fetch(proxyUrl)).arrayBuffer();
    await chooseInTray(app, 'Show Hopscope');
    const next = await app.page();
    expect(await proxyUrlOf(next)).toBe(proxyUrl);
    await next.getByText('Recording is paused').first().waitFor();
    expect(await app.quit()).toBe(0);
    expect(JSON.parse(await readFile(join(dataDir, 'window.json'), 'utf8'))).toMatchObject({ bounds });
  });

  it('loads a page that ends anew, with all that it showed, and asks when that does not help', async () => {
    const { app, page } = await openDesktop();
    await (await fetch(await proxyUrlOf(page))).arrayBuffer();
    await finishedRows(page).first().waitFor();
    await crash(page);
    const second = await app.page();
    await notice(second, 'This page had ended and was loaded anew.').waitFor();
    await finishedRows(second).first().waitFor();
    expect(app.output).toBe("hopscope: the window's page ended (crashed); it is loaded anew\n");
    await app.answer(1);
    await crash(second);
    expect(await app.exited).toBe(0);
    expect(app.questions).toEqual(['The window’s page ended twice in a row.']);
  });
});

async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  const devTools = await page.context().newCDPSession(page);
  // The page is gone before it could answer.
  devTools.send('Page.crash').catch(() => undefined);
  await crashed;
}
