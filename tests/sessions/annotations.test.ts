import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import { matchingExchanges } from '../../electron/engine/sessions/matching-exchanges.ts';
import { createRecorder } from '../../electron/engine/trace/recorder.ts';
import type { Recorder } from '../../electron/engine/trace/recorder.ts';
import type { AnnotatedExchanges } from '../../shared/annotation.ts';
import type { InspectorApi } from '../../shared/contract.ts';
import { parseFilter } from '../../shared/filter/parse-filter.ts';
import { startEngine } from '../support/engine.ts';
import { begin, recordMany, recordSettings, startRecorder, temporaryDirectory } from '../support/recorder.ts';
import { ipcTransport, webSocketTransport } from '../support/transports.ts';

const NOTED: readonly AnnotatedExchanges[] = [
  [{ pinned: true, mark: 'red' }, [1]],
  [{ struck: true, comment: 'Why “4xx”?' }, [3]],
];

/** What is noted, by the order of the exchanges rather than their ids. */
function noted({ recorder }: { readonly recorder: Recorder }): unknown[] {
  return recorder.ids().map((id) => recorder.annotationOf(id));
}

function note(recorder: Recorder): void {
  recorder.annotate([1, 3], { pinned: true, mark: 'red' });
  recorder.annotate([3], { pinned: false, mark: null, struck: true, comment: ' Why “4xx”? ' });
}

const THREE = [NOTED[0]?.[0], undefined, NOTED[1]?.[0]];

async function started(): Promise<Engine> {
  const { engine } = await startEngine();
  recordMany(engine.recorder, 3);
  return engine;
}

test.for([
  ['Electron IPC', ipcTransport],
  ['WebSocket', webSocketTransport],
] as const)('over %s, what one notes is told to all, and part of the next snapshot', async ([, open]) => {
  const engine = await started();
  const transport = await open(engine, () => Promise.resolve(0));
  const [{ api }, { api: other }] = [await transport.connect(), await transport.connect()];
  const told = new Promise<readonly AnnotatedExchanges[]>((resolve) => {
    onTestFinished(other.on('exchanges.annotated', ({ annotations }) => resolve(annotations)));
  });
  const annotate = (params: unknown): Promise<unknown> =>
    api.request('exchanges.annotate', params as Parameters<InspectorApi['request']>[1] as never);
  // One that runs, and one that is not there.
  const running = begin(engine.recorder);
  await annotate({
    ids: [2, running.id, 99],
    change: { mark: 'green', comment: `${'x'.repeat(1_999)}\u{1f600}${'y'.repeat(1_000)}` },
  });
  // The half of a character at its end is left out.
  const expected = [[{ mark: 'green', comment: 'x'.repeat(1_999) }, [2, running.id]]];
  expect(await told).toEqual(expected);
  expect(await api.request('engine.snapshot', undefined)).toMatchObject({ value: { annotations: expected } });
  for (const change of [{ mark: 'pink' }, { pinned: null }, { other: true }]) {
    expect(await annotate({ ids: [2], change })).toMatchObject({ ok: false, error: { code: 'BAD_PARAMS' } });
  }
});

test('a saved session has what was noted, opened alone, beside others under other ids, and as HAR', async () => {
  const engine = await started();
  note(engine.recorder);
  expect(engine.recorder.snapshot().annotations).toEqual(NOTED);
  await engine.sessions.save({ name: 'Noted', format: 'hopscope' });
  await engine.sessions.save({ name: 'Noted', format: 'har' });

  const told: (readonly AnnotatedExchanges[])[] = [];
  engine.recorder.onAnnotated((annotations) => told.push(annotations));
  await engine.sessions.open('file:Noted.hopscope');
  expect(told).toEqual([[4, 6].map((id, i) => [NOTED[i]?.[0], [id]])]);
  expect(noted(engine)).toEqual([...THREE, ...THREE]);
  // Its own ids are those of others here.
  engine.recorder.annotate([4], { pinned: false, mark: null });
  expect(noted(engine).slice(0, 4)).toEqual([...THREE, undefined]);
  await engine.sessions.open('file:Noted.har');
  expect(noted(engine).slice(6)).toEqual(THREE);

  const har = JSON.parse(await readFile(join(engine.sessions.folder, 'Noted.har'), 'utf8')) as {
    log: { entries: { comment?: string }[] };
  };
  expect(har.log.entries.map(({ comment }) => comment)).toEqual([undefined, undefined, 'Why “4xx”?']);
});

test('a file that says nothing of it, or nonsense, opens all the same', async () => {
  const engine = await started();
  note(engine.recorder);
  await engine.sessions.save({ name: 'x', format: 'hopscope' });
  const { folder } = engine.sessions;
  const lines = gunzipSync(await readFile(join(folder, 'x.hopscope'))).toString();
  const has = '"annotation":{"pinned":true,"mark":"red"}';
  expect(lines).toContain(has);
  const opened = async (instead: string): Promise<unknown> => {
    await writeFile(join(folder, 'y.hopscope'), gzipSync(lines.replace(has, instead)));
    expect(await engine.sessions.open('file:y.hopscope')).toEqual({ imported: 3, lost: 0 });
    return noted(engine).at(-3);
  };
  expect(await opened('"bodyName":"1"')).toBeUndefined();
  for (const nonsense of ['7', 'null', '[[]]', '{"pinned":"yes","mark":"pink","comment":7,"struck":{}}']) {
    expect(await opened(`"annotation":${nonsense}`)).toBeUndefined();
  }
  expect(await opened('"annotation":{"mark":"ultraviolet","comment":"kept"}')).toEqual({ comment: 'kept' });

  const theirs = JSON.stringify({
    log: {
      entries: [
        {
          ...{ startedDateTime: '2026-01-01T00:00:00Z', time: 1, comment: 'Look here' },
          request: { method: 'GET', url: 'http://a.test/' },
          response: { status: 200 },
        },
      ],
    },
  });
  await writeFile(join(folder, 'theirs.har'), theirs);
  await engine.sessions.open('file:theirs.har');
  expect(noted(engine).at(-1)).toEqual({ comment: 'Look here' });
});

test('a recording that is offered after the run has it too, whatever became of the run and of a line', async () => {
  const dataDir = await temporaryDirectory();
  const directory = join(dataDir, 'session');
  const earlier = await createRecorder({ directory, settings: recordSettings() });
  recordMany(earlier, 3);
  note(earlier);
  const [name = ''] = await readdir(directory);
  // As a full disk leaves it: a line that breaks off, and a later one for which there was room again.
  await appendFile(join(directory, name, 'annotations.jsonl'), '\n[[{"pin');
  earlier.annotate([2], { mark: 'blue' });
  await earlier.close();

  const { engine } = await startEngine({ dataDir });
  const [run] = await engine.sessions.list();
  await engine.sessions.open(run?.id ?? '');
  const expected = [THREE[0], { mark: 'blue' }, THREE[2]];
  expect(noted(engine)).toEqual(expected);
  // Given a name, it becomes a file.
  await engine.sessions.rename(run?.id ?? '', 'Kept');
  await engine.sessions.open('file:Kept.hopscope');
  expect(noted(engine)).toEqual([...expected, ...expected]);
});

test('what is noted is found in a session by filters', async () => {
  const { recorder } = await startRecorder();
  recordMany(recorder, 3);
  note(recorder);
  const parsed = parseFilter('is:struck comment:why');
  if (!parsed.ok) expect.unreachable();
  const found: number[] = [];
  for await (const { id } of matchingExchanges(recorder.items({ exchanges: 0 }), parsed.node)) found.push(id);
  expect(found).toEqual([3]);
});

test('what was noted comes back with exchanges that a clear had taken', async () => {
  const { recorder } = await startRecorder();
  recordMany(recorder, 3);
  note(recorder);
  recorder.clear([1]);
  recorder.restoreCleared();
  expect(noted({ recorder })).toEqual(THREE);
});

test('a disk that takes nothing is told of, and what is noted stays in memory', async () => {
  const { recorder, directory } = await startRecorder();
  recordMany(recorder, 3);
  const [name = ''] = await readdir(directory);
  const path = join(directory, name, 'annotations.jsonl');
  await mkdir(path);
  note(recorder);
  expect(recorder.warnings).toEqual(['Marks and comments are not kept: it is a directory']);
  expect(noted({ recorder })).toEqual(THREE);
  await rm(path, { recursive: true });
  recorder.annotate([2], { mark: 'blue' });
  expect(recorder.warnings).toEqual([]);
});

test('what is noted of many at once is said once, in memory, on disk and to others', async () => {
  const { recorder, directory } = await startRecorder();
  recordMany(recorder, 500);
  const told: (readonly AnnotatedExchanges[])[] = [];
  recorder.onAnnotated((annotations) => told.push(annotations));
  recorder.annotate([7], { mark: 'blue' });
  recorder.annotate(recorder.ids(), { comment: 'x'.repeat(2_000) });
  expect(told[1]).toHaveLength(2);
  expect(recorder.snapshot().annotations).toHaveLength(2);
  expect((await fileOf(directory)).size).toBeLessThan(10_000);
});

test('what was noted of exchanges that are gone is forgotten, for everyone, and by the end of the run on disk', async () => {
  const { recorder, directory } = await startRecorder({ maxExchanges: 1_600 });
  const told: (readonly AnnotatedExchanges[])[] = [];
  recorder.onAnnotated((annotations) => told.push(annotations));
  const running = begin(recorder);
  recorder.annotate([running.id], { mark: 'green' });
  for (let i = 0; i < 10; i++) {
    recordMany(recorder, 1_000);
    recorder.annotate(recorder.ids(), { comment: `note ${i}` });
  }
  const there = (): number => recorder.snapshot().annotations.reduce((sum, [, ids]) => sum + ids.length, 0);
  expect(there()).toBeLessThan(4_000);
  expect(recorder.annotationOf(running.id)).toEqual({ mark: 'green' });
  expect(recorder.annotationOf(2)).toBeUndefined();
  expect(told.flat()).toContainEqual([{}, expect.arrayContaining([2]) as number[]]);

  recorder.clear(recorder.ids().slice(-1));
  await recorder.close();
  const text = await readFile((await fileOf(directory)).path, 'utf8');
  expect(JSON.parse(text)).toHaveLength(2);
});

test('a file of changes that say the same again and again does not grow without end', async () => {
  const { recorder, directory } = await startRecorder();
  recordMany(recorder, 1_000);
  const ids = recorder.ids();
  for (let i = 0; i < 300; i++)
    recorder.annotate(ids, { pinned: i % 2 === 0, mark: 'red', comment: 'x'.repeat(2_000) });
  for (let i = 0; i < 300; i++) recorder.annotate([1], { comment: `${i} `.padEnd(2_000, 'y') });
  expect((await fileOf(directory)).size).toBeLessThan(1_100_000);
  await recorder.close();
  const text = await readFile((await fileOf(directory)).path, 'utf8');
  expect(text.match(/299 y/)).not.toBeNull();
});

async function fileOf(directory: string): Promise<{ readonly path: string; readonly size: number }> {
  const [name = ''] = await readdir(directory);
  const path = join(directory, name, 'annotations.jsonl');
  return { path, size: (await stat(path)).size };
}
