import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { rawClient } from '../support/raw-client.ts';
import { echo, openWebSocket, startWebSocketOrigin } from '../support/websocket-origin.ts';
import { accessibilityProblems } from './accessibility.ts';
import { importRules, openUi, send } from './ui-page.ts';

/** A server that sends back what it gets, in no protocol that is known here; resolves with its authority. */
async function startStranger(): Promise<string> {
  const server = createServer((socket) => socket.on('error', () => socket.destroy()).pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Opens a tunnel and sends something through; resolves with the status line, or with nothing where there was none. */
async function tunnel(proxy: string, authority: string): Promise<string> {
  const client = await rawClient(Number(new URL(proxy).port));
  client.send(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  const head = await Promise.race([client.until(/\r\n\r\n/), client.ended()]);
  if (/^HTTP\/1.1 200/.test(head)) {
    client.send('\x01strange');
    await client.until(/strange/);
  }
  client.socket.end();
  return head.split('\r\n', 1)[0] ?? '';
}

/** Opens a WebSocket and closes it; resolves with what came back, or with why it did not open. */
async function talk(proxy: string, path: string): Promise<string> {
  try {
    const socket = await openWebSocket(proxy.replace('http', 'ws') + path);
    socket.send('hello');
    const [data] = (await once(socket, 'message')) as [Buffer];
    socket.close();
    await once(socket, 'close');
    return String(data);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What the list shows, a line for each row: kind of path, and whether a rule has touched it. */
async function listed(page: Page): Promise<string[]> {
  const rows = await page.locator('.request-row[data-running=false]').all();
  return Promise.all(
    rows.map(async (row) => {
      const path = (await row.locator('.row-path').innerText()).replace(/^[\d.:]+/, '').trim();
      return (await row.getByLabel('touched by a rule').count()) > 0 ? `${path} ruled` : path;
    }),
  );
}

test('WebSockets and tunnels meet the rules that make sense for them, and are offered no others', async () => {
  const sockets = await startWebSocketOrigin(echo);
  const stranger = await startStranger();
  const { page, proxy, picture } = await openUi({ flags: ['--upstream', sockets.url] });
  const field = page.getByRole('combobox', { name: 'Filter requests' });
  await importRules(page, [
    { name: 'Mock', when: 'path:/mocked OR is:tunnel', action: { type: 'answer', status: 200 } },
    { name: 'Wait', when: 'path:/slow', action: { type: 'delay', ms: 20 } },
    { name: 'Refuse', when: 'path:/refused OR url:*:1', action: { type: 'block', how: 'refuse' } },
    { name: 'Cut', when: 'path:/cut', action: { type: 'block', how: 'close' } },
    { name: 'Elsewhere', when: 'path:/moved OR is:tunnel', action: { type: 'redirect', to: sockets.url } },
  ]);
  expect(await talk(proxy, '/mocked')).toBe('hello');
  expect(await talk(proxy, '/slow')).toBe('hello');
  expect(await talk(proxy, '/refused')).toMatch(/403/);
  expect(await talk(proxy, '/cut')).toMatch(/hang up/);
  expect(await talk(proxy, '/moved')).toBe('hello');
  expect(await tunnel(proxy, stranger)).toMatch(/ 200 /);
  expect(await tunnel(proxy, 'a.test:1')).toMatch(/ 403 /);
  await expect
    .poll(() => listed(page))
    .toEqual([
      ...['/mocked', '/slow ruled', '/refused ruled', '/cut ruled', '/moved ruled'],
      ...['tunnel, not inspectable', 'tunnel ruled'],
    ]);
  await picture('rules-by-kind');
  for (const [filter, rows] of [
    ['is:ruled is:websocket', 4],
    ['is:ruled is:tunnel', 1],
    ['rule:refuse', 2],
    ['rule:mock', 0],
  ] as const) {
    await field.fill(filter);
    await expect.poll(async () => (await listed(page)).length, { message: filter }).toBe(rows);
  }
  await field.fill('');
  await expect.poll(async () => (await listed(page)).length).toBe(7);

  const offered = async (row: number): Promise<string[]> => {
    await page.locator('.request-row').nth(row).click();
    await page.locator('#request-list').focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Create a rule' }).click();
    const menu = page.getByRole('menu').nth(1);
    await menu.waitFor();
    const items = await menu.getByRole('menuitem').allInnerTexts();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').first().waitFor({ state: 'detached' });
    return items;
  };
  expect(await offered(0)).toEqual([
    ...['Send to another server…', 'Change header fields…', 'Delay…', 'Block', 'Pause here'],
  ]);
  expect(await offered(5)).toEqual(['Block']);

  // The form says what it leaves alone.
  await page.locator('h1').click();
  await page.keyboard.press('m');
  await page.getByRole('button', { name: 'Add a rule' }).click();
  const form = page.getByRole('form', { name: 'A new rule' });
  await form.getByLabel('For requests that fit').fill('is:websocket');
  await form.getByText('Of the newest 7 requests it fits 0. It leaves 5 more alone, WebSockets or tunnels.').waitFor();
  await form.getByText('WebSockets and tunnels (CONNECT) are left alone.').waitFor();
  await form.getByLabel('What it does').selectOption('block');
  await form.getByText('Of the newest 7 requests it fits 5.').waitFor();
  await form.getByText('This keeps WebSockets and tunnels (CONNECT) from opening, too.').waitFor();
  expect(await accessibilityProblems(page, '.rules-page')).toEqual([]);
});

test('the handshake of a WebSocket is paused, edited and continued, but not answered by hand', async () => {
  const sockets = await startWebSocketOrigin((socket) => echo(socket));
  const asked: string[] = [];
  sockets.server.on('connection', (_socket, request) =>
    asked.push(`${request.url ?? ''} ${String(request.headers['x-hop'])}`),
  );
  const { page, proxy, picture } = await openUi({ flags: ['--upstream', sockets.url] });
  await importRules(page, [{ name: 'Stop', when: '', action: { type: 'pause', at: 'both' } }]);
  const answer = talk(proxy, '/chat');
  await page.getByText('1 request is paused by a rule and waits for you.').waitFor();
  await page.keyboard.press('F9');
  const form = page.getByRole('form', { name: 'Paused before it is sent on' });
  await form.getByText('only its server can answer it').waitFor();
  expect(await form.getByRole('button').allInnerTexts()).toEqual([expect.stringContaining('Continue'), 'Abort']);
  expect(await form.getByLabel('Method').isEditable()).toBe(false);
  await picture('held-websocket');
  expect(await accessibilityProblems(page, '#held-form')).toEqual([]);
  await form.getByLabel('URL').fill(`${sockets.url}/elsewhere`);
  const fields = form.getByLabel('Header fields');
  await fields.fill(`${await fields.inputValue()}\nX-Hop: 2`);
  await page.keyboard.press('F8');
  expect(await answer).toBe('hello');
  expect(asked).toEqual(['/elsewhere 2']);
  await page.getByText('is paused by a rule').waitFor({ state: 'detached' });

  const cut = talk(proxy, '/chat');
  await page.getByText('1 request is paused by a rule and waits for you.').waitFor();
  await page.keyboard.press('F9');
  await form.getByRole('button', { name: 'Abort' }).press('Enter');
  expect(await cut).toMatch(/hang up/);
});

test('a column of the rules is shown, sorted by, resized, and there again after the page was loaded anew', async () => {
  const { page, proxy, picture } = await openUi();
  await importRules(page, [
    { name: 'Beta', when: 'path:/b', action: { type: 'delay', ms: 1 } },
    { name: 'Alpha', when: 'path:/a*', action: { type: 'answer', status: 200 } },
    { name: 'Gamma', when: 'path:/b', action: { type: 'answer', status: 200 } },
  ]);
  for (const path of ['/none', '/b', '/a1', '/a2']) await send(proxy, path);
  await page.getByRole('button', { name: 'Columns' }).press('Enter');
  await page.getByRole('menuitemcheckbox', { name: 'Rules' }).press('Enter');
  await page.keyboard.press('Escape');
  const column = page.locator('.request-row [data-column=rules]');
  const cells = (): Promise<string[]> => column.allInnerTexts();
  await expect.poll(cells).toEqual(['', 'Beta, Gamma', 'Alpha', 'Alpha']);
  const title = page.getByRole('columnheader', { name: 'Rules' });
  await title.getByRole('button').press('Enter');
  await expect.poll(cells).toEqual(['Alpha', 'Alpha', 'Beta, Gamma', '']);
  await title.getByRole('button').press('Enter');
  await expect.poll(cells).toEqual(['Beta, Gamma', 'Alpha', 'Alpha', '']);
  const widthNow = async (): Promise<number> => (await title.boundingBox())?.width ?? 0;
  const before = await widthNow();
  for (let presses = 0; presses < 3; presses++) await title.getByRole('button').press('Shift+ArrowRight');
  await expect.poll(widthNow).toBe(before + 30);
  await picture('rules-column');
  await page.reload();
  await expect.poll(cells).toEqual(['Beta, Gamma', 'Alpha', 'Alpha', '']);
  expect(await title.getAttribute('aria-sort')).toBe('descending');
  expect(await widthNow()).toBe(before + 30);
});
