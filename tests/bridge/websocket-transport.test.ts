import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { ContractServer } from '../../electron/bridge/contract-server.ts';
import { UiFiles } from '../../electron/bridge/ui-files.ts';
import { WebSocketTransport } from '../../electron/bridge/websocket-transport.ts';
import { startEngine } from '../support/engine.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { startWeb } from '../support/transports.ts';
import { noClients } from '../support/no-clients.ts';

interface Page {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends `path` as it is: neither normalised nor encoded. */
async function fetchRaw(
  base: string,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Page> {
  const { hostname, port } = new URL(base);
  const [response] = (await once(get({ hostname, port, path, headers, method }), 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

async function startBuiltUi(): Promise<{ url: string; host: string; web: WebSocketTransport; errors: unknown[] }> {
  const { engine } = await startEngine();
  const directory = await temporaryDirectory();
  const root = join(directory, 'renderer');
  await mkdir(join(root, 'assets'), { recursive: true });
  await writeFile(join(directory, 'secret.txt'), 'secret');
  await writeFile(join(root, 'index.html'), '<!doctype html><title>UI</title>');
  await writeFile(join(root, 'assets', 'app-1a2b.js'), 'export {};');
  await writeFile(join(root, 'favicon.svg'), '<svg/>');
  const { web, errors } = await startWeb(engine, root);
  return { url: web.url, host: new URL(web.url).host, web, errors };
}

/** The status a WebSocket handshake is refused with, or `open`. */
function handshake(url: string, headers: Record<string, string> = {}): Promise<number | 'open' | undefined> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    onTestFinished(() => socket.terminate());
    socket.on('open', () => resolve('open'));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    socket.on('error', reject);
  });
}

test('the built page is served with a strict policy', async () => {
  const { url, host } = await startBuiltUi();
  const page = await fetchRaw(url, new URL(url).pathname + new URL(url).search);
  expect(page).toMatchObject({ status: 200, body: '<!doctype html><title>UI</title>' });
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  const policy = page.headers['content-security-policy'];
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).toContain(`connect-src 'self' ws://${host};`);
  expect(policy).not.toContain('unsafe');
  const script = await fetchRaw(url, '/assets/app-1a2b.js');
  expect(script).toMatchObject({ status: 200, headers: { 'content-type': 'text/javascript; charset=utf-8' } });
  expect(script.headers['cache-control']).toContain('immutable');
  expect((await fetchRaw(url, '/favicon.svg')).headers['content-type']).toBe('image/svg+xml');
  expect(await fetchRaw(url, '/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
});

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e%2fsecret.txt',
  '/..%5csecret.txt',
  '/assets%00.js',
  '/%zz',
  '//etc/passwd',
  '/assets',
  '/missing.js',
])('%s leads nowhere', async (path) => {
  const { url } = await startBuiltUi();
  expect(await fetchRaw(url, path)).toMatchObject({ status: 404, body: 'There is no such file.\n' });
});

test('only reading works', async () => {
  const { url } = await startBuiltUi();
  expect((await fetchRaw(url, '/', {}, 'POST')).status).toBe(405);
});

test('a page that was not built is told of', async () => {
  const { engine } = await startEngine();
  const { web } = await startWeb(engine, join(await temporaryDirectory(), 'nothing'));
  const page = await fetchRaw(web.url, '/');
  expect(page.status).toBe(503);
  expect(page.body).toContain('npm run build');
});

test('a name that is not ours is refused, for pages and for the socket', async () => {
  const { url, web, host } = await startBuiltUi();
  const port = host.split(':')[1] ?? '';
  for (const name of ['attacker.test', `attacker.test:${port}`, '127.0.0.1', `127.0.0.1.attacker.test:${port}`]) {
    expect((await fetchRaw(url, '/', { Host: name })).status).toBe(403);
  }
  expect((await fetchRaw(url, '/', { Host: `localhost:${port}` })).status).toBe(200);
  expect(await handshake(`ws://${host}/ws?token=${web.token}`, { Host: `attacker.test:${port}` })).toBe(403);
});

test('the socket needs the token, the path and an origin of its own', async () => {
  const { web, host } = await startBuiltUi();
  const good = `ws://${host}/ws?token=${web.token}`;
  expect(await handshake(good)).toBe('open');
  expect(await handshake(good, { Origin: `http://${host}` })).toBe('open');
  expect(await handshake(good, { Origin: 'http://attacker.test' })).toBe(403);
  expect(await handshake(good, { Origin: `https://${host}` })).toBe(403);
  expect(await handshake(good, { Origin: 'null' })).toBe(403);
  expect(await handshake(`ws://${host}/ws?token=`)).toBe(401);
  expect(await handshake(`ws://${host}/ws`)).toBe(401);
  expect(await handshake(`ws://${host}/ws?token=${web.token.slice(0, -1)}!`)).toBe(401);
  expect(await handshake(`ws://${host}/elsewhere?token=${web.token}`)).toBe(404);
});

test('tokens are long and differ from run to run', async () => {
  const [first, second] = [(await startBuiltUi()).web.token, (await startBuiltUi()).web.token];
  expect(first).toMatch(/^[\w-]{32}$/);
  expect(first).not.toBe(second);
});

test.each([['not JSON'], ['[]'], ['null'], ['{"name": "cache.stats"}'], [Buffer.from([1, 2, 3])]])(
  'a client that does not speak the protocol (%s) is cut off',
  async (message) => {
    const { web, host, errors } = await startBuiltUi();
    const socket = new WebSocket(`ws://${host}/ws?token=${web.token}`);
    await once(socket, 'open');
    socket.send(message);
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1007);
    expect(errors).toEqual([]);
  },
);

test(
  'a page that takes nothing of what it is sent is cut off before that fills the memory',
  { timeout: 60_000 },
  async () => {
    const { web, host, errors } = await startBuiltUi();
    const open = async (): Promise<WebSocket> => {
      const socket = new WebSocket(`ws://${host}/ws?token=${web.token}`);
      onTestFinished(() => socket.terminate());
      await once(socket, 'open');
      return socket;
    };
    const [frozen, busy] = [await open(), await open()];
    frozen.pause();
    const action = { type: 'answer', status: 200, body: 'x'.repeat(1_000_000) };
    const rules = [1, 2, 3, 4, 5, 6].map((name) => ({ name: `Long ${name}`, when: 'path:/long', action }));
    // Each change is told to both, with all settings.
    for (let id = 0; errors.length === 0 && id < 100; id++) {
      busy.send(JSON.stringify({ id, name: 'settings.update', params: { patch: { rules } } }));
      for (let told = ''; !told.startsWith(`{"id":${id},`);) {
        [told] = (await once(busy, 'message')).map(String) as [string];
      }
    }
    expect(errors.map(String)).toEqual([expect.stringContaining('took nothing of what it was sent')]);
    expect(busy.readyState).toBe(WebSocket.OPEN);
    const closed = once(frozen, 'close');
    frozen.resume();
    expect((await closed)[0]).toBe(1006);
  },
);

test('the next free port is taken only where that is wanted', async () => {
  const { engine } = await startEngine();
  const { web } = await startWeb(engine, '/nonexistent');
  const port = Number(new URL(web.url).port);
  const again = (portFallback: boolean): WebSocketTransport => {
    const server = new ContractServer(engine, {
      sendSample: () => Promise.resolve(0),
      clients: noClients,
      onError: () => undefined,
    });
    const options = { host: '127.0.0.1', port, portFallback, onError: () => undefined };
    const other = new WebSocketTransport(server, new UiFiles('/nonexistent'), options);
    onTestFinished(() => other.close());
    return other;
  };
  await expect(again(false).listen()).rejects.toThrow('EADDRINUSE');
  const other = again(true);
  await other.listen();
  expect(Number(new URL(other.url).port)).toBeGreaterThan(port);
});
