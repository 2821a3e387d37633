import { once } from 'node:events';
import { connect, constants } from 'node:http2';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { answerOf, ask, openSession } from '../support/http2-origin.ts';
import { startHttpsOrigin } from '../support/https-origin.ts';
import { startOrigin, startRawOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';
import { hasCommand, runCommand } from '../support/run-command.ts';
import { echo, startWebSocketOrigin } from '../support/websocket-origin.ts';
import { END_HEADERS, END_STREAM, frame, head, HEADERS, RST_STREAM, SETTINGS } from './http2-frames.ts';

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

describe('clients that speak HTTP/2', () => {
  it('get what an HTTP/1.1 origin answers: repeated fields, body and trailers', async () => {
    let seen: string[] = [];
    const origin = await startOrigin((request, response) => {
      seen = request.rawHeaders;
      response.writeHead(200, { Trailer: 'X-Sum', 'Set-Cookie': ['a=1', 'b=2'], 'X-Case': 'Kept' });
      response.write('hello ');
      response.addTrailers({ 'X-Sum': '42' });
      response.end(request.url);
    });
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    const { headers, body, trailers } = await ask(session, {
      ':path': '/page?x',
      cookie: ['a=1', 'b=2'],
      te: 'trailers',
    });
    expect(headers).toMatchObject({ ':status': 200, 'set-cookie': ['a=1', 'b=2'], 'x-case': 'Kept' });
    expect(headers).not.toHaveProperty('transfer-encoding');
    expect(body.toString()).toBe('hello /page?x');
    expect(trailers).toMatchObject({ 'x-sum': '42' });
    // RFC 9113 §8.2.3 and RFC 9110 §7.6.3.
    expect(seen).toEqual(expect.arrayContaining(['cookie', 'a=1; b=2', 'TE', 'trailers']));
    expect(seen[seen.indexOf('Via') + 1]).toMatch(/^2 hopscope-/);
    expect(await test.finished()).toMatchObject({ version: 'HTTP/2', status: 200, outcome: { kind: 'completed' } });
  });

  it('may put blanks around values, which go (RFC 9113 §8.2.1, RFC 9110 §5.5)', async () => {
    let seen: object = {};
    const origin = await startOrigin((request, response) => {
      request.resume().on('end', () => {
        seen = { ...request.headers, ...request.trailers };
        response.end();
      });
    });
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    const fields = { ':path': '/', ':method': 'POST', 'x-front': ' a', 'x-behind': 'b\t ', 'x-nothing': ' ' };
    const stream = session.request(fields, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': ' 42 ' }));
    stream.end('some');
    await answerOf(stream);
    expect(seen).toMatchObject({ 'x-front': 'a', 'x-behind': 'b', 'x-nothing': '', 'x-sum': '42' });
  });

  it('may have many requests under way, each an exchange of its own', async () => {
    const origin = await startOrigin((request, response) => response.end(request.url));
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    const paths = Array.from({ length: 60 }, (_, i) => `/${String(i)}`);
    const answers = await Promise.all(paths.map((path) => ask(session, { ':path': path })));
    expect(answers.map(({ body }) => body.toString())).toEqual(paths);
  });

  it('send and receive large bodies at the pace of both ends', async () => {
    const origin = await startOrigin((request, response) => request.pipe(response));
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    const sent = Buffer.alloc(8 * 1024 * 1024, 'abcdefg');
    const { body } = await ask(session, { ':path': '/', ':method': 'POST' }, sent);
    expect(body.equals(sent)).toBe(true);
    expect(await test.finished()).toMatchObject({ requestBytes: sent.length, responseBytes: sent.length });
  });

  it.each([0, 10, 100_000])('have a request with a body completed by an answer of %i bytes', async (length) => {
    const origin = await startOrigin((request, response) => {
      request.resume().on('end', () => response.end(Buffer.alloc(length)));
    });
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    await ask(session, { ':path': '/', ':method': 'POST' }, Buffer.from('sent'));
    expect(await test.finished()).toMatchObject({ responseBytes: length, outcome: { kind: 'completed' } });
  });

  it('get the whole of an answer that does not wait for their body, and are told then to send no more', async () => {
    const origin = await startOrigin((_request, response) => {
      response.writeHead(403, { Trailer: 'X-Sum' });
      response.write('no');
      response.addTrailers({ 'X-Sum': '2' });
      response.end();
    });
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    const stream = session.request({ ':path': '/', ':method': 'POST' });
    stream.write('a beginning');
    const { headers, body, trailers } = await answerOf(stream);
    expect([headers[':status'], body.toString(), trailers['x-sum']]).toEqual([403, 'no', '2']);
    if (!stream.closed) await once(stream, 'close');
    expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
    expect(await test.finished()).toMatchObject({ status: 403, outcome: { kind: 'completed' } });
  });

  it('get heads that are much longer than most', async () => {
    const fields = Array.from({ length: 2_000 }, (_, i) => `X-${i}: ${'value '.repeat(10)}${i}\r\n`).join('');
    const origin = await startRawOrigin((socket) => {
      socket.end(`HTTP/1.1 200 OK\r\n${fields}Content-Length: 2\r\nConnection: close\r\n\r\nok`);
    });
    const test = await startEngine({ upstream: origin.url });
    const session = connect(test.url, { maxHeaderListPairs: 3_000, settings: { maxHeaderListSize: 2 ** 20 } });
    onTestFinished(() => session.destroy());
    await once(session, 'remoteSettings');
    const { headers, body } = await ask(session, { ':path': '/' });
    expect(Object.keys(headers).filter((name) => name.startsWith('x-'))).toHaveLength(2_000);
    expect(body.toString()).toBe('ok');
  });

  it('are served from the cache', async () => {
    let asked = 0;
    const origin = await startOrigin((_request, response) => {
      response.setHeader('Cache-Control', 'max-age=60');
      response.end(`answer ${String(++asked)}`);
    });
    const test = await startEngine({ upstream: origin.url, settings: { cache: { mode: 'shared' } } });
    const session = await openSession(test.url);
    await ask(session, { ':path': '/' });
    const { headers, body } = await ask(session, { ':path': '/' });
    expect(headers['cache-status']).toMatch(/Hopscope; hit/);
    expect(body.toString()).toBe('answer 1');
  });

  it('may give up one request without harm to the others', async () => {
    const held = Promise.withResolvers<undefined>();
    const origin = await startOrigin((request, response) => {
      if (request.url === '/other') response.end('other');
      else {
        response.write('a beginning');
        held.resolve(undefined);
      }
    });
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    const stream = session.request({ ':path': '/held' });
    await Promise.all([held.promise, once(stream, 'data')]);
    stream.close(constants.NGHTTP2_CANCEL);
    expect(await test.finished()).toMatchObject({ outcome: { kind: 'aborted', by: 'client' } });
    expect((await ask(session, { ':path': '/other' })).body.toString()).toBe('other');
  });

  it.each([
    ['a stream', undefined],
    ['there as a whole', 300_001],
  ])('may give one up with NO_ERROR in the middle of an answer that is %s', async (_what, length) => {
    const origin = await startOrigin((_request, response) => {
      response.write(Buffer.alloc(300_000));
    });
    const action = { type: 'answer', status: 200, body: 'x'.repeat(length ?? 0) } as const;
    const rules = length === undefined ? [] : [{ name: 'Large', action }];
    const test = await startEngine({ upstream: origin.url, settings: { rules }, limits: { bodyTimeout: 50 } });
    const client = await rawClient(test.port);
    const request = frame(HEADERS, END_STREAM | END_HEADERS, 1, head('GET', `127.0.0.1:${test.port}`));
    client.send(Buffer.concat([Buffer.from(PREFACE), frame(SETTINGS, 0, 0), request]));
    // What is beyond the window waits with the proxy.
    await client.until((received) => received.length > 65_535);
    client.send(frame(RST_STREAM, 0, 1, Buffer.alloc(4)));
    expect(await test.finished()).toMatchObject({ outcome: { kind: 'aborted', by: 'client' } });
    client.socket.end();
    await client.ended();
  });

  it.each([
    ['GET', 'a status that HTTP/2 lacks', 'HTTP/1.1 799 Odd\r\nContent-Length: 2\r\n\r\nok'],
    ['HEAD', 'the same without a body', 'HTTP/1.1 600 Odd\r\nContent-Length: 2\r\n\r\n'],
    [
      'GET',
      'the same with trailers',
      'HTTP/1.1 600 Odd\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-A: b\r\n\r\n',
    ],
    ['GET', 'the same in a body that has only begun', 'HTTP/1.1 600 Odd\r\nContent-Length: 20\r\n\r\nok'],
  ])('get an error page for a %s answered with %s', async (method, _what, response) => {
    const origin = await startRawOrigin((socket) => void socket.once('data', () => socket.write(response)));
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    const { headers, body } = await ask(session, { ':path': '/', ':method': method });
    expect(headers).toMatchObject({ ':status': 502, 'x-hopscope-error': 'MALFORMED_RESPONSE' });
    if (method === 'GET') expect(body.toString()).toContain('Code: MALFORMED_RESPONSE');
    expect(await test.finished()).toMatchObject({
      outcome: { kind: 'failed', code: 'MALFORMED_RESPONSE', phase: 'deliver' },
    });
  });

  it('are told by a reset that a response broke off', async () => {
    const origin = await startRawOrigin((socket) => {
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this');
    });
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    const stream = session.request({ ':path': '/' });
    stream.resume();
    const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
    expect(error.message).toContain('NGHTTP2_INTERNAL_ERROR');
    expect(await test.finished()).toMatchObject({ outcome: { kind: 'failed', code: 'CLOSED_EARLY' } });
  });

  it('may name another host, to which their requests are forwarded', async () => {
    const origin = await startOrigin((request, response) => response.end(`for ${request.headers.host ?? ''}`));
    const test = await startEngine();
    const session = await openSession(test.url);
    const { body } = await ask(session, { ':path': '/', ':authority': new URL(origin.url).host });
    expect(body.toString()).toBe(`for ${new URL(origin.url).host}`);
  });

  it('may say the same in :authority and in Host, but not name two hosts (RFC 9113 §8.3.1)', async () => {
    const origin = await startOrigin((request, response) => response.end(`for ${request.headers.host ?? ''}`));
    const test = await startEngine();
    const session = await openSession(test.url);
    const { host, port } = new URL(origin.url);
    const same = await ask(session, { ':path': '/', ':authority': `LOCALHOST:${port}`, host: `localhost:${port}` });
    expect(same.headers).toMatchObject({ ':status': 200 });
    await test.finished();
    const { headers } = await ask(session, { ':path': '/', ':authority': host, host: `other.test:${port}` });
    expect(headers).toMatchObject({ ':status': 400, 'x-hopscope-error': 'BAD_HOST' });
    expect(await test.finished()).toMatchObject({ kind: 'malformed', outcome: { kind: 'failed', code: 'BAD_HOST' } });
  });

  it('open tunnels by CONNECT (RFC 9113 §8.5)', async () => {
    const origin = await startOrigin((request, response) => response.end(`through to ${request.url ?? ''}`));
    const test = await startEngine();
    const session = await openSession(test.url);
    const { host } = new URL(origin.url);
    const stream = session.request({ ':method': 'CONNECT', ':authority': host });
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    expect(headers[':status']).toBe(200);
    stream.end(`GET /inside HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    const { body } = await answerOf(stream);
    expect(body.toString()).toMatch(/^HTTP\/1\.1 200 OK[^]*through to \/inside/);
  });

  it('see their tunnel reset when the server resets its connection (RFC 9113 §8.5)', async () => {
    const origin = await startRawOrigin((socket) => void socket.once('data', () => socket.resetAndDestroy()));
    const test = await startEngine();
    const session = await openSession(test.url);
    const stream = session.request({ ':method': 'CONNECT', ':authority': `127.0.0.1:${origin.port}` });
    stream.on('error', () => undefined);
    const { promise: closed, resolve } = Promise.withResolvers<unknown>();
    stream.once('close', resolve);
    stream.write('\0');
    stream.resume();
    await closed;
    expect(stream.rstCode).toBe(constants.NGHTTP2_CONNECT_ERROR);
    expect((await test.finished()).outcome).toMatchObject({ kind: 'aborted', by: 'upstream', phase: 'tunnel' });
  });

  it('reset the connection to the server by resetting their tunnel (RFC 9113 §8.5)', async () => {
    const ended = Promise.withResolvers<string | undefined>();
    const origin = await startRawOrigin((socket) => {
      socket.pipe(socket);
      socket.on('end', () => ended.resolve('end'));
      socket.on('error', ({ code }: NodeJS.ErrnoException) => ended.resolve(code));
    });
    const test = await startEngine();
    const session = await openSession(test.url);
    const stream = session.request({ ':method': 'CONNECT', ':authority': `127.0.0.1:${origin.port}` });
    stream.write('\0');
    await once(stream, 'data');
    // Unlike `close`, this sends no END_STREAM before.
    stream.on('error', () => undefined).destroy(new Error('given up'));
    expect(await ended.promise).toBe('ECONNRESET');
  });

  it('leave no connection to the server behind when they reset their tunnel after its end', async () => {
    const gone = Promise.withResolvers<unknown>();
    const origin = await startRawOrigin((socket) => {
      socket.on('data', (chunk) => socket.write(chunk));
      socket.on('close', gone.resolve).on('end', () => socket.end());
    });
    const test = await startEngine();
    const session = await openSession(test.url);
    const stream = session.request({ ':method': 'CONNECT', ':authority': `127.0.0.1:${origin.port}` });
    stream.write('\0');
    await once(stream, 'data');
    stream.close(constants.NGHTTP2_CANCEL);
    await gone.promise;
  });

  it('open WebSockets by extended CONNECT (RFC 8441)', async () => {
    const origin = await startWebSocketOrigin(echo);
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    expect(session.remoteSettings.enableConnectProtocol).toBe(true);
    const stream = session.request(
      { ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/chat', 'sec-websocket-version': '13' },
      { endStream: false },
    );
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    expect(headers).toMatchObject({ ':status': 200 });
    expect(headers).not.toHaveProperty('sec-websocket-accept');
    // "hi", masked with zeros (RFC 6455 §5.3), comes back unmasked.
    stream.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]));
    const [frame] = (await once(stream, 'data')) as [Buffer];
    expect(frame).toEqual(Buffer.from([0x81, 0x02, 0x68, 0x69]));
    stream.close();
    expect(await test.finished()).toMatchObject({ kind: 'websocket', version: 'HTTP/2' });
  });

  it('that break the rules of frames lose their connection, in one row', async () => {
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(PREFACE);
    // A HEADERS frame on stream 0 (RFC 9113 §6.2).
    client.send(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 1, 1, 5, 0, 0, 0, 0, 0x82]));
    await client.ended();
    expect(await test.finished()).toMatchObject({
      kind: 'malformed',
      url: 'connection',
      outcome: { code: 'BAD_FRAMES' },
    });
  });
});

describe.runIf(hasCommand('curl', '--version'))('curl with HTTP/2', () => {
  it('speaks it inside of intercepted TLS', async () => {
    const origin = await startHttpsOrigin((request, response) => response.end(`hello ${request.url ?? ''}`));
    const test = await startEngine();
    const trust = ['--cacert', test.engine.authority.file, '-x', test.url, '--noproxy', ''];
    const args = ['-sS', '--http2', '-w', '%{http_version}', ...trust, `${origin.url}/page`];
    expect((await runCommand('curl', args)).stdout).toBe('hello /page2');
  });
});

describe.runIf(hasCommand('h2load', '--version'))('h2load', () => {
  it('gets every answer over several connections with many streams', async () => {
    const origin = await startOrigin((_request, response) => response.end('x'.repeat(1_000)));
    const test = await startEngine({ upstream: origin.url });
    const { stdout } = await runCommand('h2load', ['-n', '500', '-c', '3', '-m', '20', test.url]);
    expect(stdout).toMatch(/500 succeeded, 0 failed, 0 errored, 0 timeout/);
  });
});
