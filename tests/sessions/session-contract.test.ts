import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EngineHost } from '../../electron/bridge/engine-host.ts';
import type { Engine } from '../../electron/engine/engine.ts';
import { createRecorder } from '../../electron/engine/trace/recorder.ts';
import type { Answer, InspectorApi } from '../../shared/contract.ts';
import { MAX_UPLOAD, MAX_UPLOAD_PIECE } from '../../shared/session-contract.ts';
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

/** Hands a file over in pieces of so many bytes; resolves with the upload's id. */
async function uploaded(api: InspectorApi, name: string, file: Buffer, piece: number): Promise<string> {
  const { id } = valueOf(await api.request('sessions.beginUpload', { name, bytes: file.length }));
  for (let offset = 0; offset < file.length; offset += piece) {
    const base64 = file.subarray(offset, offset + piece).toString('base64');
    valueOf(await api.request('sessions.writeUpload', { id, offset, base64 }));
  }
  return id;
}

async function idsOf(api: InspectorApi): Promise<number[]> {
  return valueOf(await api.request('exchanges.page', { limit: 100 })).rows.map(({ id }) => id);
}

describe.each(transports)('recorded sessions over %s', (_name, open) => {
  const connect = async (engine: Engine) => {
    const transport = await open(engine, () => Promise.resolve(0));
    const { api } = await transport.connect();
    return { api, errors: transport.errors, connectAnother: () => transport.connect() };
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
      name: 'Four',
    });
    expect(await codeOf(api.request('sessions.save', { name: 'Four', format: 'hopscope' }))).toBe('NAME_TAKEN');
    expect(valueOf(await api.request('sessions.save', { name: 'Four', format: 'har' }))).toMatchObject({
      exchanges: 4,
    });
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

  test('a file is handed over in pieces, and is a session by a name that is free when it is whole', async () => {
    const { engine } = await startEngine();
    const { api, errors } = await connect(engine);
    recordMany(engine.recorder, 3, [Buffer.alloc(1_000_000, 'x')]);
    valueOf(await api.request('sessions.save', { name: 'Theirs', format: 'har' }));
    const { folder } = engine.sessions;
    const file = await readFile(join(folder, 'Theirs.har'));
    expect(file.length).toBeGreaterThan(2 * MAX_UPLOAD_PIECE);
    let changes = 0;
    api.on('sessions.changed', () => changes++);

    const id = await uploaded(api, '../Theirs.HAR', file, MAX_UPLOAD_PIECE);
    // It is not listed before it is whole.
    expect((await sessionsOf(api)).map(({ name }) => name)).toEqual(['Theirs']);
    expect(changes).toBe(0);
    const kept = valueOf(await api.request('sessions.endUpload', { id }));
    expect(kept).toEqual({ id: 'file:Theirs (2).har', name: 'Theirs (2)' });
    expect(changes).toBe(1);
    expect((await readdir(folder)).sort()).toEqual(['Theirs (2).har', 'Theirs.har']);
    expect(await readFile(join(folder, 'Theirs (2).har'))).toEqual(file);
    expect(valueOf(await api.request('sessions.merge', { id: kept.id }))).toEqual({ imported: 3, lost: 0 });
    expect(await idsOf(api)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(errors).toEqual([]);
  });

  test('a file that is refused, does not arrive whole or whose client leaves leaves nothing behind', async () => {
    const { engine } = await startEngine();
    const { api, errors, connectAnother } = await connect(engine);
    const { folder } = engine.sessions;
    const begin = async (name: string, bytes: number) => api.request('sessions.beginUpload', { name, bytes });
    expect(await codeOf(begin('picture.png', 3))).toBe('NOT_A_SESSION');
    expect(await codeOf(begin('...har', 3))).toBe('BAD_NAME');
    expect(await codeOf(begin('a.har', MAX_UPLOAD + 1))).toBe('TOO_LARGE');
    // As if a host had been killed in the middle of one, the day before yesterday.
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'old.upload'), 'half');
    await utimes(join(folder, 'old.upload'), new Date(0), new Date(0));

    const piece = Buffer.from('half').toString('base64');
    const short = await uploaded(api, 'short.har', Buffer.from('half'), 4);
    const unwanted = valueOf(await begin('unwanted.har', 9)).id;
    const scrambled = valueOf(await begin('scrambled.har', 9)).id;
    const tooMuch = valueOf(await begin('much.har', 3)).id;
    const half = valueOf(await begin('half.har', 9)).id;
    expect(await readdir(folder)).toHaveLength(5);
    valueOf(await api.request('sessions.delete', { id: unwanted }));
    for (const [id, offset] of [
      [scrambled, 4],
      [tooMuch, 0],
    ] as const) {
      expect(await codeOf(api.request('sessions.writeUpload', { id, offset, base64: piece }))).toBe('DAMAGED');
    }
    valueOf(await api.request('sessions.writeUpload', { id: half, offset: 0, base64: piece }));
    expect(await codeOf(api.request('sessions.endUpload', { id: half }))).toBe('DAMAGED');
    for (const id of [unwanted, scrambled, tooMuch, half, 'file:x']) {
      expect(await codeOf(api.request('sessions.writeUpload', { id, offset: 4, base64: piece }))).toBe('NOT_FOUND');
      expect(await codeOf(api.request('sessions.endUpload', { id }))).toBe('NOT_FOUND');
    }
    valueOf(await api.request('sessions.endUpload', { id: short }));
    expect(await readdir(folder)).toEqual(['short.har']);

    const another = await connectAnother();
    await uploaded(another.api, 'left.har', Buffer.from('half'), 2);
    expect(await readdir(folder)).toHaveLength(2);
    another.leave();
    await expect.poll(() => readdir(folder)).toEqual(['short.har']);
    await uploaded(api, 'left.har', Buffer.from('half'), 2);
    await engine.sessions.close();
    expect(await readdir(folder)).toEqual(['short.har']);
    expect(errors).toEqual([]);
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
  const { count } = engine.recorder;
  // The name is told as the file has it.
  const saved = await engine.sessions.save({ name: ' ../x ', format: 'hopscope' });
  expect(saved).toEqual({ exchanges: count, name: '-x' });
});
