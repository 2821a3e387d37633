import { existsSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { installedBrowsers } from '../../electron/launch/launcher.ts';
import { openBrowser } from '../../electron/launch/open-browser.ts';
import { ensureChromium } from '../../scripts/ensure-chromium.ts';
import { startEngine } from '../support/engine.ts';
import { startHttpsOrigin } from '../support/https-origin.ts';
import { hasCommand } from '../support/run-command.ts';

test('an isolated Chromium opens HTTPS pages through the proxy, without a word about certificates, and leaves nothing', async () => {
  const { promise: visit, resolve: visited } = Promise.withResolvers<string | undefined>();
  const origin = await startHttpsOrigin((request, response) => {
    if (request.url === '/') visited(request.headers.via);
    response.setHeader('Content-Type', 'text/html');
    response.end('<title>Secret</title>');
  });
  const { engine, url } = await startEngine();
  const browser = {
    ...({ id: 'chromium', name: 'Chromium', family: 'chromium' } as const),
    program: await ensureChromium(),
  };
  const { certificate, file } = engine.authority;
  const proxy = { url, certificate, certificateFile: file };
  const opened = await openBrowser(browser, proxy, `${origin.url}/`, ['--headless']);
  onTestFinished(() => void opened.child.kill('SIGKILL'));
  // Only a browser that trusts the certificate asks for the page.
  expect(await visit).toContain('hopscope');
  const profile = opened.child.spawnargs.find((word) => word.startsWith('--user-data-dir='))?.split('=')[1] ?? '';
  expect(existsSync(profile)).toBe(true);
  opened.child.kill();
  await opened.ended;
  expect(existsSync(profile)).toBe(false);
});

const firefox = installedBrowsers().find(({ id }) => id === 'firefox');

test.skipIf(firefox === undefined || !hasCommand('certutil', '-H'))(
  'an isolated Firefox does so too, and asks for nothing on its own account',
  async () => {
    const { promise: visit, resolve: visited } = Promise.withResolvers<string | undefined>();
    const origin = await startHttpsOrigin((request, response) => {
      if (request.url === '/') visited(request.headers.via);
      response.end();
    });
    const { engine, url } = await startEngine();
    const { certificate, file } = engine.authority;
    const proxy = { url, certificate, certificateFile: file };
    const opened = await openBrowser(firefox!, proxy, `${origin.url}/`, ['--headless']);
    onTestFinished(() => void opened.child.kill('SIGKILL'));
    expect(await visit).toContain('hopscope');
    opened.child.kill();
    await opened.ended;
    const { rows } = await engine.recorder.page(undefined, 1_000);
    expect(
      rows.map(({ url: target }) => target).filter((target) => !target.includes(new URL(origin.url).host)),
    ).toEqual([]);
  },
);
