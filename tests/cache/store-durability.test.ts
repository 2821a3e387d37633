import { appendFile, chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CacheStore } from '../../electron/engine/cache/cache-store.ts';
import { openStore } from '../../electron/engine/cache/stores/open-store.ts';
import { StoredResponses } from '../../electron/engine/cache/stores/stored-responses.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { storeLargeResponse } from '../support/large-response.ts';
import { smallDisk } from '../support/small-disk.ts';
import { crash } from '../support/store-crashes.ts';
import { headOf, put, read } from './store-entries.ts';

const CAPS = { maxBytes: 1e9, memoryBytes: 1e6 };

interface Opened {
  readonly store: CacheStore;
  readonly warnings: readonly string[];
  /** Resolves with the first warning. */
  readonly warned: Promise<string>;
}

async function open(directory: string): Promise<Opened> {
  const warnings: string[] = [];
  const { promise: warned, resolve } = Promise.withResolvers<string>();
  const warn = (warning: string): void => {
    warnings.push(warning);
    resolve(warning);
  };
  const store = await openStore({ kind: 'disk', directory, caps: CAPS, warn });
  onTestFinished(() => store.close());
  return { store, warnings, warned };
}

async function place(): Promise<string> {
  return join(await temporaryDirectory(), 'cache');
}

it.skipIf(process.platform === 'win32')(
  'nobody else looks into what is stored, as little as into recordings',
  async () => {
    const directory = await place();
    await put((await open(directory)).store, headOf());
    expect(((await stat(directory)).mode & 0o777).toString(8)).toBe('700');
  },
);

const at = (i: number): ReturnType<typeof headOf> => headOf({}, { uri: `http://example.test/${i}` });

describe('the disk store over restarts', () => {
  it('is found as it was left', async () => {
    const directory = await place();
    const before = await open(directory);
    await put(before.store, at(1), 'small');
    const large = await put(before.store, at(2), 'x'.repeat(200_000));
    if (large !== undefined) before.store.touch(large, large.bodyLength ?? 0);
    await before.store.close();
    const { store, warnings } = await open(directory);
    expect([warnings, store.stats().entries, store.stats().hits]).toEqual([[], 2, 1]);
    const [small] = store.lookup(at(1).key);
    expect(small && [small.id, small.head, await read(small)]).toEqual([1, at(1), 'small']);
    const [again] = store.lookup(at(2).key);
    expect(again && (await read(again, 199_990, 199_999))).toBe('x'.repeat(10));
    expect(await store.get(large?.id ?? 0)).toMatchObject({ hits: 1, bodyLength: 200_000 });
  });

  it('leaves no log beside the index when it is closed', async () => {
    const directory = await place();
    const { store } = await open(directory);
    await put(store, at(1));
    await store.flush();
    expect(store.lookup(at(1).key).length).toBe(1);
    await store.close();
    expect((await readdir(directory)).sort()).toEqual(['bodies', 'index.db']);
  });

  it('loses nothing that was committed, tears nothing and leaves no orphan when it is killed at any moment', async () => {
    const directory = await temporaryDirectory();
    let version = 0;
    for (let kill = 0; kill < 4; kill++) {
      const { faults, committed } = await crash(directory, 10 + Math.random() * 150, version);
      expect(faults).toEqual([]);
      version += committed + 1_000;
    }
  });

  it('serves a response of many chunks, and ranges of it, after the process that stored it was killed', async () => {
    const { faults } = await storeLargeResponse(await temporaryDirectory(), 24 * 2 ** 20);
    expect(faults).toEqual([]);
  });

  it('drops an entry whose body file is torn or gone', async () => {
    const directory = await place();
    const before = await open(directory);
    await put(before.store, at(1), 'x'.repeat(200_000));
    await before.store.close();
    await appendFile(join(directory, 'bodies', '1'), 'more');
    const { store } = await open(directory);
    expect(store.lookup(at(1).key)).toEqual([]);
    await store.flush();
    expect(store.stats()).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('still reads a body that was opened before its entry was purged or replaced', async () => {
    const { store } = await open(await place());
    const entry = await put(store, at(1), 'old'.repeat(100_000));
    if (entry === undefined || entry.body instanceof Uint8Array) throw new Error('its body is not in a file');
    const opened = entry.body.open({ first: 3, last: 299_999 });
    if (opened === undefined) throw new Error('its body is gone');
    const reading = opened[Symbol.asyncIterator]();
    const first = await reading.next();
    await put(store, { ...at(1), responseTime: at(1).responseTime + 1 }, 'new');
    await store.purge({ all: true });
    await store.flush();
    const chunks = first.done === true ? [] : [first.value];
    for (let next = await reading.next(); next.done !== true; next = await reading.next()) chunks.push(next.value);
    expect(Buffer.concat(chunks).toString()).toBe('old'.repeat(99_999));
  });
});

/** Makes a directory read-only until the end of the test. Modes do not stop root: a mount or an attribute does. */
async function makeReadOnly(directory: string): Promise<boolean> {
  if (process.getuid?.() !== 0) {
    await chmod(directory, 0o500);
    return true;
  }
  for (const [done, undone] of [
    [`mount -t tmpfs -o ro,size=1m tmpfs ${directory}`, `umount -l ${directory}`],
    [`chattr +i ${directory}`, `chattr -i ${directory}`],
  ] as const) {
    if (spawnSync('sh', ['-c', done]).status !== 0) continue;
    onTestFinished(() => void spawnSync('sh', ['-c', undone]));
    return true;
  }
  return false;
}

describe('a disk that cannot be used', () => {
  it('sets a damaged index aside, says so and begins a new one', async () => {
    const directory = await place();
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'index.db'), 'no database at all, but long enough to be looked at'.repeat(100));
    const { store, warnings } = await open(directory);
    await put(store, at(1));
    const aside = (await readdir(dirname(directory))).find((name) => name.startsWith('cache.damaged-')) ?? '';
    expect(warnings).toEqual([expect.stringContaining(aside)]);
    expect(await readFile(join(dirname(directory), aside, 'index.db'), 'utf8')).toMatch(/^no database/);
    expect(store.lookup(at(1).key).length).toBe(1);
  });

  it('sets an index aside in which a response cannot be read', async () => {
    const directory = await place();
    const before = await open(directory);
    await put(before.store, at(1));
    await before.store.close();
    const db = new DatabaseSync(join(directory, 'index.db'));
    db.exec("UPDATE contents SET head = '{' || head");
    db.close();
    const { store, warned } = await open(directory);
    expect(store.lookup(at(1).key)).toEqual([]);
    expect(await warned).toContain('cache.damaged-');
    await put(store, at(2));
    expect(store.lookup(at(2).key).length).toBe(1);
  });

  it('goes on with the index of an older version, which had no totals, no index of the files and no words for purges', async () => {
    const directory = await place();
    const before = await open(directory);
    await put(before.store, at(1));
    await put(before.store, at(2), 'x'.repeat(200_000));
    const { bytes } = before.store.stats();
    await before.store.close();
    const db = new DatabaseSync(join(directory, 'index.db'));
    db.exec(
      "DROP INDEX entries_file; DROP INDEX entries_path; CREATE INDEX entries_path ON entries (path_hash); DELETE FROM counters WHERE name IN ('entries', 'bytes'); DROP TABLE purges; ALTER TABLE entries DROP COLUMN saved; UPDATE entries SET hits = 2 WHERE id = 2; PRAGMA user_version = 1",
    );
    db.close();
    const { store, warnings } = await open(directory);
    expect([warnings, store.stats().entries, store.stats().bytes]).toEqual([[], 2, bytes]);
    await put(store, at(3));
    expect((await store.entries({ offset: 0, limit: 10 })).total).toBe(3);
    const [large] = store.lookup(at(2).key);
    expect(large && (await read(large, 0, 3))).toBe('xxxx');
    expect(await store.get(2)).toMatchObject({ hits: 2, bytesSaved: 400_000 });
    const outside = StoredResponses.open(directory);
    onTestFinished(() => outside.close());
    expect(await outside.purge({ pattern: at(1).uri })).toEqual({ purged: 1, noticed: true });
  });

  it('leaves the index of a newer version as it is and stores in memory', async () => {
    const directory = await place();
    await mkdir(directory, { recursive: true });
    const db = new DatabaseSync(join(directory, 'index.db'));
    db.exec('PRAGMA user_version = 99; CREATE TABLE later (x)');
    db.close();
    const { store, warnings } = await open(directory);
    await put(store, at(1));
    expect(store.lookup(at(1).key).length).toBe(1);
    expect(warnings).toEqual([expect.stringMatching(/newer Hopscope.*version 99/)]);
    const after = new DatabaseSync(join(directory, 'index.db'), { readOnly: true });
    expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
    after.close();
  });

  it('stores in memory where the directory cannot be made', async () => {
    const file = join(await temporaryDirectory(), 'file');
    await writeFile(file, '');
    const { store, warnings } = await open(join(file, 'cache'));
    await put(store, at(1));
    expect([warnings.length, store.stats().entries]).toEqual([1, 1]);
  });

  it('stores in memory where the directory is read-only', async ({ skip }) => {
    const directory = await place();
    await mkdir(directory, { recursive: true });
    if (!(await makeReadOnly(directory))) skip('root may write anywhere, and neither mount nor chattr works here');
    const { store, warnings } = await open(directory);
    await put(store, at(1));
    expect([warnings.length, store.stats().entries]).toEqual([1, 1]);
  });

  it('goes on in memory with one warning when the index fails while it is in use', async () => {
    const directory = await place();
    const { store, warnings, warned } = await open(directory);
    await put(store, at(1));
    await store.flush();
    const other = new DatabaseSync(join(directory, 'index.db'));
    other.exec('DROP TABLE contents');
    other.close();
    await put(store, at(2));
    await put(store, at(3), 'x'.repeat(100_000));
    await warned;
    await put(store, at(4));
    expect(store.lookup(at(4).key).length).toBe(1);
    expect(await store.entries({ offset: 0, limit: 9 })).toMatchObject({ total: 1 });
    expect(warnings).toHaveLength(1);
  });
});

describe('a full disk', () => {
  it('goes on in memory with one warning', async ({ skip }) => {
    const disk = await smallDisk('1m');
    if ('obstacle' in disk) return skip(disk.obstacle);
    const { store, warnings, warned } = await open(join(disk.directory, 'cache'));
    for (let i = 0; i < 30; i++) await put(store, at(i), 'x'.repeat(i % 2 === 0 ? 60_000 : 100_000));
    await warned;
    await put(store, at(99), 'still stored');
    const [entry] = store.lookup(at(99).key);
    expect(entry && (await read(entry))).toBe('still stored');
    expect(warnings).toHaveLength(1);
    await store.close();
  });
});

describe('two instances on one directory', () => {
  it('gives the second one a store in memory and says so, until the first has gone', async () => {
    const directory = await place();
    const first = await open(directory);
    await put(first.store, at(1));
    const second = await open(directory);
    expect(second.warnings).toEqual([expect.stringContaining(`process ${process.pid}`)]);
    await put(second.store, at(2));
    expect([first.store.stats().entries, second.store.stats().entries]).toEqual([1, 1]);
    await first.store.close();
    const third = await open(directory);
    expect([third.warnings, third.store.stats().entries]).toEqual([[], 1]);
  });
});
