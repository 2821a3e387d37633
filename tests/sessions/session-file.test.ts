import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openSessionFile, writeSessionFile } from '../../electron/engine/sessions/session-file.ts';
import { splitLines } from '../../electron/engine/sessions/split-lines.ts';
import { safeFileName } from '../../electron/engine/sessions/session-name.ts';
import type { SessionItem } from '../../electron/engine/trace/session-item.ts';
import { answer, begin, everythingIn, recordMany, startRecorder, temporaryDirectory } from '../support/recorder.ts';

const HEAD = '{"hopscope":1,"name":"x","savedAt":"","epoch":0,"exchanges":1}';
const STARTED = {
  ...{ type: 'exchange.started', seq: 1, id: 1, at: 0, kind: 'http', method: 'GET', url: 'http://a.test/' },
  ...{ version: 'HTTP/1.1', client: '', connection: 1, nth: 1 },
};

async function fileOf(...lines: string[]): Promise<string> {
  const path = join(await temporaryDirectory(), 'x.hopscope');
  await writeFile(path, gzipSync(lines.join('\n')));
  return path;
}

async function allOf<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

async function readAll(path: string): Promise<SessionItem[]> {
  const { items } = await openSessionFile(path);
  return allOf(items);
}

test('what is written is what is read: events, bodies, shared bodies, messages', async () => {
  const { recorder } = await startRecorder();
  const trace = begin(recorder);
  trace.requestChunk(Buffer.alloc(1_000_000, 'q'));
  answer(trace, { body: [Buffer.from([0, 255, 10, 13]), Buffer.from('ü')] });
  const cached = Buffer.from('again and again');
  for (let i = 0; i < 3; i++) answer(begin(recorder), { from: 'cache', body: [cached] });
  const socket = begin(recorder);
  const log = socket.messages();
  const facts = { at: 1, sent: true, kind: 'text', fin: true, size: 4, problems: ['rsv'] } as const;
  for (let i = 0; i < 3; i++) log?.add({ ...facts, payload: Buffer.from('text') });
  answer(socket, { status: 101 });
  const ruled = begin(recorder);
  ruled.ruleApplied('Stop “here”', 'pause', 7);
  ruled.held('request');
  ruled.released('request', 'edited');
  answer(ruled);

  const path = join(await temporaryDirectory(), 'x.hopscope');
  const { epoch } = recorder;
  const head = { name: 'A session', savedAt: '2026-01-01T00:00:00.000Z', epoch, exchanges: 6 };
  expect(await writeSessionFile(path, head, recorder.items({ exchanges: 0 }))).toBe(6);
  const file = await openSessionFile(path);
  expect(file.head).toEqual(head);
  expect(await everythingIn(file.items)).toEqual(await everythingIn(recorder.items({ exchanges: 0 })));
});

test('a file that breaks off gives what came before', async () => {
  const { recorder } = await startRecorder();
  recordMany(recorder, 50, [Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * i * 31) % 251))]);
  const path = join(await temporaryDirectory(), 'x.hopscope');
  const head = { name: 'x', savedAt: '', epoch: 0, exchanges: 50 };
  await writeSessionFile(path, head, recorder.items({ exchanges: 0 }));
  const whole = await readFile(path);
  await writeFile(path, whole.subarray(0, whole.length - 20));
  const { items } = await openSessionFile(path);
  let exchanges = 0;
  const reading = (async () => {
    for await (const item of items) if (item.kind === 'exchange') exchanges++;
  })();
  await expect(reading).rejects.toMatchObject({ name: 'SessionError', code: 'DAMAGED' });
  expect(exchanges).toBeGreaterThan(10);
});

test('a failed save leaves what was there before', async () => {
  const path = await fileOf(HEAD, '{"end":true}');
  const before = await readFile(path);
  const failing = async function* (): AsyncGenerator<SessionItem> {
    yield { kind: 'exchange', events: [] };
    await Promise.reject(new Error('no'));
  };
  const head = { name: 'x', savedAt: '', epoch: 0, exchanges: 0 };
  await expect(writeSessionFile(path, head, failing())).rejects.toThrow('no');
  expect(await readFile(path)).toEqual(before);
});

test.for([
  ['of a later version', ['{"hopscope":2,"name":"x"}'], 'NEWER_FORMAT'],
  ['that is no session', ['{"log":{}}'], 'NOT_A_SESSION'],
  ['that is no JSON', ['nonsense'], 'NOT_A_SESSION'],
  ['that holds nothing', [''], 'NOT_A_SESSION'],
  ['without an end', [HEAD, JSON.stringify({ exchange: [STARTED] })], 'DAMAGED'],
  ['with a line that is nothing', [HEAD, '{}'], 'DAMAGED'],
  ['with null', [HEAD, 'null'], 'DAMAGED'],
  ['with an exchange of nothing', [HEAD, '{"exchange":[]}'], 'DAMAGED'],
  ['with an exchange of objects', [HEAD, '{"exchange":[{}]}'], 'DAMAGED'],
  ['with an exchange that does not begin', [HEAD, '{"exchange":[{"type":"span"}]}'], 'DAMAGED'],
  ['with a time beyond all', [HEAD, JSON.stringify({ exchange: [{ ...STARTED, at: 1e300 }] })], 'DAMAGED'],
  ['with bytes that are none', [HEAD, '{"request":"<script>"}'], 'DAMAGED'],
  ['nested beyond reason', [HEAD, `{"exchange":${'['.repeat(1_000_000)}`], 'DAMAGED'],
] as const)('a file %s is refused', async ([, lines, code]) => {
  const path = await fileOf(...lines);
  await expect(readAll(path)).rejects.toMatchObject({ name: 'SessionError', code });
});

test('what is no gzip, and what is not there, is refused', async () => {
  const path = join(await temporaryDirectory(), 'x.hopscope');
  await expect(readAll(path)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await writeFile(path, 'plain text');
  await expect(readAll(path)).rejects.toMatchObject({ code: 'NOT_A_SESSION' });
});

test('a line without end is refused before it is in memory', async () => {
  let given = 0;
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    for (;;) {
      given += 1_000;
      yield await Promise.resolve(Buffer.alloc(1_000, 'x'));
    }
  };
  await expect(allOf(splitLines(endless(), 50_000))).rejects.toMatchObject({ code: 'TOO_LARGE' });
  expect(given).toBe(51_000);
});

test.for([
  ['Checkout, slow', 'Checkout, slow'],
  ['../../etc/passwd', '-..-etc-passwd'],
  ['a/b\\c:d', 'a-b-c-d'],
  ['  .hidden.  ', 'hidden'],
  ['nul', 'nul-'],
  ['COM1.txt', 'COM1.txt-'],
  ['Prüfung 日本', 'Prüfung 日本'],
  ['line\nbreak\u0000', 'line-break-'],
] as const)('the name %j becomes the file %j', ([name, file]) => {
  expect(safeFileName(name)).toBe(file);
});

test.for(['', '...', '   ', 'x'.repeat(300)])('the name %j is none', (name) => {
  expect(() => safeFileName(name)).toThrow(expect.objectContaining({ code: 'BAD_NAME' }) as Error);
});
