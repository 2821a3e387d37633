import { describe, expect, it, onTestFinished } from 'vitest';
import type { DiskStoreOptions } from '../../electron/engine/cache/stores/disk-store.ts';
import { DiskStore } from '../../electron/engine/cache/stores/disk-store.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { headOf, put } from './store-entries.ts';

const LARGE = 'x'.repeat(100_000);
/** More than a step takes. */
const MANY = 4_500;
const at = (i: number, host = 'example.test'): ReturnType<typeof headOf> => headOf({}, { uri: `http://${host}/${i}` });

async function open(directory: string, options: Partial<DiskStoreOptions> = {}): Promise<DiskStore> {
  const fail = (error: Error): never => {
    throw error;
  };
  const store = await DiskStore.open({ directory, maxBytes: 1e9, memoryBytes: 1e6, onFailed: fail, ...options });
  onTestFinished(() => store.close());
  return store;
}

async function filled(directory: string): Promise<DiskStore> {
  const store = await open(directory);
  for (let i = 0; i < MANY; i++) void store.begin(at(i, i % 9 === 0 ? 'other.test' : 'example.test')).commit();
  await store.flush();
  return store;
}

describe('a purge of many entries', () => {
  it('lets the store write meanwhile, and leaves what is new', async () => {
    const store = await filled(await temporaryDirectory());
    const order: string[] = [];
    const purging = Promise.resolve(store.purge({ host: 'example.test' })).then((purged) => {
      order.push('purged');
      return purged;
    });
    await put(store, at(MANY));
    await store.flush();
    order.push('written');
    expect(await purging).toEqual({ purged: 4_000, restorable: false });
    expect(order).toEqual(['written', 'purged']);
    expect(store.stats().entries).toBe(501);
    const found = [at(1), at(MANY), at(9, 'other.test')].map(({ key }) => store.lookup(key).length);
    expect(found).toEqual([0, 1, 1]);
  });

  it('is finished when the store is closed before it is over', async () => {
    const directory = await temporaryDirectory();
    const store = await filled(directory);
    const purging = store.purge({ host: 'example.test' });
    await store.close();
    expect(await purging).toEqual({ purged: 4_000, restorable: false });
    expect((await open(directory)).stats().entries).toBe(500);
  });
});

it('finds what is stored, large or small, while everything is purged', async () => {
  const store = await open(await temporaryDirectory(), { memoryBytes: 0 });
  for (const i of [0, 1]) await put(store, at(i), LARGE);
  await store.flush();
  const first = store.purge({ all: true });
  await store.begin(at(2)).commit();
  const second = store.purge({ all: true });
  await put(store, at(3), LARGE);
  expect([await first, await second]).toMatchObject([{ purged: 2 }, { purged: 1 }]);
  await store.flush();
  await put(store, at(4));
  await store.flush();
  expect([0, 1, 2, 3, 4].map((i) => store.lookup(at(i).key).length)).toEqual([0, 0, 0, 1, 1]);
  expect(store.stats().entries).toBe(2);
});
