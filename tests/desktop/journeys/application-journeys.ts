import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { InspectorApi } from '../../../shared/contract.ts';
import { startOrigin } from '../../support/origin.ts';
import { finishedRows, keepPicture, proxyUrlOf } from './main-journey.ts';
import type { DesktopApps, RunningApp } from './running-app.ts';
import { chooseInMenu, dataDirectory, open, sentencesOf } from './running-app.ts';

export function notice(page: Page, text: string | RegExp): Locator {
  return page.locator('.notice', { hasText: text });
}

/** Ends the engine as a mistake of ours would. */
async function breakEngine(app: RunningApp, reason: string): Promise<void> {
  await app.evaluate((_electron, message) => {
    setImmediate(() => {
      throw new Error(message);
    });
  }, reason);
}

/** Ports that no system gives to outgoing connections: one of those could take a port while its listener is started anew. */
const LISTENED = { from: 10_000, to: 30_000 };

/** A port for a proxy that comes back to it. */
async function lastingPort(): Promise<number> {
  const { from, to } = LISTENED;
  for (let port = from + (process.pid % 10_000); port < to; port++) {
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
  throw new Error(`No port from ${from} to ${to} is free`);
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

/** What the system, a menu and another start hand to the app, and an engine that fails. */
export function applicationJourneys(apps: DesktopApps): void {
  describe('the application', () => {
    it('opens files and links, and takes commands from its menu and from a second start', async () => {
      const dataDir = await dataDirectory();
      const file = join(dataDir, 'shop.har');
      const newer = join(dataDir, 'newer.hopscope');
      await writeFile(file, JSON.stringify(har));
      await writeFile(newer, 'no session at all');
      const links = ['hopscope://open?filter=tea', 'hopscope://delete?all'];
      const { app, page } = await open(apps, { args: ['--data-dir', dataDir, file, newer, ...links] });

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

      await chooseInMenu(app, 'HTTP Caching (RFC 9111)');
      await expect.poll(() => app.openedExternally).toEqual(['https://www.rfc-editor.org/rfc/rfc9111.html']);
      await chooseInMenu(app, 'Cache: what is stored');
      await page.getByRole('searchbox').or(page.getByText('Nothing is stored')).first().waitFor();
      const second = await app.startAgain(['--cache', 'offline', '--port', '1', 'missing.har'], dataDir);
      expect(second.code).toBe(0);
      const left = 'hopscope: Hopscope is running already; its window was asked to come forward';
      expect(sentencesOf(second)).toEqual([left]);
      await page.locator('[role=radio][data-mode=offline][aria-checked=true]').waitFor();
      await notice(page, 'Hopscope runs already: --port counts only when it starts.').waitFor();
      await notice(page, '“missing.har” was not opened.').waitFor();

      // The window tells how Hopscope is, and that this build is not one that updates itself.
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^Health: / }).click();
      const health = page.getByRole('dialog', { name: 'How Hopscope is' });
      await health.getByText('This build does not update itself.').waitFor();
      await keepPicture(page, `${apps.name}-health`);
    });

    it('starts a failing engine anew on the same port, and asks when that does not help', async () => {
      const origin = await startOrigin((_request, response) => response.end('here'));
      const port = await lastingPort();
      const { app, page } = await open(apps, { args: ['--port', String(port), '--upstream', origin.url] });
      const proxyUrl = `http://127.0.0.1:${port}`;
      expect(await proxyUrlOf(page)).toBe(proxyUrl);
      await (await fetch(`${proxyUrl}/one`)).text();
      await finishedRows(page).first().waitFor();

      await breakEngine(app, 'first accident');
      await notice(page, 'The engine failed (first accident) and was restarted.').waitFor();
      expect(await proxyUrlOf(page)).toBe(proxyUrl);
      expect(await (await fetch(`${proxyUrl}/two`)).text()).toBe('here');
      await finishedRows(page, '/two').first().waitFor();
      expect(await finishedRows(page).count()).toBe(1);
      expect(app.questions).toEqual([]);

      await app.answer(0);
      await breakEngine(app, 'second accident, Authorization: Bearer sesame-9000');
      await notice(page, 'second accident, Authorization: …').waitFor();
      // Nothing secret is kept in what the app prints.
      expect(app.output).toContain('the engine failed: Error: second accident');
      expect(app.output).not.toContain('sesame');
      expect(app.questions).toEqual(['The engine failed, and starting it anew did not help.']);
      expect(await (await fetch(`${proxyUrl}/three`)).text()).toBe('here');

      // A port that cannot be had leaves it where it was.
      const refused = await page.evaluate(async (taken) => {
        const { hopscope } = window as unknown as { hopscope: InspectorApi };
        return hopscope.request('health.repair', { id: 'port-taken', port: taken });
      }, origin.port);
      expect(refused).toMatchObject({
        ok: false,
        error: { code: 'REPAIR', message: expect.stringContaining('is taken') as string },
      });
      expect(await proxyUrlOf(page)).toBe(proxyUrl);

      // What is opened while there is no engine waits for the next one.
      const dataDir = await dataDirectory();
      await writeFile(join(dataDir, 'shop.har'), JSON.stringify(har));
      await chooseInMenu(app, 'Restart the engine');
      await app.startAgain(['shop.har', 'hopscope://delete?all'], dataDir);
      await notice(page, 'The engine was restarted.').waitFor();
      await notice(page, 'One request added from “shop.har”.').waitFor();
      await notice(page, 'This link means nothing to Hopscope').waitFor();
      await finishedRows(page, '/tea').first().waitFor();
      expect(await (await fetch(`${proxyUrl}/four`)).text()).toBe('here');
      await finishedRows(page, '/four').first().waitFor();
    });
  });
}
