import { describe, expect, it } from 'vitest';
import type { Decision } from '../../shared/decision.ts';
import { decisionSentence } from '../../shared/decision.ts';
import { startEngine } from '../support/engine.ts';
import { startRawOrigin } from '../support/origin.ts';
import { rawClient, sendRaw } from '../support/raw-client.ts';
import type { CacheSetup } from './cache-setup.ts';
import { gate, send, startCache, startStoppableOrigin } from './cache-setup.ts';

async function decisions({ proxy }: Pick<CacheSetup, 'proxy'>, count: number): Promise<Decision[]> {
  const found: Decision[] = [];
  while (found.length < count) {
    const { decision } = await proxy.finished();
    if (decision !== undefined) found.push(decision);
  }
  return found;
}

describe('answering from the store', () => {
  it('answers a fresh response with Age and Cache-Status, in reverse and in forward mode', async () => {
    const setup = await startCache((_request, response, count) => {
      response.setHeader('Cache-Control', 'max-age=60');
      response.end(`answer ${count}`);
    });
    const first = await setup.ask('/a');
    const second = await setup.ask('/a');
    const third = await setup.ask(`${setup.origin.url}/a`);
    expect([first.body, second.body, third.body, setup.seen.length]).toEqual(['answer 1', 'answer 1', 'answer 1', 1]);
    expect([first.headers.age, second.headers.age]).toEqual([undefined, expect.stringMatching(/^\d$/)]);
    expect(first.headers['cache-status']).toMatch(
      /^Hopscope; fwd=uri-miss; fwd-status=200; ttl=(60|5\d); stored; key="http:/,
    );
    expect(second.headers['cache-status']).toMatch(/^Hopscope; hit; ttl=(60|5\d); key="http:/);
    const made = await decisions(setup, 3);
    expect(made.map(({ verdict }) => verdict)).toEqual(['MISS', 'HIT', 'HIT']);
    expect(made.map((one) => decisionSentence(one))[0]).toBe(
      'nothing is stored for this URL → the origin answered 200 → `max-age=60` → stored, fresh for 60 s',
    );
  });

  it('keeps repeated fields repeated, and appends to Cache-Status', async () => {
    const { ask } = await startCache((_request, response) => {
      response.setHeader('Cache-Control', 'max-age=60');
      response.setHeader('Set-Cookie', ['a=1', 'b=2']);
      response.setHeader('Cache-Status', 'Origin; hit');
      response.end('x');
    });
    await ask('/');
    const { rawHeaders, headers } = await ask('/');
    expect(rawHeaders.filter((_, i) => rawHeaders[i - 1]?.toLowerCase() === 'set-cookie')).toEqual(['a=1', 'b=2']);
    expect(headers['cache-status']).toMatch(/^Origin; hit, Hopscope; hit/);
  });

  it('answers HEAD from a stored GET, with the length and without the body', async () => {
    const { ask, seen } = await startCache((_request, response) => {
      response.setHeader('Cache-Control', 'max-age=60');
      response.write('chunked ');
      response.end('body');
    });
    await ask('/');
    const { status, headers, body } = await ask('/', { method: 'HEAD' });
    expect([status, headers['content-length'], body, seen.length]).toEqual([200, '12', '', 1]);
  });

  it('keeps variants apart', async () => {
    const { ask, seen } = await startCache((request, response) => {
      response.setHeader('Cache-Control', 'max-age=60');
      response.setHeader('Vary', 'Accept-Language');
      response.end(`for ${request.headers['accept-language'] ?? 'nobody'}`);
    });
    const bodies: string[] = [];
    for (const language of ['de', 'en', 'de', 'EN']) {
      bodies.push((await ask('/', { headers: { 'Accept-Language': language } })).body);
    }
    expect([...bodies, seen.length]).toEqual(['for de', 'for en', 'for de', 'for en', 2]);
  });

  it('answers conditional requests and ranges', async () => {
    const { ask, seen } = await startCache((_request, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60', ETag: '"a"', 'Content-Type': 'text/plain' });
      response.end('0123456789');
    });
    await ask('/');
    const same = await ask('/', { headers: { 'If-None-Match': '"a"' } });
    expect([same.status, same.body, same.headers.etag, same.headers['content-type']]).toEqual([
      304,
      '',
      '"a"',
      undefined,
    ]);
    const part = await ask('/', { headers: { Range: 'bytes=2-4' } });
    expect([part.status, part.body, part.headers['content-range'], part.headers['content-length']]).toEqual([
      ...[206, '234', 'bytes 2-4/10', '3'],
    ]);
    const none = await ask('/', { headers: { Range: 'bytes=10-' } });
    expect([none.status, none.body, none.headers['content-range']]).toEqual([416, '', 'bytes */10']);
    expect(seen).toHaveLength(1);
  });

  it('answers only-if-cached with 504 when it has nothing, and says what came close', async () => {
    const setup = await startCache((_request, response) => {
      response.setHeader('Cache-Control', 'max-age=60');
      response.end('x');
    });
    await setup.ask('/page?a=1');
    const { status } = await setup.ask('/page?a=2', { headers: { 'Cache-Control': 'only-if-cached' } });
    expect([status, setup.seen.length]).toEqual([504, 1]);
    const [, refused] = await decisions(setup, 2);
    expect(refused).toMatchObject({ verdict: 'ERROR', nearMiss: { field: 'query', stored: 'a=1', requested: 'a=2' } });
  });

  it('answers other queries when No-Vary-Search allows it', async () => {
    const { ask, seen } = await startCache((_request, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60', 'No-Vary-Search': 'params=("utm")' });
      response.end('x');
    });
    await ask('/p?id=1&utm=a');
    await ask('/p?utm=b&id=1');
    await ask('/p?id=2&utm=a');
    expect(seen).toHaveLength(2);
  });
});

describe('what is not stored', () => {
  it.each([
    ['no-store', 'HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: 2\r\n\r\nok'],
    ['a body shorter than its length', 'HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 9\r\n\r\nok'],
    [
      'a broken chunk',
      'HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\n',
    ],
    [
      'a chunked body without its end',
      'HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n',
    ],
  ])('%s', async (_what, bytes) => {
    let requests = 0;
    const origin = await startRawOrigin((socket) => {
      socket.on('data', () => {
        requests++;
        socket.end(bytes);
      });
    });
    const proxy = await startEngine({ upstream: origin.url, settings: { cache: { mode: 'shared' } } });
    for (let i = 0; i < 2; i++) {
      await sendRaw(proxy.port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      await proxy.finished();
    }
    expect([requests, proxy.engine.cache.stats().entries]).toEqual([2, 0]);
  });

  it('a body longer than its length is stored up to that length', async () => {
    const origin = await startRawOrigin((socket) => {
      socket.on('data', () => {
        socket.end('HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n\r\nok and more');
      });
    });
    const proxy = await startEngine({ upstream: origin.url, settings: { cache: { mode: 'shared' } } });
    const bodies = [await send(proxy.port, '/'), await send(proxy.port, '/')].map(({ body }) => body);
    expect(bodies).toEqual(['ok', 'ok']);
  });

  it.each(['compress', 'compress, chunked', 'chunked, foo'])('a body in the transfer coding %s', async (codings) => {
    const origin = await startRawOrigin((socket) => {
      const head = `HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nTransfer-Encoding: ${codings}\r\n\r\n`;
      socket.on('data', () => socket.end(`${head}2\r\nok\r\n0\r\n\r\n`));
    });
    const proxy = await startEngine({ upstream: origin.url, settings: { cache: { mode: 'shared' } } });
    await sendRaw(proxy.port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await proxy.finished();
    expect(proxy.engine.cache.stats().entries).toBe(0);
  });

  it('what the client did not wait for', async () => {
    const setup = await startCache((_request, response, count) => {
      response.setHeader('Cache-Control', 'max-age=60');
      if (count > 1) return void response.end('whole');
      response.write('first half');
    });
    const client = await rawClient(setup.proxy.port);
    client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.until(/first half/);
    client.socket.resetAndDestroy();
    await setup.proxy.finished();
    expect((await setup.ask('/')).body).toBe('whole');
  });

  it('interim responses, which are passed on', async () => {
    const setup = await startCache((_request, response) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.setHeader('Cache-Control', 'max-age=60');
      response.end('x');
    });
    const get = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    expect(await sendRaw(setup.proxy.port, get)).toMatch(/^HTTP\/1.1 103 .*HTTP\/1.1 200 /s);
    expect(await sendRaw(setup.proxy.port, get)).toMatch(/^HTTP\/1.1 200 /);
    expect(setup.seen).toHaveLength(1);
  });

  it('in a shared cache, the answer to an authorised request', async () => {
    const { ask, seen } = await startCache((_request, response) => {
      response.setHeader('Cache-Control', 'max-age=60');
      response.end('x');
    });
    for (let i = 0; i < 2; i++) await ask('/', { headers: { Authorization: 'Basic eDp5' } });
    expect(seen).toHaveLength(2);
  });

  it('anything, when the cache is off', async () => {
    const setup = await startCache((_request, response) => {
      response.setHeader('Cache-Control', 'max-age=60');
      response.end('x');
    }, 'off');
    await setup.ask('/');
    const { headers } = await setup.ask('/');
    expect([setup.seen.length, headers['cache-status']]).toEqual([2, undefined]);
    expect(await decisions(setup, 2)).toMatchObject([{ verdict: 'BYPASS', mode: 'off' }, { fwd: 'bypass' }]);
  });
});

describe('invalidating', () => {
  it.each([
    ['POST', 200, 2],
    ['M-SEARCH', 204, 2],
    ['POST', 500, 1],
    ['OPTIONS', 200, 1],
  ])('%s answered %i leaves %i requests for the page', async (method, status, expected) => {
    const { ask, seen } = await startCache((request, response) => {
      response.statusCode = request.method === 'GET' ? 200 : status;
      response.setHeader('Cache-Control', 'max-age=60');
      response.end();
    });
    await ask('/');
    await ask('/', { method });
    await ask('/');
    expect(seen.filter((request) => request.method === 'GET')).toHaveLength(expected);
  });

  it('also what Location, Content-Location and Cache-Group-Invalidation name', async () => {
    const { ask, seen } = await startCache((request, response) => {
      response.setHeader('Cache-Control', 'max-age=60');
      if (request.method === 'POST') {
        response.setHeader('Location', '/a');
        response.setHeader('Content-Location', '/b');
        response.setHeader('Cache-Group-Invalidation', '"g"');
      }
      if (request.url === '/c') response.setHeader('Cache-Groups', '"g", "h"');
      response.end();
    });
    const pages = ['/a', '/b', '/c', '/d'];
    for (const page of pages) await ask(page);
    await ask('/post', { method: 'POST' });
    for (const page of pages) await ask(page);
    expect(seen.map(({ url }) => url)).toEqual([...pages, '/post', '/a', '/b', '/c']);
  });
});

it('does not store what was asked for before an invalidation and arrives after it', async () => {
  const late = gate();
  const setup = await startCache((request, response, count) => {
    response.setHeader('Cache-Control', 'max-age=60');
    if (request.method === 'POST') return void response.end();
    if (count > 1) return void response.end('new');
    response.write('o');
    void late.opened.then(() => response.end('ld'));
  });
  const old = setup.ask('/');
  await setup.proxy.event(({ type }) => type === 'response.started');
  await setup.ask('/', { method: 'POST' });
  late.open();
  expect((await old).body).toBe('old');
  expect((await setup.ask('/')).body).toBe('new');
  expect((await setup.ask('/')).body).toBe('new');
  expect(setup.seen).toHaveLength(3);
});

describe('when the origin fails', () => {
  it.each([
    ['max-age=0', 200, 'STALE'],
    ['max-age=0, must-revalidate', 504, 'ERROR'],
  ])('refuses connections, %s', async (directives, status, verdict) => {
    const origin = await startStoppableOrigin((_request, response) => {
      response.writeHead(200, { 'Cache-Control': directives, ETag: '"a"' });
      response.end('stale');
    });
    const proxy = await startEngine({ upstream: origin.url, settings: { cache: { mode: 'shared' } } });
    await send(proxy.port, '/');
    await origin.stop();
    const answer = await send(proxy.port, '/');
    expect([answer.status, answer.body.startsWith('stale')]).toEqual([status, status === 200]);
    const [, failed] = await decisions({ proxy }, 2);
    expect(failed).toMatchObject({ verdict, detail: 'CONNECTION_REFUSED' });
  });

  it('serves stale when the origin closes without an answer, having asked it once', async () => {
    let requests = 0;
    const origin = await startRawOrigin((socket) => {
      socket.on('data', () => {
        requests++;
        if (requests > 1) return void socket.destroy();
        socket.write('HTTP/1.1 200 OK\r\nCache-Control: max-age=0\r\nETag: "a"\r\nContent-Length: 5\r\n\r\nstale');
      });
    });
    const proxy = await startEngine({ upstream: origin.url, settings: { cache: { mode: 'shared' } } });
    await send(proxy.port, '/');
    const answer = await send(proxy.port, '/');
    expect([answer.status, answer.body, requests]).toEqual([200, 'stale', 2]);
    expect(answer.headers['cache-status']).toMatch(/; fwd=stale; /);
  });

  it.each([
    ['max-age=0', 503],
    ['max-age=0, stale-if-error=60', 200],
  ])('answers 503, %s', async (directives, status) => {
    const { ask } = await startCache((_request, response, count) => {
      response.writeHead(count === 1 ? 200 : 503, { 'Cache-Control': directives, ETag: '"a"' });
      response.end(count === 1 ? 'good' : 'bad');
    });
    await ask('/');
    expect((await ask('/')).status).toBe(status);
  });
});

describe('modes', () => {
  it('snapshot: the first answer wins until purged', async () => {
    const setup = await startCache((_request, response, count) => {
      response.setHeader('Cache-Control', 'no-store');
      response.end(String(count));
    }, 'snapshot');
    expect([(await setup.ask('/')).body, (await setup.ask('/')).body]).toEqual(['1', '1']);
    expect(await setup.proxy.engine.cache.purge({ everything: true })).toMatchObject({ purged: 1 });
    expect((await setup.ask('/')).body).toBe('2');
    const [miss, hit] = await decisions(setup, 2);
    expect([miss?.steps.some((step) => step.departure), hit?.steps.some((step) => step.departure)]).toEqual([
      true,
      true,
    ]);
  });

  it('a changed mode counts at once', async () => {
    const setup = await startCache((_request, response, count) => {
      response.setHeader('Cache-Control', 'private, max-age=60');
      response.end(String(count));
    }, 'private');
    expect([(await setup.ask('/')).body, (await setup.ask('/')).body]).toEqual(['1', '1']);
    setup.proxy.engine.updateSettings({ cache: { mode: 'shared' } });
    const { body, headers } = await setup.ask('/');
    expect([body, headers['cache-status']]).toEqual(['2', expect.stringMatching(/fwd=miss/)]);
  });
});

it('emits one decision for every exchange, and corrects it when the body is not stored as its head promised', async () => {
  const setup = await startCache((request, response, count) => {
    response.setHeader('Cache-Control', 'max-age=60');
    if (request.url === '/drop') request.socket.destroy();
    else if (request.url === '/slow' && count > 0) response.write('x');
    else response.end('x');
  });
  const counts = new Map<number, number>();
  setup.proxy.engine.recorder.subscribe((event) => {
    if (event.type === 'exchange.started') counts.set(event.id, 0);
    if (event.type === 'cache.decided') counts.set(event.id, (counts.get(event.id) ?? 0) + 1);
  });
  await setup.ask('/');
  await setup.ask('/');
  await setup.ask('/', { method: 'POST', body: 'x' });
  await setup.ask('/', { method: 'GET', body: 'x' });
  await setup.ask('/drop');
  await setup.ask('/none', { headers: { 'Cache-Control': 'only-if-cached' } });
  const client = await rawClient(setup.proxy.port);
  client.send('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
  await client.until(/\nx\r/);
  client.socket.resetAndDestroy();
  for (let i = 0; i < 7; i++) await setup.proxy.finished();
  expect([...counts.values()]).toEqual([1, 1, 1, 1, 1, 1, 2]);
});
