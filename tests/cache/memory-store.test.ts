import { expect, it } from 'vitest';
import { MemoryStore } from '../../electron/engine/cache/stores/memory-store.ts';
import { describeStore } from './store-contract.ts';
import { headOf, put } from './store-entries.ts';

describeStore('memory store', (caps) => new MemoryStore(caps));

it('makes room at once when its cap is lowered', async () => {
  const store = new MemoryStore({ maxBytes: 100_000 });
  for (let i = 0; i < 5; i++) await put(store, headOf({}, { uri: `http://example.test/${i}` }), 'x'.repeat(10_000));
  store.resize({ maxBytes: 25_000 });
  expect(store.stats()).toMatchObject({ entries: 2, maxBytes: 25_000 });
  store.resize({ maxBytes: 0 });
  expect(store.stats()).toMatchObject({ entries: 0, bytes: 0 });
});

it('keeps no more entries than it may', async () => {
  const store = new MemoryStore({ maxBytes: 100_000, maxEntries: 3 });
  for (let i = 0; i < 5; i++) await put(store, headOf({}, { uri: `http://example.test/${i}` }));
  expect(store.entries({ offset: 0, limit: 9 }).entries.map(({ head }) => head.uri.at(-1))).toEqual(['4', '3', '2']);
});

it('stores nothing at all when it has no room', async () => {
  const store = new MemoryStore({ maxBytes: 0 });
  expect(await put(store, headOf(), '')).toBeUndefined();
});
