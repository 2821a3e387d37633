import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { connect, constants } from 'node:http2';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Http2Request } from '../../electron/engine/upstream/http2-request.ts';
import type { RequestControl, ResponseReceiver } from '../../electron/engine/upstream/request-connection.ts';
import { WatchdogPool } from '../../electron/engine/upstream/watchdog-pool.ts';
import type { ExchangeView } from '../../shared/exchange-view.ts';
import { startEngine } from '../support/engine.ts';
import { answerOf, ask, openSession, startHttp2Origin } from '../support/http2-origin.ts';
import { startHttpsOrigin } from '../support/https-origin.ts';
import { rawClient } from '../support/raw-client.ts';

interface Http1Answer {
  readonly message: IncomingMessage;
  readonly body: Buffer;
}

/** Asks the proxy by HTTP/1.1. */
async function askHttp1(url: string, headers: Record<string, string> = {}, body?: Uint8Array): Promise<Http1Answer> {
  const request = httpRequest(url, { method: body === undefined ? 'GET' : 'POST', headers });
  request.end(body);
  const [message] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return { message, body: Buffer.concat(chunks) };
}

async function bodyOf(stream: ServerHttp2Stream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const details = (view: ExchangeView, name: string): (string | undefined)[] =>
  view.spans.filter((span) => span.name === name).map(({ detail }) => detail);

describe('origins that speak HTTP/2', () => {
  it('are spoken to so by clients of HTTP/1.1: fields both ways, body and trailers', async () => {
    let seen: string[] = [];
    const origin = await startHttp2Origin((stream, _headers, raw) => {
      seen = raw;
      stream.respond([':status', '200', 'x-name', 'sch\u00f6n', 'set-cookie', 'a=1', 'set-cookie', 'b=2'], {
        waitForTrailers: true,
      });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '42' }));
      stream.end('hello');
    });
    const test = await startEngine({ upstream: origin.url });
    const { message, body } = await askHttp1(`${test.url}/page?x`, {
      Connection: 'close, X-Hop',
      'X-Hop': 'gone',
      'X-Kept': 'gr\u00fcn',
    });
    expect(body.toString()).toBe('hello');
    expect(message).toMatchObject({ statusCode: 200, statusMessage: 'OK', trailers: { 'x-sum': '42' } });
    expect(message.headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-name': 'sch\u00f6n' });
    expect(message.headers.via).toMatch(/^2 hopscope-/);
    expect(seen.slice(0, 8)).toEqual([
      ...[':method', 'GET', ':scheme', 'https', ':authority', new URL(origin.url).host, ':path', '/page?x'],
    ]);
    expect(seen).toEqual(expect.arrayContaining(['x-kept', 'gr\u00fcn', 'via', expect.stringMatching(/^1\.1 /)]));
    expect(seen).not.toContain('x-hop');
    expect(seen).not.toContain('connection');
    const view = await test.finished();
    expect(view).toMatchObject({ version: 'HTTP/1.1', status: 200, outcome: { kind: 'completed' } });
    expect(details(view, 'tls')[0]).toContain('h2');
    expect(details(view, 'send')[0]).toContain('HTTP/2');
  });

  it('may send thousands of fields', async () => {
    const fields = Array.from({ length: 5_000 }, (_, i) => [`x-${i}`, `value ${i}`]).flat();
    const answer = (stream: ServerHttp2Stream): void => {
      stream.respond([':status', '200', ...fields]);
      stream.end();
    };
    const origin = await startHttp2Origin(answer, { maxSendHeaderBlockLength: 2 ** 20 });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect((await client.ended()).match(/^x-\d+: value \d+\r$/gm)).toHaveLength(5_000);
    const view = await test.finished();
    expect(view).toMatchObject({ status: 200, outcome: { kind: 'completed' } });
    expect(view.upstreamResponse?.headers.slice(0, fields.length)).toEqual(fields);
  });

  it('answer many requests at once on one connection', async () => {
    const held: ServerHttp2Stream[] = [];
    const origin = await startHttp2Origin((stream, headers) => {
      stream.respond({ ':status': 200 });
      held.push(stream);
      stream.write(headers[':path'] ?? '');
      if (held.length === 50) for (const one of held) one.end();
    });
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    const paths = Array.from({ length: 50 }, (_, i) => `/${String(i)}`);
    const answers = await Promise.all(paths.map((path) => ask(session, { ':path': path })));
    expect(answers.map(({ body }) => body.toString())).toEqual(paths);
    expect(origin.sessions).toHaveLength(1);
  });

  it('get another connection when one carries as many streams as it may', async () => {
    const held: ServerHttp2Stream[] = [];
    const origin = await startHttp2Origin(
      (stream) => {
        stream.respond({ ':status': 200 });
        held.push(stream);
        if (held.length === 3) for (const one of held) one.end();
      },
      { settings: { maxConcurrentStreams: 2 } },
    );
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    // The first tells what the limit is.
    const first = ask(session, { ':path': '/' });
    await test.event((event) => event.type === 'response.started');
    await Promise.all([first, ask(session, { ':path': '/' }), ask(session, { ':path': '/' })]);
    expect(origin.sessions).toHaveLength(2);
  });

  it('take large bodies and give them at the pace of both ends', async () => {
    const origin = await startHttp2Origin((stream) => {
      stream.respond({ ':status': 200 });
      stream.pipe(stream);
    });
    const test = await startEngine({ upstream: origin.url });
    const sent = Buffer.alloc(8 * 1024 * 1024, 'abcdefg');
    const { body } = await askHttp1(test.url, {}, sent);
    expect(body.equals(sent)).toBe(true);
    const session = await openSession(test.url);
    const again = await ask(session, { ':path': '/', ':method': 'POST' }, sent);
    expect(again.body.equals(sent)).toBe(true);
  });

  it('are not late with their answer while they read a body that comes slowly', async () => {
    const origin = await startHttp2Origin((stream) => {
      void bodyOf(stream).then((body) => {
        stream.respond({ ':status': 200 });
        stream.end(body);
      });
    });
    const test = await startEngine({ upstream: origin.url, settings: { timeouts: { head: 400 } } });
    const session = await openSession(test.url);
    const stream = session.request({ ':path': '/', ':method': 'POST' });
    const answer = answerOf(stream);
    // Parts that come far more often than that, for longer than that.
    const parts = 40;
    for (let i = 0; i < parts; i++) {
      stream.write('.');
      await delay(20);
    }
    stream.end();
    expect((await answer).body).toHaveLength(parts);
  });

  it('get the trailers of requests, and send interim responses', async () => {
    const trailers = Promise.withResolvers<object>();
    const origin = await startHttp2Origin((stream) => {
      stream.on('trailers', (fields: object) => trailers.resolve(fields));
      stream.additionalHeaders({ ':status': 103, link: '</style.css>; rel=preload' });
      void bodyOf(stream).then((body) => {
        stream.respond({ ':status': 201 });
        stream.end(body);
      });
    });
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    const stream = session.request({ ':path': '/', ':method': 'POST' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-digest': 'abc' }));
    stream.end('some');
    const [interim] = (await once(stream, 'headers')) as [Record<string, unknown>];
    expect(interim).toMatchObject({ ':status': 103, link: '</style.css>; rel=preload' });
    stream.resume();
    await once(stream, 'end');
    expect(await trailers.promise).toMatchObject({ 'x-digest': 'abc' });
  });

  it.each(['HEAD', 'GET'])('answer %s without a body', async (method) => {
    const origin = await startHttp2Origin((stream) => {
      stream.respond({ ':status': method === 'HEAD' ? 200 : 204, 'x-here': 'yes' }, { endStream: true });
    });
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    const { headers, body } = await ask(session, { ':path': '/', ':method': method });
    expect(headers).toMatchObject({ 'x-here': 'yes' });
    expect(body).toHaveLength(0);
    expect(await test.finished()).toMatchObject({ outcome: { kind: 'completed' } });
  });

  it('are told when the client gives up, without harm to other requests', async () => {
    const reset = Promise.withResolvers<number>();
    const begun = Promise.withResolvers<undefined>();
    const origin = await startHttp2Origin((stream, headers) => {
      stream.respond({ ':status': 200 });
      if (headers[':path'] === '/other') stream.end('other');
      else {
        stream.on('close', () => reset.resolve(stream.rstCode));
        stream.write('begun');
        begun.resolve(undefined);
      }
    });
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    const stream = session.request({ ':path': '/held' });
    stream.resume();
    await Promise.all([begun.promise, once(stream, 'data')]);
    stream.close(constants.NGHTTP2_CANCEL);
    expect(await reset.promise).toBe(constants.NGHTTP2_CANCEL);
    expect(await test.finished()).toMatchObject({ outcome: { kind: 'aborted', by: 'client' } });
    expect((await ask(session, { ':path': '/other' })).body.toString()).toBe('other');
    expect(origin.sessions).toHaveLength(1);
  });

  it('that reset a stream are told of with the code', async () => {
    const origin = await startHttp2Origin((stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
    const test = await startEngine({ upstream: origin.url });
    expect((await askHttp1(test.url)).message.statusCode).toBe(502);
    const { outcome } = await test.finished();
    expect(outcome).toMatchObject({ kind: 'failed', code: 'STREAM_RESET', phase: 'wait' });
    expect(outcome).toHaveProperty('message', expect.stringContaining('INTERNAL_ERROR'));
  });

  it.each([
    ['a reset', (stream: ServerHttp2Stream) => stream.destroy(new Error('broken')), 'STREAM_RESET'],
    ['the loss of the connection', (stream: ServerHttp2Stream) => stream.session?.destroy(), 'CLOSED_EARLY'],
  ])('whose answer breaks off by %s never look complete', async (_how, breakOff, code) => {
    const answering = Promise.withResolvers<ServerHttp2Stream>();
    const origin = await startHttp2Origin((stream) => {
      stream.respond({ ':status': 200 });
      stream.write('only this');
      answering.resolve(stream);
    });
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    const stream = session.request({ ':path': '/' });
    await once(stream, 'data');
    const failed = once(stream, 'error');
    breakOff(await answering.promise);
    await failed;
    expect(await test.finished()).toMatchObject({ outcome: { kind: 'failed', code } });
  });

  it('that refuse a stream are asked once more', async () => {
    let asked = 0;
    const origin = await startHttp2Origin((stream) => {
      if (++asked === 1) stream.close(constants.NGHTTP2_REFUSED_STREAM);
      else {
        stream.respond({ ':status': 200 });
        stream.end('done');
      }
    });
    const test = await startEngine({ upstream: origin.url });
    expect((await askHttp1(test.url)).body.toString()).toBe('done');
    expect((await test.finished()).notes).toMatchObject([{ code: 'TRIED_AGAIN' }]);
    expect(asked).toBe(2);
  });

  it('that go away finish what they have begun; the next request gets a new connection', async () => {
    const origin = await startHttp2Origin((stream, headers) => {
      stream.respond({ ':status': 200 });
      if (headers[':path'] === '/last') stream.session?.close();
      stream.end(headers[':path']);
    });
    const test = await startEngine({ upstream: origin.url });
    expect((await askHttp1(`${test.url}/last`)).body.toString()).toBe('/last');
    expect((await askHttp1(`${test.url}/next`)).body.toString()).toBe('/next');
    expect(origin.sessions).toHaveLength(2);
  });

  it('that want HTTP/1.1 for a request get it', async () => {
    const origin = await startHttp2Origin((stream) => stream.close(constants.NGHTTP2_HTTP_1_1_REQUIRED), {
      allowHTTP1: true,
    });
    const test = await startEngine({ upstream: origin.url });
    // Node's compatibility layer answers HTTP/1.1 requests that nobody listens for with nothing; the phase tells.
    const client = await rawClient(test.port);
    client.send(`GET / HTTP/1.1\r\nHost: ${new URL(test.url).host}\r\nConnection: close\r\n\r\n`);
    const view = await test.event((event) => event.type === 'exchange.note' && event.code === 'TRIED_AGAIN');
    expect(view).toHaveProperty('text', expect.stringContaining('HTTP_1_1_REQUIRED'));
    await test.event(
      (event) => event.type === 'span' && event.name === 'tls' && event.detail?.includes('http/1.1') === true,
    );
  });

  it('are not asked for it when the settings say so, and origins without it get HTTP/1.1', async () => {
    const origin = await startHttpsOrigin((request, response) => response.end(request.httpVersion));
    const both = await startHttp2Origin(
      (stream) => {
        stream.respond({ ':status': 200 });
        stream.end('2');
      },
      { allowHTTP1: true },
    );
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    const answers = await Promise.all([1, 2, 3].map(() => ask(session, { ':path': '/' })));
    expect(answers.map(({ body }) => body.toString())).toEqual(['1.1', '1.1', '1.1']);
    const off = await startEngine({ upstream: both.url, settings: { originTls: { http2: false } } });
    const client = await rawClient(off.port);
    client.send(`GET / HTTP/1.1\r\nHost: ${new URL(off.url).host}\r\nConnection: close\r\n\r\n`);
    await off.event(
      (event) => event.type === 'span' && event.name === 'tls' && event.detail?.includes('http/1.1') === true,
    );
  });

  it('never take half a body for the whole when its client breaks off', async () => {
    const ending = Promise.withResolvers<{ ended: boolean; code: number }>();
    const origin = await startHttp2Origin((stream) => {
      let ended = false;
      stream.resume();
      stream.on('end', () => (ended = stream.rstCode === constants.NGHTTP2_NO_ERROR));
      stream.on('close', () => ending.resolve({ ended, code: stream.rstCode }));
      stream.respond({ ':status': 200 });
      stream.write('listening');
    });
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    const stream = session.request({ ':path': '/', ':method': 'POST' }, { endStream: false });
    stream.on('error', () => stream.destroy());
    stream.write('half of it');
    await once(stream, 'data');
    stream.destroy(new Error('broken'));
    expect(await ending.promise).toEqual({ ended: false, code: constants.NGHTTP2_CANCEL });
    expect(await test.finished()).toMatchObject({ outcome: { kind: 'aborted', by: 'client' } });
  });

  it('are told that the rest of a request is not wanted once they have answered, not of an error', async () => {
    const code = Promise.withResolvers<number>();
    const origin = await startHttp2Origin((stream) => {
      stream.on('error', () => stream.destroy()).on('close', () => code.resolve(stream.rstCode));
      stream.respond({ ':status': 200 });
      stream.once('data', () => stream.end('enough'));
    });
    const test = await startEngine({ upstream: origin.url });
    const session = await openSession(test.url);
    const stream = session.request({ ':path': '/', ':method': 'POST' }, { endStream: false });
    stream.write('the beginning');
    stream.resume();
    await once(stream, 'close');
    expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
    expect(await code.promise).toBe(constants.NGHTTP2_CANCEL);
    expect(await test.finished()).toMatchObject({ outcome: { kind: 'completed' } });
  });
});

it('a request that is given up ends, also when all of its answer had come and was not read', async () => {
  const whole = Promise.withResolvers<undefined>();
  const origin = await startHttp2Origin((stream) => {
    stream.on('close', () => whole.resolve(undefined));
    stream.respond({ ':status': 200 });
    stream.end(Buffer.alloc(60_000));
  });
  const session = connect(origin.url, { rejectUnauthorized: false });
  onTestFinished(() => session.destroy());
  const paused = Promise.withResolvers<RequestControl>();
  let control: RequestControl | undefined;
  const nothing = (): void => undefined;
  const receiver: ResponseReceiver = {
    ...{ onRequestSent: nothing, onResponseStart: nothing, onResponseEnd: nothing, onRequestUpgrade: nothing },
    onRequestStart: (begun) => (control = begun),
    onResponseError: (error) => paused.reject(error),
    onResponseData() {
      control?.pause();
      if (control !== undefined) paused.resolve(control);
    },
  };
  const ended = Promise.withResolvers<undefined>();
  const carrier = { session, watchdogs: new WatchdogPool(), lastStreamId: undefined, failure: undefined };
  const request = new Http2Request(carrier, receiver, () => ended.resolve(undefined));
  const fields = [':method', 'GET', ':scheme', 'https', ':authority', `localhost:${origin.port}`, ':path', '/'];
  const form = { method: 'GET', path: '/', headers: [], body: null, headersTimeout: 0, bodyTimeout: 0 };
  const stream = request.send(fields, form);
  (await paused.promise).pause();
  await whole.promise;
  // A ping comes back behind all that the origin had sent.
  await new Promise<void>((resolve) => {
    session.ping(() => resolve());
  });
  expect(stream).toMatchObject({ closed: true, destroyed: false });
  request.abort();
  await ended.promise;
});
