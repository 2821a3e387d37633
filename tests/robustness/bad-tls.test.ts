import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import { createServer } from 'node:tls';
import type { AddressInfo, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { answerOf, ask, openSession, startHttp2Origin } from '../support/http2-origin.ts';
import { startHttpsOrigin, testAuthority } from '../support/https-origin.ts';
import { startOrigin, startRawOrigin } from '../support/origin.ts';
import { askThrough, openTunnel, tlsThrough } from '../support/tls-client.ts';

/** A TLS server for `localhost` that says nothing. */
async function startTls(options: TlsOptions): Promise<string> {
  const { signer } = await testAuthority();
  const { certificate } = signer.sign('localhost');
  const server = createServer({ cert: certificate, key: signer.key, ...options });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

/** A server that answers the first bytes that it gets. */
async function startAnswering(answer: (socket: Socket) => unknown): Promise<string> {
  const { port } = await startRawOrigin((socket) => void socket.once('data', () => answer(socket)));
  return `https://localhost:${port}`;
}

describe('an origin whose TLS is bad', () => {
  it.each<[string, () => Promise<string>, object]>([
    [
      'that knows old versions alone',
      () => startTls({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }),
      { code: expect.stringMatching(/^TLS_(?:VERSION|ALERT)$/) as string },
    ],
    [
      'that answers in the clear',
      () => startAnswering((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      { code: 'NOT_TLS' },
    ],
    [
      'that sends an alert',
      // unrecognized_name (RFC 6066 §3)
      () => startAnswering((socket) => socket.end(Buffer.of(21, 3, 3, 0, 2, 2, 112))),
      { code: 'TLS_ALERT', message: expect.stringMatching(/unrecognized/i) as string },
    ],
    ['that leaves in the middle of the handshake', () => startAnswering((socket) => socket.destroy()), {}],
    [
      'whose certificate is for another name than the one asked for',
      async () => {
        const { signer } = await testAuthority();
        return startTls({ cert: signer.sign('other.example').certificate });
      },
      { code: 'CERTIFICATE_WRONG_HOST' },
    ],
  ])('%s is told of in one row and in the answer', async (_what, start, expected) => {
    const url = await start();
    const test = await startEngine();
    const answer = await askThrough(test, `${url}/`);
    expect(answer).toMatch(/^HTTP\/1\.1 502 /);
    const { outcome } = await test.finished(({ kind }) => kind === 'http');
    expect(outcome).toMatchObject({ kind: 'failed', phase: 'tls', ...expected });
    expect(answer).toContain((outcome as { code: string }).code);
  });

  it('is told apart from one that is asked in the clear on its TLS port', async () => {
    const origin = await startHttpsOrigin((_request, response) => response.end());
    const test = await startEngine({ upstream: `http://127.0.0.1:${origin.port}` });
    const session = await openSession(test.url);
    expect((await ask(session, { ':path': '/' })).headers[':status']).toBe(502);
    expect((await test.finished()).outcome).toMatchObject({ kind: 'failed', phase: 'wait' });
  });
});

describe('a client inside of TLS', () => {
  it('that ends its side after its request gets the whole answer', async () => {
    const held = Promise.withResolvers<() => void>();
    const origin = await startHttpsOrigin((_request, response) => {
      response.write('part ');
      held.resolve(() => response.end('whole'));
    });
    const test = await startEngine({ limits: { halfCloseGrace: 20_000 } });
    const host = `localhost:${origin.port}`;
    const { secured } = await tlsThrough(test, host);
    let text = '';
    secured.on('data', (chunk: Buffer) => (text += chunk.toString()));
    secured.end(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    (await held.promise)();
    await once(secured, 'end');
    expect(text).toMatch(/part [^]*whole/);
    expect(await test.finished(({ kind }) => kind === 'http')).toMatchObject({ outcome: { kind: 'completed' } });
  });

  it('that sends garbage instead of TLS, or of HTTP in TLS, disturbs nobody', async () => {
    const origin = await startHttpsOrigin((_request, response) => response.end('fine'));
    const test = await startEngine();
    const host = `localhost:${origin.port}`;
    const opaque = await openTunnel(test, host);
    opaque.send('\x00\x01\x02garbage');
    await opaque.ended();
    opaque.socket.end();
    expect(await test.finished()).toMatchObject({ kind: 'tunnel', notes: [{ code: 'TUNNELLED' }] });
    const broken = await openTunnel(test, host);
    broken.send('\x16\x03\x01\x00\x05hello');
    await broken.ended();
    broken.socket.end();
    expect(await test.finished()).toMatchObject({ kind: 'tunnel' });
    const { secured } = await tlsThrough(test, host);
    secured.resume().write('\x00\x01garbage\r\n\r\n');
    await once(secured, 'end');
    secured.destroy();
    expect(await test.finished(({ kind }) => kind === 'malformed')).toMatchObject({ outcome: { kind: 'failed' } });
    expect(await askThrough(test, origin.url)).toMatch(/fine$/);
  });
});

describe('HTTP/2 connections that end', () => {
  it('by a GOAWAY of the origin with an error fail their requests, and the next one gets another connection', async () => {
    const origin = await startHttp2Origin((stream: ServerHttp2Stream, headers) => {
      if (headers[':path'] === '/bad') stream.session?.destroy(new Error('calm down'), 11);
      else {
        stream.respond({ ':status': 200 });
        stream.end('fine');
      }
    });
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    expect((await ask(session, { ':path': '/bad' })).headers[':status']).toBe(502);
    const { outcome } = await test.finished();
    expect(outcome).toMatchObject({ kind: 'failed', phase: 'wait' });
    expect((await ask(session, { ':path': '/' })).body.toString()).toBe('fine');
    expect(origin.sessions).toHaveLength(2);
  });

  it('because Hopscope stops: requests under way are answered, new ones are not taken', async () => {
    const held = Promise.withResolvers<() => void>();
    const origin = await startOrigin((_request, response) => {
      response.write('part ');
      held.resolve(() => response.end('whole'));
    });
    const test = await startEngine({ upstream: origin.url });
    const session = connectHttp2(test.url);
    onTestFinished(() => session.destroy());
    const stream = session.request({ ':path': '/' });
    const answer = answerOf(stream);
    await once(stream, 'response');
    const goaway = once(session, 'goaway');
    const stopped = test.engine.stop();
    expect(await goaway).toEqual(expect.arrayContaining([0]));
    (await held.promise)();
    expect((await answer).body.toString()).toBe('part whole');
    await stopped;
    expect(await test.finished()).toMatchObject({ outcome: { kind: 'completed' } });
  });
});
