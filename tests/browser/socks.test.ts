import { describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { startEngine } from '../support/engine.ts';
import { startOrigin } from '../support/origin.ts';

describe('Chromium', () => {
  it('opens a page by SOCKS 5, and the page is an exchange of its own', async () => {
    const origin = await startOrigin((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<title>By SOCKS</title>');
    });
    const test = await startEngine();
    const browser = await launchChromium({
      args: [`--proxy-server=socks5://127.0.0.1:${test.port}`, '--proxy-bypass-list=<-loopback>'],
    });
    const page = await browser.newPage();
    await page.goto(`${origin.url}/page`);
    expect(await page.title()).toBe('By SOCKS');
    expect(await test.finished(({ url }) => url === `127.0.0.1:${origin.port}`)).toMatchObject({ version: 'SOCKS5' });
    expect(await test.finished(({ url }) => url === `${origin.url}/page`)).toMatchObject({ status: 200 });
  });

  it('shows no page of the upstream under a name that was made to lead here', async () => {
    const origin = await startOrigin((_request, response) => response.end('secret'));
    const test = await startEngine({ upstream: origin.url });
    const browser = await launchChromium({ args: ['--host-resolver-rules=MAP rebound.attacker.io 127.0.0.1'] });
    const page = await browser.newPage();
    const answer = await page.goto(`http://rebound.attacker.io:${test.port}/`);
    expect(answer?.status()).toBe(421);
    expect(await page.content()).not.toContain('secret');
  });
});
