import type { EventEmitter } from 'node:events';
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { request as httpRequest } from 'node:http';
import type { ClientHttp2Session } from 'node:http2';
import { connect } from 'node:http2';
import type { Socket } from 'node:net';
import { connect as connectTcp } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ExchangeView } from '../../shared/exchange-view.ts';
import type { TestEngine } from '../support/engine.ts';
import { startEngine } from '../support/engine.ts';
import { answerOf, startHttp2AppOrigin } from '../support/http2-origin.ts';
import { startHttpsOrigin } from '../support/https-origin.ts';
import { startOrigin } from '../support/origin.ts';
import { tlsThrough } from '../support/tls-client.ts';

interface Question {
  readonly method: string;
  readonly path: string;
  readonly body: Buffer | undefined;
  /** The body waits for 100 (Continue), however long that takes. */
  readonly expects?: true;
}

interface Got {
  readonly status: number;
  readonly length: number;
  readonly trailer: unknown;
  /** Whether 100 (Continue) came. */
  readonly continued: boolean;
}

type Ask = (question: Question) => Promise<Got>;

const SMALL = Buffer.alloc(10, 'a');
const LARGE = Buffer.alloc(200_000, 'b');

/** What an origin can answer, by path. */
const answers: Readonly<
  Record<string, { status: number; length: number; answer: (response: ServerResponse) => unknown }>
> = {
  '/empty': { status: 200, length: 0, answer: (response) => response.end() },
  '/none': { status: 204, length: 0, answer: (response) => response.writeHead(204).end() },
  '/same': { status: 304, length: 0, answer: (response) => response.writeHead(304, { ETag: '"a"' }).end() },
  '/fixed': {
    ...{ status: 200, length: 10 },
    answer: (response) => response.writeHead(200, { 'Content-Length': 10 }).end(SMALL),
  },
  '/streamed': {
    ...{ status: 404, length: 200_010 },
    answer: (response) => {
      response.writeHead(404);
      response.write(SMALL);
      response.end(LARGE);
    },
  },
  '/trailers': {
    ...{ status: 200, length: 10 },
    answer: (response) => {
      // A trailer is announced where there is a body to follow: node:http refuses it in an answer to HEAD.
      if (response.req.method === 'HEAD') return response.end();
      response.writeHead(200, { Trailer: 'X-Sum' });
      response.write(SMALL);
      response.addTrailers({ 'X-Sum': '10' });
      return response.end();
    },
  },
};

const answer: RequestListener = (request, response) => {
  const { answer: send } = answers[(request.url ?? '').replace(/\?.*/, '')] ?? {};
  // The early one does not wait for the request's body, but reads it.
  if (request.url?.endsWith('?early')) send?.(response);
  else request.on('end', () => send?.(response));
  request.resume();
};

const origins: Readonly<Record<string, () => Promise<{ url: string; port: number; server: EventEmitter }>>> = {
  'HTTP/1.1': () => startOrigin(answer),
  'HTTP/1.1 in TLS': () => startHttpsOrigin(answer),
  'HTTP/2': () => startHttp2AppOrigin(answer),
};

function askHttp1(open: () => Promise<Socket>): Ask {
  return async ({ method, path, body, expects }) => {
    const socket = await open();
    const request = httpRequest({ method, path, host: 'localhost', createConnection: () => socket });
    if (body !== undefined && body.length > SMALL.length) request.setHeader('Transfer-Encoding', 'chunked');
    let continued = false;
    if (expects === true) {
      request.setHeader('Expect', '100-continue');
      request.flushHeaders();
      request.on('continue', () => {
        continued = true;
        request.end(body);
      });
    } else request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let length = 0;
    for await (const chunk of response) length += (chunk as Buffer).length;
    socket.destroy();
    return { status: response.statusCode ?? 0, length, trailer: response.trailers['x-sum'], continued };
  };
}

function askHttp2(session: ClientHttp2Session): Ask {
  return async ({ method, path, body, expects }) => {
    const expectation = expects === true ? { expect: '100-continue' } : {};
    const fields = { ':method': method, ':path': path, ...expectation };
    const stream = session.request(fields, { endStream: body === undefined });
    let continued = false;
    if (expects === true) {
      stream.on('continue', () => {
        continued = true;
        stream.end(body);
      });
    } else if (body !== undefined) stream.end(body);
    const { headers, body: received, trailers } = await answerOf(stream);
    return { status: Number(headers[':status']), length: received.length, trailer: trailers['x-sum'], continued };
  };
}

async function openTcp(test: TestEngine): Promise<Socket> {
  const socket = connectTcp(test.port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** A session of HTTP/2 on a connection that is there. */
function sessionOn(socket: Socket, authority: string): ClientHttp2Session {
  const session = connect(authority, { createConnection: () => socket });
  onTestFinished(() => session.destroy());
  return session;
}

const clients: Readonly<Record<string, (test: TestEngine, port: number) => Promise<Ask>>> = {
  'HTTP/1.1': (test) => Promise.resolve(askHttp1(() => openTcp(test))),
  'HTTP/1.1 in intercepted TLS': (test, port) =>
    Promise.resolve(askHttp1(async () => (await tlsThrough(test, `localhost:${port}`)).secured)),
  'HTTP/2': async (test) => askHttp2(sessionOn(await openTcp(test), test.url)),
  'HTTP/2 in intercepted TLS': async (test, port) => {
    const { secured } = await tlsThrough(test, `localhost:${port}`, { ALPNProtocols: ['h2'] });
    return askHttp2(sessionOn(secured, `https://localhost:${port}`));
  },
};

const bodies = { none: undefined, empty: Buffer.alloc(0), small: SMALL, large: LARGE };
const questions: readonly Question[] = Object.keys(answers).flatMap((path) => [
  { method: 'GET', path, body: undefined },
  { method: 'HEAD', path, body: undefined },
  ...Object.values(bodies).map((body) => ({ method: 'POST', path, body })),
  { method: 'PUT', path: `${path}?early`, body: LARGE },
]);

const pairs = Object.keys(clients).flatMap((client) =>
  Object.keys(origins)
    // A client in TLS is looked into on its way to an origin in TLS.
    .filter((origin) => !client.includes('TLS') || origin !== 'HTTP/1.1')
    .map((origin) => ({ client, origin })),
);

const isPost = (view: ExchangeView): boolean => view.method === 'POST';

describe.each(pairs)('a client of $client and an origin of $origin', ({ client, origin: kind }) => {
  it('complete every kind of request and answer, with all of their bytes', async () => {
    const origin = await origins[kind]!();
    const test = await startEngine({ upstream: origin.url });
    const ask = await clients[client]!(test, origin.port);
    for (const question of questions) {
      const { method, path, body } = question;
      const what = `${method} ${path} with ${String(body?.length)} bytes`;
      const wanted = answers[path.replace('?early', '')]!;
      const length = method === 'HEAD' ? 0 : wanted.length;
      const got = await ask(question);
      expect(got, what).toMatchObject({ status: wanted.status, length });
      if (path === '/trailers' && method !== 'HEAD') expect(got.trailer, what).toBe('10');
      const view = await test.finished((seen) => seen.method === method);
      expect(view, what).toMatchObject({
        outcome: { kind: 'completed' },
        status: wanted.status,
        responseBytes: length,
      });
      // What has not come when an early answer is over is not waited for (RFC 9112 §9.6).
      if (!path.endsWith('?early')) expect(view.requestBytes, what).toBe(body?.length ?? 0);
    }
  });

  it('agree on a body that waits for 100 (Continue): the origin asks for it or answers without it', async () => {
    const origin = await origins[kind]!();
    const expectations: unknown[] = [];
    origin.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      expectations.push(request.headers.expect);
      if (request.url === '/refused') return void response.writeHead(413).end();
      response.writeContinue();
      answer(request, response);
    });
    const test = await startEngine({ upstream: origin.url });
    const ask = await clients[client]!(test, origin.port);
    const wanted = await ask({ method: 'POST', path: '/streamed', body: LARGE, expects: true });
    expect(wanted).toMatchObject({ status: 404, length: 200_010, continued: true });
    expect(await test.finished(isPost)).toMatchObject({ requestBytes: LARGE.length, outcome: { kind: 'completed' } });
    const refused = await ask({ method: 'POST', path: '/refused', body: LARGE, expects: true });
    expect(refused).toMatchObject({ status: 413, continued: false });
    expect(await test.finished(isPost)).toMatchObject({ requestBytes: 0, outcome: { kind: 'completed' } });
    expect(expectations).toEqual(['100-continue', '100-continue']);
  });
});
