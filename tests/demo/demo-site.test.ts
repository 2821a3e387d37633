import { connect } from 'node:net';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import type { DemoSite } from '../../electron/demo/demo-site.ts';
import { startDemoSite } from '../../electron/demo/demo-site.ts';

async function demoSite(): Promise<DemoSite> {
  const site = await startDemoSite();
  onTestFinished(() => site.close());
  return site;
}

async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  const { url } = await demoSite();
  return fetch(url + path, { headers, redirect: 'manual' });
}

test('listens on loopback on a port of its own', async () => {
  const [one, other] = [await demoSite(), await demoSite()];
  expect(new URL(one.url).hostname).toBe('127.0.0.1');
  expect(new URL(one.url).port).not.toBe(new URL(other.url).port);
});

test.each([
  ['/', 200, 'text/html; charset=utf-8', 'public, max-age=60'],
  ['/style.css', 200, 'text/css; charset=utf-8', 'public, max-age=3600, immutable'],
  ['/art/hop.svg', 200, 'image/svg+xml', 'public, max-age=86400'],
  ['/art/field.png', 200, 'image/png', 'public, max-age=600'],
  ['/etag', 200, 'application/json', 'no-cache'],
  ['/vary', 200, 'text/plain; charset=utf-8', 'public, max-age=300'],
  ['/almanac', 200, 'text/plain; charset=utf-8', null],
  ['/basket', 200, 'application/json', 'private, max-age=60'],
  ['/slow', 200, 'text/plain; charset=utf-8', 'public, max-age=120'],
  ['/api/time', 200, 'application/json', 'no-store'],
  ['/api/items', 200, 'application/json', 'public, max-age=5, stale-while-revalidate=30'],
  ['/redirect', 302, null, 'public, max-age=60'],
  ['/error', 500, 'text/plain; charset=utf-8', null],
  ['/missing', 404, 'text/plain; charset=utf-8', 'public, max-age=30'],
  ['/elsewhere', 404, 'text/plain; charset=utf-8', null],
])('%s answers %i', async (path, status, type, cacheControl) => {
  const response = await get(path);
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe(type);
  expect(response.headers.get('cache-control')).toBe(cacheControl);
  const { byteLength } = await response.arrayBuffer();
  expect(byteLength).toBe(Number(response.headers.get('content-length')));
});

test('everything that the front page links exists', async () => {
  const { url } = await demoSite();
  const page = await (await fetch(url)).text();
  const paths = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map((match) => match[1] ?? '');
  expect(paths.length).toBeGreaterThan(10);
  for (const path of paths.filter((p) => p !== '/missing' && p !== '/error')) {
    const response = await fetch(url + path, { method: 'HEAD', redirect: 'manual' });
    expect(response.status, path).toBeLessThan(400);
  }
});

test('the picture is a complete PNG', async () => {
  const bytes = Buffer.from(await (await get('/art/field.png')).arrayBuffer());
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(bytes.subarray(-8, -4).toString()).toBe('IEND');
});

test('answers 304 without a body to a request that has the current version', async () => {
  const { url } = await demoSite();
  const first = await fetch(`${url}/etag`);
  const etag = first.headers.get('etag') ?? '';
  await first.arrayBuffer();
  expect(etag).toMatch(/^"[\w-]+"$/);
  for (const field of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const second = await fetch(`${url}/etag`, { headers: { 'If-None-Match': field } });
    expect(second.status).toBe(304);
    expect(await second.text()).toBe('');
    expect(second.headers.get('etag')).toBe(etag);
  }
  const changed = await fetch(`${url}/etag`, { headers: { 'If-None-Match': '"other"' } });
  expect(changed.status).toBe(200);
  await changed.arrayBuffer();
});

test.each([
  [undefined, 'en'],
  ['de', 'de'],
  ['de-AT, en;q=0.8', 'de'],
  ['en;q=0.1, fr;q=0.9', 'fr'],
  ['nl, cs;q=0.5', 'cs'],
  ['ja;q=0, *', 'en'],
  ['__proto__', 'en'],
])('speaks the language that Accept-Language %s prefers', async (field, language) => {
  const response = await get('/vary', field === undefined ? {} : { 'Accept-Language': field });
  expect(response.headers.get('content-language')).toBe(language);
  expect(response.headers.get('vary')).toBe('Accept-Language');
  expect(await response.text()).not.toBe('\n');
});

test('answers HEAD with the fields of GET and no body', async () => {
  const { url } = await demoSite();
  const got = await fetch(`${url}/style.css`);
  const body = await got.arrayBuffer();
  const head = await fetch(`${url}/style.css`, { method: 'HEAD' });
  expect(head.headers.get('content-length')).toBe(String(body.byteLength));
  expect(await head.text()).toBe('');
});

test('echoes what is posted, up to a mebibyte', async () => {
  const { url } = await demoSite();
  const small = await fetch(`${url}/echo`, { method: 'POST', body: 'hops', headers: { 'Content-Type': 'text/x-hop' } });
  expect(small.headers.get('content-type')).toBe('text/x-hop');
  expect(await small.text()).toBe('hops');
  const large = await fetch(`${url}/echo`, { method: 'POST', body: new Uint8Array(1_048_577) });
  expect(large.status).toBe(413);
  await large.arrayBuffer();
});

test.each([
  ['DELETE', '/', 'GET, HEAD'],
  ['POST', '/stream', 'GET, HEAD'],
  ['GET', '/echo', 'POST'],
])('answers %s %s with 405 and what is allowed', async (method, path, allow) => {
  const { url } = await demoSite();
  const response = await fetch(url + path, { method });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe(allow);
  await response.arrayBuffer();
});

test('streams four mebibytes in chunks', async () => {
  const response = await get('/stream');
  expect(response.headers.get('content-length')).toBeNull();
  expect((await response.arrayBuffer()).byteLength).toBe(4 * 1_048_576);
});

test('survives a client that leaves in the middle of the stream', async () => {
  const { url } = await demoSite();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET /stream HTTP/1.1\r\nHost: hop.yard\r\n\r\n');
  await once(socket, 'data');
  socket.destroy();
  await once(socket, 'close');
  const after = await fetch(`${url}/etag`);
  expect(after.status).toBe(200);
  await after.arrayBuffer();
});

test('close drops what is in flight', async () => {
  const site = await startDemoSite();
  const slow = fetch(`${site.url}/stream`).then((response) => response.arrayBuffer());
  const failed = expect(slow).rejects.toThrow();
  await (await fetch(`${site.url}/etag`)).arrayBuffer();
  await site.close();
  await failed;
});
