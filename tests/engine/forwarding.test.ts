import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { startOrigin, startRawOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';

const sha = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

const VIA = expect.stringMatching(/^Via: 1\.1 hopscope-\w+$/) as string;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe('forwarding', () => {
  it('sends absolute-form requests to the host they name', async () => {
    const origin = await startOrigin((request, response) => response.end(`${request.url} for ${request.headers.host}`));
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(`GET http://127.0.0.1:${origin.port}/a?b=c HTTP/1.1\r\nHost: ignored.example\r\n\r\n`);
    expect(await client.until(/for /)).toMatch(`/a?b=c for 127.0.0.1:${origin.port}`);
    expect(await test.finished()).toMatchObject({ url: `${origin.url}/a?b=c`, status: 200, from: 'upstream' });
  });

  it('sends origin-form requests to the active upstream, behind its path prefix', async () => {
    const origin = await startOrigin((request, response) => response.end(`path ${request.url}.`));
    const test = await startEngine({ upstream: `${origin.url}/base/` });
    const client = await rawClient(test.port);
    client.send('GET /a?b HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await client.until(/path/)).toMatch('path /base/a?b.');
  });

  it('tells apart whom a request was sent to and the address that it went to', async () => {
    const origin = await startOrigin((_request, response) => response.end('here'));
    const test = await startEngine({ settings: { dns: [{ host: 'shop.test', address: '127.0.0.1' }] } });
    const client = await rawClient(test.port);
    for (const connection of ['keep-alive', 'close']) {
      client.send(`GET http://shop.test:${origin.port}/ HTTP/1.1\r\nHost: a\r\nConnection: ${connection}\r\n\r\n`);
      await client.until(/here/);
      const sent = { upstream: `shop.test:${origin.port}`, remote: `127.0.0.1:${origin.port}` };
      expect(await test.finished()).toMatchObject(sent);
    }
  });

  it('uses a changed upstream from the next request on', async () => {
    const one = await startOrigin((_request, response) => response.end('one'));
    const two = await startOrigin((_request, response) => response.end('two'));
    const test = await startEngine({ upstream: one.url });
    const client = await rawClient(test.port);
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until(/one/);
    test.engine.updateSettings({ upstreams: [{ id: 'two', label: 'Two', url: two.url }], activeUpstream: 'two' });
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until(/two/);
  });

  it('says what to do when no upstream is active', async () => {
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await client.until(/Code:/)).toMatch(/^HTTP\/1\.1 404 [^]*--upstream/);
  });

  it('keeps order, case and repeats of fields both ways, drops hop-by-hop ones and adds Via', async () => {
    let seen: string[] = [];
    const origin = await startRawOrigin((socket) => {
      socket.once('data', (data: Buffer) => {
        seen = data.toString('latin1').split('\r\n');
        const fields = 'b-B: 1\r\nA: 2\r\nB-b: 3\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nX: \xe9';
        socket.write(`HTTP/1.1 201 Made it\r\n${fields}\r\nContent-Length: 0\r\n\r\n`, 'latin1');
      });
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(
      'GET / HTTP/1.1\r\nHost: a\r\nX-Z: 1\r\nx-a: 2\r\nX-Z: 3\r\nConnection: close, X-Mine\r\nX-Mine: 4\r\nTE: gzip\r\n' +
        'Proxy-Connection: keep-alive\r\nVia: 1.0 fred\r\nLast: \xfc\r\n\r\n',
    );
    const [head = ''] = (await client.ended()).split('\r\n\r\n');
    expect(head.split('\r\n').filter((line) => !/^date/i.test(line))).toEqual([
      ...['HTTP/1.1 201 Made it', 'b-B: 1', 'A: 2', 'B-b: 3', 'X: \xe9', 'Content-Length: 0'],
      ...[VIA, 'Connection: close'],
    ]);
    const { host } = new URL(origin.url);
    expect(seen.slice(1)).toEqual([
      ...[`Host: ${host}`, 'X-Z: 1', 'x-a: 2', 'X-Z: 3', 'Via: 1.0 fred', 'Last: \xfc', VIA],
      ...['', ''],
    ]);
  });

  it.each([
    ['one field of a megabyte', `X-Huge: ${'v'.repeat(2 ** 20)}\r\n`, 200],
    ['ten thousand fields', Array.from({ length: 10_000 }, (_, i) => `X-${i}: value\r\n`).join(''), 200],
    ['three megabytes in one field', `X-Huge: ${'v'.repeat(3 * 2 ** 20)}\r\n`, 502],
  ])('reads heads of responses up to a limit: %s', async (_what, fields, status) => {
    const origin = await startRawOrigin((socket) => {
      socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\n${fields}Content-Length: 0\r\n\r\n`));
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    const answer = await client.ended();
    expect(answer.startsWith(`HTTP/1.1 ${status} `)).toBe(true);
    expect(answer.includes(fields)).toBe(status === 200);
    const { outcome } = await test.finished();
    if (status === 200) expect(outcome).toEqual({ kind: 'completed' });
    else expect(outcome).toMatchObject({ code: 'MALFORMED_RESPONSE', message: expect.stringContaining('2097152') });
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'PROPFIND', 'M-SEARCH', 'lower', 'BREW'])(
    'forwards the method %s',
    async (method) => {
      const origin = await startRawOrigin((socket) => {
        socket.once('data', (data: Buffer) => {
          const line = data.toString('latin1').split('\r\n', 1)[0] ?? '';
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${line.length}\r\n\r\n${line}`);
        });
      });
      const test = await startEngine({ upstream: origin.url });
      const client = await rawClient(test.port);
      client.send(`${method} /x HTTP/1.1\r\nHost: a\r\n\r\n`);
      await client.until((text) => text.endsWith(`${method} /x HTTP/1.1`));
    },
  );

  it.each([
    ['with a length', (body: Buffer) => [`Content-Length: ${body.length}`, body] as const],
    [
      'in chunks',
      (body: Buffer) => {
        const chunks: Buffer[] = [];
        for (let at = 0; at < body.length; at += 9_999) {
          const part = body.subarray(at, at + 9_999);
          chunks.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
        }
        return ['Transfer-Encoding: chunked', Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')])] as const;
      },
    ],
  ])('streams a request body %s and its echo', async (_name, encode) => {
    const body = randomBytes(3_000_000);
    const origin = await startOrigin((request, response) => void request.pipe(response));
    const test = await startEngine({ upstream: origin.url });
    const [framing, bytes] = encode(body);
    const response = await sendWithBody(test.port, framing, bytes);
    expect(sha(response)).toBe(sha(body));
    const view = await test.finished();
    expect(view).toMatchObject({
      requestBytes: body.length,
      responseBytes: body.length,
      outcome: { kind: 'completed' },
    });
  });

  it('holds memory when the client reads slowly', async () => {
    let written = 0;
    const origin = await startOrigin((_request, response) => {
      const more = (): void => {
        do written += 65_536;
        while (response.write(Buffer.alloc(65_536)));
        response.once('drain', more);
      };
      more();
    });
    const test = await startEngine({ upstream: origin.url, settings: { record: { level: 'head' } } });
    const client = await rawClient(test.port);
    client.socket.pause();
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    // The origin can go on only as far as socket and stream buffers reach; when nothing moves, backpressure works.
    await settled(() => written);
    expect(written).toBeLessThan(30_000_000);
    client.socket.destroy();
    await test.finished();
  });

  it('passes response trailers on', async () => {
    const origin = await startOrigin((request, response) => {
      response.writeHead(200, { Trailer: 'X-Sum' });
      response.write('abc');
      response.addTrailers({ 'X-Sum': String(request.headers.te) });
      response.end();
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send('GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n');
    expect(await client.until(/\r\n0\r\n[^]*\r\n\r\n$/)).toMatch(/3\r\nabc\r\n0\r\nX-Sum: trailers\r\n\r\n$/);
    expect((await test.finished()).response?.trailers).toEqual(['X-Sum', 'trailers']);
  });

  it('passes request trailers on', async () => {
    let trailers: object = {};
    const origin = await startOrigin((request, response) => {
      void bodyOf(request).then((body) => {
        trailers = request.trailers;
        response.end(body);
      });
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n');
    await client.until(/abc/);
    expect(trailers).toEqual({ 'x-t': '1' });
    expect((await test.finished()).request.trailers).toEqual(['X-T', '1']);
  });

  it('relays 103 (Early Hints) before the response', async () => {
    const origin = await startOrigin((_request, response) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.end('page');
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await client.until(/page/)).toMatch(
      /^HTTP\/1\.1 103 Early Hints\r\nLink: [^\r]*\r\n\r\nHTTP\/1\.1 200 OK\r\n/,
    );
    expect((await test.finished()).informational).toMatchObject([{ status: 103 }]);
  });

  it('asks a waiting client to continue once the upstream wants the body', async () => {
    const origin = await startOrigin((request, response) => void bodyOf(request).then((body) => response.end(body)));
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n');
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    client.send('hello');
    await client.until(/HTTP\/1\.1 200 OK\r\n[^]*hello/);
  });

  it('sends no interim response to an HTTP/1.0 client, and closes its connection', async () => {
    const origin = await startOrigin((_request, response) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.write('pa');
      response.end('ge');
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*Connection: close\r\n\r\npage$/);
  });

  it.each([
    ['HEAD', 200, 'Content-Length: 5'],
    ['GET', 204, ''],
    ['GET', 304, 'Content-Length: 5'],
  ])('sends no body for %s answered with %i', async (method, status, field) => {
    const origin = await startRawOrigin((socket) => {
      socket.on('data', () => socket.write(`HTTP/1.1 ${status} X\r\n${field === '' ? '' : `${field}\r\n`}\r\n`));
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    const request = `${method} / HTTP/1.1\r\nHost: a\r\n\r\n`;
    client.send(request);
    const first = await client.until(/\r\n\r\n/);
    expect(first).toMatch(new RegExp(`^HTTP/1.1 ${status} X\r\n[^]*${field}`));
    expect(first).not.toMatch(/Transfer-Encoding/);
    client.send(request);
    expect(await client.until((text) => text.split('\r\n\r\n').length === 3)).toMatch(/\r\n\r\n$/);
  });

  it('answers all that a client sent before it closed its sending side, and says what was incomplete', async () => {
    const origin = await startOrigin((request, response) => response.end(`answer to ${request.url}`));
    const test = await startEngine({ upstream: origin.url });
    const ask = async (last: string): Promise<string> => {
      const client = await rawClient(test.port);
      const requests = ['/1', '/2'].map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
      client.socket.end(requests.join('') + last);
      return client.ended();
    };
    expect(await ask('')).toMatch(/answer to \/1HTTP\/1\.1 200 OK[^]*Connection: close\r\n\r\nanswer to \/2$/);
    expect(await ask('GET /3 HTT')).toMatch(/answer to \/2HTTP\/1\.1 400 Bad Request[^]*The head is incomplete/);
    expect(await ask('POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf')).toMatch(/answer to \/2$/);
  });

  it('answers pipelined requests in order on one connection', async () => {
    const delays: Record<string, number> = { '/1': 60, '/2': 20, '/3': 0 };
    const origin = await startOrigin((request, response) => {
      setTimeout(() => response.end(`<${request.url}>`), delays[request.url ?? '']);
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(['/1', '/2', '/3'].map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
    expect((await client.until(/<\/3>/)).match(/<[^>]*>/g)).toEqual(['</1>', '</2>', '</3>']);
    const rows = [await test.finished(), await test.finished(), await test.finished()];
    expect(rows.map((row) => [row.connection, row.nth])).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
    ]);
  });

  it('answers a client that closed its sending side', async () => {
    const origin = await startOrigin((_request, response) => response.end('still here'));
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.socket.end('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await client.ended()).toMatch(/still here$/);
  });

  it('ends a response without a length when the upstream closes', async () => {
    const origin = await startRawOrigin((socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end'));
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until(/Transfer-Encoding: chunked\r\n\r\nd\r\nuntil the end\r\n0\r\n\r\n$/);
  });

  it('reuses upstream connections and says so', async () => {
    const origin = await startOrigin((_request, response) => response.end('x'));
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    const names: string[][] = [];
    for (let i = 0; i < 2; i++) {
      client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      const view = await test.finished();
      names.push(view.spans.filter((span) => span.lane === 'upstream').map((span) => span.name));
    }
    expect(names).toEqual([
      ['connect', 'send', 'wait', 'receive'],
      ['connection', 'send', 'wait', 'receive'],
    ]);
  });

  it('reaches IPv6 origins', async () => {
    const origin = await startOrigin((request, response) => response.end(`host ${request.headers.host}`), '::1');
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(`GET ${origin.url}/ HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until(new RegExp(`host \\[::1\\]:${origin.port}`));
  });

  it('drains running exchanges when it stops', async () => {
    let finish: () => void = () => undefined;
    const origin = await startOrigin((_request, response) => {
      response.write('half');
      finish = () => response.end('whole');
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until(/half/);
    const stopped = test.engine.stop();
    finish();
    expect(await client.ended()).toMatch(/whole\r\n0\r\n\r\n$/);
    await stopped;
  });
});

/** Sends a POST with the given framing and body, respecting backpressure; resolves with the decoded response body. */
async function sendWithBody(port: number, framing: string, bytes: Buffer): Promise<Buffer> {
  const client = await rawClient(port);
  const chunks: Buffer[] = [];
  client.socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  client.send(`POST / HTTP/1.1\r\nHost: a\r\n${framing}\r\nConnection: close\r\n\r\n`);
  if (!client.socket.write(bytes)) await once(client.socket, 'drain');
  await client.ended();
  const all = Buffer.concat(chunks);
  return dechunk(all.subarray(all.indexOf('\r\n\r\n') + 4));
}

function dechunk(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const end = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16);
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

/** Resolves when `value` is above zero and has not changed for a while. */
async function settled(value: () => number): Promise<void> {
  let before: number;
  do {
    before = value();
    await pause(200);
  } while (value() === 0 || value() !== before);
}
