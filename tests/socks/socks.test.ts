import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { closedPort, startOrigin, startRawOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';

const bytes = (...parts: (number | string | readonly number[] | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part as string))));
const port16 = (port: number): number[] => [port >> 8, port & 255];
const GREETING = bytes(5, 1, 0);
const request5 = (port: number, command = 1): Buffer => bytes(5, command, 0, 1, [127, 0, 0, 1], port16(port));
const request4 = (port: number): Buffer => bytes(4, 1, port16(port), [127, 0, 0, 1], 'me', 0);
const GRANTED5 = '\x05\x00\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00';
const GRANTED4 = '\x00\x5a\x00\x00\x00\x00\x00\x00';

describe('clients that speak SOCKS', () => {
  it('get a tunnel for bytes that nobody knows, counted, also for what they sent early', async () => {
    const origin = await startRawOrigin((socket) => void socket.pipe(socket));
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(bytes(GREETING, request5(origin.port), [0, 1, 2, 3]));
    await client.until((text) => text.length >= 16);
    expect(client.received()).toBe(`${GRANTED5}\x00\x01\x02\x03`);
    client.socket.end();
    await client.ended();
    const url = `127.0.0.1:${origin.port}`;
    const view = await test.finished();
    expect(view).toMatchObject({ kind: 'tunnel', method: 'CONNECT', version: 'SOCKS5', url, status: 200 });
    expect(view).toMatchObject({ requestBytes: 4, responseBytes: 4, outcome: { kind: 'completed' } });
  });

  it.each([
    ['4', (port: number) => request4(port)],
    ['4a', (port: number) => bytes(4, 1, port16(port), [0, 0, 0, 7], 'me', 0, 'localhost', 0)],
  ])('of version %s get one, too, whose HTTP is served as exchanges of that host', async (_version, request) => {
    const origin = await startOrigin((incoming, response) => response.end(`path ${incoming.url}`));
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(request(origin.port));
    await client.until((text) => text === GRANTED4);
    client.send('GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await client.ended()).toMatch(/path \/a$/);
    expect(await test.finished()).toMatchObject({ kind: 'tunnel', version: 'SOCKS4', outcome: { kind: 'completed' } });
    expect(await test.finished()).toMatchObject({ kind: 'http', nth: 2, version: 'HTTP/1.1', status: 200 });
  });

  it('may say it byte by byte, by name or IPv6 address, and with a login that nobody asked for', async () => {
    const origin = await startRawOrigin((socket) => socket.end('greeting of a server'));
    const test = await startEngine();
    const client = await rawClient(test.port);
    const name = bytes(5, 1, 0, 3, 9, 'localhost', port16(origin.port));
    for (const byte of bytes(5, 1, 2, 1, 1, 'u', 1, 'p', name)) {
      client.socket.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    expect(await client.ended()).toBe('\x05\x02\x01\x00\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00greeting of a server');
    const other = await rawClient(test.port);
    const loopback6 = [...Array.from({ length: 15 }, () => 0), 1];
    other.send(bytes(GREETING, 5, 1, 0, 4, loopback6, port16(await closedPort())));
    await other.ended();
    expect(await test.finished((view) => view.url.includes('::1'))).toMatchObject({ outcome: { kind: 'failed' } });
  });

  it.each([
    ['a port that nobody listens on', async () => request5(await closedPort()), 5, 'CONNECTION_REFUSED', 'connect'],
    ['a name that does not exist', () => bytes(5, 1, 0, 3, 12, 'nope.invalid', port16(80)), 4, 'DNS_FAILED', 'dns'],
    ['BIND', () => request5(80, 2), 7, 'SOCKS_COMMAND', 'accept'],
    ['UDP ASSOCIATE', () => request5(80, 3), 7, 'SOCKS_COMMAND', 'accept'],
    ['a type of address that does not exist', () => bytes(5, 1, 0, 9, 1, 2), 8, 'SOCKS_ADDRESS_TYPE', 'accept'],
    ['a host that is none', () => bytes(5, 1, 0, 3, 3, 'a b', port16(80)), 1, 'BAD_TARGET', 'accept'],
    ['garbage', () => bytes(9, 9, 9, 9, 9, 9, 9), 1, 'MALFORMED_SOCKS', 'accept'],
  ])('are told by its reply code about %s, with one row', async (_name, request, reply, code, phase) => {
    const test = await startEngine();
    let rows = 0;
    test.engine.recorder.subscribe(({ type }) => void (rows += type === 'exchange.started' ? 1 : 0));
    const client = await rawClient(test.port);
    client.send(bytes(GREETING, await request()));
    expect((await client.ended()).slice(0, 4)).toBe(`\x05\x00\x05${String.fromCharCode(reply)}`);
    expect((await test.finished()).outcome).toMatchObject({ kind: 'failed', code, phase });
    expect(rows).toBe(1);
  });

  it('are told about a loop, by address and by name, in both versions', async () => {
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(bytes(GREETING, 5, 1, 0, 3, 9, 'localhost', port16(test.port)));
    expect((await client.ended()).slice(2, 4)).toBe('\x05\x02');
    expect((await test.finished()).outcome).toMatchObject({ code: 'LOOP', phase: 'guard' });
    const other = await rawClient(test.port);
    other.send(request4(test.port));
    expect(await other.ended()).toBe('\x00\x5b\x00\x00\x00\x00\x00\x00');
    expect((await test.finished()).outcome).toMatchObject({ code: 'LOOP', phase: 'guard' });
  });

  it.each([
    ['greeting', bytes(5, 3, 0), ''],
    ['login', bytes(5, 1, 2, 1, 4, 'us'), '\x05\x02'],
    ['request', bytes(GREETING, 5, 1), '\x05\x00'],
  ])('that leave in the middle of their %s, or are slow with it, are one row each', async (stage, sent, answered) => {
    const test = await startEngine({ limits: { headTimeout: 50 } });
    const leaving = await rawClient(test.port);
    leaving.send(sent);
    await leaving.until((text) => text.length >= answered.length);
    leaving.socket.resetAndDestroy();
    expect((await test.finished()).outcome).toMatchObject({ kind: 'failed', phase: 'accept' });
    const slow = await rawClient(test.port);
    slow.send(sent);
    expect((await slow.ended()).slice(0, answered.length)).toBe(answered);
    const { outcome } = await test.finished();
    expect(outcome).toMatchObject({ kind: 'failed', code: 'REQUEST_TIMEOUT' });
    expect(outcome).toMatchObject({ message: expect.stringContaining(stage) as string });
  });

  it('that leave while the far end is being reached or once it is there are one outcome, and no socket stays', async () => {
    const origin = await startRawOrigin((socket) => void socket.resume().on('end', () => socket.end()));
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(bytes(GREETING, request5(origin.port)));
    await client.until((text) => text === GRANTED5);
    client.send('\x00\x01');
    client.socket.resetAndDestroy();
    expect((await test.finished()).outcome).toMatchObject({ kind: 'aborted', by: 'client', phase: 'tunnel' });
    for (const socket of origin.sockets) if (!socket.destroyed) await once(socket, 'close');
    const early = await rawClient(test.port);
    // An address for documentation (RFC 5737), so that reaching it takes its time or fails at once.
    early.send(bytes(GREETING, 5, 1, 0, 1, [192, 0, 2, 1], port16(9)));
    await early.until((text) => text.startsWith('\x05\x00'));
    early.socket.destroy();
    expect((await test.finished()).outcome?.kind).not.toBe('completed');
  });
});
