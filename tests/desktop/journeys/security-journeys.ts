import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { InspectorApi, Params, RequestName } from '../../../shared/contract.ts';
import { requestChannel } from '../../../shared/ipc-channels.ts';
import { startOrigin } from '../../support/origin.ts';
import type { SharedApp } from './running-app.ts';
import { sentencesOf } from './running-app.ts';

/** A server on this machine that the window must not reach, and how often it was. */
async function forbiddenSite(): Promise<{ url: string; visits: () => number }> {
  let visits = 0;
  const { url } = await startOrigin((_request, response) => {
    visits += 1;
    response.end('<!doctype html><title>Foreign</title>');
  });
  return { url: `${url}/`, visits: () => visits };
}

/** Asks for a snapshot as the page's own scripts do. */
function askForSnapshot(page: Page): Promise<unknown> {
  return page.evaluate(() =>
    (window as unknown as { hopscope: InspectorApi }).hopscope.request('engine.snapshot', undefined),
  );
}

/** What the main process answers to what it does not listen to. */
export function forbidden(reason: string): object {
  return { ok: false, error: { code: 'FORBIDDEN', message: expect.stringContaining(reason) as string } };
}

/** What keeps the page, and whatever takes it over, where it is. All look at one app, and leave it as they found it. */
export function securityJourneys(desktop: SharedApp): void {
  describe('the page', () => {
    it('gets the contract from the preload script, and nothing else', async () => {
      const { page } = desktop;
      const found = await page.evaluate(async () => {
        const { hopscope } = window as unknown as { hopscope: InspectorApi };
        const request = (name: string, params?: unknown): Promise<unknown> =>
          hopscope.request(name as RequestName, params as Params<RequestName>);
        const refused = await request('shell.openExternal', 'file:///').catch((error: unknown) => String(error));
        const bad = await request('body.read', { id: 1, side: 'both', offset: 0, length: 1 });
        const globals = ['require', 'process', 'module', 'electron', 'ipcRenderer', 'Buffer'].filter(
          (name) => name in window,
        );
        return { keys: Object.keys(hopscope), frozen: Object.isFrozen(hopscope), refused, bad, globals };
      });
      expect(found).toMatchObject({
        keys: ['request', 'on', 'onConnection'],
        frozen: true,
        refused: 'Error: There is no request "shell.openExternal"',
        bad: { ok: false, error: { code: 'BAD_PARAMS' } },
        globals: [],
      });
    });

    it('has a content security policy that runs no foreign, inline or evaluated script', async () => {
      const { app, page } = desktop;
      const headers = new Map((await app.fetch('app://hopscope/'))?.headers);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self';/,
      );
      expect(headers.get('content-security-policy')).not.toContain('unsafe');

      // As text: what compiles tests would take the import for one of its own.
      const blocked = await page.evaluate(`(async () => {
        const script = document.createElement('script');
        script.append('document.title = "inline"');
        document.body.append(script);
        const violation = new Promise((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
        });
        const foreign = await import('data:text/javascript,document.title = "foreign"').catch(() => 'refused');
        return { foreign, directive: await violation, title: document.title };
      })()`);
      expect(blocked).toEqual({ foreign: 'refused', directive: 'script-src-elem', title: 'Hopscope' });

      // Nor does text become markup or a script (Trusted Types), whatever a view of ours may try with what was captured.
      expect(headers.get('content-security-policy')).toContain(
        "require-trusted-types-for 'script'; trusted-types default",
      );
      const refused = await page.evaluate(() => {
        const tries: Record<string, () => unknown> = {
          markup: () => (document.createElement('div').innerHTML = '<img src=x onerror=alert(1)>'),
          document: () => new DOMParser().parseFromString('<p>', 'text/html'),
          worker: () => new Worker('data:text/javascript,1'),
          'worker beside the assets': () => new Worker('/assets/../index.html'),
          policy: () =>
            (
              window as unknown as { trustedTypes: { createPolicy(name: string, rules: object): unknown } }
            ).trustedTypes.createPolicy('other', {}),
        };
        return Object.entries(tries).filter(([, attempt]) => {
          try {
            attempt();
            return false;
          } catch (error) {
            return error instanceof TypeError;
          }
        });
      });
      expect(refused.map(([name]) => name)).toEqual([
        'markup',
        'document',
        'worker',
        'worker beside the assets',
        'policy',
      ]);
    });

    it('stays where it is', async () => {
      const { app, page } = desktop;
      const opened = app.openedExternally.length;
      const site = await forbiddenSite();
      const known = 'https://www.rfc-editor.org/rfc/rfc9111.html';
      for (const address of [site.url, new URL('/assets/', page.url()).href, known]) {
        await page.evaluate((url) => {
          const link = Object.assign(document.createElement('a'), { href: url, textContent: 'away' });
          document.body.append(link);
          link.click();
        }, address);
      }
      // A standard that explanations name is shown where it belongs, and it was asked for last.
      await expect.poll(() => app.openedExternally.slice(opened)).toEqual([known]);
      // Not by Playwright's own means, which names a navigation that is only being refused.
      expect(await page.evaluate(() => document.title)).toBe('Hopscope');
      expect(await askForSnapshot(page)).toMatchObject({ ok: true });
      expect(site.visits()).toBe(0);
    });

    it('opens no windows, neither by script nor by link', async () => {
      const { app, page } = desktop;
      const opened = app.openedExternally.length;
      const site = await forbiddenSite();
      const known = 'https://httpwg.org/specs/rfc9111.html';
      for (const address of [site.url, known]) {
        await page.evaluate((url) => void window.open(url), address);
        await page.evaluate(
          (url) => Object.assign(document.createElement('a'), { href: url, target: '_blank' }).click(),
          address,
        );
      }
      await expect.poll(() => app.openedExternally.slice(opened)).toEqual([known, known]);
      await expect.poll(() => page.context().pages()).toEqual([page]);
      expect(site.visits()).toBe(0);
    });

    it('is granted nothing that it asks for', async () => {
      const { page } = desktop;
      const inPage = await page.evaluate(async () => {
        const state = async (name: string): Promise<string> =>
          (await navigator.permissions.query({ name: name as PermissionName })).state;
        const read = await navigator.clipboard.readText().catch((error: unknown) => (error as DOMException).name);
        return { read, geolocation: await state('geolocation'), notifications: await state('notifications') };
      });
      expect(inPage).toEqual({ read: 'NotAllowedError', geolocation: 'denied', notifications: 'denied' });
    });
  });

  describe('app://', () => {
    it('serves the built files, and no path or host leads out of them', async () => {
      const { app } = desktop;
      const expected = {
        'app://hopscope/': 200,
        'app://hopscope/favicon.svg': 200,
        'app://hopscope/nothing.js': 404,
        'app://hopscope/assets': 404,
        'app://hopscope/..%2fmain%2fmain.js': 404,
        'app://hopscope/assets/..%2f..%2fmain%2fmain.js': 404,
        'app://hopscope/..%5cmain%5cmain.js': 404,
        'app://hopscope/%2fetc%2fpasswd': 404,
        'app://hopscope/index.html%00.png': 404,
        'app://hopscope/%E0%A4%A': 404,
        'app://elsewhere/': 404,
      };
      const statuses: Record<string, number | undefined> = {};
      for (const url of Object.keys(expected)) statuses[url] = (await app.fetch(url))?.status;
      expect(statuses).toEqual(expected);
      expect((await app.fetch('app://hopscope/', 'POST'))?.status).toBe(405);
    });
  });

  describe('the main process', () => {
    it('refuses messages of any frame but the page itself, and says so', async () => {
      const { app } = desktop;
      const channel = requestChannel('engine.snapshot');
      const printed = app.output.length;
      expect(await app.forge('embedded', channel)).toEqual(forbidden('embedded frame'));
      await expect
        .poll(() => sentencesOf({ output: app.output.slice(printed) }))
        .toEqual([expect.stringMatching(/^hopscope: "engine\.snapshot" was refused: [^\n]+$/)]);
      expect(await app.forge('gone', channel)).toEqual(forbidden('gone'));
      for (const url of [
        'http://hopscope/',
        'https://example.com/',
        'app://hopscope.example/',
        'about:blank',
        'file:///',
      ]) {
        expect(await app.forge({ url }, channel)).toEqual(forbidden('does not come from the UI'));
      }
    });

    it('refuses messages of a window that it did not let in', async () => {
      const { app } = desktop;
      const url = 'app://hopscope/';
      const preload = join(import.meta.dirname, '../../../out/preload/preload.cjs');
      await app.evaluate(
        ({ BrowserWindow }, options) => {
          const webPreferences = { preload: options.preload, sandbox: true, contextIsolation: true };
          return new BrowserWindow({ width: 400, height: 300, webPreferences }).loadURL(options.url);
        },
        { url, preload },
      );
      const stranger = await app.page(1);
      expect(await askForSnapshot(stranger)).toEqual(forbidden('its window is unknown'));
      await stranger.close();
    });
  });
}
