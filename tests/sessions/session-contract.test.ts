import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EngineHost } from '../../electron/bridge/engine-host.ts';
import type { Engine } from '../../electron/engine/engine.ts';
import { createRecorder } from '../../electron/engine/trace/recorder.ts';
import type { Answer, InspectorApi } from '../../shared/contract.ts';
import type { SessionEntry } from '../../shared/session-contract.ts';
import { startEngine } from '../support/engine.ts';
import { answer, begin, recordMany, recordSettings, temporaryDirectory } from '../support/recorder.ts';
import { ipcTransport, webSocketTransport } from '../support/transports.ts';
import type { Transport } from '../support/transports.ts';

const transports: [string, (host: EngineHost, sendSample: () => Promise<number>) => Promise<Transport>][] = [
  ['Electron IPC', ipcTransport],
  ['WebSocket', webSocketTransport],
];

function valueOf<T>(given: Answer<T>): T {
  if (!given.ok) throw new Error(`${given.error.code}: ${given.error.message}`);
  return given.value;
}

async function codeOf(answer: Promise<Answer<unknown>>): Promise<string | undefined> {
  const given = await answer;
  return given.ok ? undefined : given.error.code;
}

/** An engine on a data directory in which an earlier run left three exchanges. */
async function startAfterARun(): Promise<{ engine: Engine; dataDir: string }> {
  const dataDir = await temporaryDirectory();
  const earlier = await createRecorder({ directory: join(dataDir, 'session'), settings: recordSettings() });
  recordMany(earlier, 3, [Buffer.from('the body')]);
  await earlier.close();
  return { engine: (await startEngine({ dataDir })).engine, dataDir };
}

async function sessionsOf(api: InspectorApi): Promise<readonly SessionEntry[]> {
  return valueOf(await api.request('sessions.list', undefined)).sessions;
}

/** A file of so many bytes, read in pieces. */
async function fileOf(api: InspectorApi, id: string, bytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let offset = 0; offset < bytes; offset += 500) {
    pieces.push(valueOf(await api.request('sessions.read', { id, offset, length: 500 })));
  }
  const file = Buffer.concat(pieces);
  expect(file.length).toBe(bytes);
  return file;
}

async function idsOf(api: InspectorApi): Promise<number[]> {
  return valueOf(await api.request('exchanges.page', { limit: 100 })).rows.map(({ id }) => id);
}

describe.each(transports)('recorded sessions over %s', (_name, open) => {
  const connect = async (engine: Engine) => {
    const transport = await open(engine, () => Promise.resolve(0));
    const { api } = await transport.connect();
    return { api, errors: transport.errors };
  };

  test('what an earlier run left is listed, opened, added, named and deleted', async () => {
    const { engine, dataDir } = await startAfterARun();
    const { api, errors } = await connect(engine);
    recordMany(engine.recorder, 2);
    const [run, ...others] = await sessionsOf(api);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ kind: 'run', exchanges: 3, name: expect.stringMatching(/^\d{4}-\d\d-\d\d/) as string });
    const id = run?.id ?? '';

    const cleared: number[] = [];
    api.on('session.cleared', ({ upTo }) => cleared.push(upTo));
    expect(valueOf(await api.request('sessions.open', { id }))).toEqual({ imported: 3, lost: 0 });
    expect(cleared).toEqual([2]);
    expect(await idsOf(api)).toEqual([5, 4, 3]);
    const body = valueOf(await api.request('body.read', { id: 4, side: 'response', offset: 0, length: 100 }));
    expect(Buffer.from(body).toString()).toBe('the body');
    expect(valueOf(await api.request('sessions.merge', { id }))).toEqual({ imported: 3, lost: 0 });
    expect(await idsOf(api)).toEqual([8, 7, 6, 5, 4, 3]);

    let changes = 0;
    api.on('sessions.changed', () => changes++);
    valueOf(await api.request('sessions.rename', { id, name: 'Kept: the first' }));
    expect(await readdir(join(dataDir, 'sessions'))).toEqual(['Kept- the first.hopscope']);
    const [kept] = await sessionsOf(api);
    expect(kept).toMatchObject({ kind: 'saved', name: 'Kept- the first', exchanges: 3 });
    valueOf(await api.request('sessions.rename', { id: kept?.id ?? '', name: 'Again' }));
    expect(await codeOf(api.request('sessions.open', { id: kept?.id ?? '' }))).toBe('NOT_FOUND');
    expect(valueOf(await api.request('sessions.open', { id: 'file:Again.hopscope' }))).toEqual({
      imported: 3,
      lost: 0,
    });
    valueOf(await api.request('sessions.delete', { id: 'file:Again.hopscope' }));
    expect(await sessionsOf(api)).toEqual([]);
    expect(changes).toBe(3);
    expect(errors).toEqual([]);
  });

  test('what is recorded is saved, once under each name', async () => {
    const { engine } = await startEngine();
    const { api } = await connect(engine);
    recordMany(engine.recorder, 4);
    expect(valueOf(await api.request('sessions.save', { name: ' Four ', format: 'hopscope' }))).toEqual({
      exchanges: 4,
    });
    expect(await codeOf(api.request('sessions.save', { name: 'Four', format: 'hopscope' }))).toBe('NAME_TAKEN');
    expect(valueOf(await api.request('sessions.save', { name: 'Four', format: 'har' }))).toEqual({ exchanges: 4 });
    expect(await codeOf(api.request('sessions.save', { name: '..', format: 'har' }))).toBe('BAD_NAME');
    expect((await sessionsOf(api)).map(({ kind, name, exchanges }) => [kind, name, exchanges]).sort()).toEqual([
      ['har', 'Four', undefined],
      ['saved', 'Four', 4],
    ]);
    expect(valueOf(await api.request('sessions.open', { id: 'file:Four.har' }))).toEqual({ imported: 4, lost: 0 });
  });

  test('some exchanges are exported as HAR, with their secrets only when that is asked', async () => {
    const { engine } = await startAfterARun();
    const { api } = await connect(engine);
    for (const cookie of ['a=1', 'b=2', 'c=3']) {
      const trace = begin(engine.recorder);
      trace.requestHead('/', ['Cookie', cookie]);
      answer(trace);
    }
    const cookies = async (secrets: boolean): Promise<(string | undefined)[]> => {
      const { id, exchanges, bytes } = valueOf(await api.request('sessions.export', { only: [3, 1, 99], secrets }));
      expect(exchanges).toBe(2);
      const file = await fileOf(api, id, bytes);
      valueOf(await api.request('sessions.delete', { id }));
      expect(await codeOf(api.request('sessions.read', { id, offset: 0, length: 1 }))).toBe('NOT_FOUND');
      const { log } = JSON.parse(file.toString()) as {
        log: { entries: { request: { headers: { value: string }[] } }[] };
      };
      return log.entries.map(({ request }) => request.headers[0]?.value);
    };
    expect(await cookies(false)).toEqual(['(masked)', '(masked)']);
    expect(await cookies(true)).toEqual(['a=1', 'c=3']);
  });

  test('an id leads nowhere but to what is listed, and a bad file costs nothing', async () => {
    const { engine, dataDir } = await startAfterARun();
    const { api, errors } = await connect(engine);
    recordMany(engine.recorder, 1);
    await mkdir(join(dataDir, 'sessions'));
    await writeFile(join(dataDir, 'sessions', 'bad.hopscope'), 'nothing');
    await writeFile(join(dataDir, 'secret.hopscope'), 'nothing');
    const own = (await readdir(join(dataDir, 'session'))).map((name) => `run:${name}`);
    const listed = await sessionsOf(api);
    const live = own.filter((id) => !listed.some((entry) => entry.id === id));
    expect(live).toHaveLength(1);
    for (const id of ['file:../secret.hopscope', 'file:..', 'run:.', 'run:../sessions', 'x', live[0] ?? '']) {
      expect(await codeOf(api.request('sessions.read', { id, offset: 0, length: 9 }))).toBe('NOT_FOUND');
      expect(await codeOf(api.request('sessions.open', { id }))).toBe('NOT_FOUND');
      expect(await codeOf(api.request('sessions.delete', { id }))).toBe('NOT_FOUND');
    }
    expect(listed.find(({ name }) => name === 'bad')?.problem).toBe('This is no file of a Hopscope session.');
    expect(await codeOf(api.request('sessions.open', { id: 'file:bad.hopscope' }))).toBe('NOT_A_SESSION');
    // It was refused before anything was cleared for it.
    expect(await idsOf(api)).toEqual([1]);
    expect(errors).toEqual([]);
  });
});

test('one session at a time is opened, and a clear puts an end to it', async () => {
  const { engine, dataDir } = await startAfterARun();
  const large = await createRecorder({ directory: join(dataDir, 'session'), settings: recordSettings() });
  recordMany(large, 3_000);
  await large.close();
  const [newest] = await engine.sessions.list();
  expect(newest?.exchanges).toBe(3_000);
  const opening = engine.sessions.open(newest?.id ?? '');
  const settled = Promise.allSettled([opening]);
  const started = new Promise<void>((resolve) => {
    const forget = engine.recorder.subscribe(() => {
      forget();
      resolve();
    });
  });
  await started;
  await expect(engine.sessions.save({ name: 'x', format: 'har' })).rejects.toMatchObject({ code: 'BUSY' });
  await expect(engine.sessions.open(newest?.id ?? '')).rejects.toMatchObject({ code: 'BUSY' });
  engine.sessions.cancel();
  expect(await settled).toMatchObject([{ status: 'rejected', reason: { code: 'CANCELLED' } }]);
  expect(engine.recorder.count).toBeLessThan(3_000);
  expect(await engine.sessions.save({ name: 'x', format: 'hopscope' })).toBe(engine.recorder.count);
});
