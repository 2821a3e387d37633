import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { request as nodeRequest } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { hashPassword } from '../../electron/engine/access/password-hash.ts';
import type { ResendOrder } from '../../shared/resend-contract.ts';
import { startEngine } from '../support/engine.ts';
import type { TestEngine } from '../support/engine.ts';
import { startOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly string[];
  readonly body: string;
}

/** An origin that keeps what it is asked. */
async function listening(answer: RequestListener = (_request, response) => response.end('answered')) {
  const seen: Seen[] = [];
  const origin = await startOrigin((request, response) => {
    void text(request).then((body) => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.rawHeaders, body });
      answer(request, response);
    });
  });
  return { ...origin, seen };
}

/** Sends a request through the proxy and resolves with the exchange that it was. */
async function exchange(
  { port, finished }: TestEngine,
  target: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<number> {
  const { method = 'GET', headers = {}, body } = options;
  const sent = nodeRequest({ host: '127.0.0.1', port, path: target, method, headers, agent: false }).end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  await text(response);
  return (await finished()).id;
}

const send = async (
  { engine }: TestEngine,
  order: Partial<ResendOrder> & { id: number },
): Promise<number | undefined> => (await engine.resend({ pastCache: false, ...order }))?.id;

test('a request is sent again as it was, as a new exchange that names the one it repeats', async () => {
  const origin = await listening();
  const proxy = await startEngine();
  const headers = {
    'X-First': 'one',
    'Content-Type': 'text/plain',
    Connection: 'close',
    Host: `127.0.0.1:${origin.port}`,
  };
  const id = await exchange(proxy, `${origin.url}/order?n=1`, { method: 'POST', headers, body: 'three hops' });
  const next = await send(proxy, { id });
  const again = await proxy.finished();
  expect(again).toMatchObject({
    ...{ id: next, parent: id, replay: true, client: 'Hopscope', method: 'POST', url: `${origin.url}/order?n=1` },
    ...{ status: 200, requestBytes: 10, responseBytes: 8, outcome: { kind: 'completed' } },
  });
  const [first, second] = origin.seen;
  expect(second).toMatchObject({ method: 'POST', url: '/order?n=1', body: 'three hops' });
  const fields = (seen: Seen | undefined): string[] =>
    (seen?.headers ?? []).flatMap((name, at, all) => (at % 2 === 0 ? `${name}: ${all[at + 1] ?? ''}` : [])).sort();
  expect(fields(second)).toEqual(fields(first));
  const kept = await proxy.engine.recorder.readBody({ id: again.id, side: 'request', offset: 0, length: 100 });
  expect(Buffer.from(kept ?? []).toString()).toBe('three hops');
  await proxy.engine.recorder.flushed();
  const { rows } = await proxy.engine.recorder.page(undefined, 1);
  expect(rows).toMatchObject([{ id: next, parent: id, replay: true }]);
});

test('what came to Hopscope itself goes to the active upstream again, also with another path, and when it is repeated twice', async () => {
  const origin = await listening();
  const proxy = await startEngine({ upstream: `${origin.url}/base` });
  const id = await exchange(proxy, '/one?from=http://a/');
  await send(proxy, { id });
  expect(await proxy.finished()).toMatchObject({ target: '/one?from=http://a/' });
  const url = `${origin.url}/base/two`;
  const next = await send(proxy, { id, edited: { method: 'GET', url, headers: [], body: 'none' } });
  expect(await proxy.finished()).toMatchObject({ url, upstream: `127.0.0.1:${origin.port}` });
  await send(proxy, { id: next ?? 0 });
  expect(await proxy.finished()).toMatchObject({ url, target: '/two', parent: next });
  expect(origin.seen.map((seen) => seen.url)).toEqual([
    ...['/base/one?from=http://a/', '/base/one?from=http://a/', '/base/two', '/base/two'],
  ]);
});

test('what came through a tunnel goes to where the tunnel led, whatever upstream is active', async () => {
  const [origin, other] = [await listening(), await listening()];
  const proxy = await startEngine({
    settings: {
      upstreams: [{ id: 'other', label: 'Other', url: other.url, hostPolicy: 'client' }],
      activeUpstream: 'other',
    },
  });
  const client = await rawClient(proxy.port);
  const host = `127.0.0.1:${origin.port}`;
  client.send(`CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  await client.until(/200 [^]*\r\n\r\n/);
  client.send(`GET /inside?u=http://a/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  await client.ended();
  const { id, url } = await proxy.finished(({ kind }) => kind === 'http');
  await send(proxy, { id });
  expect(await proxy.finished(({ parent }) => parent === id)).toMatchObject({ url, status: 200 });
  expect([origin.seen.length, other.seen.length]).toEqual([2, 0]);
});

test('an edited request has its own method, URL, fields in their order, and a body whose length is worked out', async () => {
  const origin = await listening();
  const proxy = await startEngine();
  const id = await exchange(proxy, `${origin.url}/`);
  const headers = ['X-Twice', 'a', 'x-twice', 'b', 'Content-Length', '999', 'Connection', 'X-Hop', 'X-Hop', '1'];
  const edited = { method: 'PUT', url: `${origin.url}/new`, headers, body: { text: 'grün' } };
  await send(proxy, { id, edited });
  expect(await proxy.finished()).toMatchObject({ requestBytes: 5, outcome: { kind: 'completed' } });
  expect(origin.seen[1]).toMatchObject({ method: 'PUT', url: '/new', body: 'grün' });
  const sent = origin.seen[1]?.headers ?? [];
  expect(sent.slice(sent.indexOf('X-Twice'), sent.indexOf('X-Twice') + 4)).toEqual(['X-Twice', 'a', 'x-twice', 'b']);
  expect(sent.join(' ')).toMatch(/^Host 127\.0\.0\.1:\d+ .*Content-Length 5(?: |$)/);
  expect(sent).not.toContain('X-Hop');
});

test('a request goes past the cache when that is wished, and leaves what is stored alone', async () => {
  let count = 0;
  const origin = await listening((_request, response) => {
    response.setHeader('Cache-Control', 'max-age=60').end(`answer ${++count}`);
  });
  const proxy = await startEngine({ settings: { cache: { mode: 'shared' } } });
  const id = await exchange(proxy, `${origin.url}/kept`);
  await send(proxy, { id });
  expect(await proxy.finished()).toMatchObject({ verdict: 'HIT', parent: id });
  const past = await send(proxy, { id, pastCache: true });
  expect(await proxy.finished()).toMatchObject({ id: past, from: 'upstream' });
  expect(origin.seen.length).toBe(2);
  const hit = await send(proxy, { id });
  expect(await proxy.finished()).toMatchObject({ id: hit, verdict: 'HIT' });
  const body = await proxy.engine.recorder.readBody({ id: hit ?? 0, side: 'response', offset: 0, length: 100 });
  expect(Buffer.from(body ?? []).toString()).toBe('answer 1');
});

test('a body that was not recorded as a whole is not sent, but another one is', async () => {
  const origin = await listening();
  const proxy = await startEngine({ settings: { record: { bodyCap: 4 } } });
  const id = await exchange(proxy, `${origin.url}/`, { method: 'POST', body: 'longer than four' });
  await expect(send(proxy, { id })).rejects.toMatchObject({
    ...{ code: 'BODY_NOT_KEPT', message: 'Only the first 4 bytes of its body were recorded.' },
  });
  await send(proxy, { id, edited: { method: 'POST', url: origin.url, headers: [], body: { text: 'all of it' } } });
  await proxy.finished();
  expect(origin.seen.map((seen) => seen.body)).toEqual(['longer than four', 'all of it']);
});

test('credentials for Hopscope are not sent on, and what an export left out is asked for', async () => {
  const origin = await listening();
  const proxy = await startEngine();
  const id = await exchange(proxy, `${origin.url}/`, { headers: { 'Proxy-Authorization': 'Basic c2VjcmV0' } });
  await send(proxy, { id });
  await proxy.finished();
  expect(origin.seen[1]?.headers.join(' ')).not.toMatch(/hidden|authorization/i);
  // Here its user logs in to Hopscope as if it were the origin (RFC 9110 §11.6.2).
  const guarded = await startEngine({
    upstream: origin.url,
    settings: { access: { users: [{ name: 'ann', password: hashPassword('sesame') }] } },
  });
  const login = `Basic ${Buffer.from('ann:sesame').toString('base64')}`;
  const own = await exchange(guarded, '/own', { headers: { Authorization: login } });
  await send(guarded, { id: own });
  expect(await guarded.finished()).toMatchObject({ parent: own, status: 200 });
  expect(origin.seen[3]?.headers.join(' ')).not.toMatch(/hidden|authorization/i);
  const masked = await exchange(proxy, `${origin.url}/`, { headers: { Cookie: '(masked)' } });
  await expect(send(proxy, { id: masked })).rejects.toMatchObject({ code: 'MASKED_FIELD' });
});

test('a coded body that comes from a file is not sent as it was: HAR has undone its codings', async () => {
  const origin = await listening();
  const proxy = await startEngine();
  const headers = { 'Content-Encoding': 'gzip' };
  await exchange(proxy, `${origin.url}/`, { method: 'POST', headers, body: gzipSync('the text').toString('latin1') });
  const { engine } = proxy;
  await engine.sessions.save({ name: 'Coded', format: 'har' });
  const [saved] = await engine.sessions.list();
  expect(await engine.sessions.open(saved?.id ?? '')).toEqual({ imported: 1, lost: 0 });
  await expect(send(proxy, { id: 2 })).rejects.toMatchObject({ code: 'BODY_NOT_KEPT' });
});

test('tunnels and malformed requests say why they cannot be sent again; unknown exchanges are none', async () => {
  const proxy = await startEngine();
  const client = await rawClient(proxy.port);
  client.send('BROKEN\r\n\r\n');
  await client.ended();
  const { id } = await proxy.finished();
  await expect(send(proxy, { id })).rejects.toMatchObject({ code: 'NOT_RESENDABLE' });
  const tunnel = await rawClient(proxy.port);
  tunnel.send('CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n');
  await tunnel.until(/\r\n\r\n/);
  await expect(send(proxy, { id: (await proxy.finished()).id })).rejects.toThrow(/tunnel/);
  expect(await send(proxy, { id: 999 })).toBeUndefined();
});

test('an answer without an end is broken off when the engine stops', async () => {
  const origin = await listening((_request, response) => response.write('first'));
  const proxy = await startEngine();
  const client = await rawClient(proxy.port);
  client.send(`GET ${origin.url}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
  await client.until(/first/);
  client.socket.destroy();
  const { id } = await proxy.finished();
  const next = await send(proxy, { id });
  await proxy.event((event) => event.id === next && event.type === 'response.started');
  const stopped = proxy.engine.stop();
  expect(await proxy.finished()).toMatchObject({ id: next, outcome: { kind: 'aborted', by: 'hopscope' } });
  await stopped;
});

test('a few requests are under way at once, and the others wait their turn', async () => {
  const held: (() => void)[] = [];
  const origin = await listening((request, response) => {
    if (request.headers['x-hold'] === undefined) response.end();
    else held.push(() => response.end());
  });
  const proxy = await startEngine();
  const id = await exchange(proxy, `${origin.url}/`);
  const edited = { method: 'GET', url: `${origin.url}/`, headers: ['X-Hold', 'yes'], body: 'none' } as const;
  const first = await Promise.all(Array.from({ length: 6 }, () => send(proxy, { id, edited })));
  let begun = false;
  const seventh = send(proxy, { id, edited }).then((next) => {
    begun = true;
    return next;
  });
  await expect.poll(() => held.length).toBe(6);
  expect(begun).toBe(false);
  held[0]?.();
  expect(await seventh).toBe(Math.max(...first.map((next) => next ?? 0)) + 1);
  await expect.poll(() => held.length).toBe(7);
  held.slice(1).forEach((end) => end());
});

test('an order that waits is answered when the new exchange is over, with how that ended', async () => {
  const held: (() => void)[] = [];
  const origin = await listening((request, response) => {
    if (request.url === '/cut') response.destroy();
    else if (request.headers['x-hold'] === undefined) response.end();
    else held.push(() => response.end());
  });
  const proxy = await startEngine();
  const id = await exchange(proxy, `${origin.url}/`);
  const order = (path: string): ResendOrder => ({
    ...{ id, pastCache: false, untilEnded: true },
    edited: { method: 'GET', url: `${origin.url}${path}`, headers: ['X-Hold', 'yes'], body: 'none' },
  });
  let answered = false;
  const waiting = proxy.engine.resend(order('/')).finally(() => (answered = true));
  await expect.poll(() => held.length).toBe(1);
  expect(answered).toBe(false);
  held[0]?.();
  expect(await waiting).toEqual({ id: id + 1, outcome: 'completed' });
  expect(await proxy.engine.resend(order('/cut'))).toEqual({ id: id + 2, outcome: 'failed' });
});
