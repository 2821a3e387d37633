import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { answerOf, ask, openSession, startHttp2Origin } from '../support/http2-origin.ts';
import { testAuthority } from '../support/https-origin.ts';
import { rawClient } from '../support/raw-client.ts';
import { DATA, END_HEADERS, END_STREAM, frame, HEADERS, RST_STREAM, SETTINGS } from './http2-frames.ts';

/** Asks the proxy by HTTP/1.1. */
async function askHttp1(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const request = httpRequest(url, { headers });
  request.end();
  const [message] = (await once(request, 'response')) as [IncomingMessage];
  message.resume();
  await once(message, 'end');
  return message;
}

/** `:status: 200`, by the static table (RFC 7541 Appendix A). */
const STATUS_200 = 0x88;

/** An HTTP/2 origin that answers each request with the frames that it is given for its stream. */
async function startFramesOrigin(answer: (stream: number) => readonly Buffer[]): Promise<string> {
  const { signer } = await testAuthority();
  const { certificate } = signer.sign('localhost');
  const server = createServer({ cert: certificate, key: signer.key, ALPNProtocols: ['h2'] }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.write(frame(SETTINGS, 0, 0));
    let all = Buffer.alloc(0);
    let at = 24;
    socket.on('data', (chunk: Buffer) => {
      all = Buffer.concat([all, chunk]);
      while (at + 9 <= all.length && at + 9 + all.readUIntBE(at, 3) <= all.length) {
        if (all[at + 3] === HEADERS) for (const part of answer(all.readUInt32BE(at + 5))) socket.write(part);
        at += 9 + all.readUIntBE(at, 3);
      }
    });
    onTestFinished(() => void socket.destroy());
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

describe('origins that speak HTTP/2 oddly, or are asked oddly', () => {
  it('may put blanks around values, which go (RFC 9113 §8.2.1, RFC 9110 §5.5)', async () => {
    const origin = await startHttp2Origin((stream) => {
      const fields = ['x-front', ' a', 'x-behind', 'b\t ', 'x-inside', 'c c', 'x-nothing', ' '];
      stream.respond([':status', '200', ...fields], { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': ' 42 ' }));
      stream.end('hello');
    });
    const test = await startEngine({ upstream: origin.url });
    const message = await askHttp1(test.url);
    expect(message.headers).toMatchObject({
      ...{ 'x-front': 'a', 'x-behind': 'b', 'x-inside': 'c c', 'x-nothing': '' },
    });
    expect(message.trailers).toEqual({ 'x-sum': '42' });
  });

  it('get no HTTP2-Settings from clients that would switch to h2c (RFC 9113 §3.1)', async () => {
    let seen: string[] = [];
    const origin = await startHttp2Origin((stream, _headers, raw) => {
      seen = raw;
      stream.respond([':status', '200']);
      stream.end('hello');
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(
      'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: close, HTTP2-Settings\r\n\r\n',
    );
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 200 /);
    expect(seen).not.toContain('http2-settings');
    // Without Connection, which should name it.
    const message = await askHttp1(test.url, { 'HTTP2-Settings': 'AAMAAABkAAQAAP__' });
    expect(message.statusCode).toBe(200);
    expect(seen).not.toContain('http2-settings');
  });

  it.each([
    ['Content-Length: 2\r\nContent-Length: 2', 'hi'],
    ['Content-Length: 2, 2', 'hi'],
    ['Content-Length: 0\r\nContent-Length: 0', ''],
  ])('are told once of a length that the client repeats, %j (RFC 9110 §8.6)', async (lengths, body) => {
    const origin = await startHttp2Origin((stream, headers) => {
      stream.respond([':status', '200', 'x-told', headers['content-length'] ?? 'nothing']);
      stream.pipe(stream);
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(`POST / HTTP/1.1\r\nHost: a\r\n${lengths}\r\nConnection: close\r\n\r\n${body}`);
    const answer = await client.ended();
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain(`\r\nx-told: ${body.length}\r\n`);
    expect(answer).toContain(body);
  });

  it.each([
    ['without a length', Buffer.of(STATUS_200)],
    // A Content-Length of 20 (RFC 7541 §6.2.2, index 28).
    ['with a longer length', Buffer.of(STATUS_200, 0x0f, 0x0d, 2, 0x32, 0x30)],
  ])('whose stream is reset with NO_ERROR before its end break off: %s', async (_what, head) => {
    const url = await startFramesOrigin((stream) => [
      frame(HEADERS, END_HEADERS, stream, head),
      frame(DATA, 0, stream, Buffer.from('only this')),
      frame(RST_STREAM, 0, stream, Buffer.alloc(4)),
    ]);
    const test = await startEngine({ upstream: url });
    const session = await openSession(test.url);
    const stream = session.request({ ':path': '/' });
    stream.on('data', () => undefined);
    await once(stream, 'error');
    expect(await test.finished()).toMatchObject({ outcome: { kind: 'failed', code: 'STREAM_RESET' } });
  });

  it('may reset a stream with NO_ERROR once their answer has ended (RFC 9113 §8.1)', async () => {
    const url = await startFramesOrigin((stream) => [
      frame(HEADERS, END_HEADERS, stream, Buffer.of(STATUS_200)),
      frame(DATA, END_STREAM, stream, Buffer.from('all of it')),
      frame(RST_STREAM, 0, stream, Buffer.alloc(4)),
    ]);
    const test = await startEngine({ upstream: url });
    const session = await openSession(test.url);
    const stream = session.request({ ':path': '/', ':method': 'POST' }, { endStream: false });
    stream.write('some');
    expect((await answerOf(stream)).body.toString()).toBe('all of it');
    expect(await test.finished()).toMatchObject({ outcome: { kind: 'completed' } });
  });

  it.each([
    ['number', 101, ''],
    ['bytes', 60, 'x'.repeat(40_000)],
  ])('that flood their client with interim responses, by their %s, are given up', async (_what, count, link) => {
    const origin = await startHttp2Origin((stream) => {
      for (let i = 0; i < count; i++) stream.additionalHeaders({ ':status': 103, link });
      stream.respond({ ':status': 200 });
      stream.end('late');
    });
    const test = await startEngine({ upstream: origin.url });
    const { headers } = await ask(await openSession(test.url), { ':path': '/' });
    expect(headers[':status']).toBe(502);
    expect(await test.finished()).toMatchObject({ outcome: { kind: 'failed', code: 'MALFORMED_RESPONSE' } });
  });
});
