import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DiskStoreOptions } from '../../electron/engine/cache/stores/disk-store.ts';
import { DiskStore } from '../../electron/engine/cache/stores/disk-store.ts';
import { openStore } from '../../electron/engine/cache/stores/open-store.ts';
import { StoredResponses } from '../../electron/engine/cache/stores/stored-responses.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { headOf, put } from './store-entries.ts';

const at = (i: number): ReturnType<typeof headOf> => headOf({}, { uri: `http://example.test/${i}` });

async function open(directory: string, options: Partial<DiskStoreOptions> = {}): Promise<DiskStore> {
  const store = await DiskStore.open({
    ...{ directory, maxBytes: 1e9, memoryBytes: 1e6, ...options },
    onFailed: (error) => {
      throw error;
    },
  });
  onTestFinished(() => store.close());
  return store;
}

describe('the use of entries on disk', () => {
  it('is counted on from what is on its way to the disk', async () => {
    const directory = await temporaryDirectory();
    // Room for one of them.
    const store = await open(directory, { memoryBytes: 60_000 });
    for (const i of [1, 2, 3]) await put(store, at(i), 'x'.repeat(50_000));
    await store.flush();
    const use = (i: number): void => {
      const [entry] = store.lookup(at(i).key);
      if (entry !== undefined) store.touch(entry, entry.bodyLength ?? 0);
    };
    use(1);
    // The thread has to wait, so that the first use is not written before the second one.
    const other = new DatabaseSync(join(directory, 'index.db'));
    other.exec('BEGIN IMMEDIATE');
    const flushed = store.flush();
    for (const i of [2, 3, 1]) use(i);
    other.exec('COMMIT');
    other.close();
    await flushed;
    const { entries } = await store.entries({ offset: 0, limit: 9 });
    expect(entries.map(({ id, hits }) => [id, hits])).toEqual([
      [1, 2],
      [3, 1],
      [2, 1],
    ]);
  });

  it('has saved something, also by an entry that is gone before that is written', async () => {
    const directory = await temporaryDirectory();
    const before = await open(directory);
    const entry = await put(before, at(1));
    if (entry !== undefined) before.touch(entry, entry.bodyLength ?? 0);
    await before.purge({ key: at(1).key });
    await before.close();
    expect((await open(directory)).stats()).toMatchObject({ entries: 0, hits: 1, bytesSaved: 4 });
  });

  it('is later than all before it, also when the clock was set back between two starts', async () => {
    const directory = await temporaryDirectory();
    const caps = { maxEntries: 3 };
    const before = await open(directory, { ...caps, now: () => 2_000_000 });
    for (const i of [1, 2, 3]) await put(before, at(i));
    await before.close();
    const store = await open(directory, { ...caps, now: () => 1_000_000 });
    await put(store, at(4));
    await store.flush();
    const [newest] = (await store.entries({ offset: 0, limit: 9 })).entries;
    expect([newest?.id, store.lookup(at(4).key).length, store.lookup(at(1).key).length]).toEqual([4, 1, 0]);
  });
});

describe('bringing back what was purged from disk', () => {
  it('is a use: something else makes room', async () => {
    const store = await open(await temporaryDirectory(), { maxEntries: 2 });
    const first = await put(store, at(1));
    await put(store, at(2));
    await store.purge({ id: first?.id ?? 0 });
    await put(store, at(3));
    expect(store.restore(first?.id ?? 0)).toBe(true);
    await store.flush();
    expect([1, 2, 3].map((i) => store.lookup(at(i).key).length)).toEqual([1, 0, 1]);
  });

  it('is not possible once another process has purged something', async () => {
    const directory = join(await temporaryDirectory(), 'cache');
    const caps = { maxBytes: 1e9, memoryBytes: 1e6 };
    const store = await openStore({ kind: 'disk', directory, caps, warn: (warning) => expect(warning).toBe('') });
    onTestFinished(() => store.close());
    const entry = await put(store, at(1));
    await store.purge({ id: entry?.id ?? 0 });
    await store.flush();
    const outside = StoredResponses.open(directory);
    onTestFinished(() => outside.close());
    await outside.purge({ all: true });
    expect(await store.restore(entry?.id ?? 0)).toBe(false);
  });

  it('takes no more of the disk than a quarter of the cap', async () => {
    const directory = await temporaryDirectory();
    const store = await open(directory, { maxBytes: 1_000_000 });
    const ids: number[] = [];
    for (const [i, length] of [300_000, 150_000, 150_000].entries()) {
      const entry = await put(store, at(i), 'x'.repeat(length));
      ids.push(entry?.id ?? 0);
    }
    const [large = 0, first = 0, second = 0] = ids;
    expect(await store.purge({ id: large })).toEqual({ purged: 1, restorable: false });
    expect(await store.purge({ id: first })).toEqual({ purged: 1, restorable: true });
    expect(await store.purge({ id: second })).toEqual({ purged: 1, restorable: true });
    expect([store.restore(large), store.restore(first), store.restore(second)]).toEqual([false, false, true]);
    await store.close();
    expect(await readdir(join(directory, 'bodies'))).toEqual([String(second)]);
  });
});
