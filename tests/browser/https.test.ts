import { createHash, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { startEngine } from '../support/engine.ts';
import { startHttpsOrigin } from '../support/https-origin.ts';

test('Chromium opens HTTPS pages through the proxy, and sees that they are intercepted', async () => {
  const origin = await startHttpsOrigin((request, response) => {
    response.setHeader('Content-Type', request.url === '/' ? 'text/html' : 'application/json');
    response.end(request.url === '/' ? '<title>Secret</title><p>over TLS</p>' : '{"answer":42}');
  });
  const proxy = await startEngine();
  const { certificate } = proxy.engine.authority;
  const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  // Trusts exactly the chains with this key, as if the authority were installed.
  const trust = `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`;
  const address = `--proxy-server=127.0.0.1:${String(proxy.port)}`;
  const browser = await launchChromium({ args: [address, '--proxy-bypass-list=<-loopback>', trust] });
  const page = await browser.newPage();
  const response = await page.goto(origin.url);
  expect(await page.title()).toBe('Secret');
  expect((await response?.securityDetails())?.issuer).toMatch(/^Hopscope CA/);
  const answer = await page.evaluate(async () => ((await (await fetch('/data')).json()) as { answer: number }).answer);
  expect(answer).toBe(42);
  const isData = (url: string): boolean => url === `${origin.url}/data`;
  expect(await proxy.finished(({ url }) => isData(url))).toMatchObject({ kind: 'http', status: 200 });
  await page.goto('http://hopscope.local/');
  expect(await page.getByRole('link').count()).toBe(3);
  await page.getByText('iOS and iPadOS').click();
  expect(await page.getByText('Certificate Trust Settings').isVisible()).toBe(true);
});
