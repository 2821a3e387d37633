import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { WebSocket as ServerSocket } from 'ws';
import { WebSocketApi } from '../../renderer/client/web-socket-api.ts';
import type { LinkState } from '../../shared/contract.ts';

interface Request {
  readonly id: number;
  readonly name: string;
  readonly params: unknown;
}

/** A server that answers each request by `answer`. */
async function serve(answer: (socket: ServerSocket, request: Request) => void): Promise<WebSocketServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => answer(socket, JSON.parse(data.toString()) as Request));
  });
  await once(server, 'listening');
  return server;
}

function connect(server: WebSocketServer): WebSocketApi {
  const api = new WebSocketApi(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws?token=t`);
  onTestFinished(() => api.close());
  return api;
}

function reached(api: WebSocketApi, wanted: LinkState): Promise<void> {
  return new Promise((resolve) => {
    api.onConnection((state) => {
      if (state === wanted) resolve();
    });
  });
}

test('answers find their requests, in whatever order they come', async () => {
  const held: Request[] = [];
  const server = await serve((socket, request) => {
    held.push(request);
    if (held.length < 2) return;
    for (const { id, params } of held.reverse()) socket.send(JSON.stringify({ id, ok: true, value: params }));
  });
  const api = connect(server);
  await reached(api, 'open');
  const answers = await Promise.all([
    api.request('cache.purge', { key: 'first' }),
    api.request('cache.purge', { key: 'second' }),
  ]);
  expect(answers).toMatchObject([
    { ok: true, value: { key: 'first' } },
    { ok: true, value: { key: 'second' } },
  ]);
});

test('errors are answers', async () => {
  const error = { code: 'NOT_FOUND', message: 'It is gone.' };
  const server = await serve((socket, { id }) => socket.send(JSON.stringify({ id, ok: false, error })));
  const api = connect(server);
  await reached(api, 'open');
  expect(await api.request('exchange.read', { id: 1 })).toMatchObject({ ok: false, error });
});

test('bytes come as they are, in one binary frame', async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const server = await serve((socket, { id }) => {
    const header = Buffer.from(JSON.stringify({ id, ok: true }));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(header.length);
    socket.send(Buffer.concat([length, header, bytes]));
  });
  const api = connect(server);
  await reached(api, 'open');
  const answer = await api.request('body.read', { id: 1, side: 'response', offset: 0, length: 256 });
  expect(answer.ok && [...answer.value]).toEqual([...bytes]);
});

test('events reach their listeners until they leave; unknown events nobody', async () => {
  const server = await serve(() => undefined);
  const api = connect(server);
  const seen: number[] = [];
  const leave = api.on('session.cleared', ({ upTo }) => seen.push(upTo));
  const socket = (await once(server, 'connection'))[0] as ServerSocket;
  const other = new Promise<void>((resolve) => {
    api.on('status.changed', () => resolve());
  });
  socket.send(JSON.stringify({ event: 'from.the.future', payload: {} }));
  socket.send(JSON.stringify({ event: 'session.cleared', payload: { upTo: 7 } }));
  socket.send(JSON.stringify({ event: 'status.changed', payload: {} }));
  await other;
  expect(seen).toEqual([7]);
  leave();
});

test('a lost connection answers what was under way and comes back', async () => {
  const server = await serve((socket) => socket.terminate());
  const api = connect(server);
  await reached(api, 'open');
  const answer = await api.request('engine.snapshot', undefined);
  expect(answer).toMatchObject({ ok: false, error: { code: 'DISCONNECTED' } });
  await reached(api, 'open');
});

test('a request without a connection is answered at once', async () => {
  const api = new WebSocketApi('ws://127.0.0.1:1/ws');
  onTestFinished(() => api.close());
  expect(await api.request('engine.snapshot', undefined)).toMatchObject({ ok: false, error: { code: 'DISCONNECTED' } });
});

test('a host that serves the page and not the connection has refused it, and is asked again', async () => {
  const http = createServer((_request, response) => response.end());
  let upgrades = 0;
  http.on('upgrade', (_request, socket) => {
    upgrades++;
    socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const api = new WebSocketApi(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/ws?token=old`);
  onTestFinished(() => api.close());
  await reached(api, 'refused');
  await expect.poll(() => upgrades).toBeGreaterThan(1);
});
