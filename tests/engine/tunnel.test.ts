import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { closedPort, startOrigin, startRawOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';

describe('CONNECT', () => {
  it('passes bytes both ways, also those sent early, counts them and says that it cannot look inside', async () => {
    const origin = await startRawOrigin((socket) => void socket.pipe(socket));
    const test = await startEngine();
    const client = await rawClient(test.port);
    const data = randomBytes(500_000).toString('latin1');
    client.send(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\n${data}`);
    await client.until((text) => text.length >= data.length + 39);
    expect(client.received()).toBe(`HTTP/1.1 200 Connection Established\r\n\r\n${data}`);
    client.socket.end();
    await client.ended();
    const view = await test.finished();
    expect(view).toMatchObject({ kind: 'tunnel', method: 'CONNECT', url: `127.0.0.1:${origin.port}`, status: 200 });
    expect(view).toMatchObject({
      requestBytes: data.length,
      responseBytes: data.length,
      outcome: { kind: 'completed' },
    });
    expect(view.notes).toMatchObject([{ code: 'TUNNELLED', text: expect.stringMatching(/not inspectable/) as string }]);
  });

  it('lets one side end while the other still sends', async () => {
    const origin = await startRawOrigin((socket) => {
      socket.resume();
      socket.on('end', () => socket.end('after your end'));
    });
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until(/\r\n\r\n$/);
    client.socket.end('x');
    expect(await client.ended()).toMatch(/after your end$/);
  });

  it.each([
    ['what is inside would be served', {}],
    ['interception is off', { intercept: false }],
    ['its host is passed through', { passthrough: ['127.0.0.1'] }],
  ])('answers 502 when the other end cannot be reached and %s', async (_name, tls) => {
    const test = await startEngine({ settings: { tls } });
    const client = await rawClient(test.port);
    client.send(`CONNECT 127.0.0.1:${await closedPort()} HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(await client.until(/Phase/)).toMatch(/^HTTP\/1\.1 502 [^]*CONNECTION_REFUSED/);
    const { outcome, spans } = await test.finished();
    expect(outcome).toMatchObject({ kind: 'failed', code: 'CONNECTION_REFUSED', phase: 'connect' });
    expect(spans.find(({ name }) => name === 'connect')?.error).toMatch(/refused/i);
  });

  it.each([
    ['bytes for it', '\x00\x01\x02'],
    ['nothing', ''],
  ])('closes when only another server answers for the host and the client sends %s', async (_name, bytes) => {
    const port = await closedPort();
    const upstreams = [{ id: 'other', label: 'Other', url: 'http://127.0.0.1:9' }];
    const routes = [{ pattern: `127.0.0.1:${port}/api`, targets: ['other'] }];
    const test = await startEngine({ settings: { upstreams, routes } });
    const client = await rawClient(test.port);
    client.send(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: a\r\n\r\n${bytes}`);
    expect(await client.ended()).toBe('HTTP/1.1 200 Connection Established\r\n\r\n');
    expect((await test.finished()).outcome).toMatchObject({ kind: 'failed', code: 'CONNECTION_REFUSED' });
  });

  it('gives up connecting to the other end when the client resets', async () => {
    const asked = Promise.withResolvers<Socket>();
    const silent = await startRawOrigin((socket) => socket.once('data', () => asked.resolve(socket)));
    const upstreams = [
      { id: 'silent', type: 'proxy' as const, label: 'Silent', url: `http://127.0.0.1:${silent.port}` },
    ];
    const test = await startEngine({ settings: { upstreams, forwardTo: 'silent' } });
    const client = await rawClient(test.port);
    client.send('CONNECT 127.0.0.1:9 HTTP/1.1\r\nHost: a\r\n\r\n\x00\x01');
    const proxied = await asked.promise;
    const given = once(proxied, 'end');
    client.socket.resetAndDestroy();
    expect((await test.finished()).outcome).toMatchObject({ kind: 'aborted', by: 'client', phase: 'connect' });
    await given;
  });

  it('ends with the reason when either side breaks off', async () => {
    const origin = await startRawOrigin((socket) => void socket.once('data', () => socket.resetAndDestroy()));
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until(/\r\n\r\n$/);
    client.send('x');
    await client.ended();
    expect((await test.finished()).outcome).toMatchObject({ kind: 'aborted', by: 'upstream', phase: 'tunnel' });
  });
});

describe('what a tunnel carries', () => {
  it('is served as HTTP when it is HTTP: requests of their own, to the host that the tunnel was asked for', async () => {
    const origin = await startOrigin((request, response) => response.end(`${request.headers.host} ${request.url}`));
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until(/\r\n\r\n$/);
    client.send('GET /a HTT');
    client.send('P/1.1\r\nHost: b\r\n\r\n');
    await client.until(/127\.0\.0\.1:\d+ \/a/);
    expect(await test.finished()).toMatchObject({ kind: 'tunnel', nth: 1, outcome: { kind: 'completed' } });
    const url = `http://127.0.0.1:${origin.port}`;
    expect(await test.finished()).toMatchObject({ kind: 'http', nth: 2, url: `${url}/a`, status: 200 });
    client.send('GET /b HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n');
    expect(await client.ended()).toMatch(/ \/b$/);
    expect(await test.finished()).toMatchObject({ nth: 3, connection: 1, url: `${url}/b` });
  });

  it('is asked for on the connection that the tunnel was opened with', async () => {
    const origin = await startOrigin((request, response) => response.end(request.url));
    let accepted = 0;
    origin.server.on('connection', () => accepted++);
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until(/\r\n\r\n$/);
    for (const path of ['/a', '/b']) {
      client.send(`GET ${path} HTTP/1.1\r\nHost: b\r\n\r\n`);
      await client.until((text) => text.endsWith(`\r\n\r\n${path}`));
    }
    expect(accepted).toBe(1);
    const names = async (): Promise<(string | undefined)[]> =>
      (await test.finished()).spans
        .filter(({ name }) => name === 'connect' || name === 'connection')
        .map(({ detail }) => detail?.replaceAll(/127\.0\.0\.1:\d+/g, 'there'));
    expect(await names()).toEqual(['there, connection 1']);
    expect(await names()).toEqual(['connection 1 to there, opened for the tunnel']);
    expect(await names()).toEqual(['reused connection 1 to there']);
  });

  it('leaves no connection behind that nobody asked on', async () => {
    const origin = await startOrigin((_request, response) => response.end());
    const there = once(origin.server, 'connection') as Promise<[Socket]>;
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\nGET`);
    await client.until(/\r\n\r\n$/);
    client.send(' http://127.0.0.1:9/ HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until(/ 502 /);
    const [spare] = await there;
    const closed = once(spare, 'close');
    client.socket.destroy();
    await closed;
  });

  it('also when the client did not wait for the answer to its CONNECT', async () => {
    const origin = await startOrigin((request, response) => response.end(request.url));
    const test = await startEngine();
    const client = await rawClient(test.port);
    const head = 'Host: a\r\nConnection: close\r\n\r\n';
    client.send(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\nGET /early HTTP/1.1\r\n${head}`);
    expect(await client.ended()).toMatch(/\r\n\r\n\/early$/);
  });

  it.each([
    ['a protocol whose lines look like requests', 'HELO there\r\n'],
    ['the beginning of something that does not go on', 'GET'],
    ['a single byte of a TLS record', '\x16'],
    ['bytes', '\x00\x01\x02'],
  ])('passes as bytes when it is %s', async (_name, bytes) => {
    const origin = await startRawOrigin((socket) => void socket.pipe(socket));
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until(/\r\n\r\n$/);
    client.send(bytes);
    await client.until((text) => text.endsWith(`\r\n\r\n${bytes}`));
    client.socket.end();
    await client.ended();
    expect(await test.finished()).toMatchObject({ requestBytes: bytes.length, responseBytes: bytes.length });
  });

  it('passes at once when the server speaks first', async () => {
    const origin = await startRawOrigin((socket) => {
      socket.write('220 ready\r\n');
      socket.on('data', (chunk) => socket.end(`250 ${chunk.toString()}`));
    });
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until(/220 ready\r\n$/);
    client.send('GET / HTTP/1.1\r\n');
    expect(await client.ended()).toMatch(/250 GET \/ HTTP\/1\.1\r\n$/);
    client.socket.end();
    expect((await test.finished()).notes).toMatchObject([{ code: 'TUNNELLED' }]);
  });

  it('is nothing when the client leaves without a word', async () => {
    const origin = await startRawOrigin((socket) => void socket.pipe(socket));
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until(/\r\n\r\n$/);
    client.socket.destroy();
    expect(await test.finished()).toMatchObject({ requestBytes: 0, outcome: { kind: 'completed' } });
  });
});
