import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { startOrigin } from '../support/origin.ts';
import { echo, startWebSocketOrigin } from '../support/websocket-origin.ts';
import { endedRows, openUi, send } from './ui-page.ts';

/** A page of a site in a Chromium that uses `proxy` for everything: WebSockets go to the proxy for https by CONNECT. */
async function openThrough(proxy: string, url: string): Promise<Page> {
  const browser = await launchChromium({
    args: [`--proxy-server=${new URL(proxy).host}`, '--proxy-bypass-list=<-loopback>'],
  });
  const page = await browser.newPage();
  await page.goto(url);
  return page;
}

describe("a browser's messages through the proxy", () => {
  it('over a WebSocket are listed, filtered and read by keyboard', async () => {
    const site = await startOrigin((_request, response) => response.end('<!doctype html><title>chat</title>'));
    const sockets = await startWebSocketOrigin(echo);
    const { page: ui, proxy, picture } = await openUi({ flags: ['--upstream', site.url] });
    const page = await openThrough(proxy, site.url);
    const answers = await page.evaluate(async (url) => {
      const socket = new WebSocket(url);
      const next = (type: string): Promise<Event> =>
        new Promise((resolve, reject) => {
          socket.addEventListener(type, resolve, { once: true });
          socket.addEventListener('error', () => reject(new Error('The WebSocket failed.')), { once: true });
        });
      await next('open');
      const received: string[] = [];
      for (const text of ['{"say":"hello"}', 'second', 'third']) {
        socket.send(text);
        received.push(((await next('message')) as MessageEvent<string>).data);
      }
      socket.close(3001, 'bye');
      await next('close');
      return received;
    }, `ws://127.0.0.1:${sockets.port}/chat`);
    expect(answers).toEqual(['{"say":"hello"}', 'second', 'third']);

    await ui.locator('.request-row', { hasText: '/chat' }).click();
    await ui.getByRole('tab', { name: 'Messages' }).click();
    const rows = ui.getByRole('grid', { name: 'Messages' }).locator('.message-row');
    await expect.poll(() => rows.count()).toBe(8);
    await ui.getByText('closed by the client: 3001').waitFor();
    await ui.getByRole('grid', { name: 'Messages' }).focus();
    await ui.keyboard.press('Home');
    const message = ui.getByRole('region', { name: 'Message', exact: true });
    await message.getByText('"hello"').waitFor();
    await picture('messages-websocket');
    await ui.keyboard.press('End');
    await message.getByText('3001 · registered by a library or framework').waitFor();
    await ui.getByRole('radio', { name: 'Sent' }).click();
    await expect.poll(() => rows.count()).toBe(4);
    await ui.getByRole('radio', { name: 'Control' }).click();
    await expect.poll(() => rows.count()).toBe(1);
  });

  it('from an EventSource are listed as they arrive', async () => {
    const site = await startOrigin((request, response) => {
      if (request.url !== '/events') {
        response.end('<!doctype html><title>events</title>');
        return;
      }
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('id: 7\nevent: note\ndata: {"first":true}\n\n');
    });
    const { page: ui, proxy } = await openUi({ flags: ['--upstream', site.url], scheme: 'dark' });
    const page = await openThrough(proxy, site.url);
    const data = await page.evaluate(async () => {
      const source = new EventSource('/events');
      const event = await new Promise<Event>((resolve) => {
        source.addEventListener('note', resolve);
      });
      return (event as MessageEvent<string>).data;
    });
    expect(data).toBe('{"first":true}');
    await ui.locator('.request-row', { hasText: '/events' }).click();
    await ui.getByRole('tab', { name: 'Messages' }).click();
    await ui.locator('.message-row', { hasText: 'note' }).click();
    await ui.getByText('Last-Event-ID 7').waitFor();
    await ui.getByRole('treeitem', { name: 'first: true' }).waitFor();
  });

  it('leave room for what they say in a narrow window', async () => {
    const origin = await startOrigin((_request, response) => {
      response.setHeader('Content-Type', 'text/event-stream').end('data: what there is to say\n\n');
    });
    const { page, proxy } = await openUi({ width: 720, flags: ['--upstream', origin.url] });
    await send(proxy, '/events');
    await endedRows(page, '/events').click();
    await page.keyboard.press('6');
    const cut = async (cell: string): Promise<boolean> =>
      page
        .locator(cell)
        .first()
        .evaluate((element) => element.scrollWidth > element.clientWidth);
    const preview = page.locator('.message-preview').first();
    await preview.getByText('what there is').waitFor();
    expect(await cut('.message-time')).toBe(false);
    expect(await preview.evaluate((element) => element.clientWidth)).toBeGreaterThan(80);
  });
});
