import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Page, WebSocketRoute } from 'playwright-core';
import { expect, test } from 'vitest';
import { startOrigin } from '../support/origin.ts';
import { accessibilityProblems } from './accessibility.ts';
import { endedRows, openUi, send } from './ui-page.ts';
import type { UiPage } from './ui-page.ts';

const script = '<script>document.title = "owned"</script><img src=x onerror=alert(1)>';
const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>document.title = "owned"</script></svg>';

function answer({ url = '/', headers }: IncomingMessage, response: ServerResponse): void {
  const reply = (status: number, fields: Record<string, string>, body = 'hello'): void => {
    response.writeHead(status, { 'Content-Type': 'text/plain', ...fields }).end(body);
  };
  const confirmed = headers['if-none-match'] !== undefined;
  if (url === '/vary') reply(200, { 'Cache-Control': 'public, max-age=300', Vary: 'Accept-Language' });
  else if (url === '/window') {
    reply(200, { 'Cache-Control': 'max-age=10, stale-while-revalidate=600', Age: '60' });
  } else if (url === '/moved') reply(302, { Location: '/vary', 'Cache-Control': 'no-store' });
  else if (url === '/checked') {
    const fields = { 'Cache-Control': 'no-cache', ETag: '"e1"', 'Content-Type': 'application/json' };
    reply(confirmed ? 304 : 200, fields, confirmed ? '' : '{"kept": "in the store"}');
  } else if (url === '/picture.svg') reply(200, { 'Content-Type': 'image/svg+xml', 'Cache-Control': 'max-age=9' }, svg);
  else if (url === '/fields') {
    const many = Array.from({ length: 10_000 }, (_, i) => [`X-${i}`, `value ${i}`] as const);
    reply(200, { 'X-Long': 'v'.repeat(1024 * 1024), ...Object.fromEntries(many) });
  } else if (url.startsWith('/hostile')) {
    const fields = {
      'Content-Type': `text/html; charset=utf-8; x="${script}"`,
      ETag: `"${script}"`,
      Vary: 'X-Evil',
      'X-Evil': script,
    };
    response.writeHead(200, script, {
      ...fields,
      'Set-Cookie': `a=${script}`,
      'Cache-Control': `max-age=60, x="${script}"`,
    });
    response.end(Buffer.from([...Buffer.from(`${script}\u202etxt.exe`), 0xff, 0xfe]));
  } else reply(200, { 'Cache-Control': 'no-store' });
}

test('the panels of an exchange explain it, stay calm with hostile traffic, and outlive a lost connection', async () => {
  const origin = await startOrigin(answer);
  const ui = await openUi({ flags: ['--upstream', origin.url] });
  await explain(ui);
  await compareAll(ui);
  await resist(ui);
  await reconnect(ui);
});

async function show({ page }: UiPage, path: string, nth: number, tab: string): Promise<void> {
  await endedRows(page, path).nth(nth).click();
  await page.keyboard.press(tab);
}

async function bothThemesAreAccessible(page: Page, part: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    // A colour on its way to another one would be measured in between.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await accessibilityProblems(page, part)).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

async function explain(ui: UiPage): Promise<void> {
  const { page, proxy, picture } = ui;
  for (const language of ['de', 'en']) await send(proxy, '/vary', { headers: { 'Accept-Language': language } });
  for (let i = 0; i < 2; i++) await send(proxy, '/window');
  await send(proxy, '/moved', { headers: { 'Accept-Language': 'de' } });
  for (const tag of [undefined, '"e1"']) {
    await send(proxy, '/checked', tag === undefined ? {} : { headers: { 'If-None-Match': tag } });
  }
  const json = { 'Content-Type': 'application/json' };
  const body = '{"query": "query Hop($id: ID!) { hop(id: $id) { name } }", "variables": {"id": 7}}';
  await send(proxy, '/graphql', { method: 'POST', headers: json, body });

  // The cache's panel: what decided, the fields behind each step, the near miss, what if.
  await show(ui, '/vary', 1, '4');
  await page.locator('.deciding', { hasText: 'accept-language' }).waitFor();
  await page.locator('.evidence mark', { hasText: 'max-age=300' }).waitFor();
  await page.getByRole('button', { name: 'Mark what step 1 looked at' }).press('Enter');
  await page.mouse.move(5, 5);
  await expect.poll(() => page.locator('.evidence mark').allInnerTexts()).toEqual(['en', 'accept-language']);
  await page.locator('.near-miss tr[data-stops=true]', { hasText: 'de' }).waitFor();
  await page.locator('.life-mark[data-kind=now]').waitFor();
  await page.locator('.life-moment[data-kind=expires]', { hasText: 'in ' }).first().waitFor();
  await bothThemesAreAccessible(page, '.details');
  await page.getByRole('button', { name: 'What if…' }).press('Enter');
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('number');
  await picture('cache-panel');

  // The timeline, with what an exchange caused and what followed it.
  await show(ui, '/window', 1, '1');
  await page.locator('.related-track', { hasText: 'caused by it' }).getByRole('button').press('Enter');
  await page.locator('.facts', { hasText: 'Caused by' }).waitFor();
  await show(ui, '/moved', 0, '1');
  await page.locator('.related-track', { hasText: 'followed it' }).waitFor();
  await bothThemesAreAccessible(page, '.details');
  await picture('timeline-related');

  // The stored body behind a 304, and a GraphQL request.
  await show(ui, '/checked', 1, '3');
  await page.locator('.stored-body', { hasText: 'It came with request' }).waitFor();
  await page.getByRole('treeitem', { name: 'kept: "in the store"' }).waitFor();
  await show(ui, '/graphql', 0, '2');
  await page.locator('.cm-line', { hasText: '  hop(id: $id) {' }).waitFor();
  await page.getByRole('treeitem', { name: 'id: 7' }).waitFor();
  expect(await accessibilityProblems(page, '.details')).toEqual([]);
}

async function compareAll(ui: UiPage): Promise<void> {
  const { page, picture } = ui;
  await endedRows(page, '/vary').first().click();
  await endedRows(page, '/checked')
    .first()
    .click({ modifiers: ['Control'] });
  await endedRows(page, '/checked').first().click({ button: 'right' });
  await page
    .getByRole('menuitem', { name: /Compare/ })
    .first()
    .click();
  await page.locator('.compare-phases').waitFor();
  await page.getByRole('checkbox').uncheck();
  const waiting = page.locator('.compare-phases tr', { hasText: 'Waiting' });
  expect(await waiting.locator('.related-bar').count()).toBe(2);
  await bothThemesAreAccessible(page, '.compare');
  await picture('compare');
  await page.keyboard.press('Escape');
  await page.locator('.compare').waitFor({ state: 'detached' });
}

/** Sends a head exactly as it is and reads the answer to its end. */
async function sendRaw(proxy: string, head: string): Promise<void> {
  const { hostname, port } = new URL(proxy);
  const socket = connect(Number(port), hostname);
  socket.end(Buffer.from(head.replaceAll('\n', '\r\n'), 'latin1'));
  socket.resume();
  await once(socket, 'close');
}

async function resist(ui: UiPage): Promise<void> {
  const { page, proxy, picture } = ui;
  const { host } = new URL(proxy);
  // U+202E as it is in UTF-8, and markup: what no target should hold.
  await sendRaw(proxy, `GET /unreadable?<img/src=x>\xe2\x80\xae HTTP/1.1\nHost: ${host}\nConnection: close\n\n`);
  for (const evil of [script, 'other']) {
    const fields = `X-Evil: ${evil}\nCookie: a=${script}\nAuthorization: Basic ${script}\nConnection: close`;
    await sendRaw(proxy, `GET /hostile?a=%3Cscript%3E&b=%E2%80%AE HTTP/1.1\nHost: ${host}\n${fields}\n\n`);
  }
  const row = (text: string) => page.locator('.request-row[data-running=false]', { hasText: text });
  await row('/unreadable').click();
  await page.locator('.details-url .raw-escape').first().waitFor();
  await row('/hostile').nth(1).click();
  for (const tab of ['1', '2', '3', '4', '5']) {
    await page.keyboard.press(tab);
    await page.locator('.details-scroll:visible .section, .details-scroll:visible svg').first().waitFor();
    expect(
      await page.locator('.details script, .details img[src], .details [onerror], .details [onload]').count(),
    ).toBe(0);
  }
  await page.keyboard.press('3');
  await page.locator('.field-value', { hasText: script }).first().waitFor();
  await page.locator('.raw-escape', { hasText: 'U+202E' }).first().waitFor();
  await page.getByText(/Some bytes are not valid utf-8/).waitFor();
  await picture('hostile-fields');
  await send(proxy, '/picture.svg');
  await show(ui, '/picture.svg', 0, '3');
  await page.locator('.cm-line', { hasText: 'onload' }).waitFor();

  await sendRaw(proxy, `GET /fields HTTP/1.1\nHost: ${host}\nConnection: close\n\n`);
  await show(ui, '/fields', 0, '3');
  await page.getByRole('button', { name: 'Show all 1,048,576 characters' }).waitFor();
  expect(await page.locator('.field-line').count()).toBeLessThan(200);
  expect(await page.title()).toBe('Hopscope');
}

async function reconnect(ui: UiPage): Promise<void> {
  const { page, proxy } = ui;
  const links: WebSocketRoute[] = [];
  let cut = false;
  await page.routeWebSocket(/./, (link) => {
    // While it is cut nobody answers, as when the engine's host is gone.
    if (cut) void link.close();
    else {
      link.connectToServer();
      links.push(link);
    }
  });
  await page.reload();
  await endedRows(page, '/fields').waitFor();
  const ids = (): Promise<string[]> => page.locator('.request-row [data-column=id]').allInnerTexts();
  const before = await ids();
  cut = true;
  for (const link of links) await link.close();
  await page.getByText('The connection to the engine was lost.').waitFor();
  await send(proxy, '/while-away/1');
  await send(proxy, '/while-away/2');
  cut = false;
  await endedRows(page, '/while-away/2').waitFor();
  await page.getByText('The connection to the engine was lost.').waitFor({ state: 'detached' });
  await send(proxy, '/after');
  await endedRows(page, '/after').waitFor();
  const after = await ids();
  expect(after.slice(-3)).toEqual([1, 2, 3].map((more) => String(Number(before.at(-1)) + more)));
  expect(new Set(after).size).toBe(after.length);
}
