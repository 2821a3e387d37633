import { describe, expect, test } from 'vitest';
import { startOrigin } from '../support/origin.ts';
import { endedRows, openUi } from './ui-page.ts';
import { request } from 'node:http';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';

/** Sends a request through the proxy and gives the body of the answer. */
async function through(proxy: string, url: string): Promise<string> {
  const sent = request(proxy, { path: url, agent: false }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += String(chunk);
  return body;
}

describe('the page of routing', () => {
  test('adds a proxy, sends requests through it, and goes directly again when it is deleted', async () => {
    const { page, proxy, picture } = await openUi({ flags: ['--cache', 'off'] });
    const seen: (string | undefined)[] = [];
    const other = await startOrigin((incoming, response) => {
      seen.push(incoming.headers['proxy-authorization']);
      response.end('by the proxy');
    });
    const origin = await startOrigin((_incoming, response) => response.end('directly'));
    const url = `http://localhost:${origin.port}/`;
    const focused = (tag: string, label?: string): Promise<void> =>
      page.locator(`${tag}:focus${label === undefined ? '' : `[aria-label="${label}"]`}`).waitFor();

    // By keyboard alone.
    await page.keyboard.press('r');
    await page.getByRole('button', { name: 'Add an upstream' }).press('Enter');
    await page.getByRole('textbox', { name: 'URL' }).fill('ftp://nowhere');
    await page.keyboard.press('Enter');
    await page.getByText('a proxy URL is http://host:port').waitFor();
    await page.getByRole('textbox', { name: 'URL' }).fill(other.url);
    await page.getByRole('textbox', { name: 'User name' }).fill('ann');
    await page.getByLabel('Password').fill('secret');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Corporate');
    await page.keyboard.press('Enter');
    await page.locator('.routing-item', { hasText: 'Corporate' }).waitFor();
    expect(await through(proxy, url)).toBe('directly');

    await page.getByLabel('Way out').selectOption('Corporate (proxy)');
    await page.locator('.routing-item', { hasText: 'Way out' }).waitFor();
    expect(await through(proxy, url)).toBe('by the proxy');
    expect(seen).toEqual([`Basic ${Buffer.from('ann:secret').toString('base64')}`]);

    // What is to be reached directly is.
    await page.getByRole('textbox', { name: 'Reached directly' }).fill('10.0.0.0/99');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('10.0.0.0/99: a bypass rule').waitFor();
    await focused('textarea');
    await page.getByRole('textbox', { name: 'Reached directly' }).fill('localhost');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
    expect(await through(proxy, url)).toBe('directly');

    await page.getByRole('button', { name: 'Add route' }).click();
    await page.getByLabel('Pattern of route 1').fill('/x');
    await page.getByLabel('Targets of route 1').fill('nobody');
    await page.keyboard.press('Enter');
    await page.getByText('leads to nobody').waitFor();
    await page.getByLabel('Pattern of route 1').fill('<local>/x');
    await page.keyboard.press('Enter');
    await page.locator('.field-error', { hasText: 'a pattern is host' }).waitFor();
    await focused('input', 'Pattern of route 1');
    await page.getByLabel('Pattern of route 1').fill('*/by-route');
    await page.getByLabel('Targets of route 1').fill('corporate');
    await page.keyboard.press('Enter');
    await page.locator('.routing-item', { hasText: '1 route' }).waitFor();
    expect(await through(proxy, `${url}by-route`)).toBe('by the proxy');
    await picture('routing');

    await page.getByRole('button', { name: 'Delete Corporate' }).click();
    await page.getByText('There are none yet.').waitFor();
    await page.locator('button:focus', { hasText: 'Add an upstream' }).waitFor();
    expect(await page.getByLabel('Way out').inputValue()).toBe('direct');
    await page.getByLabel('Pattern of route 1').waitFor({ state: 'detached' });
    expect(await through(proxy, `${url}by-route`)).toBe('directly');
  });

  test('looks well in the dark, with forms for every type and for users, and keeps no password of them', async () => {
    const { page, proxy, picture } = await openUi({ scheme: 'dark' });
    await page.getByRole('button', { name: /^Upstream:/ }).click();
    await picture('upstream-picker-dark');
    await page.getByRole('button', { name: 'Proxies, PAC' }).click();
    await page.getByRole('button', { name: 'Add an upstream' }).click();
    for (const [type, field] of [
      ['Server', 'URL'],
      ['PAC script', 'URL'],
      ['Application', 'Directory'],
    ] as const) {
      await page.getByLabel('Type').selectOption(type);
      await page.getByRole('textbox', { name: field }).waitFor();
    }
    await page.getByRole('textbox', { name: 'Application' }).fill('shop.wsgi:application');
    await picture('routing-application-dark');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.routing-item', { hasText: 'shop.wsgi:application' }).waitFor();
    // Who may use the proxy.
    const status = async (authorization?: string): Promise<number | undefined> => {
      const headers = authorization === undefined ? {} : { 'proxy-authorization': authorization };
      const sent = request(proxy, { path: '/etag', agent: false, headers }).end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      return response.statusCode;
    };
    await page.getByText('Everyone who can reach its port.').waitFor();
    await page.getByRole('button', { name: 'Add a user' }).press('Enter');
    await page.getByRole('textbox', { name: 'User name' }).fill('a:b');
    await page.keyboard.press('Enter');
    await page.getByText('a user name has neither colons').waitFor();
    await page.getByText('a user needs a password').waitFor();
    await picture('routing-user-form');
    await page.keyboard.press('Escape');
    await page.getByRole('textbox', { name: 'User name' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'User name' }).fill('ann');
    await page.getByLabel('Password').fill('sesame');
    await page.keyboard.press('Enter');
    await page.getByText('Only the user below').waitFor();
    expect(await status()).toBe(401);
    expect(await status(`Basic ${Buffer.from('ann:sesame').toString('base64')}`)).toBe(200);

    await page.getByRole('textbox', { name: 'Allowed addresses' }).fill('10/99');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('10/99: an allowed client is').waitFor();
    await page.getByRole('textbox', { name: 'Allowed addresses' }).fill('10/8');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('from the addresses below').waitFor();
    // The settings are told of before the answer to the change, with which the draft goes.
    const allowed = page.getByRole('textbox', { name: 'Allowed addresses' });
    await expect.poll(() => allowed.inputValue()).toBe('10.0.0.0/8');
    expect(await status()).toBe(403);
    await picture('routing-access');
    expect(await page.content()).not.toMatch(/sesame|scrypt/);

    // The samples come from inside.
    await page.keyboard.press('t');
    await page.getByRole('button', { name: 'Theme, layout and more' }).click();
    await page.getByRole('menuitem', { name: 'Send sample traffic' }).click();
    await endedRows(page, '/stream').waitFor();
  });
});
