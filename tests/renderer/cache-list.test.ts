import { expect, onTestFinished, test, vi } from 'vitest';
import { CacheList } from '../../renderer/store/cache-list.ts';
import type { CacheEntryRow, CacheSummary, EntriesQuery } from '../../shared/cache-contract.ts';
import type { Answer, EventMap, EventName, InspectorApi, RequestName } from '../../shared/contract.ts';
import { settled } from './scripted-engine.ts';

/** A store of `total` entries that answers when the test lets it. */
class ManyEntries implements InspectorApi {
  total: number;
  held = false;
  failing = false;
  readonly asked: EntriesQuery[] = [];
  #waiting: (() => void)[] = [];
  #changed = new Set<(payload: CacheSummary) => void>();

  constructor(total: number) {
    this.total = total;
  }

  async request(name: RequestName, params: unknown): Promise<Answer<never>> {
    if (name !== 'cache.entries') throw new Error(`not expected: ${name}`);
    const query = params as EntriesQuery;
    this.asked.push(query);
    if (this.held)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    if (this.failing) return { ok: false, error: { code: 'INTERNAL', message: 'The disk is gone.' } };
    const rows: CacheEntryRow[] = [];
    for (let i = query.offset; i < Math.min(this.total, query.offset + query.limit); i++) rows.push(entry(i));
    return { ok: true, value: { total: this.total, rows, now: Date.now() + 5_000 } } as Answer<never>;
  }

  on<N extends EventName>(name: N, listener: (payload: EventMap[N]) => void): () => void {
    if (name === 'cache.changed') this.#changed.add(listener as (payload: CacheSummary) => void);
    return () => this.#changed.delete(listener as (payload: CacheSummary) => void);
  }

  onConnection(listener: (state: 'connecting' | 'open' | 'closed') => void): () => void {
    listener('open');
    return () => undefined;
  }

  release(): void {
    this.held = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  change(): void {
    for (const listener of this.#changed) listener({} as CacheSummary);
  }

  get listeners(): number {
    return this.#changed.size;
  }
}

function entry(position: number): CacheEntryRow {
  return {
    ...{ id: position + 1, key: `k${position}`, uri: `http://a.test/${position}`, status: 200, contentType: '' },
    ...{ selecting: [], bodyBytes: 1, bytes: 1, stored: 0, born: 0, expires: 0, noCache: false, usable: true },
    ...{ hits: 0, lastUsed: 0, savedBytes: 0, savedMs: 0 },
  };
}

function listOf(api: InspectorApi): CacheList {
  const list = new CacheList(api, { sort: 'lastUsed' });
  onTestFinished(list.start());
  return list;
}

test('of 100,000 entries only those around what is in sight are fetched', async () => {
  const api = new ManyEntries(100_000);
  const list = listOf(api);
  await settled();
  expect(list.store.getState()).toMatchObject({ total: 100_000, error: undefined });
  expect(list.rowAt(0)?.id).toBe(1);
  list.show({ first: 50_000, end: 50_040 });
  await settled();
  expect([list.rowAt(50_000)?.id, list.rowAt(50_039)?.id, list.rowAt(0)]).toEqual([50_001, 50_040, undefined]);
  expect(list.positionOf(50_021)).toBe(50_020);
  list.show({ first: 50_020, end: 50_060 });
  await settled();
  expect(api.asked).toHaveLength(2);
  expect(Math.max(...api.asked.map(({ limit }) => limit))).toBeLessThan(300);
});

test('while an answer is awaited only the newest wish counts', async () => {
  const api = new ManyEntries(100_000);
  const list = listOf(api);
  await settled();
  api.held = true;
  for (let first = 1_000; first <= 90_000; first += 1_000) list.show({ first, end: first + 40 });
  api.release();
  await settled();
  expect(list.rowAt(90_000)?.id).toBe(90_001);
  expect(api.asked).toHaveLength(3);
});

test('another search begins at the top, and a late answer to the old one is not shown', async () => {
  const api = new ManyEntries(100_000);
  const list = listOf(api);
  await settled();
  list.show({ first: 70_000, end: 70_040 });
  await settled();
  api.held = true;
  list.refresh();
  list.ask({ search: 'x', sort: 'uri', ascending: true });
  api.total = 3;
  api.release();
  await settled();
  expect(api.asked.at(-1)).toMatchObject({ search: 'x', sort: 'uri', ascending: true, offset: 0 });
  expect([list.store.getState().total, list.rowAt(2)?.id, list.rowAt(3)]).toEqual([3, 3, undefined]);
});

test('a list that shrank under its reader shows its end', async () => {
  const api = new ManyEntries(1_000);
  const list = listOf(api);
  await settled();
  list.show({ first: 900, end: 940 });
  await settled();
  api.total = 10;
  list.refresh();
  await settled();
  expect([list.store.getState().total, list.rowAt(9)?.id]).toEqual([10, 10]);
});

test('a failure is told and does not ask again by itself; the next refresh mends it', async () => {
  const api = new ManyEntries(10);
  api.failing = true;
  const list = listOf(api);
  await settled();
  expect(list.store.getState()).toMatchObject({ total: undefined, error: 'The disk is gone.' });
  const asked = api.asked.length;
  list.show({ first: 0, end: 10 });
  await settled();
  expect(api.asked).toHaveLength(asked);
  api.failing = false;
  list.refresh();
  await settled();
  expect(list.store.getState()).toMatchObject({ total: 10, error: undefined });
});

test('a row out of sight is fetched by itself', async () => {
  const api = new ManyEntries(100_000);
  const list = listOf(api);
  await settled();
  expect((await list.fetchRow(99_999))?.id).toBe(100_000);
  expect(await list.fetchRow(100_000)).toBeUndefined();
});

test('the engine counts time; the list tells how far its clock is off', async () => {
  const list = listOf(new ManyEntries(1));
  await settled();
  expect(list.store.getState().skew).toBeGreaterThan(4_000);
});

test('it stops listening when it ends', async () => {
  const api = new ManyEntries(1);
  const end = new CacheList(api, {}).start();
  await settled();
  expect(api.listeners).toBe(1);
  end();
  expect(api.listeners).toBe(0);
});

test('changes in the store are followed, the first at once and the rest once a second', async () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const api = new ManyEntries(10);
  const list = new CacheList(api, {});
  onTestFinished(list.start());
  await vi.advanceTimersByTimeAsync(0);
  expect(api.asked).toHaveLength(1);
  for (let i = 0; i < 50; i++) api.change();
  await vi.advanceTimersByTimeAsync(0);
  expect(api.asked).toHaveLength(2);
  for (let i = 0; i < 50; i++) api.change();
  await vi.advanceTimersByTimeAsync(900);
  expect(api.asked).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(200);
  expect(api.asked).toHaveLength(3);
});
