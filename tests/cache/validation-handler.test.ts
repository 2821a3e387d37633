import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { decisionSentence } from '../../shared/decision.ts';
import { gate, startCache } from './cache-setup.ts';

describe('validating with the origin', () => {
  it('asks with what is stored, is told 304, and serves what is stored with the new fields', async () => {
    const setup = await startCache((request, response) => {
      if (request.headers['if-none-match'] === '"a1"') {
        response.writeHead(304, { ETag: '"a1"', 'Cache-Control': 'max-age=60', 'X-Test': 'new' });
        return void response.end();
      }
      response.writeHead(200, { ETag: '"a1"', 'Cache-Control': 'max-age=0', 'X-Test': 'old' });
      response.end('body');
    });
    await setup.ask('/');
    const validated = await setup.ask('/');
    const fresh = await setup.ask('/');
    expect([validated.status, validated.body, validated.headers['x-test'], validated.headers.age]).toEqual([
      ...[200, 'body', 'new', undefined],
    ]);
    expect(validated.headers['cache-status']).toMatch(/; fwd=stale; fwd-status=304; ttl=(60|5\d); key=/);
    expect([fresh.body, fresh.headers['x-test'], fresh.headers.age, setup.seen.length]).toEqual([
      'body',
      'new',
      // Its Date may be of the second before it arrived.
      expect.stringMatching(/^[01]$/),
      2,
    ]);
    await setup.proxy.finished();
    const { decision } = await setup.proxy.finished();
    expect(decision?.verdict).toBe('REVALIDATED');
    expect(decision && decisionSentence(decision)).toMatch(
      /^`max-age=0` received \d s ago → (just gone stale|stale for \d s) → asked the origin with `If-None-Match: "a1"` → 304, freshened for (60|5\d) s$/,
    );
  });

  it('says that a 304 is good for one request alone when what it brings is not kept', async () => {
    const { ask, proxy } = await startCache((request, response) => {
      const known = request.headers['if-none-match'] === '"a1"';
      response.writeHead(known ? 304 : 200, { ETag: '"a1"', 'Cache-Control': known ? 'max-age=60' : 'max-age=0' });
      response.end(known ? undefined : 'body');
    });
    await ask('/');
    await ask('/', { headers: { 'Cache-Control': 'no-store' } });
    await proxy.finished();
    const { decision } = await proxy.finished();
    expect(decision?.verdict).toBe('REVALIDATED');
    expect(decision && decisionSentence(decision)).toMatch(
      / → 304, good for this request alone → `no-store` in the request → not stored$/,
    );
    expect(decision).not.toHaveProperty('ttl');
  });

  it('says that the 304 to an authorised request is good for that one alone, and why', async () => {
    const { ask, proxy } = await startCache((request, response) => {
      const known = request.headers['if-none-match'] === '"a1"';
      response.writeHead(known ? 304 : 200, { ETag: '"a1"', 'Cache-Control': known ? 'max-age=60' : 'max-age=0' });
      response.end(known ? undefined : 'body');
    });
    await ask('/');
    await ask('/', { headers: { Authorization: 'Basic bWU6' } });
    await proxy.finished();
    const { decision } = await proxy.finished();
    expect(decision?.steps.at(-1)).toMatchObject({ rule: 'store.authorization', effect: 'not stored' });
  });

  it.each([
    ['GET', 'no-store', '`Cache-Control: no-store` → not stored'],
    ['GET', 'private', '`Cache-Control: private` and the cache is shared → not stored'],
    [
      'HEAD',
      'no-store',
      '`Cache-Control: no-store` → the stored `GET` response is outdated → `Cache-Control: no-store` → not stored',
    ],
  ])('forgets what a %s confirms and has %s now', async (method, value, said) => {
    const { ask, proxy, seen } = await startCache((request, response, count) => {
      const confirmed = count > 1 && request.method === 'GET';
      const fields = { ETag: '"a1"', 'Cache-Control': count > 1 ? value : 'max-age=60' };
      response.writeHead(confirmed ? 304 : 200, fields).end(confirmed ? undefined : 'body');
    });
    await ask('/');
    await proxy.finished();
    expect((await ask('/', { method, headers: { 'Cache-Control': 'no-cache' } })).status).toBe(200);
    expect(seen[1]?.headers['if-none-match']).toBe('"a1"');
    const { decision } = await proxy.finished();
    expect(decision && decisionSentence(decision)).toMatch(new RegExp(`${said.replaceAll(/[$.]/g, '.')}$`));
    expect(proxy.engine.cache.stats().entries).toBe(0);
  });

  it("answers the client's own condition from the validated response", async () => {
    const { ask } = await startCache((request, response) => {
      const known = request.headers['if-none-match']?.includes('"a1"') === true;
      response.writeHead(known ? 304 : 200, { ETag: '"a1"', 'Cache-Control': 'max-age=0' });
      response.end(known ? undefined : 'body');
    });
    await ask('/');
    expect((await ask('/', { headers: { 'If-None-Match': '"a1"' } })).status).toBe(304);
    const other = await ask('/', { headers: { 'If-None-Match': '"zz"' } });
    expect([other.status, other.body]).toEqual([200, 'body']);
  });

  it("passes a 304 on that is about the client's copy and not about ours", async () => {
    const { ask, proxy } = await startCache((request, response, count) => {
      const known = count > 1 && request.headers['if-none-match']?.includes('"zz"') === true;
      response.writeHead(known ? 304 : 200, { ETag: known ? '"zz"' : '"a1"', 'Cache-Control': 'max-age=0' });
      response.end(known ? undefined : 'body');
    });
    await ask('/');
    const answer = await ask('/', { headers: { 'If-None-Match': '"zz"' } });
    expect([answer.status, answer.headers.etag, proxy.engine.cache.stats().entries]).toEqual([304, '"zz"', 1]);
  });

  it('asks again, without conditions, when the 304 is about nothing that is stored', async () => {
    const setup = await startCache((request, response) => {
      if (request.headers['if-none-match'] !== undefined) {
        response.writeHead(304, { ETag: '"other"' });
        return void response.end();
      }
      response.writeHead(200, { ETag: `"v${setup.seen.length}"`, 'Cache-Control': 'max-age=0' });
      response.end(`body ${setup.seen.length}`);
    });
    await setup.ask('/');
    const answer = await setup.ask('/');
    expect([answer.status, answer.body, setup.seen.length]).toEqual([200, 'body 3', 3]);
    await setup.proxy.finished();
    const { decision, spans } = await setup.proxy.finished();
    expect(decision?.steps.map(({ rule }) => rule)).toContain('validation.mismatch');
    expect(spans.filter(({ lane, name }) => lane === 'upstream' && name === 'wait')).toHaveLength(2);
  });

  it('takes a full answer in place of what is stored', async () => {
    const { ask, proxy } = await startCache((_request, response, count) => {
      response.writeHead(200, { ETag: `"${count}"`, 'Cache-Control': 'max-age=0' });
      response.end(`body ${count}`);
    });
    expect([(await ask('/')).body, (await ask('/')).body]).toEqual(['body 1', 'body 2']);
    expect(proxy.engine.cache.stats().entries).toBe(1);
  });

  it('forgets what is stored when the newer answer must not be stored', async () => {
    const { ask, proxy } = await startCache((_request, response, count) => {
      response.writeHead(200, { ETag: `"${count}"`, 'Cache-Control': count === 1 ? 'max-age=0' : 'no-store' });
      response.end('x');
    });
    await ask('/');
    await ask('/');
    expect(proxy.engine.cache.stats().entries).toBe(0);
  });

  it('updates what is stored from a HEAD response, or forgets it', async () => {
    const { ask, seen, proxy } = await startCache((request, response, count) => {
      response.writeHead(200, {
        ETag: count < 4 ? '"a"' : '"b"',
        'Cache-Control': 'max-age=60',
        'X-Count': String(count),
      });
      response.end(request.method === 'HEAD' ? undefined : 'body');
    });
    const head = { method: 'HEAD', headers: { 'Cache-Control': 'no-cache' } };
    await ask('/');
    await ask('/', head);
    const updated = await ask('/');
    expect([updated.body, updated.headers['x-count'], seen.length]).toEqual(['body', '2', 2]);
    // The answer to HEAD is not stored beside what it has confirmed.
    expect(proxy.engine.cache.stats().entries).toBe(1);
    await ask('/', head);
    await ask('/', head);
    expect((await ask('/')).headers['x-count']).toBe('5');
  });
});

describe('RFC 5861 §3: stale-while-revalidate', () => {
  it('answers stale at once, validates once in the background, and is fresh then', async () => {
    const validation = gate();
    const setup = await startCache((request, response, count) => {
      if (count === 1) {
        response.writeHead(200, { ETag: '"a"', 'Cache-Control': 'max-age=0, stale-while-revalidate=60' });
        return void response.end('body');
      }
      void validation.opened.then(() => {
        const known = request.headers['if-none-match'] === '"a"';
        response.writeHead(known ? 304 : 200, { ETag: '"a"', 'Cache-Control': 'max-age=60' });
        response.end();
      });
    });
    await setup.ask('/');
    const client = { headers: { 'If-None-Match': '"zz"', 'X-Client': 'kept' } };
    const stale = [await setup.ask('/', client), await setup.ask('/'), await setup.ask('/')];
    expect(stale.map(({ body, status }) => [status, body])).toEqual(Array(3).fill([200, 'body']));
    validation.open();
    const child = await setup.proxy.finished((view) => view.parent !== undefined);
    expect([child.decision?.verdict, child.outcome?.kind]).toEqual(['REVALIDATED', 'completed']);
    expect([setup.seen.length, setup.seen[1]?.headers['x-client'], setup.seen[1]?.headers['if-none-match']]).toEqual([
      ...[2, 'kept', '"a"'],
    ]);
    const fresh = await setup.ask('/');
    expect(fresh.headers['cache-status']).toMatch(/; hit; ttl=(60|5\d);/);
    expect(setup.seen).toHaveLength(2);
  });
});

describe('parts', () => {
  const BODY = '0123456789';
  it('joins them, serves what they cover, and never serves a part as the whole', async () => {
    const setup = await startCache((request, response) => {
      const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
      const common = { ETag: '"a"', 'Cache-Control': 'max-age=60' };
      if (range === null) {
        response.writeHead(200, common);
        return void response.end(BODY);
      }
      const [first, last] = [Number(range[1]), Number(range[2])];
      response.writeHead(206, { ...common, 'Content-Range': `bytes ${first}-${last}/10` });
      response.end(BODY.slice(first, last + 1));
    });
    const part = async (range: string): Promise<unknown[]> => {
      const { status, body, headers } = await setup.ask('/', { headers: { Range: `bytes=${range}` } });
      return [status, body, headers['content-range'], setup.seen.length];
    };
    expect(await part('2-4')).toEqual([206, '234', 'bytes 2-4/10', 1]);
    expect(await part('3-4')).toEqual([206, '34', 'bytes 3-4/10', 1]);
    expect(await part('5-7')).toEqual([206, '567', 'bytes 5-7/10', 2]);
    expect(await part('2-7')).toEqual([206, '234567', 'bytes 2-7/10', 2]);
    expect(await part('8-9')).toEqual([206, '89', 'bytes 8-9/10', 3]);
    expect(await part('0-1')).toEqual([206, '01', 'bytes 0-1/10', 4]);
    const whole = await setup.ask('/');
    expect([whole.status, whole.body, setup.seen.length]).toEqual([200, BODY, 4]);
    expect(whole.headers['content-length']).toBe('10');
  });

  const ranged = (request: IncomingMessage, response: ServerResponse, tag: string, body: string): void => {
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const common = { ETag: tag, 'Cache-Control': 'max-age=60' };
    const current = request.headers['if-range'] === undefined || request.headers['if-range'] === tag;
    if (range === null || !current) {
      response.writeHead(200, common);
      return void response.end(body);
    }
    const first = Number(range[1]);
    const last = range[2] === '' ? body.length - 1 : Number(range[2]);
    response.writeHead(206, { ...common, 'Content-Range': `bytes ${first}-${last}/${body.length}` });
    response.end(body.slice(first, last + 1));
  };

  it('completes a stored beginning by asking for the rest', async () => {
    const setup = await startCache((request, response) => ranged(request, response, '"a"', BODY));
    await setup.ask('/', { headers: { Range: 'bytes=0-4' } });
    const whole = await setup.ask('/');
    expect([whole.status, whole.body, whole.headers['content-length']]).toEqual([200, BODY, '10']);
    expect(whole.headers['cache-status']).toMatch(/fwd=partial; fwd-status=206/);
    expect(setup.seen.map(({ headers }) => headers.range)).toEqual(['bytes=0-4', 'bytes=5-']);
    const again = await setup.ask('/');
    expect([again.body, again.headers['content-range'], setup.seen.length]).toEqual([BODY, undefined, 2]);
  });

  it('takes the new whole when the representation has changed', async () => {
    const setup = await startCache((request, response, count) =>
      ranged(request, response, count === 1 ? '"a"' : '"b"', count === 1 ? BODY : 'changed'),
    );
    await setup.ask('/', { headers: { Range: 'bytes=0-4' } });
    expect((await setup.ask('/')).body).toBe('changed');
    expect((await setup.ask('/')).body).toBe('changed');
    expect(setup.seen).toHaveLength(2);
  });

  it('asks again for the whole when what comes is not the rest', async () => {
    const setup = await startCache((request, response, count) => {
      if (count !== 2) return ranged(request, response, '"a"', BODY);
      response.writeHead(206, { ETag: '"a"', 'Content-Range': 'bytes 7-9/10', 'Cache-Control': 'max-age=60' });
      response.end('789');
    });
    await setup.ask('/', { headers: { Range: 'bytes=0-4' } });
    expect((await setup.ask('/')).body).toBe(BODY);
    expect(setup.seen).toHaveLength(3);
  });

  it('asks for the whole when a middle part is stored', async () => {
    const setup = await startCache((request, response) => ranged(request, response, '"a"', BODY));
    await setup.ask('/', { headers: { Range: 'bytes=3-4' } });
    const whole = await setup.ask('/');
    expect([whole.body, whole.headers['cache-status']]).toEqual([BODY, expect.stringMatching(/fwd=partial/)]);
    expect(setup.seen[1]?.headers.range).toBeUndefined();
  });
});
