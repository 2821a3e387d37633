import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { rawClient } from '../support/raw-client.ts';
import type { CacheSetup } from './cache-setup.ts';
import { gate, startCache } from './cache-setup.ts';

const HALF = 'a'.repeat(1000);
const REST = 'b'.repeat(1000);
const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

/** Fields of a response of which HALF is sent at once and REST when the test wants. */
const begin = (response: ServerResponse, fields: Record<string, string> = {}): void => {
  response.writeHead(200, { 'Cache-Control': 'max-age=60', 'Content-Length': '2000', ...fields });
  response.write(HALF);
};

/** One client that began to receive a slow response, and one that reads it along. */
async function startTwo(setup: CacheSetup): Promise<[leader: RawClient, follower: RawClient]> {
  const leader = await rawClient(setup.proxy.port);
  leader.send(REQUEST);
  await leader.until((text) => text.endsWith(HALF));
  const follower = await rawClient(setup.proxy.port);
  follower.send(REQUEST);
  await follower.until((text) => text.endsWith(HALF));
  return [leader, follower];
}
type RawClient = Awaited<ReturnType<typeof rawClient>>;

describe('a response that arrives slowly', () => {
  it('is read along by those who ask for it meanwhile', async () => {
    const rest = gate();
    const setup = await startCache((_request, response) => {
      begin(response);
      void rest.opened.then(() => response.end(REST));
    });
    const [leader, follower] = await startTwo(setup);
    rest.open();
    expect(await leader.ended()).toMatch(new RegExp(`${HALF}${REST}$`));
    const text = await follower.ended();
    expect(text).toMatch(new RegExp(`${HALF}${REST}$`));
    expect(text).toMatch(/Cache-Status: Hopscope; fwd=uri-miss; fwd-status=200; .*collapsed/);
    expect(text).toMatch(/Age: \d/);
    expect(setup.seen).toHaveLength(1);
  });

  it('is read along without a length where none was told', async () => {
    const rest = gate();
    const setup = await startCache((_request, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60', ETag: '"a"' });
      response.write(HALF);
      void rest.opened.then(() => response.end(REST));
    });
    const [leader, follower] = await Promise.all([1, 2].map(() => rawClient(setup.proxy.port)));
    leader?.send(REQUEST);
    await leader?.until((text) => text.includes(HALF));
    follower?.send(REQUEST);
    await follower?.until((text) => text.includes(HALF));
    rest.open();
    expect(await follower?.ended()).not.toMatch(/Content-Length/i);
    const { decision } = await setup.proxy.finished((view) => view.decision?.collapsed === true);
    expect(decision?.steps.at(-1)).toMatchObject({ rule: 'answer.whole', evidence: 'status 200' });
    expect(setup.seen).toHaveLength(1);
  });

  it('does not wait for the client that asked for it first', async () => {
    const large = 3_000_000;
    const rest = gate();
    const setup = await startCache((_request, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60', 'Content-Length': String(large) });
      response.write(HALF);
      void rest.opened.then(() => response.end('c'.repeat(large - HALF.length)));
    });
    const leader = await rawClient(setup.proxy.port);
    leader.send(REQUEST);
    await leader.until((text) => text.endsWith(HALF));
    leader.socket.pause();
    const second = setup.ask('/');
    await setup.begun(2);
    rest.open();
    expect((await second).body).toHaveLength(large);
    leader.socket.resume();
    expect(await leader.ended()).toMatch(/c$/);
    expect(setup.seen).toHaveLength(1);
  });

  it.each([
    ['by a range, when a strong tag tells that it is the same', { ETag: '"a"' }, 'bytes=1000-'],
    ['by a second response whose beginning is the same', {}, undefined],
  ])('goes on %s, should the first client leave', async (_how, fields, range) => {
    const setup = await startCache((request, response, count) => {
      if (count === 1) return begin(response, fields);
      expect(request.headers.range).toBe(range);
      if (range === undefined) {
        begin(response, fields);
        response.end(REST);
      } else {
        response.writeHead(206, { ...fields, 'Content-Range': 'bytes 1000-1999/2000', 'Content-Length': '1000' });
        response.end(REST);
      }
    });
    const [leader, follower] = await startTwo(setup);
    leader.socket.resetAndDestroy();
    expect(await follower.ended()).toMatch(new RegExp(`${HALF}${REST}$`));
    expect(setup.seen).toHaveLength(2);
  });

  it('goes on when the origin breaks it off', async () => {
    const breaking = gate();
    const setup = await startCache((request, response, count) => {
      begin(response, { ETag: '"a"' });
      if (count === 1) void breaking.opened.then(() => request.socket.destroy());
      else response.end(REST);
    });
    const [leader, follower] = await startTwo(setup);
    breaking.open();
    expect(await leader.ended()).toMatch(/a$/);
    expect(await follower.ended()).toMatch(new RegExp(`${HALF}${REST}$`));
  });

  it.each([
    ['another tag', { ETag: '"a"' }, { ETag: '"b"' }, HALF],
    ['another beginning', {}, {}, `x${HALF.slice(1)}`],
  ])('breaks off rather than being mixed with a response with %s', async (_what, first, second, start) => {
    const setup = await startCache((_request, response, count) => {
      if (count === 1) return begin(response, first);
      response.writeHead(200, { 'Cache-Control': 'max-age=60', 'Content-Length': '2000', ...second });
      response.end(start + REST);
    });
    const [leader, follower] = await startTwo(setup);
    leader.socket.resetAndDestroy();
    expect(await follower.ended()).toMatch(/a{1000}$/);
    const broken = await setup.proxy.finished((view) => view.outcome?.kind === 'failed');
    expect(broken.outcome).toMatchObject({ code: 'CLOSED_EARLY' });
  });

  it('is not read along by those who ask after an invalidation', async () => {
    const rest = gate();
    const setup = await startCache((request, response, count) => {
      if (count === 1) {
        begin(response);
        void rest.opened.then(() => response.end(REST));
        return;
      }
      response.setHeader('Cache-Control', 'max-age=60');
      response.end(request.method === 'POST' ? 'done' : 'new');
    });
    const [, follower] = await startTwo(setup);
    await setup.ask('/', { method: 'POST', body: 'x' });
    expect((await setup.ask('/')).body).toBe('new');
    rest.open();
    expect(await follower.ended()).toMatch(/b$/);
    expect((await setup.ask('/')).body).toBe('new');
  });
});
