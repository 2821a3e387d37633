import { describe, expect, onTestFinished, test } from 'vitest';
import type { ExchangeRow } from '../../shared/exchange-view.ts';
import { Annotations } from '../../renderer/store/annotations.ts';
import { ListSearch } from '../../renderer/store/query/list-search.ts';
import type { ListWish } from '../../renderer/store/query/list-search.ts';
import { inlinePort } from '../support/inline-port.ts';
import { ARRIVAL } from '../../renderer/store/query/sort-key.ts';
import { TraceIndex } from '../../renderer/store/trace-index.ts';
import { answered, ScriptedEngine, started } from './scripted-engine.ts';

function row(id: number, changes: Partial<ExchangeRow> = {}): ExchangeRow {
  return {
    ...{ id, kind: 'http', start: id, end: id + 1, method: 'GET', url: `http://h${id % 7}.example/${id}`, nth: 1 },
    ...{
      version: 'HTTP/1.1',
      client: '127.0.0.1:1',
      connection: 1,
      requestBytes: 0,
      responseBytes: id % 10,
      warnings: 0,
    },
    ...{
      status: id % 100 === 0 ? 500 : 200,
      from: 'upstream',
      contentType: 'text/plain',
      outcome: { kind: 'completed' },
    },
    ...changes,
  };
}

interface Setup {
  readonly index: TraceIndex;
  readonly search: ListSearch;
  readonly annotations: Annotations;
  readonly engine: ScriptedEngine;
  /** Resolves when nothing is looked for any more. */
  readonly settled: () => Promise<void>;
  readonly run: (wish: Partial<ListWish>) => Promise<readonly number[]>;
}

/** A search over as many rows as are told; more than a few thousand are looked through elsewhere. */
function setUp(rows: ExchangeRow[]): Setup {
  const engine = new ScriptedEngine();
  const annotations = new Annotations(() => undefined);
  let changed: (() => void)[] = [];
  const listed = (): void => {
    for (const resolve of changed.splice(0)) resolve();
  };
  const search = new ListSearch({ api: engine, port: inlinePort(), annotations, listed });
  const index = new TraceIndex(200_000, search);
  search.attach(index);
  index.addPage(rows);
  index.settle();
  onTestFinished(() => search.close());
  const settled = async (): Promise<void> => {
    while (search.store.getState().progress !== undefined) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      changed.push(() => resolve(undefined));
      await promise;
    }
  };
  const run = async (wish: Partial<ListWish>): Promise<readonly number[]> => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    changed = [() => resolve(undefined)];
    search.run({ filter: '', sort: ARRIVAL, range: undefined, ...wish });
    await promise;
    await settled();
    return index.view;
  };
  return { index, search, annotations, engine, settled, run };
}

const MANY = 30_000;
const many = (): ExchangeRow[] => Array.from({ length: MANY }, (_, i) => row(i + 1));

describe('many rows', () => {
  test('are filtered, sorted, and listed whole again', async () => {
    const { run, index } = setUp(many());
    expect(await run({ filter: 'status:5xx' })).toEqual(Array.from({ length: MANY / 100 }, (_, i) => (i + 1) * 100));
    const bySize = await run({ filter: 'host:h3*', sort: { key: 'size', descending: true } });
    const sizes = bySize.map((id) => index.get(id)?.responseBytes ?? NaN);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(bySize.length).toBe(Math.ceil((MANY - 2) / 7));
    expect(await run({})).toHaveLength(MANY);
  });

  test('are sorted as one by one: texts, numbers, what is missing last', async () => {
    const rows = many();
    rows[10] = row(11, { contentType: 'image/png' });
    const { ttl: _ttl, ...other } = row(12);
    rows[11] = other;
    const { run } = setUp(rows.map((one) => (one.id % 2 === 0 ? one : { ...one, ttl: one.id % 5 })));
    expect((await run({ sort: { key: 'type', descending: false } }))[0]).toBe(11);
    expect((await run({ sort: { key: 'type', descending: true } })).at(-1)).toBe(11);
    const byTtl = await run({ sort: { key: 'ttl', descending: true } });
    expect(byTtl.slice(0, 2)).toEqual([9, 19]);
    expect(byTtl.at(-1)).toBe(MANY);
  });

  test('are narrowed to a time', async () => {
    const { run } = setUp(many());
    expect(await run({ range: { from: 100, to: 102 } })).toEqual([99, 100, 101, 102]);
  });

  test('stay in order while traffic goes on, sorted and filtered', async () => {
    const { run, index } = setUp(many());
    await run({ filter: 'size>8', sort: { key: 'host', descending: false } });
    index.addPage([row(MANY + 9, { url: 'http://a.example/', responseBytes: 9 }), row(MANY + 10)]);
    index.settle();
    expect(index.view[0]).toBe(MANY + 9);
    expect(index.positionOf(MANY + 9)).toEqual({ index: 0, found: true });
    expect(index.positionOf(MANY + 10).found).toBe(false);
    index.clear(MANY);
    index.settle();
    expect(index.view).toEqual([MANY + 9]);
  });

  test('that change while they are looked through count as they are then', async () => {
    const { run, index } = setUp(many());
    const found = run({ filter: 'status:5xx OR is:running' });
    index.apply({ ...started(MANY + 1), seq: 1 });
    index.addPage([row(MANY + 100, { status: 500 })]);
    index.settle();
    expect((await found).slice(-2)).toEqual([MANY + 1, MANY + 100]);
    for (const event of answered(MANY + 1)) index.apply({ ...event, seq: 2 });
    index.settle();
    expect(index.view.at(-2)).toBe(MANY);
  });

  test('are found again after rows have gone and come', async () => {
    const { run, index } = setUp(many());
    index.clear(MANY - 1000);
    index.addPage([row(MANY + 1, { status: 503 })]);
    index.settle();
    const [first, ...others] = await run({ filter: 'status:5xx', sort: { key: 'status', descending: true } });
    expect(first).toBe(MANY + 1);
    // Now few enough to be looked at here; with more they are looked through elsewhere.
    expect(others).toHaveLength(10);
    index.addPage(many().map((one) => row(one.id + 2 * MANY)));
    index.settle();
    expect(await run({ filter: 'status:503' })).toEqual([MANY + 1]);
    expect(await run({ filter: 'status:500' })).toHaveLength(MANY / 100 + 10);
  });
});

test('a filter that cannot be understood leaves the list alone and says why', async () => {
  const { run, search, index } = setUp(many());
  await run({ filter: 'status:5xx' });
  search.run({ filter: 'status:abc', sort: ARRIVAL, range: undefined });
  expect(search.store.getState().problem).toMatchObject({ from: 7, to: 10 });
  expect(index.view).toHaveLength(MANY / 100);
  await run({ filter: 'status:4xx' });
  expect(search.store.getState().problem).toBeUndefined();
});

test('a pattern made to take for ever takes a moment', async () => {
  const { run } = setUp(many().map((one) => ({ ...one, url: `http://h/${'a'.repeat(200)}!` })));
  expect(await run({ filter: '/(a+)+$/' })).toEqual([]);
});

describe('what people noted', () => {
  test('is filtered by, at once', async () => {
    const { run, annotations, index } = setUp(many());
    annotations.change([5, 6], { pinned: true });
    annotations.change([6], { mark: 'red', comment: ' why? ' });
    expect(await run({ filter: 'is:pinned' })).toEqual([5, 6]);
    expect(await run({ filter: 'mark:red comment:why' })).toEqual([6]);
    annotations.change([6], { mark: null });
    index.touch([6]);
    index.settle();
    expect(index.view).toEqual([]);
    expect(annotations.pinned()).toEqual([5, 6]);
  });

  test('shows at once, goes to the engine, and is what the engine says it is', () => {
    const sent: unknown[] = [];
    const annotations = new Annotations((...change) => sent.push(change));
    annotations.adopt([[{ pinned: true }, [3]]]);
    annotations.change([3, 4], { comment: ' x ' });
    expect(sent).toEqual([[[3, 4], { comment: ' x ' }]]);
    expect(annotations.entries()).toEqual([
      [3, { pinned: true, comment: 'x' }],
      [4, { comment: 'x' }],
    ]);
    annotations.take([
      [{}, [4]],
      [{ struck: true }, [5]],
    ]);
    expect(annotations.store.getState().changed).toEqual([4, 5]);
    expect(annotations.entries().map(([id]) => id)).toEqual([3, 5]);
    annotations.adopt([[{ mark: 'blue' }, [7]]]);
    expect(annotations.store.getState().changed).toEqual([3, 5, 7]);
    expect(annotations.entries()).toEqual([[7, { mark: 'blue' }]]);
  });
});

describe('what only details can tell', () => {
  test('is asked of the engine, the newest first, and nothing that is clear without', async () => {
    const { run, engine } = setUp(many());
    engine.matching = (id) => id % 200 === 0;
    expect(await run({ filter: 'status:5xx body:oops' })).toEqual(
      Array.from({ length: MANY / 200 }, (_, i) => (i + 1) * 200),
    );
    const asked = engine.callsOf('exchanges.match').flatMap(({ ids }) => ids);
    expect(asked).toHaveLength(MANY / 100);
    expect(asked.slice(0, 2)).toEqual([MANY, MANY - 100]);
  });

  test('can be stopped; what was found stays', async () => {
    const { engine, search, index } = setUp(many());
    engine.matching = () => true;
    engine.held = true;
    search.run({ filter: 'status:5xx body:oops', sort: ARRIVAL, range: undefined });
    await expect.poll(() => search.store.getState().progress?.of).toBe('details');
    search.cancel();
    engine.release();
    expect(search.store.getState()).toMatchObject({ progress: undefined, incomplete: { total: MANY / 100 } });
    expect(index.view).toEqual([]);
  });
});

test('questions about all rows are answered: values, an overview', async () => {
  const { search } = setUp([...many(), row(MANY + 1, { url: 'http://shop.example/a/b?c', status: 500 })]);
  const values = await search.ask({ kind: 'values', key: 'host', typed: 'shop' });
  expect(values).toEqual({ kind: 'values', values: [{ value: 'shop.example', count: 1 }] });
  const answer = await search.ask({ kind: 'overview', parts: 10 });
  if (answer.kind !== 'overview' || answer.overview === undefined) expect.unreachable();
  expect(answer.overview.counts.reduce((sum, count) => sum + count)).toBe(MANY + 1);
  expect(answer.overview.errors.reduce((sum, count) => sum + count)).toBe(MANY / 100 + 1);
});
