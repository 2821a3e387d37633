import type { IncomingMessage, ServerResponse } from 'node:http';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../support/recorder.ts';
import type { CacheSetup } from './cache-setup.ts';
import { startCache } from './cache-setup.ts';

/** Too large for the database, so that it lies in a file. */
const BODY = Buffer.from(Array.from({ length: 200_000 }, (_, i) => 48 + (i % 75))).toString('latin1');

type Listener = (request: IncomingMessage, response: ServerResponse, count: number) => void;

interface DiskSetup extends CacheSetup {
  /** Deletes the files of all stored bodies, as when their entries have made room. */
  readonly vanish: () => Promise<void>;
}

async function startOnDisk(make: (vanish: () => Promise<void>) => Listener): Promise<DiskSetup> {
  const dataDir = await temporaryDirectory();
  const folder = join(dataDir, 'cache', 'bodies');
  const vanish = async (): Promise<void> => {
    const names = await readdir(folder);
    expect(names.length).toBeGreaterThan(0);
    await Promise.all(names.map((name) => unlink(join(folder, name))));
  };
  return { ...(await startCache(make(vanish), 'shared', dataDir)), vanish };
}

const verdict = (answer: { headers: IncomingMessage['headers'] }): string => String(answer.headers['cache-status']);

describe('a stored body that is gone when it is wanted', () => {
  it('is a miss', async () => {
    const { ask, seen, vanish } = await startOnDisk(() => (_request, response) => {
      response.setHeader('Cache-Control', 'max-age=60');
      response.end(BODY);
    });
    await ask('/');
    await vanish();
    const answer = await ask('/');
    expect([answer.status, answer.body === BODY, seen.length]).toEqual([200, true, 2]);
    expect(verdict(answer)).toMatch(/fwd=uri-miss; fwd-status=200;.* stored/);
    expect(verdict(await ask('/'))).toContain('Hopscope; hit');
  });

  it.each([
    ['one range', 'bytes=5-9'],
    ['several ranges', 'bytes=5-9, 20-29'],
  ])('is a miss for %s', async (_what, range) => {
    const { ask, seen, vanish } = await startOnDisk(() => (_request, response) => {
      response.setHeader('Cache-Control', 'max-age=60');
      response.end(BODY);
    });
    await ask('/');
    await vanish();
    const answer = await ask('/', { headers: { Range: range } });
    expect([answer.status, answer.body === BODY, seen.length]).toEqual([200, true, 2]);
  });

  it.each<[string, Listener, number, string]>([
    [
      'stand in for an error',
      (_request, response) => {
        response.statusCode = 503;
        response.end('busy');
      },
      503,
      'busy',
    ],
    ['stand in for a closed connection', (request) => request.socket.destroy(), 502, ''],
  ])('does not %s: what the origin did is passed on', async (_what, fail, status, body) => {
    const { ask } = await startOnDisk((vanish) => (request, response, count) => {
      if (count > 1) return void vanish().then(() => fail(request, response, count));
      response.setHeader('Cache-Control', 'max-age=0, stale-if-error=60');
      response.setHeader('ETag', '"a"');
      response.end(BODY);
    });
    await ask('/');
    const answer = await ask('/');
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(body);
  });

  it('is fetched again after a 304 that confirmed it', async () => {
    const { ask, seen } = await startOnDisk((vanish) => (request, response, count) => {
      response.setHeader('Cache-Control', 'max-age=0');
      response.setHeader('ETag', '"a"');
      if (request.headers['if-none-match'] === undefined) return void response.end(`${count}${BODY}`);
      response.statusCode = 304;
      void vanish().then(() => response.end());
    });
    await ask('/');
    const answer = await ask('/');
    expect([answer.status, answer.body === `3${BODY}`, seen.length]).toEqual([200, true, 3]);
  });

  it('is fetched whole when the rest of it has come', async () => {
    const { ask, seen } = await startOnDisk((vanish) => (request, response, count) => {
      const [, first, last] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
      response.setHeader('Cache-Control', 'max-age=60');
      response.setHeader('ETag', '"a"');
      if (first === undefined) return void response.end(BODY);
      const end = last === '' ? BODY.length - 1 : Number(last);
      response.writeHead(206, { 'Content-Range': `bytes ${first}-${end}/${BODY.length}` });
      const send = (): void => void response.end(BODY.slice(Number(first), end + 1));
      if (count > 1) void vanish().then(send);
      else send();
    });
    await ask('/', { headers: { Range: 'bytes=0-99999' } });
    const answer = await ask('/');
    expect([answer.status, answer.body === BODY, seen.length]).toEqual([200, true, 3]);
  });
});

describe('parts on disk (RFC 9111 §3.3, §3.4)', () => {
  const ranges: Listener = (request, response) => {
    const [, first = '0', last = ''] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
    const end = last === '' ? BODY.length - 1 : Number(last);
    const headers = { 'Cache-Control': 'max-age=60', ETag: '"a"' };
    if (request.headers.range === undefined) return void response.writeHead(200, headers).end(BODY);
    response.writeHead(206, { ...headers, 'Content-Range': `bytes ${first}-${end}/${BODY.length}` });
    response.end(BODY.slice(Number(first), end + 1));
  };

  it('are joined: the whole and every range are answered from the store', async () => {
    const { ask, seen } = await startOnDisk(() => ranges);
    const get = async (range?: string): Promise<string> =>
      (await ask('/', range === undefined ? {} : { headers: { Range: `bytes=${range}` } })).body;
    await get('0-79999');
    await get('150000-199999');
    expect((await get('80000-149999')) === BODY.slice(80_000, 150_000)).toBe(true);
    expect((await get()) === BODY).toBe(true);
    expect((await get('79990-150009')) === BODY.slice(79_990, 150_010)).toBe(true);
    expect(seen.length).toBe(3);
  });

  it('are joined when they were fetched at once', async () => {
    const { ask, seen } = await startOnDisk(() => ranges);
    const parts = [0, 50_000, 100_000, 150_000].map((first) => `bytes=${first}-${first + 49_999}`);
    await Promise.all(parts.map((Range) => ask('/', { headers: { Range } })));
    expect((await ask('/')).body === BODY).toBe(true);
    expect(seen.length).toBe(4);
  });

  it('are completed by a request for the rest, and stored as the whole', async () => {
    const { ask, seen } = await startOnDisk(() => ranges);
    await ask('/', { headers: { Range: 'bytes=0-99999' } });
    const answer = await ask('/');
    expect([answer.status, answer.body === BODY]).toEqual([200, true]);
    expect(seen.map(({ headers }) => headers.range)).toEqual(['bytes=0-99999', 'bytes=100000-']);
    expect(verdict(await ask('/'))).toContain('Hopscope; hit');
  });
});
