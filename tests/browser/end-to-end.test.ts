import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { hopscope } from '../support/hopscope-process.ts';
import type { TestOrigin } from '../support/origin.ts';
import { startOrigin } from '../support/origin.ts';
import { temporaryDirectory } from '../support/recorder.ts';

const artifacts = join(import.meta.dirname, '../../artifacts/end-to-end');
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPj/HwADAgH/OSkZvgAAAABJRU5ErkJggg==',
  'base64',
);

/** A small site of pages, a stylesheet, a script that fetches JSON, and a picture. */
function startSite(): Promise<TestOrigin> {
  const page = (title: string, more: string): string =>
    `<!doctype html><title>${title}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"><h1>${title}</h1>${more}`;
  const files: Record<string, readonly [string, string, string | Buffer]> = {
    '/': [
      'text/html',
      'no-cache',
      page('Home', '<a href="/next">next</a><img src="/dot.png"><script src="/app.js"></script>'),
    ],
    '/next': ['text/html', 'max-age=60', page('Next', '<a href="/">home</a>')],
    '/style.css': ['text/css', 'max-age=600', 'h1 { color: teal }'],
    '/app.js': [
      'text/javascript',
      'max-age=600',
      'fetch("/api/data").then((r) => r.json()).then((d) => { document.title = d.title; });',
    ],
    '/api/data': ['application/json', 'no-store', '{"title":"Home, filled in"}'],
    '/dot.png': ['image/png', 'max-age=600', PNG],
  };
  return startOrigin((request, response) => {
    const [type, control, body] = files[request.url ?? ''] ?? ['text/plain', 'no-store', undefined];
    const status = body === undefined ? 404 : request.headers['if-none-match'] === '"1"' ? 304 : 200;
    response.writeHead(status, { 'Content-Type': type, 'Cache-Control': control, ETag: '"1"' });
    response.end(status === 304 ? undefined : (body ?? 'not found'));
  });
}

/** The list's rows for a path; the path's cell has the host in front when there is no room for a column of its own. */
function rowOf(ui: Page, path: string): ReturnType<Page['locator']> {
  return ui
    .locator('[role=row]')
    .filter({ has: ui.locator('[data-column=path]', { hasText: new RegExp(`^(127\\.0\\.0\\.1:\\d+)?${path}$`) }) });
}

describe('a browser behind Hopscope', () => {
  it('shows each of its requests live, and why the cache answered as it did', async () => {
    mkdirSync(artifacts, { recursive: true });
    const site = await startSite();
    const process = hopscope(
      'serve',
      '--port',
      '0',
      '--ui-port',
      '0',
      '--log-format',
      'json',
      '--data-dir',
      await temporaryDirectory(),
    );
    const ready = JSON.parse(await process.ready) as { event: string; proxy: string; ui: string };

    const watcher = await launchChromium();
    const ui = await watcher.newPage({ viewport: { width: 1440, height: 900 } });
    const problems: string[] = [];
    ui.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    ui.on('pageerror', (error) => problems.push(error.message));
    await ui.goto(ready.ui);
    await ui.getByRole('button', { name: 'Send sample traffic' }).waitFor();
    await ui.screenshot({ path: join(artifacts, 'empty.png') });

    const browser = await launchChromium({ proxy: ready.proxy });
    // A context of its own for every visit: the browser's cache must not hide requests from ours.
    const visit = async (path: string): Promise<Page> => {
      const page = await (await browser.newContext()).newPage();
      await page.goto(`${site.url}${path}`);
      return page;
    };
    const home = await visit('/');
    await home.waitForFunction(() => document.title === 'Home, filled in');
    for (const path of ['/', '/style.css', '/app.js', '/dot.png', '/api/data']) await rowOf(ui, path).first().waitFor();
    expect(await rowOf(ui, '/style.css').locator('[data-column=cache]').innerText()).toBe('MISS');

    const again = await visit('/');
    await again.waitForFunction(() => document.title === 'Home, filled in');
    await rowOf(ui, '/style.css').nth(1).waitFor();
    const verdicts = async (path: string): Promise<string[]> => {
      await ui.waitForFunction(
        (wanted) =>
          [...document.querySelectorAll('[role=row]')].filter(
            (row) =>
              row.querySelector('[data-column=path]')?.textContent === wanted &&
              row.getAttribute('data-running') === 'false',
          ).length >= 2,
        path,
      );
      return rowOf(ui, path).locator('[data-column=cache]').allInnerTexts();
    };
    expect(await verdicts('/style.css')).toEqual(['MISS', 'HIT']);
    expect(await verdicts('/')).toEqual(['MISS', 'REVALIDATED']);

    await rowOf(ui, '/style.css').nth(1).click();
    await ui.getByRole('tab', { name: /timeline/i }).click();
    await ui.getByRole('group', { name: 'Timeline' }).waitFor();
    await ui.screenshot({ path: join(artifacts, 'timeline-hit.png') });
    await ui.getByRole('tab', { name: /cache/i }).click();
    await ui.getByText('RFC 9111').first().waitFor();
    await ui.screenshot({ path: join(artifacts, 'decision-hit.png') });
    await rowOf(ui, '/').nth(1).click();
    await ui.screenshot({ path: join(artifacts, 'decision-revalidated.png') });
    await ui.getByRole('tab', { name: /response/i }).click();
    await ui.getByText('<h1>Home</h1>').first().waitFor();
    await ui.screenshot({ path: join(artifacts, 'response.png') });

    await home.getByRole('link', { name: 'next' }).click();
    await home.waitForURL('**/next');
    await rowOf(ui, '/next').first().waitFor();
    expect(problems).toEqual([]);

    process.child.kill('SIGTERM');
    expect((await process.ended).code).toBe(0);
    await ui
      .getByText(/reconnect|connection lost/i)
      .first()
      .waitFor();
    await ui.screenshot({ path: join(artifacts, 'connection-lost.png') });
  });
});
