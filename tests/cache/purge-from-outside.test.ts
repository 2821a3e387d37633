import { mkdir, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { CacheStore } from '../../electron/engine/cache/cache-store.ts';
import { DiskIndex } from '../../electron/engine/cache/stores/disk-index.ts';
import { DiskStore } from '../../electron/engine/cache/stores/disk-store.ts';
import { openStore } from '../../electron/engine/cache/stores/open-store.ts';
import { StoreClient } from '../../electron/engine/cache/stores/store-client.ts';
import { StoreLock } from '../../electron/engine/cache/stores/store-lock.ts';
import { StoredResponses } from '../../electron/engine/cache/stores/stored-responses.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { headOf, put, read } from './store-entries.ts';

const CAPS = { maxBytes: 1e9, memoryBytes: 1e6 };
const LARGE = 'x'.repeat(100_000);
const at = (i: number, host = 'example.test'): ReturnType<typeof headOf> => headOf({}, { uri: `http://${host}/${i}` });

interface Running {
  readonly directory: string;
  readonly store: CacheStore;
  readonly outside: StoredResponses;
  readonly warnings: readonly string[];
}

/** A store whose lock is held, as a server has it, and the same one from outside. */
async function start(...bodies: string[]): Promise<Running> {
  const directory = join(await temporaryDirectory(), 'cache');
  const warnings: string[] = [];
  const store = await openStore({ kind: 'disk', directory, caps: CAPS, warn: (warning) => warnings.push(warning) });
  onTestFinished(() => store.close());
  for (const [i, body] of bodies.entries()) await put(store, at(i), body);
  await store.flush();
  const outside = StoredResponses.open(directory);
  onTestFinished(() => outside.close());
  return { directory, store, outside, warnings };
}

function indexOf(directory: string): DiskIndex {
  const index = new DiskIndex(directory, { maxBytes: 1e9 });
  onTestFinished(() => index.close());
  return index;
}

describe('a purge from outside', () => {
  it('lets others write while it deletes many entries', async () => {
    const { directory, store } = await start();
    for (let i = 0; i < 4_500; i++) void store.begin(at(i, i % 9 === 0 ? 'other.test' : 'example.test')).commit();
    await store.flush();
    const outside = indexOf(directory);
    const counts: number[] = [];
    for (const { count, ticket } of outside.purgeFromOutside({ host: 'example.test' })) {
      counts.push(count);
      expect(outside.isNoticed(ticket)).toBe(false);
      // Would wait for the lock and fail.
      await put(store, at(counts.length, 'new.test'));
      await store.flush();
    }
    expect(counts).toEqual([2_000, 2_000]);
    expect(store.stats().entries).toBe(502);
    expect((await store.entries({ offset: 0, limit: 1 })).total).toBe(502);
  });

  it('means also what the running process stores while it goes on, and nothing else', async () => {
    const { directory, store } = await start();
    for (let i = 0; i < 2_001; i++) void store.begin(at(i)).commit();
    await store.flush();
    const outside = indexOf(directory);
    const late = [at(9_999), at(9_999, 'other.test')];
    let latest = 0;
    for (const { ticket } of outside.purgeFromOutside({ host: 'example.test' })) {
      if (latest === 0) for (const head of late) await put(store, head);
      latest = ticket;
    }
    await expect.poll(() => outside.isNoticed(latest)).toBe(true);
    expect(late.map(({ key }) => store.lookup(key).length)).toEqual([0, 1]);
    expect(store.stats().entries).toBe(1);
  });

  it('leaves what is stored under the number of one that was purged', async () => {
    const { outside, store } = await start('a', 'b');
    expect(await outside.purge({ id: 1 })).toEqual({ purged: 1, noticed: true });
    expect(await outside.purge({ id: 1 })).toEqual({ purged: 0, noticed: true });
    expect([store.lookup(at(0).key).length, store.lookup(at(1).key).length]).toEqual([0, 1]);
  });

  it('is right about what is stored when the running process drops an entry at the same time', async () => {
    const { store, outside } = await start('a', LARGE, LARGE);
    const [one] = store.lookup(at(1).key);
    const purging = outside.purge({ host: 'example.test' });
    if (one !== undefined) await store.remove(one);
    expect(await purging).toEqual({ purged: 3, noticed: true });
    await store.flush();
    expect(store.stats()).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('deletes the files, whether or not they are there', async () => {
    const { directory, outside } = await start(LARGE, LARGE, LARGE);
    await unlink(join(directory, 'bodies', '1'));
    expect(await outside.purge({ all: true })).toEqual({ purged: 3, noticed: true });
    expect(await readdir(join(directory, 'bodies'))).toEqual([]);
  });

  it('is counted by a process that has not yet seen it', async () => {
    const { directory, store } = await start('a', 'b', LARGE);
    await store.close();
    const [running, outside] = [indexOf(directory), indexOf(directory)];
    expect([...outside.purgeFromOutside({ id: 1 })]).toHaveLength(1);
    running.purge({ all: true });
    expect(indexOf(directory).totals).toEqual({ entries: 0, bytes: 0 });
  });

  it('is confirmed by a process that is just starting', async () => {
    const { directory, store, outside } = await start('a');
    await store.close();
    const lock = StoreLock.take(directory);
    if (!(lock instanceof StoreLock)) throw new Error('the lock is not free');
    const purging = outside.purge({ all: true });
    const fail = (error: Error): never => {
      throw error;
    };
    const started = await DiskStore.open({ directory, ...CAPS, onFailed: fail });
    expect(await purging).toEqual({ purged: 1, noticed: true });
    await started.close();
    lock.release();
  });

  it('does no more than end the store when that fails before it has seen to the purge', async () => {
    const rejections: unknown[] = [];
    const note = (reason: unknown): number => rejections.push(reason);
    process.on('unhandledRejection', note);
    onTestFinished(() => void process.off('unhandledRejection', note));
    const { directory, store, outside, warnings } = await start('a');
    const flush = vi.spyOn(StoreClient.prototype, 'flush');
    onTestFinished(() => flush.mockRestore());
    flush.mockImplementationOnce(function (this: StoreClient) {
      const other = new DatabaseSync(join(directory, 'index.db'));
      other.exec('DROP TABLE contents');
      other.close();
      void store.begin(at(7)).commit();
      return this.flush();
    });
    await outside.purge({ all: true });
    await expect.poll(() => warnings.length).toBe(1);
    await setImmediate();
    expect(rejections).toEqual([]);
  });
});

describe('the totals of a store on disk', () => {
  async function small(): Promise<DiskStore> {
    const fail = (error: Error): never => {
      throw error;
    };
    const store = await DiskStore.open({
      ...{ directory: await temporaryDirectory(), ...CAPS, maxEntries: 1, onFailed: fail },
    });
    onTestFinished(() => store.close());
    return store;
  }

  async function expectTruth(store: DiskStore): Promise<void> {
    const { entries } = await store.entries({ offset: 0, limit: 9 });
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    expect(store.stats()).toMatchObject({ entries: entries.length, bytes });
    for (const { head } of entries) {
      const [found] = store.lookup(head.key);
      expect(found && (await read(found)).length).toBe(found?.bodyLength);
    }
  }

  it('are right when an entry is updated that is making room', async () => {
    const store = await small();
    await put(store, at(1));
    await store.flush();
    // In memory from here on, so that it is there for the update whatever the thread has done by then.
    const [first] = store.lookup(at(1).key);
    await put(store, at(2));
    const flushed = store.flush();
    const head = headOf({ headers: [`X-Long: ${'y'.repeat(500)}`] }, { uri: at(1).uri });
    expect(first && store.update(first, head)).toBeDefined();
    await flushed;
    await store.flush();
    await expectTruth(store);
  });

  it('are right, and nothing is lost, when an entry is purged and brought back while it is making room', async () => {
    const store = await small();
    await put(store, at(1), LARGE);
    await store.flush();
    const [first] = store.lookup(at(1).key);
    await put(store, at(2));
    const flushed = store.flush();
    expect(await store.purge({ id: first?.id ?? 0 })).toMatchObject({ restorable: true });
    expect(store.restore(first?.id ?? 0)).toBe(true);
    await flushed;
    await store.flush();
    await expectTruth(store);
  });
});

it.each(['inside', 'outside'])('gives the room of the index back when everything is purged from %s', async (where) => {
  const { directory, store, outside } = await start(...Array.from({ length: 50 }, () => 'x'.repeat(60_000)));
  const taken = async (): Promise<number> => {
    const sizes = ['index.db', 'index.db-wal'].map(async (name) => (await stat(join(directory, name))).size);
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size);
  };
  expect(await taken()).toBeGreaterThan(3_000_000);
  await (where === 'inside' ? store : outside).purge({ all: true });
  expect(await taken()).toBeLessThan(200_000);
  const entry = await put(store, at(99));
  await store.flush();
  expect(entry?.id).toBe(51);
});

it('opens a store with a directory among its body files', async () => {
  const { directory, store } = await start('a');
  await store.close();
  await mkdir(join(directory, 'bodies', '77'));
  const warnings: string[] = [];
  const again = await openStore({ kind: 'disk', directory, caps: CAPS, warn: (warning) => warnings.push(warning) });
  const entry = await put(again, at(5), LARGE);
  await again.close();
  expect([warnings, entry?.id]).toEqual([[], 78]);
});
