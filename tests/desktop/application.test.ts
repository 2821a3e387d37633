import { chmod, mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { ElectronDouble } from '../support/electron-double/test/launch-double.ts';
import type { InspectorApi } from '../../shared/contract.ts';
import { startOrigin } from '../support/origin.ts';
import { dataDirectory, openDesktop } from './desktop-app.ts';
import { finishedRows, keepPicture, proxyUrlOf } from './main-journey.ts';

/** Chooses an item of the application's menu, or of the tray's, by its label. */
function choose(app: ElectronDouble, where: 'menu' | 'tray', label: string): Promise<void> {
  return app.evaluate(
    (electron, [from, wanted]) => {
      interface Item {
        label: string;
        submenu?: { items: Item[] };
        click(): void;
      }
      const { Menu, Tray } = electron as unknown as {
        Menu: { getApplicationMenu(): { items: Item[] } };
        Tray: { all: { menu: { items: Item[] } }[] };
      };
      const all = (items: Item[]): Item[] => items.flatMap((item) => [item, ...all(item.submenu?.items ?? [])]);
      const menu = from === 'menu' ? Menu.getApplicationMenu() : Tray.all[0]!.menu;
      const item = all(menu.items).find((one) => one.label === wanted);
      if (item === undefined) throw new Error(`There is no item ${wanted}`);
      item.click();
    },
    [where, label] as const,
  );
}

function notice(page: Page, text: string | RegExp) {
  return page.locator('.notice', { hasText: text });
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

/** Ends the engine as a mistake of ours would. */
async function breakEngine(app: ElectronDouble, reason: string): Promise<void> {
  await app.evaluate((_electron, message) => {
    setImmediate(() => {
      throw new Error(message);
    });
  }, reason);
}

/** A desktop that shows icons of a tray: what answers for its session bus. */
async function desktopWithTray(directory: string): Promise<Record<string, string>> {
  const bin = join(directory, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'gdbus'), '#!/bin/sh\necho "(true,)"\n');
  await chmod(join(bin, 'gdbus'), 0o755);
  return { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
}

const har = {
  log: {
    version: '1.2',
    creator: { name: 'test', version: '1' },
    entries: [
      {
        startedDateTime: '2026-01-02T03:04:05.000Z',
        time: 12,
        request: { method: 'GET', url: 'http://shop.test/tea', httpVersion: 'HTTP/1.1', headers: [], queryString: [] },
        response: { status: 200, statusText: 'OK', httpVersion: 'HTTP/1.1', headers: [], content: { size: 0 } },
        timings: { send: 1, wait: 10, receive: 1 },
      },
    ],
  },
};

describe('the application', () => {
  it('opens files and links, takes commands from menu, tray and a second start, and outlives its window', async () => {
    const dataDir = await dataDirectory();
    const file = join(dataDir, 'shop.har');
    const newer = join(dataDir, 'newer.hopscope');
    await writeFile(file, JSON.stringify(har));
    await writeFile(newer, 'no session at all');
    await writeFile(join(dataDir, 'settings.json'), 'no settings at all');
    const bounds = { x: 2000, y: 100, width: 1200, height: 800 };
    await writeFile(join(dataDir, 'window.json'), JSON.stringify({ bounds, maximized: false }));
    const { app, page } = await openDesktop({
      args: ['--data-dir', dataDir, file, newer, 'hopscope://open?filter=tea', 'hopscope://delete?all'],
      env: await desktopWithTray(dataDir),
    });

    // What came before there was a page: a row, two complaints, and a question about the link.
    await notice(page, 'One request added from “shop.har”.').waitFor();
    await notice(page, '“newer.hopscope” was not opened. This is no file of a Hopscope session.').waitFor();
    await notice(page, 'This link means nothing to Hopscope: hopscope://delete?all').waitFor();
    const question = page.getByRole('dialog', { name: 'A link wants something of Hopscope' });
    await question.getByText('It filters the list by tea.').waitFor();
    expect(await page.getByRole('combobox', { name: /filter/i }).inputValue()).toBe('');
    await question.getByRole('button', { name: 'Do it' }).click();
    await finishedRows(page).first().waitFor();
    expect(await page.getByRole('combobox', { name: /filter/i }).inputValue()).toBe('tea');

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
    await choose(app, 'tray', 'Record traffic');
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
    await choose(app, 'tray', 'Record traffic');
    // What is over is not said any longer.
    await page.getByText('The settings could not be saved').waitFor({ state: 'detached' });

    await choose(app, 'menu', 'HTTP Caching (RFC 9111)');
    expect(app.openedExternally).toEqual(['https://www.rfc-editor.org/rfc/rfc9111.html']);
    await choose(app, 'menu', 'Cache: what is stored');
    await page.getByRole('searchbox').or(page.getByText('Nothing is stored')).first().waitFor();
    await app.evaluate(({ app: a }, data) => void a.emit('second-instance', {}, [], '', data), {
      args: ['--cache', 'offline', '--port', '1', 'missing.har'],
      cwd: dataDir,
    });
    await page.locator('[role=radio][data-mode=offline][aria-checked=true]').waitFor();
    await notice(page, 'Hopscope runs already: --port counts only when it starts.').waitFor();
    await notice(page, '“missing.har” was not opened.').waitFor();

    // The window tells how Hopscope is, and that this build is not one that updates itself.
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Health: / }).click();
    const health = page.getByRole('dialog', { name: 'How Hopscope is' });
    await health.getByText('This build does not update itself.').waitFor();
    await keepPicture(page, 'double-health');
    await page.keyboard.press('Escape');
    await health.waitFor({ state: 'detached' });

    // Without its window it goes on, and the tray brings the window back.
    const proxyUrl = await proxyUrlOf(page);
    await page.close();
    await choose(app, 'tray', 'Record traffic');
    await (await fetch(proxyUrl)).arrayBuffer();
    await choose(app, 'tray', 'Show Hopscope');
    const next = await app.page();
    expect(await proxyUrlOf(next)).toBe(proxyUrl);
    await next.getByText('Recording is paused').first().waitFor();
    expect(await app.quit()).toBe(0);
    expect(JSON.parse(await readFile(join(dataDir, 'window.json'), 'utf8'))).toMatchObject({ bounds });
  });

  it('starts a failing engine anew on the same port, and a page that ends, and asks when that does not help', async () => {
    const origin = await startOrigin((_request, response) => response.end('here'));
    const { app, page } = await openDesktop({ args: ['--upstream', origin.url] });
    const proxyUrl = await proxyUrlOf(page);
    await (await fetch(`${proxyUrl}/one`)).text();
    await finishedRows(page).first().waitFor();

    await breakEngine(app, 'first accident');
    await notice(page, 'The engine failed (first accident) and was restarted.').waitFor();
    expect(await proxyUrlOf(page)).toBe(proxyUrl);
    expect(await (await fetch(`${proxyUrl}/two`)).text()).toBe('here');
    await finishedRows(page, '/two').first().waitFor();
    expect(await finishedRows(page).count()).toBe(1);
    expect(app.questions).toEqual([]);

    app.answers.push(0);
    await breakEngine(app, 'second accident, Authorization: Bearer sesame-9000');
    await notice(page, 'second accident, Authorization: …').waitFor();
    // Nothing secret is kept in what the app prints, and no crash report is written: the double has no such thing.
    expect(app.output).toContain('the engine failed: Error: second accident');
    expect(app.output).not.toContain('sesame');
    expect(app.questions).toEqual(['The engine failed, and starting it anew did not help.']);
    expect(await (await fetch(`${proxyUrl}/three`)).text()).toBe('here');

    // A port that cannot be had leaves it where it was.
    const port = await page.evaluate(async (taken) => {
      const { hopscope } = window as unknown as { hopscope: InspectorApi };
      return hopscope.request('health.repair', { id: 'port-taken', port: taken });
    }, origin.port);
    expect(port).toMatchObject({
      ok: false,
      error: { code: 'REPAIR', message: expect.stringContaining('is taken') as string },
    });
    expect(await proxyUrlOf(page)).toBe(proxyUrl);

    await choose(app, 'menu', 'Restart the engine');
    await notice(page, 'The engine was restarted.').waitFor();
    expect(await (await fetch(`${proxyUrl}/four`)).text()).toBe('here');
    await finishedRows(page, '/four').first().waitFor();

    await crash(page);
    const second = await app.page();
    await notice(second, 'This page had ended and was loaded anew.').waitFor();
    app.answers.push(1);
    await crash(second);
    expect(await app.exited).toBe(0);
    expect(app.questions.at(-1)).toBe('The window’s page ended twice in a row.');
  });
});

async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  const devTools = await page.context().newCDPSession(page);
  // The page is gone before it could answer.
  devTools.send('Page.crash').catch(() => undefined);
  await crashed;
}
