import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { PastSession } from '../../electron/engine/trace/past-session.ts';
import { createRecorder } from '../../electron/engine/trace/recorder.ts';
import type { Recorder } from '../../electron/engine/trace/recorder.ts';
import { fold } from '../../shared/exchange-view.ts';
import { answer, begin, recordMany, recordSettings, startRecorder, temporaryDirectory } from '../support/recorder.ts';
import { smallDisk } from '../support/small-disk.ts';

const MIB = 1024 * 1024;

/** Bytes of all files of one kind in the only session under `directory`. */
async function bytesOnDisk(directory: string, kind: 'list' | 'detail' | 'bodies' | ''): Promise<number> {
  const [session = ''] = await readdir(directory);
  const names = (await readdir(join(directory, session))).filter((name) => name.endsWith(kind));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, session, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function ids(recorder: Recorder): Promise<number[]> {
  return (await recorder.page(undefined, 5_000)).rows.map((row) => row.id);
}

function nextWarning(recorder: Recorder): Promise<void> {
  return new Promise((resolve) => {
    const forget = recorder.onWarning(() => {
      forget();
      resolve();
    });
  });
}

test('the oldest exchanges are evicted beyond the count, a few at a time', async () => {
  const { recorder } = await startRecorder({ maxExchanges: 160 });
  recordMany(recorder, 1_000);
  const kept = await ids(recorder);
  expect(kept.length).toBeGreaterThan(140);
  expect(kept.length).toBeLessThanOrEqual(160);
  expect(kept[0]).toBe(1_000);
  expect(recorder.snapshot()).toMatchObject({ firstId: kept.at(-1), lastId: 1_000, evicted: 1_000 - kept.length });
  expect(await recorder.read(1)).toBeUndefined();
});

test('the session stays within its bytes', async () => {
  const { recorder, directory } = await startRecorder({ maxBytes: 16 * MIB });
  for (let i = 0; i < 60; i++) {
    answer(begin(recorder), { body: [Buffer.alloc(MIB, i)] });
    await recorder.flushed();
  }
  expect((await ids(recorder)).length).toBeGreaterThan(10);
  await recorder.flushed();
  expect(await bytesOnDisk(directory, '')).toBeLessThanOrEqual(16 * MIB + 4096);
  const body = await recorder.readBody({ id: 60, side: 'response', offset: 5, length: 3 });
  expect([...(body ?? [])]).toEqual([59, 59, 59]);
});

/** The memory of this process without what is only garbage, be it of another file's tests. */
async function memoryInUse(): Promise<NodeJS.MemoryUsage> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // Buffers are freed beside the first collection, and counted as free by the second.
  collect();
  await setImmediate();
  collect();
  return process.memoryUsage();
}

test('a part of the session that nothing is added to any more takes no memory for writing', async () => {
  const { recorder } = await startRecorder({ maxExchanges: 1_600 });
  const { arrayBuffers: before } = await memoryInUse();
  for (let i = 0; i < 16; i++) {
    recordMany(recorder, 100);
    await recorder.flushed();
  }
  expect(recorder.snapshot().evicted).toBe(0);
  // Sixteen parts with a block of 256 KiB for each of two files were 8 MiB.
  expect((await memoryInUse()).arrayBuffers - before).toBeLessThan(4 * MIB);
});

test('lower limits apply at once', async () => {
  const { recorder } = await startRecorder({ maxExchanges: 1_600 });
  recordMany(recorder, 1_500);
  recorder.configure(recordSettings({ maxExchanges: 320 }));
  expect((await ids(recorder)).length).toBeLessThanOrEqual(320);
});

test('a body that the cache serves again and again is stored once', async () => {
  const { recorder, directory } = await startRecorder();
  const stored = Buffer.alloc(100_000, 'z');
  for (let i = 0; i < 50; i++) answer(begin(recorder), { body: [stored], from: 'cache' });
  await recorder.flushed();
  expect(await bytesOnDisk(directory, 'bodies')).toBe(100_000);
  const body = await recorder.readBody({ id: 37, side: 'response', offset: 99_990, length: 100 });
  expect(Buffer.from(body ?? []).toString()).toBe('zzzzzzzzzz');
});

test('a body served from the cache is stored anew before its first copy is evicted', async () => {
  const { recorder } = await startRecorder({ maxExchanges: 160 });
  const stored = Buffer.alloc(10_000, 'z');
  for (let i = 0; i < 2_000; i++) answer(begin(recorder), { body: [stored], from: 'cache' });
  for (const id of await ids(recorder)) {
    const body = await recorder.readBody({ id, side: 'response', offset: 0, length: 20_000 });
    expect(body?.length).toBe(10_000);
  }
});

test('bodies are dropped and counted, not buffered, when the disk cannot keep up', async () => {
  const { recorder } = await startRecorder({ bodyCap: 100 * MIB, maxBytes: 1024 * MIB });
  const chunk = Buffer.alloc(MIB);
  // All in one tick, so that nothing can be written in between.
  const trace = begin(recorder);
  for (let i = 0; i < 40; i++) trace.requestChunk(chunk);
  answer(trace);
  expect(recorder.warnings).toEqual(['The disk is slower than the traffic: some bodies are not recorded']);
  const view = fold((await recorder.read(1)) ?? []);
  expect(view?.request.body).toEqual({ captured: 16 * MIB, truncated: 'backlog' });
  expect(view?.requestBytes).toBe(40 * MIB);
  await recorder.flushed();
  expect(recorder.warnings).toEqual([]);
});

test('a directory that cannot be had costs the recording, not the proxy', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'file'), '');
  const recorder = await createRecorder({ directory: join(directory, 'file', 'sessions'), settings: recordSettings() });
  onTestFinished(() => recorder.close());
  expect(recorder.warnings).toEqual([expect.stringContaining('Exchanges are not recorded')]);
  answer(begin(recorder), { body: [Buffer.alloc(10_000)] });
  await recorder.flushed();
  expect(await ids(recorder)).toEqual([]);
  expect(recorder.snapshot().evicted).toBe(1);
});

test('a disk that fails later is reported once, and what was written before can still be read', async () => {
  const { recorder, directory } = await startRecorder({ maxExchanges: 160 });
  recordMany(recorder, 5);
  await recorder.flushed();
  const [session = ''] = await readdir(directory);
  await rm(join(directory, session), { recursive: true });
  const warned = nextWarning(recorder);
  recordMany(recorder, 20);
  await warned;
  expect(recorder.warnings).toEqual([
    expect.stringMatching(/^Exchanges are not recorded: .*: no file can be made there$/),
  ]);
  expect(await ids(recorder)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  recordMany(recorder, 20);
  await expect.poll(() => recorder.snapshot().evicted).toBe(35);
  expect(recorder.warnings).toHaveLength(1);
});

test('a disk that fills up keeps all that was written to it, for this run and for the next', async ({ skip }) => {
  const disk = await smallDisk('1m');
  if ('obstacle' in disk) return skip(disk.obstacle);
  const recorder = await createRecorder({ directory: disk.directory, settings: recordSettings() });
  onTestFinished(() => recorder.close());
  const body = Buffer.alloc(20_000, 'b');
  recordMany(recorder, 10, [body]);
  await recorder.flushed();
  const warned = nextWarning(recorder);
  recordMany(recorder, 100, [body]);
  await warned;
  await recorder.flushed();
  expect(recorder.warnings).toEqual([expect.stringMatching(/^Exchanges are not recorded: .*: the disk is full$/)]);
  const kept = await ids(recorder);
  expect(kept.length + recorder.snapshot().evicted).toBe(110);
  for (let id = 1; id <= 10; id++) {
    expect(await recorder.readBody({ id, side: 'response', offset: 0, length: 20_000 })).toEqual(body);
  }
  for (const id of kept) expect(fold((await recorder.read(id)) ?? [])?.outcome).toBeDefined();
  await recorder.close();
  const [session = ''] = await readdir(disk.directory);
  const past = await PastSession.open(join(disk.directory, session));
  onTestFinished(() => past.close());
  expect(past.count).toBe(kept.length);
});

test('empty sessions that dead runs left are deleted, those of live ones are not', async () => {
  const directory = await temporaryDirectory();
  const leave = async (name: string, pid: number): Promise<void> => {
    await mkdir(join(directory, name));
    await writeFile(join(directory, name, 'session.json'), JSON.stringify({ format: 1, pid, host: hostname() }));
  };
  await leave('session-dead', 2 ** 22 + 12_345);
  await leave('session-of-an-earlier-process-with-our-id', process.pid);
  await leave('session-alive', process.ppid);
  await mkdir(join(directory, 'something-else'));
  const first = await createRecorder({ directory, settings: recordSettings() });
  const second = await createRecorder({ directory, settings: recordSettings() });
  const names = await readdir(directory);
  expect(names.filter((name) => name.startsWith(`session-${process.pid}-`))).toHaveLength(2);
  expect(names).toEqual(expect.arrayContaining(['session-alive', 'something-else']));
  expect(names).toHaveLength(4);
  await Promise.all([first.close(), second.close()]);
  // They held no exchange.
  expect((await readdir(directory)).sort()).toEqual(['session-alive', 'something-else']);
});

test('reads that are under way survive eviction, clear and close', async () => {
  const { recorder } = await startRecorder({ maxExchanges: 160 });
  recordMany(recorder, 200, [Buffer.alloc(5_000, 'q')]);
  const reads = [recorder.page(undefined, 100), recorder.readBody({ id: 200, side: 'response', offset: 0, length: 9 })];
  recorder.clear();
  recordMany(recorder, 500);
  reads.push(recorder.page(undefined, 100));
  const settled = await Promise.allSettled([...reads, recorder.close()]);
  expect(settled.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled']);
});

test('memory stays flat however many exchanges are recorded', async () => {
  const { recorder } = await startRecorder({ maxExchanges: 3_200, maxBytes: 32 * MIB });
  const used = async (): Promise<number> => {
    await recorder.flushed();
    const { heapUsed, external } = await memoryInUse();
    return (heapUsed + external) / MIB;
  };
  const run = async (): Promise<void> => {
    for (let i = 0; i < 40; i++) {
      recordMany(recorder, 100, [Buffer.alloc(10_000, 'm')]);
      await recorder.flushed();
    }
  };
  await run();
  const before = await used();
  await run();
  await run();
  expect((await used()) - before).toBeLessThan(4);
});

test('what was cleared is deleted with the next clear, but for what is kept and what came later', async () => {
  const { recorder, directory } = await startRecorder();
  const files = async (): Promise<string[]> => {
    await recorder.flushed();
    const names = await readdir(directory, { recursive: true });
    return names.filter((name) => name.endsWith('.bodies')).map((name) => name.slice(-13));
  };
  const body = async (id: number): Promise<number | undefined> =>
    (await recorder.readBody({ id, side: 'response', offset: 0, length: 100 }))?.length;
  recordMany(recorder, 3, [Buffer.from('first')]);
  recorder.clear();
  recordMany(recorder, 3, [Buffer.from('second')]);
  recorder.clear([5]);
  recordMany(recorder, 1, [Buffer.from('third')]);
  await expect.poll(files).toEqual(['000002.bodies', '000003.bodies']);
  expect([await body(2), await body(5), await body(7)]).toEqual([undefined, 6, 5]);
  expect(recorder.restoreCleared()).toBe(true);
  expect([await body(4), await body(5), await body(7)]).toEqual([6, 6, 5]);
  recorder.clear([7]);
  recorder.clear([7]);
  await expect.poll(files).toEqual(['000003.bodies']);
  expect(await body(7)).toBe(5);
});
