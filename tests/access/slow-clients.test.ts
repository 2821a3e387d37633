import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { startRawOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';

describe('clients that do not go on', () => {
  it.each([
    ['a ClientHello', Buffer.from([0x16, 3, 1, 2, 0, 1])],
    ['a greeting of SOCKS 5', Buffer.from([5, 9])],
    ['a request of SOCKS 4', Buffer.from([4, 1, 0, 80])],
    ['the preface of HTTP/2 without its SETTINGS', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
    ['half of the preface of HTTP/2', Buffer.from('PRI * HT')],
    ['half a head', Buffer.from('GET / HTTP/1.1\r\nHost: ')],
  ])('behind %s are one row and a closed connection', async (_name, bytes) => {
    const test = await startEngine({ limits: { headTimeout: 50 } });
    let rows = 0;
    test.engine.recorder.subscribe(({ type }) => void (rows += type === 'exchange.started' ? 1 : 0));
    const client = await rawClient(test.port);
    client.send(bytes);
    expect((await test.finished()).outcome).toMatchObject({ kind: 'failed', code: 'REQUEST_TIMEOUT' });
    await client.ended();
    expect(rows).toBe(1);
  });

  it('in a tunnel in which nobody says anything end it, with one row; one that was used may be silent', async () => {
    const origin = await startRawOrigin((socket) => socket.on('end', () => socket.end()).resume());
    const test = await startEngine({ limits: { bodyTimeout: 50 } });
    const used = await rawClient(test.port);
    const silent = await rawClient(test.port);
    const request = `CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\n`;
    used.send(`${request}\x00\x01`);
    await used.until(/\r\n\r\n$/);
    silent.send(request);
    await silent.ended();
    const { outcome } = await test.finished();
    expect(outcome).toMatchObject({ kind: 'failed', code: 'REQUEST_TIMEOUT', phase: 'tunnel' });
    await Promise.any([...origin.sockets].map((socket) => once(socket, 'close')));
    expect(origin.sockets.size).toBe(1);
    expect(used.socket.readableEnded).toBe(false);
  });

  it('make room for others when there are too many of them, the first first', async () => {
    const test = await startEngine();
    const sockets: Socket[] = [];
    onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
    const open = async (): Promise<Socket> => {
      const socket = connect(test.port, '127.0.0.1').resume();
      sockets.push(socket);
      await once(socket, 'connect');
      return socket;
    };
    const first = await open();
    const ended = once(first, 'close');
    const second = await open();
    for (let i = 0; i < 1_023; i++) await open();
    await ended;
    expect(second.destroyed).toBe(false);
  });
});
