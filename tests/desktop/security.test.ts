import { describe, expect, it } from 'vitest';
import { requestChannel } from '../../shared/ipc-channels.ts';
import { carryName } from '../support/electron-double/test/preload-world.ts';
import { startOrigin } from '../support/origin.ts';
import { doubles, openDesktop } from './desktop-app.ts';
import { dataDirectory, sharedApp } from './journeys/running-app.ts';
import { forbidden, securityJourneys } from './journeys/security-journeys.ts';

const desktop = sharedApp(doubles);

securityJourneys(desktop);

describe('the page on the double', () => {
  it.each(['will-attach-webview', 'will-redirect'])('is sandboxed and has no %s', async (event) => {
    const { app } = desktop;
    const found = await app.evaluate((electron, name) => {
      let prevented = 0;
      const { webContents } = electron.BrowserWindow.getAllWindows()[0]!;
      webContents.emit(name, { url: 'https://www.rfc-editor.org/', preventDefault: () => (prevented += 1) }, {}, {});
      const { sandboxed } = electron.app as unknown as { sandboxed: boolean };
      return { prevented, sandboxed };
    }, event);
    expect(found).toEqual({ prevented: 1, sandboxed: true });
  });

  it('may copy text and do nothing else that needs a permission', async () => {
    const { app, page } = desktop;
    const denied = { request: false, check: false, device: false };
    for (const name of [
      'clipboard-read',
      'geolocation',
      'media',
      'notifications',
      'openExternal',
      'fullscreen',
      'usb',
      'unknown',
    ]) {
      expect({ name, ...(await app.permission(name)) }).toEqual({ name, ...denied });
    }
    expect(await app.permission('clipboard-sanitized-write')).toEqual({ ...denied, request: true, check: true });
    await page.getByRole('button', { name: 'Copy the proxy address' }).click();
    await page.locator('[aria-label="Copy the proxy address"][data-copied=true]').waitFor();
  });

  it('reaches no network and no file, and no proxy of the system', async () => {
    const { app } = desktop;
    for (const url of ['http://127.0.0.1/', 'https://example.com/', 'ws://127.0.0.1:9001/ws', 'file:///etc/passwd']) {
      expect({ url, allowed: await app.mayRequest(url) }).toEqual({ url, allowed: false });
    }
    expect(await app.mayRequest('app://hopscope/favicon.svg')).toBe(true);
    const proxy = await app.evaluate(
      ({ session }) => (session.defaultSession as unknown as { proxy: object }).proxy,
      undefined,
    );
    expect(proxy).toEqual({ mode: 'direct' });
  });
});

it('is no page of a development server, nor one with developers’ tools, in an installed app', async () => {
  const resources = await dataDirectory();
  const server = await startOrigin((_request, response) => response.end('Foreign'));
  const env = { ELECTRON_DOUBLE_RESOURCES: resources };
  const { app, page } = await openDesktop({ rendererUrl: server.url, env });
  await page.getByRole('heading', { name: 'Waiting for the first request' }).waitFor();
  const found = await app.evaluate(({ BrowserWindow, Menu }) => {
    const [window] = BrowserWindow.getAllWindows() as unknown as { preferences: Electron.WebPreferences }[];
    const all = (items: readonly Electron.MenuItem[]): readonly Electron.MenuItem[] =>
      items.flatMap((item) => [item, ...all(item.submenu?.items ?? [])]);
    const roles = all(Menu.getApplicationMenu()?.items ?? []).map(({ role }) => role);
    return { devTools: window!.preferences.devTools, inMenu: roles.includes('toggleDevTools') };
  }, undefined);
  expect(found).toEqual({ devTools: false, inMenu: false });
  expect(await app.mayRequest(`${server.url}/`)).toBe(false);
});

describe('the main process on the double', () => {
  const channel = requestChannel('engine.snapshot');

  // Electron gives embedded frames no preload script; the double does, so that one can send at all.
  it('refuses messages that an embedded frame sends by itself', async () => {
    const { app, page } = desktop;
    const printed = app.output.length;
    const answer = await page.evaluate(
      async ([name, to]) => {
        const frame = document.createElement('iframe');
        document.body.append(frame);
        const inner = frame.contentWindow as unknown as Record<
          string,
          (message: object) => Promise<{ value: unknown }>
        >;
        return (await inner[name]!({ kind: 'invoke', channel: to, args: [] })).value;
      },
      [carryName, channel] as const,
    );
    expect(answer).toEqual(forbidden('embedded frame'));
    expect(app.output.slice(printed)).toMatch(/^hopscope: "engine\.snapshot" was refused: [^\n]+\n$/);
  });
});
