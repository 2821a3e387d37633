import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { startEngine } from '../support/engine.ts';
import { testAuthority } from '../support/https-origin.ts';
import { tlsThrough } from '../support/tls-client.ts';
import { echo, openWebSocket } from '../support/websocket-origin.ts';

it('wss: inside of intercepted TLS is recorded frame by frame, compressed ones as well', async () => {
  const { signer } = await testAuthority();
  const { certificate } = signer.sign('localhost');
  const server = createServer({ cert: certificate, key: signer.key });
  const sockets = new WebSocketServer({ server, perMessageDeflate: true });
  sockets.on('connection', echo);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
    await once(server, 'close');
  });
  const authority = `localhost:${(server.address() as AddressInfo).port}`;
  const test = await startEngine();
  const { secured } = await tlsThrough(test, authority);
  const client = await openWebSocket(`wss://${authority}/chat`, { createConnection: () => secured });
  expect(client.extensions).toContain('permessage-deflate');
  const text = 'the same again, '.repeat(500);
  client.send(text);
  expect(String((await once(client, 'message'))[0])).toBe(text);
  client.close(1000, 'done');
  await once(client, 'close');
  const view = await test.finished(({ kind }) => kind === 'websocket');
  expect(view).toMatchObject({
    ...{ url: `https://${authority}/chat`, status: 101, outcome: { kind: 'completed' } },
    ...{ messages: { sent: 2, received: 2, lost: 0 }, close: { by: 'client', code: 1000, reason: 'done' } },
    clientTls: { serverName: 'localhost' },
  });
  const page = await test.engine.recorder.readMessages({ id: view.id, from: 0, limit: 10 });
  expect(page?.entries).toMatchObject([
    { direction: 'sent', kind: 'text', preview: expect.stringMatching(/^the same again/) as string },
    { direction: 'received', kind: 'text', preview: expect.stringMatching(/^the same again/) as string },
    { kind: 'close' },
    { kind: 'close' },
  ]);
});
