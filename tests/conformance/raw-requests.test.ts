import { describe, expect, it } from 'vitest';
import type { CacheSetup } from '../cache/cache-setup.ts';
import { startCache } from '../cache/cache-setup.ts';
import { rawClient, sendRaw } from '../support/raw-client.ts';

/** What only a client that writes exact bytes can ask: forms of targets, methods in odd case, pipelining. */

const start = (): Promise<CacheSetup> =>
  startCache((request, response, count) => {
    response.setHeader('Cache-Control', 'max-age=3600');
    response.end(`${count} ${request.url ?? ''}`);
  });
const get = (setup: CacheSetup, target: string, method = 'GET', host = 'x'): Promise<string> =>
  sendRaw(setup.proxy.port, `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

describe('targets that are the same (RFC 9110 §4.2.3)', () => {
  it.each<[string, (port: number) => [string, string]]>([
    ['the scheme in upper case', (port) => [`http://127.0.0.1:${port}/a`, `HTTP://127.0.0.1:${port}/a`]],
    ['the host in upper case', (port) => [`http://localhost:${port}/a`, `http://LocalHost:${port}/a`]],
    ['no path and the root', (port) => [`http://127.0.0.1:${port}`, `http://127.0.0.1:${port}/`]],
    ['no path before a query', (port) => [`http://127.0.0.1:${port}?a`, `http://127.0.0.1:${port}/?a`]],
    ['origin-form to the upstream and absolute-form', (port) => ['/a', `http://127.0.0.1:${port}/a`]],
  ])('%s', async (_what, targets) => {
    const setup = await start();
    const [first, second] = targets(setup.origin.port);
    expect(await get(setup, first)).toMatch(/\r\n\r\n1 /);
    expect(await get(setup, second)).toMatch(/Cache-Status: Hopscope; hit[^]*\r\n\r\n1 /);
    expect(setup.seen).toHaveLength(1);
  });

  it('Host does not matter beside an absolute target (RFC 9112 §3.2.2)', async () => {
    const setup = await start();
    const target = `http://127.0.0.1:${setup.origin.port}/a`;
    expect(await get(setup, target, 'GET', 'one')).toMatch(/\r\n\r\n1 /);
    expect(await get(setup, target, 'GET', 'two')).toMatch(/\r\n\r\n1 /);
  });
});

describe('targets that are not the same', () => {
  it.each<[string, (port: number) => [string, string]]>([
    ['another name for the host', (port) => [`http://127.0.0.1:${port}/a`, `http://localhost:${port}/a`]],
    ['a query in another case', (port) => [`http://127.0.0.1:${port}/?a`, `http://127.0.0.1:${port}/?A`]],
    ['dot segments are the origin\u2019s business', () => ['/a', '/b/../a']],
    ['an encoded letter', () => ['/a', '/%61']],
  ])('%s', async (_what, targets) => {
    const setup = await start();
    const [first, second] = targets(setup.origin.port);
    expect(await get(setup, first)).toMatch(/\r\n\r\n1 /);
    expect(await get(setup, second)).toMatch(/\r\n\r\n2 /);
    expect(await get(setup, first)).toMatch(/\r\n\r\n1 /);
  });
});

describe('methods', () => {
  it.each(['get', 'Get', 'GETX'])('%s is not GET (RFC 9110 §9.1)', async (method) => {
    const setup = await startCache((_request, response, count) => {
      response.setHeader('Cache-Control', 'max-age=3600');
      response.end(String(count));
    });
    expect(await get(setup, '/a')).toMatch(/\r\n\r\n1$/);
    // The origin may refuse it, but the store has no answer to it.
    expect(await get(setup, '/a', method)).not.toMatch(/; hit/);
  });
});

describe('pipelined requests (RFC 9112 §9.3.2)', () => {
  it('are answered in order, from the store and from the origin', async () => {
    const setup = await start();
    await get(setup, '/stored');
    const ask = (method: string, path: string, more = ''): string =>
      `${method} ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
    const client = await rawClient(setup.proxy.port);
    client.send(
      ask('GET', '/stored') +
        ask('GET', '/new') +
        ask('HEAD', '/stored') +
        ask('GET', '/stored', 'Range: bytes=0-0\r\n') +
        ask('GET', '/new') +
        ask('GET', '/stored', 'Connection: close\r\n'),
    );
    const text = await client.ended();
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    expect(statuses).toEqual(['200', '200', '200', '206', '200', '200']);
    const told = [...text.matchAll(/Cache-Status: Hopscope; (\S+?);/g)].map(([, how]) => how);
    expect(told).toEqual(['hit', 'fwd=uri-miss', 'hit', 'hit', 'hit', 'hit']);
    expect(text.match(/1 \/stored/g)).toHaveLength(2);
    expect(text.match(/2 \/new/g)).toHaveLength(2);
    expect(setup.seen).toHaveLength(2);
  });
});
