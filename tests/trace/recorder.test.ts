import { expect, test } from 'vitest';
import type { Decision } from '../../shared/decision.ts';
import { fold, foldRow } from '../../shared/exchange-view.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';
import { answer, begin, recordMany, recordSettings, startRecorder } from '../support/recorder.ts';

const decision: Decision = {
  ...{ verdict: 'MISS', hit: false, fwd: 'uri-miss', ttl: 60, stored: true, mode: 'shared' },
  steps: [{ rule: 'a', source: 'RFC 9111 §3', evidence: '`max-age=60` → 60 s', effect: 'stored' }],
};
const bytes = (text: string): Buffer => Buffer.from(text);

/** A clock that goes one millisecond further each time somebody looks. */
function tickingClock(): () => number {
  let now = 0;
  return () => ++now;
}

test('what was told live, what is read back and what both fold to are the same', async () => {
  const { recorder } = await startRecorder({}, tickingClock());
  const live: TraceEvent[] = [];
  recorder.subscribe((event) => live.push(event));

  const trace = begin(recorder, { at: 0.5, parent: 4 });
  trace.span('client', 'accept', 0.5);
  trace.requestChunk(bytes('question'));
  trace.requestEnded(['X-Trailer', 'yes']);
  const handle = trace.enter('cache', 'handle');
  trace.span('upstream', 'dns', 3, { end: 4, detail: 'example.test' });
  trace.informational(103, ['Link', '</a.css>']);
  trace.decided(decision);
  trace.leave(handle, new Error('no'));
  const headers = ['Content-Type', 'Text/HTML; charset=utf-8'];
  trace.responseStarted(
    { status: 200, reason: 'Fine', headers, body: null, from: 'upstream', upstream: 'e:80' },
    headers,
  );
  trace.responseChunk(bytes('ans'));
  trace.responseChunk(bytes('wer'));
  trace.note('warning', 'ODD', 'Something odd');
  trace.responseEnded();
  trace.finished({ kind: 'completed' });

  const read = await recorder.read(1);
  expect(read).toEqual(live);
  expect(read?.map((event) => event.seq)).toEqual(live.map((_, index) => index + 1));
  const view = fold(read ?? []);
  expect(view).toMatchObject({
    ...{ id: 1, parent: 4, start: 0.5, status: 200, contentType: 'text/html', upstream: 'e:80', warnings: 1 },
    ...{ requestBytes: 8, responseBytes: 6, verdict: 'MISS', fwd: 'uri-miss', ttl: 60, decision, open: [] },
    request: { body: { captured: 8 }, trailers: ['X-Trailer', 'yes'] },
    response: { reason: 'Fine', headers, body: { captured: 6 } },
    outcome: { kind: 'completed' },
  });
  expect(view?.spans.map(({ lane, name, handler, error }) => [lane, name, handler, error])).toEqual([
    ['client', 'accept', undefined, undefined],
    ['upstream', 'dns', undefined, undefined],
    ['handler', 'handle', 'cache', 'no'],
  ]);
  const page = await recorder.page(undefined, 10);
  expect(page).toEqual({ rows: [foldRow(live)], more: false });
});

test('bodies are read by range, during the exchange and after it', async () => {
  const { recorder } = await startRecorder();
  const trace = begin(recorder);
  const other = begin(recorder);
  const read = async (offset: number, length: number, side: 'request' | 'response' = 'response') =>
    Buffer.from((await recorder.readBody({ id: 1, side, offset, length })) ?? []).toString('latin1');
  // Chunks of another exchange in between, and one large enough to be kept by reference.
  const large = Buffer.alloc(20_000, 'y');
  for (const chunk of [bytes('abc'), large, bytes('def')]) {
    trace.requestChunk(chunk);
    other.requestChunk(bytes('-----'));
  }
  expect(await read(0, 5, 'request')).toBe('abcyy');
  expect(await read(20_002, 100, 'request')).toBe('ydef');
  answer(trace, { body: [bytes('first'), bytes('second')] });
  expect(await read(3, 4)).toBe('stse');
  expect(await read(0, 1_000_000)).toBe('firstsecond');
  expect(await read(11, 10)).toBe('');
  expect(await read(500, 10)).toBe('');
  expect(await recorder.readBody({ id: 99, side: 'request', offset: 0, length: 1 })).toBeUndefined();
});

test('a body beyond the cap is counted and cut', async () => {
  const { recorder } = await startRecorder({ bodyCap: 10 });
  answer(begin(recorder), { body: [bytes('0123456'), bytes('789abc'), bytes('def')] });
  const view = fold((await recorder.read(1)) ?? []);
  expect(view?.responseBytes).toBe(16);
  expect(view?.response?.body).toEqual({ captured: 10, truncated: 'cap' });
  const body = await recorder.readBody({ id: 1, side: 'response', offset: 0, length: 100 });
  expect(Buffer.from(body ?? []).toString()).toBe('0123456789');
});

test('a body as long as the cap is whole', async () => {
  const { recorder } = await startRecorder({ bodyCap: 4 });
  answer(begin(recorder), { body: [bytes('ab'), bytes('cd')] });
  expect(fold((await recorder.read(1)) ?? [])?.response?.body).toEqual({ captured: 4 });
});

test('messages that were cut off get an end, and say so', async () => {
  const { recorder } = await startRecorder();
  const trace = begin(recorder);
  trace.requestChunk(bytes('half a ques'));
  trace.responseStarted({ status: 200, reason: 'OK', headers: [], body: null, from: 'upstream' }, []);
  trace.responseChunk(bytes('half an ans'));
  trace.responseEnded(undefined, false);
  trace.finished({ kind: 'aborted', by: 'client', phase: 'deliver', message: 'gone' });
  trace.note('error', 'LATE', 'after the end');
  trace.finished({ kind: 'completed' });
  const view = fold((await recorder.read(1)) ?? []);
  expect(view?.request.body).toEqual({ captured: 11, truncated: 'aborted' });
  expect(view?.response?.body).toEqual({ captured: 11, truncated: 'aborted' });
  expect(view).toMatchObject({ requestBytes: 11, responseBytes: 11, notes: [], outcome: { kind: 'aborted' } });
});

test('pages are ordered by id, whatever the order in which exchanges ended', async () => {
  const { recorder } = await startRecorder();
  const traces = Array.from({ length: 10 }, () => begin(recorder));
  for (const index of [3, 0, 9, 1, 8, 2, 7, 4, 6]) answer(traces[index]!, { status: 200 + index });
  const ids = async (before: number | undefined, limit: number) => {
    const { rows, more } = await recorder.page(before, limit);
    return [rows.map((row) => row.id), more];
  };
  // The sixth is still running.
  expect(await ids(undefined, 4)).toEqual([[10, 9, 8, 7], true]);
  expect(await ids(7, 4)).toEqual([[5, 4, 3, 2], true]);
  expect(await ids(2, 4)).toEqual([[1], false]);
  expect(await ids(1, 4)).toEqual([[], false]);
  expect(recorder.snapshot()).toMatchObject({ firstId: 1, lastId: 10, evicted: 0 });
  expect(recorder.snapshot().running.map((row) => row.id)).toEqual([6]);
});

test('a page over many segments and index chunks is complete', async () => {
  const { recorder } = await startRecorder({ maxExchanges: 20_000 });
  recordMany(recorder, 9_000);
  const { rows, more } = await recorder.page(undefined, 5_000);
  expect(rows.map((row) => row.id)).toEqual(Array.from({ length: 5_000 }, (_, index) => 9_000 - index));
  expect(more).toBe(true);
  const rest = await recorder.page(rows.at(-1)?.id, 5_000);
  expect([rest.rows.length, rest.rows.at(-1)?.id, rest.more]).toEqual([4_000, 1, false]);
});

test('a running exchange can be read, with its open phases', async () => {
  const { recorder } = await startRecorder();
  const trace = begin(recorder);
  trace.enter('guard', 'handle');
  const cache = trace.enter('cache', 'handle');
  trace.responseStarted({ status: 200, reason: 'OK', headers: [], body: null, from: 'upstream' }, []);
  trace.responseChunk(bytes('12345'));
  const { seq } = recorder.snapshot();
  const events = (await recorder.read(1)) ?? [];
  expect(events.at(-1)?.seq).toBe(seq);
  expect(fold(events)).toMatchObject({ responseBytes: 5, open: ['guard.handle', 'cache.handle'] });
  expect(recorder.snapshot().running[0]).toMatchObject({ id: 1, status: 200, responseBytes: 5 });
  trace.leave(cache);
  expect(fold((await recorder.read(1)) ?? [])?.open).toEqual(['guard.handle']);
});

test('the progress of a slow exchange is told to subscribers', async () => {
  const { recorder } = await startRecorder();
  const trace = begin(recorder, { at: recorder.now() - 5_000 });
  trace.enter('upstream', 'handle');
  trace.requestChunk(bytes('1234'));
  const progress = await new Promise<TraceEvent>((resolve) => {
    recorder.subscribe((event) => {
      if (event.type === 'exchange.progress') resolve(event);
    });
  });
  expect(progress).toMatchObject({ id: 1, requestBytes: 4, responseBytes: 0, open: ['upstream.handle'] });
});

test('spans are told to those who want them', async () => {
  const { recorder } = await startRecorder();
  const [all, second]: TraceEvent[][] = [[], []];
  recorder.subscribe((event) => all!.push(event));
  const end = recorder.subscribe(
    (event) => second!.push(event),
    (id) => id === 2,
  );
  for (let i = 0; i < 2; i++) {
    const trace = begin(recorder);
    trace.span('client', 'accept', 0);
    answer(trace);
  }
  end();
  answer(begin(recorder));
  const spans = (events: TraceEvent[]) => events.flatMap((event) => (event.type === 'span' ? event.id : []));
  expect([spans(all!), spans(second!)]).toEqual([[1, 2], [2]]);
  expect(second).toEqual(all!.filter((event) => event.id !== 3 && (event.type !== 'span' || event.id === 2)));
});

test('tunnels count bytes and keep none', async () => {
  const { recorder } = await startRecorder();
  const trace = begin(recorder, { kind: 'tunnel', method: 'CONNECT' });
  trace.responseStarted({ status: 200, reason: 'OK', headers: [], body: null, from: 'hopscope' }, []);
  trace.tunnelled(100, 2_000);
  trace.tunnelled(1, 5_000_000_000);
  trace.finished({ kind: 'completed' });
  const view = fold((await recorder.read(1)) ?? []);
  expect(view).toMatchObject({ kind: 'tunnel', requestBytes: 101, responseBytes: 5_000_002_000 });
  expect([view?.request.body, view?.response?.body]).toEqual([undefined, undefined]);
});

test('level head keeps no bodies, level off only what a row needs', async () => {
  const { recorder } = await startRecorder({ level: 'head' });
  answer(begin(recorder), { body: [bytes('body')] });
  recorder.configure(recordSettings({ level: 'off' }));
  const trace = begin(recorder);
  trace.decided(decision);
  answer(trace, { body: [bytes('body')] });

  const head = fold((await recorder.read(1)) ?? []);
  expect(head?.request.headers).toContain('example.test');
  expect([head?.response?.body, head?.responseBytes]).toEqual([undefined, 4]);
  const off = fold((await recorder.read(2)) ?? []);
  expect(off).toMatchObject({ request: { headers: [] }, response: { headers: [] }, responseBytes: 4, verdict: 'MISS' });
  expect([off?.spans, off?.decision?.steps]).toEqual([[], []]);
});

test('while paused nothing is recorded, and ids go on', async () => {
  const { recorder } = await startRecorder({ paused: true });
  const events: TraceEvent[] = [];
  recorder.subscribe((event) => events.push(event));
  const trace = begin(recorder);
  expect(trace.id).toBe(1);
  expect(trace.now()).toBeGreaterThanOrEqual(0);
  trace.leave(trace.enter('guard', 'setup'));
  answer(trace, { body: [bytes('x')] });
  expect([events, recorder.snapshot().running, await recorder.read(1)]).toEqual([[], [], undefined]);
  recorder.configure(recordSettings());
  answer(begin(recorder));
  expect((await recorder.page(undefined, 10)).rows.map((row) => row.id)).toEqual([2]);
});

test('a clear forgets what has ended and leaves alone what runs', async () => {
  const { recorder } = await startRecorder();
  recordMany(recorder, 5);
  const trace = begin(recorder);
  trace.requestChunk(bytes('sent before the clear'));
  expect(recorder.clear()).toBe(6);
  expect(recorder.snapshot()).toMatchObject({ firstId: 0, lastId: 0, evicted: 0 });
  expect((await recorder.page(undefined, 10)).rows).toEqual([]);
  expect(await recorder.read(3)).toBeUndefined();
  answer(trace);
  expect((await recorder.page(undefined, 10)).rows.map((row) => row.id)).toEqual([6]);
  const body = await recorder.readBody({ id: 6, side: 'request', offset: 0, length: 100 });
  expect(Buffer.from(body ?? []).toString()).toBe('sent before the clear');
});
