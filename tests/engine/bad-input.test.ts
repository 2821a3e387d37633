import { describe, expect, it } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { closedPort, startOrigin, startRawOrigin } from '../support/origin.ts';
import { rawClient, sendRaw } from '../support/raw-client.ts';

const FINE = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

describe('malformed requests', () => {
  it.each([
    ['a line that is no request', 'hello there\r\n\r\n', 400, 'MALFORMED_REQUEST_LINE'],
    [
      'another protocol, which waits for an answer to its first line',
      'SSH-2.0-OpenSSH_9.2\r\n',
      400,
      'MALFORMED_REQUEST_LINE',
    ],
    ['HTTP/0.9', 'GET /\r\n', 400, 'MALFORMED_REQUEST_LINE'],
    ['what only begins like TLS', '\x16\x01\x02', 400, 'MALFORMED_REQUEST_LINE'],
    ['binary garbage', '\x00\xff\xfe', 400, 'MALFORMED_REQUEST_LINE'],
    ['bare line feeds', 'GET / HTTP/1.1\nHost: a\n\n', 400, 'MALFORMED_REQUEST_LINE'],
    ['a broken header line', 'GET / HTTP/1.1\r\nHost: a\r\nbroken\r\n\r\n', 400, 'MALFORMED_HEADER'],
    ['a space before the colon', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n', 400, 'MALFORMED_HEADER'],
    ['a folded line', 'GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n  2\r\n\r\n', 400, 'MALFORMED_HEADER'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400, 'BAD_HOST'],
    ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400, 'BAD_HOST'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'BAD_FRAMING',
    ],
    ['a bad length', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n', 400, 'BAD_FRAMING'],
    [
      'an unknown transfer coding',
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: br, chunked\r\n\r\n',
      501,
      'UNKNOWN_TRANSFER_CODING',
    ],
    [
      'a head that is too large',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`,
      431,
      'HEAD_TOO_LARGE',
    ],
    ['a head without an end', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(70_000)}`, 431, 'HEAD_TOO_LARGE'],
    ['a method without an end', 'x'.repeat(70_000), 431, 'HEAD_TOO_LARGE'],
    ['a target without an end', `GET /${'x'.repeat(70_000)}`, 414, 'TARGET_TOO_LONG'],
    ['a target that is too long', `GET /${'x'.repeat(70_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414, 'TARGET_TOO_LONG'],
  ])('answers %s with a sentence, a row and a closed connection', async (_name, bytes, status, code) => {
    const test = await startEngine();
    const answer = await sendRaw(test.port, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*Connection: close\r\n[^]*Code: ${code}`));
    const view = await test.finished();
    expect(view).toMatchObject({
      kind: 'malformed',
      status,
      from: 'hopscope',
      outcome: { kind: 'failed', code, phase: 'accept' },
    });
  });

  it.each([
    ['hello there\r\n\r\n', '?', 'hello there'],
    ['GET\r\n\r\n', 'GET', ''],
    ['GET /a b HTTP/1.1\r\nHost: a\r\n\r\n', 'GET', '/a b'],
    ['GET /a HTTP/x\r\n\r\n', 'GET', '/a'],
    ['SSH-2.0-OpenSSH_9\x07\xff\r\n\r\n', '?', 'SSH-2.0-OpenSSH_9\\x07\\xff'],
    ['\x00\x01', '?', '\\x00\\x01'],
    ['GET / HTTP/1.1\r\nbroken\r\n\r\n', 'GET', '/'],
    [`${'x'.repeat(300)}\r\n\r\n`, '?', `${'x'.repeat(200)}…`],
  ])('shows of %j what came', async (bytes, method, url) => {
    const test = await startEngine();
    await sendRaw(test.port, bytes);
    expect(await test.finished()).toMatchObject({ kind: 'malformed', method, url });
  });

  it.each([
    ['a target without a meaning', 'GET nonsense HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'BAD_TARGET'],
    ['an unknown scheme', 'GET ftp://a.example/ HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'UNSUPPORTED_SCHEME'],
    ['a CONNECT without a port', 'CONNECT a.example HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'BAD_TARGET'],
  ])('answers %s and keeps the connection usable', async (_name, bytes, status, code) => {
    const origin = await startOrigin((_request, response) => response.end('fine'));
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(bytes);
    expect(await client.until(/Phase: \w+\n/)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*Code: ${code}`));
    client.send(FINE);
    await client.until(/fine/);
  });

  it.each([
    ['a bad chunk size', 'zz\r\n', 'BAD_CHUNK'],
    ['a chunk longer than its size', '2\r\nabc\r\n', 'BAD_CHUNK'],
    ['a bad trailer', '0\r\nno colon\r\n\r\n', 'MALFORMED_HEADER'],
  ])('answers %s in a body that is being forwarded', async (_name, chunks, code) => {
    const origin = await startOrigin((request, response) => {
      request.on('error', () => response.destroy());
      request.on('end', () => response.end());
      request.resume();
    });
    const test = await startEngine({ upstream: origin.url });
    const answer = await sendRaw(
      test.port,
      `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`,
    );
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 400 [^]*Connection: close\r\n[^]*Code: ${code}`));
    expect((await test.finished()).outcome).toMatchObject({ kind: 'failed', code });
  });

  it('gives up on a head that does not come, with 408', async () => {
    const test = await startEngine({ limits: { headTimeout: 50 } });
    expect(await sendRaw(test.port, 'GET / HT')).toMatch(/^HTTP\/1\.1 408 [^]*Code: REQUEST_TIMEOUT/);
    expect((await test.finished()).outcome).toMatchObject({ kind: 'failed', code: 'REQUEST_TIMEOUT' });
  });

  it('closes connections on which nothing happens', async () => {
    const test = await startEngine({ limits: { idleTimeout: 50 } });
    const client = await rawClient(test.port);
    expect(await client.ended()).toBe('');
  });

  it('ignores empty lines before a request line', async () => {
    const origin = await startOrigin((_request, response) => response.end('fine'));
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(`\r\n\r\n${FINE}`);
    await client.until(/fine/);
  });

  it('does not read what follows a refused message', async () => {
    const origin = await startOrigin((_request, response) => response.end('smuggled'));
    const test = await startEngine({ upstream: origin.url });
    const answer = await sendRaw(test.port, `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n${FINE}`);
    expect(answer).not.toMatch(/smuggled/);
  });
});

describe('loops', () => {
  it.each([
    ['its own address', (port: number) => `GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: a\r\n\r\n`],
    ['its own port by name', (port: number) => `GET http://localhost:${port}/ HTTP/1.1\r\nHost: a\r\n\r\n`],
    ['itself through CONNECT', (port: number) => `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: a\r\n\r\n`],
  ])('refuses a request to %s with 508', async (_name, request) => {
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(request(test.port));
    expect(await client.until(/Phase/)).toMatch(/^HTTP\/1\.1 508 [^]*http:\/\/hopscope\.local\/[^]*Code: LOOP/);
    expect((await test.finished()).outcome).toMatchObject({ kind: 'failed', code: 'LOOP', phase: 'guard' });
  });

  it('recognises a request that already went through it', async () => {
    let via = '';
    const origin = await startOrigin((request, response) => {
      via = String(request.headers.via);
      response.end('once');
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(FINE);
    await client.until(/once/);
    client.send(`GET / HTTP/1.1\r\nHost: a\r\nVia: 1.1 other, ${via}\r\n\r\n`);
    await client.until(/508/);
  });
});

describe('upstream failures', () => {
  const view = async (upstream: string, settings = {}): Promise<[string, unknown]> => {
    const test = await startEngine({ upstream, settings });
    const client = await rawClient(test.port);
    client.send(FINE);
    const answer = await client.until(/Phase: \w+\n/);
    return [answer.slice(9, 12), (await test.finished()).outcome];
  };

  it('tells a refused connection', async () => {
    const [status, outcome] = await view(`http://127.0.0.1:${await closedPort()}`);
    expect([status, outcome]).toMatchObject(['502', { code: 'CONNECTION_REFUSED', phase: 'connect' }]);
  });

  it('tells a name that does not resolve', async () => {
    const [status, outcome] = await view('http://does-not-exist.invalid');
    expect([status, outcome]).toMatchObject(['502', { code: 'DNS_FAILED', phase: 'dns' }]);
  });

  it('tells a connection closed without an answer', async () => {
    const origin = await startRawOrigin((socket) => void socket.once('data', () => socket.end()));
    expect(await view(origin.url)).toMatchObject(['502', { code: 'CLOSED_EARLY', phase: 'wait' }]);
  });

  it('tells a reset connection', async () => {
    const origin = await startRawOrigin((socket) => void socket.once('data', () => socket.resetAndDestroy()));
    expect(await view(origin.url)).toMatchObject(['502', { code: 'CONNECTION_RESET', phase: 'wait' }]);
  });

  it('tells an answer that is not HTTP', async () => {
    const origin = await startRawOrigin((socket) => void socket.once('data', () => socket.write('SSH-2.0-x\r\n\r\n')));
    expect(await view(origin.url)).toMatchObject(['502', { code: 'MALFORMED_RESPONSE', phase: 'wait' }]);
  });

  it('tells an answer that does not come in time', async () => {
    const origin = await startOrigin(() => undefined);
    const outcome = await view(origin.url, { timeouts: { head: 100 } });
    expect(outcome).toMatchObject(['504', { code: 'HEAD_TIMEOUT', phase: 'wait' }]);
  });

  it('tells a plain server behind an https URL', async () => {
    const origin = await startOrigin((_request, response) => response.end());
    const outcome = await view(origin.url.replace('http:', 'https:'));
    expect(outcome).toMatchObject(['502', { code: 'NOT_TLS', phase: 'tls' }]);
  });

  it('tells a body that stops arriving', async () => {
    const origin = await startOrigin((_request, response) => void response.write('some'));
    const test = await startEngine({ upstream: origin.url, settings: { timeouts: { body: 100 } } });
    expect(await sendRaw(test.port, FINE)).toMatch(/4\r\nsome\r\n$/);
    expect((await test.finished()).outcome).toMatchObject({ kind: 'failed', code: 'BODY_TIMEOUT', phase: 'receive' });
  });
});
