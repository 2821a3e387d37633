import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { startHttp2Origin } from '../support/http2-origin.ts';
import { testAuthority } from '../support/https-origin.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { makeCertificate } from '../support/certificates.ts';
import { echo } from '../support/websocket-origin.ts';
import { artifacts, endedRows, openUi } from './ui-page.ts';

const WORKER = `
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  if (event.request.url.endsWith('/by-worker')) event.respondWith(fetch('/from-worker'));
});`;

/** A site with everything that pages do over TLS. */
async function startSite(identity: { cert: string; key: string }): Promise<string> {
  const answers: Readonly<Record<string, readonly [type: string, body: string]>> = {
    '/': ['text/html', '<!doctype html><title>Secret</title><p>over TLS</p>'],
    '/data': ['application/json', '{"answer":42}'],
    '/worker.js': ['text/javascript', WORKER],
    '/from-worker': ['text/plain', 'fetched by the worker'],
  };
  const server = createServer(identity, (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('data: one\n\n');
      response.write('event: named\ndata: two\n\n');
      return;
    }
    const [type, body] = answers[request.url ?? ''] ?? ['text/plain', 'nothing'];
    response.setHeader('Content-Type', type);
    response.end(body);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', echo);
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

/** What a page does with its origin: fetch, WebSocket, EventSource, and a service worker. */
function useEverything(): Promise<unknown> {
  const next = (target: EventTarget, type: string): Promise<MessageEvent<string>> =>
    new Promise((resolve, reject) => {
      target.addEventListener(type, (event) => resolve(event as MessageEvent<string>), { once: true });
      target.addEventListener('error', () => reject(new Error(`no ${type}`)), { once: true });
    });
  const overSocket = async (): Promise<string> => {
    const socket = new WebSocket(`wss://${location.host}/chat`);
    await next(socket, 'open');
    socket.send('over wss');
    const { data } = await next(socket, 'message');
    socket.close(1000);
    await next(socket, 'close');
    return data;
  };
  const overEvents = async (): Promise<string> => {
    const events = new EventSource('/events');
    const { data } = await next(events, 'named');
    events.close();
    return data;
  };
  const byWorker = async (): Promise<string> => {
    await navigator.serviceWorker.register('/worker.js');
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller === null) await next(navigator.serviceWorker, 'controllerchange');
    return (await fetch('/by-worker')).text();
  };
  const data = fetch('/data').then((response) => response.json());
  return Promise.all([data, overSocket(), overEvents(), byWorker()]);
}

test('Chromium does over intercepted TLS all that pages do, and the interface shows it', async () => {
  const directory = await temporaryDirectory();
  const { certificate, signer } = await testAuthority();
  const site = await startSite({ cert: signer.sign('localhost').certificate, key: signer.key });
  const second = await startHttp2Origin((stream) => {
    stream.respond({ ':status': 200, 'content-type': 'text/html' });
    stream.end('<!doctype html><title>Second version</title>');
  });
  const expired = await startSite(makeCertificate(directory, 'old', { to: '20210101000000Z' }));
  const caFile = `${directory}/origins.pem`;
  writeFileSync(caFile, certificate);
  const flags = ['--cache', 'off', '--upstream-ca', caFile];
  const { page: ui, browser, proxy, ca, picture } = await openUi({ flags, trusting: true });
  const through = await browser.newContext({
    ...{ proxy: { server: proxy, bypass: '<-loopback>' }, colorScheme: 'dark' },
  });
  const page = await through.newPage();

  const response = await page.goto(site);
  expect(await page.title()).toBe('Secret');
  expect((await response?.securityDetails())?.issuer).toMatch(/^Hopscope CA/);
  expect(await page.evaluate(useEverything)).toEqual([{ answer: 42 }, 'over wss', 'two', 'fetched by the worker']);
  await page.goto(second.url);
  expect(await page.title()).toBe('Second version');
  expect(second.sessions).toHaveLength(1);

  for (const path of ['/data', '/from-worker', '/worker.js']) await endedRows(ui, path).first().waitFor();
  await endedRows(ui, '/chat').click();
  await ui.getByRole('tab', { name: /Messages/ }).click();
  await ui.getByText('over wss').first().waitFor();
  await endedRows(ui, '/data').click();
  await ui.getByRole('tab', { name: /Timeline/ }).click();
  await ui.getByRole('region', { name: 'Connection' }).scrollIntoViewIfNeeded();
  expect(await ui.getByRole('region', { name: 'Connection' }).innerText()).toMatch(/TLSv1\.3[^]*localhost/);
  await picture('https-connection');

  await page.goto(`${expired}/page`);
  await page.getByText('certificate has expired').first().waitFor();
  await page.screenshot({ path: `${artifacts}/error-page-dark.png` });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.screenshot({ path: `${artifacts}/error-page.png` });
  await endedRows(ui, '/page').click();
  await ui.getByText('CERTIFICATE_EXPIRED').first().waitFor();
  await picture('https-expired');

  // A client that pins certificates, and the way out.
  const pinned = new URL(site).host.replace('localhost', '127.0.0.1');
  const pinning = connect(Number(new URL(proxy).port), '127.0.0.1');
  pinning.write(`CONNECT ${pinned} HTTP/1.1\r\nHost: a\r\n\r\n`);
  await once(pinning, 'data');
  const secured = connectTls({ socket: pinning, host: '127.0.0.1', ca: readFileSync(ca) });
  await once(secured, 'secureConnect');
  secured.destroy();
  const refused = ui.locator('.request-row[data-failed=true]', { hasText: pinned });
  await refused.click();
  await ui.getByText('if the client pins certificates').first().waitFor();
  await picture('https-pinned');
  await ui.getByRole('button', { name: 'Pass 127.0.0.1 through' }).click();
  await ui.getByText('127.0.0.1 is passed through from now on.').waitFor();
});
