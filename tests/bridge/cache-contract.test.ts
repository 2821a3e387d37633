import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { EngineHost } from '../../electron/bridge/engine-host.ts';
import type { CacheEntryRow, CacheSummary, EntriesQuery } from '../../shared/cache-contract.ts';
import type { Answer, InspectorApi, Params, RequestName, ResultOf } from '../../shared/contract.ts';
import { getHeader } from '../../shared/headers.ts';
import type { AskOptions } from '../cache/cache-setup.ts';
import { startCache } from '../cache/cache-setup.ts';
import { ipcTransport, webSocketTransport } from '../support/transports.ts';
import type { Transport } from '../support/transports.ts';

const transports: [string, (host: EngineHost, sendSample: () => Promise<number>) => Promise<Transport>][] = [
  ['Electron IPC', ipcTransport],
  ['WebSocket', webSocketTransport],
];

interface Setup {
  readonly api: InspectorApi;
  readonly origin: string;
  /** Sends requests one after the other; resolves with their exchanges' ids. */
  readonly visit: (...paths: (string | [string, AskOptions])[]) => Promise<number[]>;
  readonly call: <N extends RequestName>(name: N, params: Params<N>) => Promise<ResultOf<N>>;
  readonly code: (name: RequestName, params: unknown) => Promise<string>;
  readonly list: (query?: Partial<EntriesQuery>) => Promise<readonly CacheEntryRow[]>;
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://origin.test');
  response.setHeader('Cache-Control', searchParams.get('cc') ?? 'max-age=60');
  response.setHeader('Content-Type', 'Text/Plain; charset=utf-8');
  for (const name of ['vary', 'etag', 'cache-groups']) {
    const value = searchParams.get(name);
    if (value !== null) response.setHeader(name, value);
  }
  response.end(`${pathname} ${request.headers['accept-language'] ?? ''}`);
}

async function setUp(open: (typeof transports)[number][1]): Promise<Setup> {
  const { proxy, origin, ask } = await startCache(answer);
  const transport = await open(proxy.engine, () => Promise.resolve(0));
  const { api } = await transport.connect();
  onTestFinished(() => expect(transport.errors).toEqual([]));
  const call: Setup['call'] = async (name, params) => {
    const given = await api.request(name, params);
    if (!given.ok) throw new Error(`${given.error.code}: ${given.error.message}`);
    return given.value;
  };
  return {
    ...{ api, origin: origin.url, call },
    visit: async (...paths) => {
      const ids: number[] = [];
      for (const path of paths) {
        await (typeof path === 'string' ? ask(path) : ask(...path));
        ids.push((await proxy.finished()).id);
      }
      return ids;
    },
    code: async (name, params) => {
      const given = await (api.request as (name: string, params: unknown) => Promise<Answer<unknown>>)(name, params);
      return given.ok ? 'ok' : given.error.code;
    },
    list: async (query = {}) => (await call('cache.entries', { offset: 0, limit: 100, ...query })).rows,
  };
}

const german: AskOptions = { headers: { 'Accept-Language': 'de' } };
const english: AskOptions = { headers: { 'Accept-Language': 'en' } };

describe.each(transports)("the cache's part of the contract over %s", (_name, open) => {
  test('lists entries: a page, sorted, searched, or those under one key', async () => {
    const { visit, call, list, origin } = await setUp(open);
    await visit(
      '/b',
      '/a?etag=%221%22',
      ['/v?vary=Accept-Language', german],
      ['/v?vary=Accept-Language', english],
      '/b',
    );
    const paths = (rows: readonly CacheEntryRow[]): string[] => rows.map(({ uri }) => uri.slice(origin.length));
    expect(paths(await list())[0]).toBe('/b');
    const ordered = await call('cache.entries', { sort: 'uri', ascending: true, offset: 1, limit: 2 });
    expect([ordered.total, paths(ordered.rows)]).toEqual([4, ['/b', '/v?vary=Accept-Language']]);
    expect(paths(await list({ search: '/A?' }))).toEqual(['/a?etag=%221%22']);
    const variants = await list({ key: `${origin}/v?vary=Accept-Language` });
    expect(variants.map(({ selecting }) => selecting).sort()).toEqual([
      [['accept-language', 'de']],
      [['accept-language', 'en']],
    ]);
    const [used] = await list({ search: '/b' });
    expect(used).toMatchObject({
      ...{ status: 200, contentType: 'text/plain', bodyBytes: 3, hits: 1, savedBytes: 3, noCache: false, usable: true },
      expires: expect.closeTo(Date.now() + 60_000, -4) as unknown,
    });
    expect(await list({ search: 'nothing' })).toEqual([]);
  });

  test('tells everything about one entry, with its variants, and reads its body by range', async () => {
    const { visit, call, code, list } = await setUp(open);
    await visit(
      ['/v?vary=Accept-Language&etag=%22e%22&cache-groups=%22g%22', german],
      '/v?vary=Accept-Language&etag=%22e%22&cache-groups=%22g%22',
    );
    const [row] = (await list()).filter(({ selecting }) => selecting[0]?.[1] === 'de');
    const entry = await call('cache.entry', { id: row!.id });
    expect(entry).toMatchObject({ id: row!.id, method: 'GET', etag: '"e"', groups: ['g'], authorized: false });
    expect(getHeader(entry.headers, 'etag')).toBe('"e"');
    expect(entry.freshness).toMatchObject({ lifetimeFrom: '`max-age=60`', expires: entry.expires });
    expect(entry.steps.map(({ rule }) => rule).at(-1)).toBe('freshness');
    expect(entry.variants).toHaveLength(2);
    const body = async (offset: number, length: number): Promise<string> =>
      new TextDecoder().decode(await call('cache.body', { id: row!.id, offset, length }));
    expect([await body(0, 100), await body(3, 1), await body(5, 1)]).toEqual(['/v de', 'd', '']);
    expect(await code('cache.entry', { id: 99_999 })).toBe('NOT_FOUND');
    expect(await code('cache.body', { id: 99_999, offset: 0, length: 1 })).toBe('NOT_FOUND');
  });

  test('purges one, a key, a host, a pattern, a group and everything; one comes back', async () => {
    const { visit, call, code, list, origin } = await setUp(open);
    const paths = ['/a', '/b/1', '/b/2', '/g?cache-groups=%22g%22', '/v?vary=Accept-Language'];
    const fill = async (): Promise<void> => {
      await visit(...paths);
    };
    await fill();
    const [row] = await list({ search: '/a' });
    expect(await call('cache.purge', { id: row!.id })).toEqual({ purged: 1, restorable: true });
    expect(await list({ search: '/a' })).toEqual([]);
    expect(await call('cache.restore', { id: row!.id })).toEqual({ id: row!.id });
    expect(await call('cache.body', { id: row!.id, offset: 0, length: 9 })).toHaveLength(3);
    expect(await code('cache.restore', { id: row!.id })).toBe('NOT_FOUND');
    expect(await call('cache.purge', { pattern: `${origin}/b/*` })).toMatchObject({ purged: 2 });
    expect(await call('cache.purge', { group: 'g' })).toMatchObject({ purged: 1 });
    expect(await call('cache.purge', { key: `${origin}/v?vary=Accept-Language` })).toMatchObject({ purged: 1 });
    expect(await call('cache.purge', { host: new URL(origin).host })).toMatchObject({ purged: 1 });
    await fill();
    expect(await call('cache.purge', { everything: true })).toEqual({ purged: 5, restorable: false });
    expect(await list()).toEqual([]);
  });

  test('leads from an exchange to its entry and from the entry to its exchanges', async () => {
    const { visit, call, code, list } = await setUp(open);
    const path = '/v?vary=Accept-Language';
    const [first, second, third, other] = await visit([path, german], [path, english], [path, german], '/other');
    const { id } = await call('cache.entryOf', { exchange: third! });
    expect((await list()).find((row) => row.id === id)?.selecting).toEqual([['accept-language', 'de']]);
    expect(await call('cache.entryOf', { exchange: first! })).toEqual({ id });
    const served = await call('cache.exchanges', { id: id!, limit: 10 });
    expect(served.rows.map((row) => [row.id, row.verdict])).toEqual([
      [third, 'HIT'],
      [first, 'MISS'],
    ]);
    expect([served.looked, served.complete]).toEqual([4, true]);
    const one = await call('cache.exchanges', { id: id!, limit: 1 });
    expect([one.rows.map((row) => row.id), one.complete]).toEqual([[third], false]);
    await call('cache.purge', { id: id! });
    expect(await call('cache.entryOf', { exchange: third! })).toEqual({ id: null });
    expect(await call('cache.entryOf', { exchange: second! })).not.toEqual({ id: null });
    expect(await call('cache.entryOf', { exchange: other! })).not.toEqual({ id });
    expect(await code('cache.entryOf', { exchange: 77 })).toBe('NOT_FOUND');
    expect(await code('cache.exchanges', { id: id!, limit: 10 })).toBe('NOT_FOUND');
  });

  test('sums up what was asked and saved, and tells when that changes', async () => {
    const { api, visit, call } = await setUp(open);
    const changes: CacheSummary[] = [];
    const complete = new Promise<void>((resolve) => {
      onTestFinished(
        api.on('cache.changed', (summary) => {
          changes.push(summary);
          if (summary.requests.hits === 2) resolve();
        }),
      );
    });
    expect(await call('cache.stats', undefined)).toMatchObject({
      ...{ entries: 0, bytes: 0, requests: { hits: 0, misses: 0, hitBytes: 0, missBytes: 0 }, savedBytes: 0 },
    });
    await visit('/abc', '/abc', '/abc', ['/abc', { method: 'OPTIONS' }]);
    await complete;
    const summary = await call('cache.stats', undefined);
    // The body is the path and a space.
    expect(summary).toMatchObject({
      entries: 1,
      requests: { hits: 2, misses: 1, hitBytes: 10, missBytes: 5 },
      savedBytes: 10,
    });
    expect(summary.bytes).toBeGreaterThan(0);
    expect(summary.maxBytes).toBeGreaterThan(summary.bytes);
  });

  test('refuses what does not fit', async () => {
    const { code } = await setUp(open);
    const refused: [RequestName, unknown][] = [
      ['cache.entries', { offset: 0, limit: 1_001 }],
      ['cache.entries', { offset: -1, limit: 10 }],
      ['cache.entries', { offset: 0, limit: 10, sort: 'colour' }],
      ['cache.entry', { id: 0 }],
      ['cache.body', { id: 1, offset: 0, length: 1024 * 1024 + 1 }],
      ['cache.purge', {}],
      ['cache.purge', { everything: false }],
      ['cache.purge', { host: '' }],
      ['cache.purge', { host: 'a', pattern: 'b' }],
      ['cache.restore', {}],
      ['cache.entryOf', { exchange: 'x' }],
      ['cache.exchanges', { id: 1, limit: 201 }],
    ];
    for (const [name, params] of refused)
      expect([name, params, await code(name, params)]).toEqual([name, params, 'BAD_PARAMS']);
    expect(await code('cache.restore', { id: 5 })).toBe('NOT_FOUND');
  });
});
