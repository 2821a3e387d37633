import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { PastSession } from '../../electron/engine/trace/past-session.ts';
import { recordedItems } from '../../electron/engine/trace/recorded-items.ts';
import { createRecorder } from '../../electron/engine/trace/recorder.ts';
import type { Recorder } from '../../electron/engine/trace/recorder.ts';
import { pastSessionDirectories } from '../../electron/engine/trace/session-directory.ts';
import { fold } from '../../shared/exchange-view.ts';
import { loadBody } from '../support/load-exchange.ts';
import type { Answer } from '../support/recorder.ts';
import {
  answer,
  begin,
  comparable,
  everythingIn,
  recordMany,
  recordSettings,
  startRecorder,
  temporaryDirectory,
} from '../support/recorder.ts';

/** What a run that recorded something has left behind. */
async function leaveSession(record: (recorder: Recorder) => void | Promise<void>) {
  const directory = await temporaryDirectory();
  const recorder = await createRecorder({ directory, settings: recordSettings() });
  await record(recorder);
  const items = await everythingIn(recorder.items({ exchanges: 0 }));
  const { epoch } = recorder;
  await recorder.close();
  const [path = ''] = await pastSessionDirectories(directory);
  return { directory, path, items, epoch };
}

async function openPast(path: string): Promise<PastSession> {
  const past = await PastSession.open(path);
  onTestFinished(() => past.close());
  return past;
}

const varied = (recorder: Recorder): void => {
  const trace = begin(recorder, { at: 0.25 });
  trace.clientSecured({
    ...{ version: 'TLSv1.3', cipher: 'X', alpn: 'h2', serverName: 'a.test', resumed: false, start: 0.1, end: 0.2 },
  });
  trace.upstreamSecured(1, 1, { version: 'TLSv1.3', cipher: 'X', resumed: false, verified: true, chain: [] });
  trace.requestChunk(Buffer.alloc(500_000, 'q'));
  trace.span('upstream', 'dns', 0.3, { end: 1.5, detail: 'example.test' });
  trace.note('warning', 'ODD', 'Etwas Merkwürdiges — 奇怪');
  answer(trace, { body: [Buffer.from('eins'), Buffer.from('zwei')] });
  const cached = Buffer.from('from the cache');
  for (let i = 0; i < 3; i++) answer(begin(recorder, { parent: 1 }), { from: 'cache', body: [cached] });
  answer(begin(recorder, { parent: 77 }));
  const stream = begin(recorder);
  const log = stream.messages();
  for (let i = 0; i < 1_100; i++) {
    const payload = Buffer.from(`message ${i}`);
    const facts = { at: i / 8, sent: i % 2 === 0, kind: 'text', fin: true, size: payload.length } as const;
    log?.add({ ...facts, payload, problems: [] });
  }
  answer(stream, { status: 101 });
};

test('a session that was closed is opened again as it was: rows, events, bodies and messages', async () => {
  const left = await leaveSession(varied);
  const past = await openPast(left.path);
  expect(past.count).toBe(left.items.length);
  const { recorder } = await startRecorder();
  recordMany(recorder, 5);
  const live: number[] = [];
  recorder.subscribe((event) => live.push(event.seq));
  const before = recorder.snapshot().seq;

  const losses = { exchanges: 0 };
  const source = { name: 'Yesterday', epoch: past.info.epoch };
  expect(await recorder.import(source, recordedItems(past, past.ids(), losses, past.annotations))).toEqual({
    imported: 6,
    lost: 0,
  });
  expect(losses).toEqual({ exchanges: 0 });

  const opened = (await everythingIn(recorder.items({ exchanges: 0 }))).slice(5);
  const oldIds = past.ids();
  const newIds = [6, 7, 8, 9, 10, 11];
  for (const [index, exchange] of opened.entries()) {
    const was = left.items[index]!;
    expect(exchange.events[0]).toMatchObject({ id: newIds[index], session: 'Yesterday' });
    const unknownParent = index === 4;
    const expected = comparable(was.events, left.epoch, unknownParent ? [] : oldIds);
    if (unknownParent) expected[0] = { ...(expected[0] as object), parent: undefined };
    expect(comparable(exchange.events, recorder.epoch, newIds)).toEqual(expected);
    expect([exchange.request, exchange.response]).toEqual([was.request, was.response]);
    expect(exchange.messages.map(({ payload }) => Buffer.from(payload).toString())).toEqual(
      was.messages.map(({ payload }) => Buffer.from(payload).toString()),
    );
  }
  expect(opened.map(({ response }) => response.slice(0, 14))).toEqual([
    ...['einszwei', 'from the cache', 'from the cache', 'from the cache', '', ''],
  ]);
  const page = await recorder.readMessages({ id: 11, from: 1_098, limit: 10 });
  expect(page?.entries.map(({ preview }) => preview)).toEqual(['message 1098', 'message 1099']);
  const { rows } = await recorder.page(undefined, 3);
  expect(rows.map(({ id, session }) => [id, session])).toEqual([11, 10, 9].map((id) => [id, 'Yesterday']));
  // Whoever watches live missed nothing.
  expect(live).toEqual(live.map((_, index) => before + 1 + index));
  expect(live.at(-1)).toBe(recorder.snapshot().seq);
});

test.for([1, 2, 5])(
  'a run that is killed after flush number %i leaves all that was on disk by then',
  async (flushes) => {
    const directory = await temporaryDirectory();
    const child = spawn(process.execPath, [join(import.meta.dirname, '../support/recording-process.ts'), directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let told = 0;
    let onDisk = 0;
    for await (const line of createInterface(child.stdout)) {
      onDisk = Number(line);
      if (++told === flushes) break;
    }
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;

    const [path = ''] = await pastSessionDirectories(directory);
    const past = await openPast(path);
    const losses = { exchanges: 0 };
    const found = await everythingIn(recordedItems(past, past.ids(), losses, past.annotations));
    expect(losses).toEqual({ exchanges: 0 });
    expect(found.length).toBeGreaterThanOrEqual(onDisk);
    for (const [index, { events, response }] of found.slice(0, onDisk).entries()) {
      expect(fold(events)).toMatchObject({ id: index + 1, url: `http://load.test/${index + 1}`, status: 200 });
      expect(response).toBe(loadBody(index + 1).toString('latin1'));
    }
  },
);

test('torn files cost what was torn and nothing else', async () => {
  const { path } = await leaveSession((recorder) => recordMany(recorder, 20, [Buffer.alloc(1_000, 'x')]));
  const file = (kind: string): string => join(path, `000001.${kind}`);
  const size = async (kind: string): Promise<number> => (await readFile(file(kind))).length;
  const listSize = await size('list');
  // What was never written, as some file systems leave it.
  await appendFile(file('list'), Buffer.alloc(4_096));
  expect((await openPast(path)).count).toBe(20);
  // The last row, the last three details, the last bodies.
  await truncate(file('list'), listSize - 5);
  await truncate(file('detail'), (await size('detail')) * 0.85);
  await truncate(file('bodies'), 15_500);
  const past = await openPast(path);
  expect(past.count).toBe(19);
  const { recorder } = await startRecorder();
  await recorder.import(
    { name: 'Torn', epoch: 0 },
    recordedItems(past, past.ids(), { exchanges: 0 }, past.annotations),
  );
  const views = await Promise.all(Array.from({ length: 19 }, async (_, i) => fold((await recorder.read(i + 1)) ?? [])));
  expect(views.every((view) => view?.status === 200 && view.outcome?.kind === 'completed')).toBe(true);
  expect(views[3]?.request.headers).toContain('example.test');
  expect(views[3]?.response?.body).toEqual({ captured: 1_000 });
  expect(views[18]?.request.headers).toEqual([]);
  expect(views[15]?.response?.body).toEqual({ captured: 0, truncated: 'backlog' });
});

test('what was cleared does not come back, and what was kept or brought back does', async () => {
  const { path } = await leaveSession(async (recorder) => {
    const running = begin(recorder);
    running.requestChunk(Buffer.from('on its way'));
    recordMany(recorder, 5);
    recorder.clear();
    recorder.restoreCleared();
    recorder.clear([3]);
    answer(running);
    recordMany(recorder, 2);
    await recorder.flushed();
    recordMany(recorder, 1);
    recorder.clear([3, 7]);
    recordMany(recorder, 1);
  });
  expect((await openPast(path)).ids()).toEqual([3, 7, 10]);
});

test('what was deleted among others does not come back, and what was brought back does', async () => {
  const { path } = await leaveSession(async (recorder) => {
    recordMany(recorder, 5);
    recorder.clear([3, 4, 5]);
    expect(recorder.delete([4, 1, 99])).toEqual([4]);
    recordMany(recorder, 2);
    expect(recorder.delete([3, 6])).toEqual([3, 6]);
    expect(recorder.restoreCleared()).toBe(true);
    expect(recorder.delete([7])).toEqual([7]);
    expect((await recorder.page(undefined, 10)).rows.map(({ id }) => id)).toEqual([6, 5, 3]);
    recordMany(recorder, 1);
  });
  expect((await openPast(path)).ids()).toEqual([3, 5, 6, 8]);
});

test('records without their words are left out and counted', async () => {
  const { path } = await leaveSession((recorder) => recordMany(recorder, 3));
  await rm(join(path, 'symbols.jsonl'));
  const past = await openPast(path);
  const losses = { exchanges: 0, reason: '' };
  expect(await everythingIn(recordedItems(past, past.ids(), losses, past.annotations))).toEqual([]);
  expect(losses).toEqual({ exchanges: 3, reason: expect.stringContaining('No symbol has the number') as string });
});

test('damage anywhere in the files is never more than a loss', async () => {
  const { path } = await leaveSession(varied);
  const names = (await readdir(path)).filter((name) => name !== 'session.json');
  const whole = new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(path, name))] as const)),
  );
  let seed = 1;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const damaged = `${path}-damaged`;
  await cp(path, damaged, { recursive: true });
  for (let round = 0; round < 8; round++) {
    const name = names[random(names.length)] ?? '';
    const bytes = Buffer.from(whole.get(name) ?? []);
    for (let i = 0; i < 4; i++) bytes[random(Math.min(bytes.length, 4_000))] = random(256);
    await writeFile(join(damaged, name), bytes);
    const past = await PastSession.open(damaged);
    const losses = { exchanges: 0 };
    const found = await everythingIn(recordedItems(past, past.ids(), losses, past.annotations));
    expect(found.length + losses.exchanges).toBe(past.count);
    await past.close();
    await writeFile(join(damaged, name), whole.get(name) ?? '');
  }
});

test.for([
  ['{"format":2}', 'NEWER_FORMAT'],
  ['{"format":1,"epoch":1,"byteOrder":"middle"}', 'OTHER_BYTE_ORDER'],
  ['{"format":1}', 'NOT_A_SESSION'],
  ['{"form', 'NOT_A_SESSION'],
  ['null', 'NOT_A_SESSION'],
] as const)('a session whose info is %s is refused', async ([info, code]) => {
  const { path } = await leaveSession((recorder) => recordMany(recorder, 1));
  await writeFile(join(path, 'session.json'), info);
  await expect(PastSession.open(path)).rejects.toMatchObject({ name: 'SessionError', code });
});

test('the newest sessions are kept, as many as the settings say, and none of a run that goes on', async () => {
  const directory = await temporaryDirectory();
  const run = async (answers: Answer, keepSessions: number): Promise<Recorder> => {
    const recorder = await createRecorder({ directory, settings: recordSettings({ keepSessions }) });
    answer(begin(recorder), answers);
    return recorder;
  };
  const running = await run({}, 2);
  onTestFinished(() => running.close());
  const statuses = async (): Promise<(number | undefined)[]> => {
    const found: (number | undefined)[] = [];
    for (const path of await pastSessionDirectories(directory)) {
      const past = await PastSession.open(path);
      found.push(fold((await past.load(1))?.events ?? [])?.status);
      await past.close();
    }
    return found;
  };
  for (const status of [201, 202, 203, 204]) {
    await (await run({ status }, 2)).close();
    // Sessions are told apart by the millisecond in which they began.
    const now = Date.now();
    await expect.poll(() => Date.now() > now).toBe(true);
  }
  expect(await statuses()).toEqual([204, 203]);
  await running.flushed();
  expect((await running.page(undefined, 10)).rows).toHaveLength(1);
  await (await run({ status: 205 }, 0)).close();
  expect(await statuses()).toEqual([]);
});
