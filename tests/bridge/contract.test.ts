import { describe, expect, onTestFinished, test } from 'vitest';
import type { EngineHost } from '../../electron/bridge/engine-host.ts';
import type { Answer, EventMap, EventName, InspectorApi, TraceBatch } from '../../shared/contract.ts';
import { fold } from '../../shared/exchange-view.ts';
import { MAX_EDITED_BODY } from '../../shared/resend-contract.ts';
import type { EditedRequest, ResendOrder } from '../../shared/resend-contract.ts';
import type { SettingsPatch } from '../../shared/settings.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';
import { startEngine } from '../support/engine.ts';
import { startOrigin } from '../support/origin.ts';
import { answer, begin, recordMany } from '../support/recorder.ts';
import { ipcTransport, webSocketTransport } from '../support/transports.ts';
import type { Transport } from '../support/transports.ts';

const transports: [string, (host: EngineHost, sendSample: () => Promise<number>) => Promise<Transport>][] = [
  ['Electron IPC', ipcTransport],
  ['WebSocket', webSocketTransport],
];

const sample = (): Promise<number> => Promise.resolve(11);

function valueOf<T>(given: Answer<T>): T {
  if (!given.ok) throw new Error(`${given.error.code}: ${given.error.message}`);
  return given.value;
}

function next<N extends EventName>(
  api: InspectorApi,
  name: N,
  wanted: (payload: EventMap[N]) => boolean = () => true,
): Promise<EventMap[N]> {
  return new Promise((resolve) => {
    const forget = api.on(name, (payload) => {
      if (!wanted(payload)) return;
      forget();
      resolve(payload);
    });
    onTestFinished(forget);
  });
}

/** Collects batches until the event stream has come to `seq`. */
async function batchesUpTo(api: InspectorApi, seq: number, acknowledge = true): Promise<TraceBatch[]> {
  const batches: TraceBatch[] = [];
  await next(api, 'trace.batch', (batch) => {
    batches.push(batch);
    if (acknowledge) void api.request('trace.ack', { lastSeq: batch.lastSeq });
    return batch.lastSeq >= seq;
  });
  return batches;
}

describe.each(transports)('the contract over %s', (_name, open) => {
  test('a snapshot tells the state, pages and reads the rest', async () => {
    const { engine, url } = await startEngine();
    const transport = await open(engine, sample);
    const { api } = await transport.connect();
    recordMany(engine.recorder, 3);
    const running = begin(engine.recorder);
    const snapshot = valueOf(await api.request('engine.snapshot', undefined));
    expect(snapshot).toMatchObject({ firstId: 1, lastId: 3, evicted: 0, settings: engine.settings });
    expect(snapshot.status).toMatchObject({ proxyUrl: url, version: 'test', warnings: [] });
    expect(snapshot.running.map((row) => row.id)).toEqual([running.id]);
    const page = valueOf(await api.request('exchanges.page', { limit: 2 }));
    expect([page.rows.map((row) => row.id), page.more]).toEqual([[3, 2], true]);
    const rest = valueOf(await api.request('exchanges.page', { before: 2, limit: 2 }));
    expect([rest.rows.map((row) => row.id), rest.more]).toEqual([[1], false]);
    const { events } = valueOf(await api.request('exchange.read', { id: 2 }));
    expect(fold(events)).toMatchObject({ id: 2, status: 200, outcome: { kind: 'completed' } });
    expect(valueOf(await api.request('cache.stats', undefined))).toMatchObject({ entries: 0 });
    expect(valueOf(await api.request('cache.purge', { everything: true }))).toMatchObject({ purged: 0 });
    expect(valueOf(await api.request('sample.send', undefined))).toEqual({ sent: 11 });
  });

  test('what a rule holds is read and released, while somebody is connected', async () => {
    const origin = await startOrigin((request, response) => response.end(request.url));
    const rules = [{ name: 'Stop', action: { type: 'pause', at: 'request' } }] as const;
    const { engine, event, finished, url } = await startEngine({ upstream: origin.url, settings: { rules } });
    const transport = await open(engine, sample);
    expect(await (await fetch(`${url}/nobody`)).text()).toBe('/nobody');
    await finished();
    const { api } = await transport.connect();
    valueOf(await api.request('engine.snapshot', undefined));
    const told = next(api, 'trace.batch', ({ events }) => events.some(({ type }) => type === 'exchange.held'));
    const answers = [fetch(`${url}/first`), fetch(`${url}/second`)];
    await told;
    await event(({ type, id }) => type === 'exchange.held' && id === 3);
    const held = valueOf(await api.request('exchange.held', { id: 2 }));
    expect(held).toMatchObject({ stage: 'request', method: 'GET', body: { kind: 'none' } });
    const response = { status: 200, headers: [], body: 'kept' } as const;
    const wrong = await api.request('exchange.release', { id: 2, order: { type: 'continue', response } });
    expect(wrong).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } });
    expect(valueOf(await api.request('exchange.release', { id: 2, order: { type: 'continue' } }))).toBeNull();
    expect(valueOf(await api.request('exchanges.releaseAll', undefined))).toEqual({ released: 1 });
    expect(await Promise.all(answers.map(async (answer) => (await answer).text()))).toEqual(['/first', '/second']);
    for (const again of [
      await api.request('exchange.held', { id: 2 }),
      await api.request('exchange.release', { id: 2, order: { type: 'abort' } }),
    ])
      expect(again).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
    expect(transport.errors).toEqual([]);
  });

  test('rules with long bodies are taken', async () => {
    const { engine } = await startEngine();
    const transport = await open(engine, sample);
    const { api } = await transport.connect();
    const body = '"'.repeat(1024 * 1024);
    const rules = Array.from({ length: 8 }, (_, i) => ({
      ...{ name: `Mock ${i}`, action: { type: 'answer' as const, status: 200, body } },
    }));
    expect(valueOf(await api.request('settings.update', { patch: { rules } })).rules).toHaveLength(8);
  });

  test('a request is sent again, edited, and refusals have codes', async () => {
    const { engine, finished } = await startEngine();
    const transport = await open(engine, sample);
    const { api } = await transport.connect();
    const origin = await startOrigin((request, response) => response.end(request.method));
    answer(begin(engine.recorder));
    await finished();
    const edited = { method: 'PUT', url: `${origin.url}/`, headers: ['X-A', '1'], body: { text: 'more' } };
    const { id } = valueOf(await api.request('exchange.resend', { id: 1, edited, pastCache: true }));
    expect(await finished()).toMatchObject({
      id,
      parent: 1,
      replay: true,
      method: 'PUT',
      status: 200,
      requestBytes: 4,
    });
    const refusal = async (order: ResendOrder): Promise<string> => {
      const given = await api.request('exchange.resend', order);
      return given.ok ? 'none' : given.error.code;
    };
    const wrong = (part: Partial<EditedRequest>): ResendOrder => ({
      id: 1,
      edited: { ...edited, ...part },
      pastCache: false,
    });
    expect(await refusal({ id: 99, pastCache: false })).toBe('NOT_FOUND');
    expect(await refusal(wrong({ headers: ['Cookie', '(masked)'] }))).toBe('MASKED_FIELD');
    expect(await refusal(wrong({ method: 'CONNECT' }))).toBe('NOT_RESENDABLE');
    expect(await refusal(wrong({ url: 'http://a@b/' }))).toBe('BAD_REQUEST');
    expect(await refusal(wrong({ url: 'nowhere' }))).toBe('BAD_PARAMS');
    expect(await refusal(wrong({ headers: ['X-A', '1\r\nX-B: 2'] }))).toBe('BAD_PARAMS');
    expect(await refusal(wrong({ body: { text: 'x'.repeat(MAX_EDITED_BODY + 1) } }))).toBe('BAD_PARAMS');
  });

  test('bodies are bytes, read by range', async () => {
    const { engine } = await startEngine();
    const transport = await open(engine, sample);
    const { api } = await transport.connect();
    const body = Buffer.from(Array.from({ length: 300 }, (_, index) => index % 256));
    answer(begin(engine.recorder), { body: [body] });
    const read = async (offset: number, length: number): Promise<Uint8Array> =>
      valueOf(await api.request('body.read', { id: 1, side: 'response', offset, length }));
    expect(await read(250, 10)).toEqual(new Uint8Array([250, 251, 252, 253, 254, 255, 0, 1, 2, 3]));
    expect((await read(290, 1_000)).length).toBe(10);
    expect((await read(300, 10)).length).toBe(0);
  });

  test('live events follow on from the snapshot, without gap or overlap', async () => {
    const { engine } = await startEngine();
    const transport = await open(engine, sample);
    const { api } = await transport.connect();
    recordMany(engine.recorder, 2);
    const { seq } = valueOf(await api.request('engine.snapshot', undefined));
    const collected = batchesUpTo(api, seq + 50 * 6);
    recordMany(engine.recorder, 50);
    const batches = await collected;
    let expected = seq + 1;
    for (const batch of batches) {
      expect(batch.firstSeq).toBe(expected);
      expected = batch.lastSeq + 1;
    }
    const types = (events: TraceEvent[]) => events.map((event) => event.type);
    const events = batches.flatMap((batch) => batch.events);
    expect(types(events.filter((event) => event.id === 3))).toEqual([
      ...['exchange.started', 'response.started', 'response.ended', 'exchange.finished'],
    ]);
    // The list has no use for headers.
    expect(events.find((event) => event.type === 'response.started')).toMatchObject({ headers: [] });
  });

  test('the watched exchange comes whole, the others as the list needs them', async () => {
    const { engine } = await startEngine();
    const transport = await open(engine, sample);
    const { api } = await transport.connect();
    valueOf(await api.request('engine.snapshot', undefined));
    valueOf(await api.request('exchange.watch', { id: 2 }));
    const collected = batchesUpTo(api, 16);
    for (let i = 0; i < 2; i++) {
      const trace = begin(engine.recorder);
      trace.span('client', 'accept', 0);
      trace.note('info', 'SEEN', 'For the details only.');
      answer(trace);
    }
    const events = (await collected).flatMap((batch) => batch.events);
    expect(events.filter((event) => event.id === 1)).toHaveLength(4);
    expect(events.filter((event) => event.id === 2)).toEqual(await engine.recorder.read(2));
  });

  test('settings and status changes reach every client', async () => {
    const { engine } = await startEngine();
    const transport = await open(engine, sample);
    const [first, second] = [(await transport.connect()).api, (await transport.connect()).api];
    const told = [next(first, 'settings.changed'), next(second, 'settings.changed')];
    const patch = { cache: { mode: 'private' }, record: { paused: true } } as const;
    const settings = valueOf(await first.request('settings.update', { patch }));
    expect(settings).toMatchObject({ cache: { mode: 'private', cacheStatus: true }, record: { paused: true } });
    expect(await Promise.all(told)).toEqual([settings, settings]);
    const status = next(second, 'status.changed');
    engine.warn('Something everyone should know');
    expect((await status).warnings).toEqual(['Something everyone should know']);
  });

  test('a clear reaches every client after all that happened before it', async () => {
    const { engine } = await startEngine();
    const transport = await open(engine, sample);
    const [first, second] = [(await transport.connect()).api, (await transport.connect()).api];
    valueOf(await second.request('engine.snapshot', undefined));
    const order: string[] = [];
    second.on('trace.batch', (batch) => order.push(`up to ${batch.lastSeq}`));
    recordMany(engine.recorder, 1);
    const cleared = next(second, 'session.cleared');
    valueOf(await first.request('session.clear', undefined));
    expect(await cleared).toEqual({ upTo: 1, kept: [] });
    expect(order).toEqual(['up to 6']);
    expect(valueOf(await first.request('exchanges.page', { limit: 10 })).rows).toEqual([]);
  });

  test('deleted exchanges are gone for every client, and come back when that is undone', async () => {
    const { engine } = await startEngine();
    const transport = await open(engine, sample);
    const [first, second] = [(await transport.connect()).api, (await transport.connect()).api];
    recordMany(engine.recorder, 4);
    const running = begin(engine.recorder);
    const ids = async (): Promise<number[]> =>
      valueOf(await second.request('exchanges.page', { limit: 10 })).rows.map(({ id }) => id);
    const told = next(second, 'exchanges.deleted');
    expect(valueOf(await first.request('exchanges.delete', { ids: [2, 3, running.id, 99] }))).toEqual({ deleted: 2 });
    expect(await told).toEqual({ ids: [2, 3] });
    expect(await ids()).toEqual([4, 1]);
    const restored = next(second, 'session.restored');
    expect(valueOf(await first.request('session.restore', undefined))).toEqual({ restored: true });
    await restored;
    expect(await ids()).toEqual([4, 3, 2, 1]);
  });

  test('what does not fit the contract is refused, with a code and a sentence', async () => {
    const { engine } = await startEngine();
    const transport = await open(engine, sample);
    const { api } = await transport.connect();
    const refuse = async (name: string, params: unknown): Promise<unknown> => {
      const given = await (api.request as (name: string, params: unknown) => Promise<Answer<unknown>>)(name, params);
      return given.ok ? given : given.error;
    };
    expect(await refuse('exchanges.page', { limit: 5_001 })).toMatchObject({ code: 'BAD_PARAMS' });
    expect(await refuse('exchanges.page', { limit: 10, before: 'x' })).toMatchObject({ code: 'BAD_PARAMS' });
    expect(await refuse('exchange.read', null)).toMatchObject({ code: 'BAD_PARAMS' });
    expect(await refuse('exchange.read', { id: 1.5 })).toMatchObject({ code: 'BAD_PARAMS' });
    expect(await refuse('exchange.read', { id: 77 })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refuse('body.read', { id: 77, side: 'request', offset: 0, length: 10 })).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await refuse('body.read', { id: 1, side: 'both', offset: 0, length: 10 })).toMatchObject({
      code: 'BAD_PARAMS',
    });
    expect(await refuse('body.read', { id: 1, side: 'request', offset: -1, length: 10 })).toMatchObject({
      code: 'BAD_PARAMS',
    });
    expect(await refuse('settings.update', { patch: { cache: { mode: 'odd' } } })).toEqual({
      code: 'BAD_PARAMS',
      message: expect.stringContaining('patch.cache.mode') as unknown,
    });
    expect(await refuse('settings.update', { patch: { cach: {} } })).toMatchObject({ code: 'BAD_PARAMS' });
    expect(await refuse('settings.update', { patch: { activeUpstream: 'gone' } })).toEqual({
      code: 'BAD_PARAMS',
      message: 'activeUpstream is none of the upstreams',
    });
    expect(engine.settings.cache.mode).toBe('off');
    expect(transport.errors).toEqual([]);
  });

  test('files and scripts that somebody adds to the settings have to be there; those that are in them already may be gone', async () => {
    const gone = { originTls: { extraCaFiles: ['/gone/before.pem'] } };
    const { engine } = await startEngine({ settings: gone });
    const transport = await open(engine, sample);
    const { api } = await transport.connect();
    const refuse = async (patch: SettingsPatch): Promise<unknown> => {
      const given = await api.request('settings.update', { patch });
      return given.ok ? 'taken' : given.error.message;
    };
    const pac = (from: 'url' | 'file', source: string): SettingsPatch => ({
      upstreams: [{ type: 'pac', id: 'pac', label: 'PAC', from, source }],
    });
    const here = import.meta.filename;
    expect(await refuse({ originTls: { extraCaFiles: ['/gone/before.pem', '/gone/now.pem'] } })).toBe(
      '/gone/now.pem cannot be read: ENOENT.',
    );
    expect(await refuse({ originTls: { extraCaFiles: [here] } })).toBe(`${here} holds no certificate in PEM form.`);
    expect(await refuse({ originTls: { clientCertificates: [{ host: 'a.test', file: here }] } })).toMatch(
      /it is neither PEM nor PKCS #12/,
    );
    expect(await refuse(pac('file', '/gone/proxy.pac'))).toBe('/gone/proxy.pac cannot be read: ENOENT.');
    expect(await refuse(pac('url', 'wpad/proxy.pac'))).toMatch(/^wpad\/proxy\.pac is no URL of a script: http:/);
    expect(engine.settings).toMatchObject({ ...gone, upstreams: [] });
    for (const patch of [pac('file', here), pac('url', 'http://wpad/proxy.pac'), gone])
      expect(await refuse(patch)).toBe('taken');
    expect(transport.errors).toEqual([]);
  });

  test('a failure of ours is answered and reported', async () => {
    const { engine } = await startEngine();
    const transport = await open(engine, () => Promise.reject(new Error('The samples are out')));
    const { api } = await transport.connect();
    expect(await api.request('sample.send', undefined)).toMatchObject({
      ok: false,
      error: { code: 'INTERNAL', message: 'The samples are out' },
    });
    expect(transport.errors).toEqual([new Error('The samples are out')]);
  });

  test('a client that does not keep up gets fewer, larger batches, then everything', async () => {
    const { engine } = await startEngine();
    const transport = await open(engine, sample);
    const { api } = await transport.connect();
    valueOf(await api.request('engine.snapshot', undefined));
    const batches: TraceBatch[] = [];
    const two = next(api, 'trace.batch', (batch) => batches.push(batch) === 2);
    recordMany(engine.recorder, 600);
    await two;
    recordMany(engine.recorder, 10);
    // Whatever was sent before this answer has arrived with it.
    await api.request('cache.stats', undefined);
    expect(batches).toHaveLength(2);
    const rest = batchesUpTo(api, 610 * 6);
    await api.request('trace.ack', { lastSeq: batches[1]!.lastSeq });
    const all = [...batches, ...(await rest)];
    expect(all.flatMap((batch) => batch.events)).toHaveLength(610 * 4);
    expect(all.length).toBeLessThan(8);
  });

  test('a client that is far behind is told of a gap and starts again from a snapshot', async () => {
    const { engine } = await startEngine();
    const transport = await open(engine, sample);
    const { api } = await transport.connect();
    valueOf(await api.request('engine.snapshot', undefined));
    const batches: TraceBatch[] = [];
    const two = next(api, 'trace.batch', (batch) => batches.push(batch) === 2);
    recordMany(engine.recorder, 6_000);
    await two;
    const gap = next(api, 'trace.batch');
    await api.request('trace.ack', { lastSeq: batches[1]!.lastSeq });
    expect((await gap).firstSeq).toBeGreaterThan(batches[1]!.lastSeq + 1);
    const { seq, lastId } = valueOf(await api.request('engine.snapshot', undefined));
    expect([seq, lastId]).toEqual([36_000, 6_000]);
    const following = next(api, 'trace.batch');
    recordMany(engine.recorder, 1);
    expect((await following).firstSeq).toBe(36_001);
  });

  test('clients that leave cost nothing any more', async () => {
    const { engine } = await startEngine();
    const transport = await open(engine, sample);
    const [first, second] = [await transport.connect(), await transport.connect()];
    valueOf(await first.api.request('engine.snapshot', undefined));
    valueOf(await second.api.request('engine.snapshot', undefined));
    first.leave();
    const collected = batchesUpTo(second.api, 60);
    recordMany(engine.recorder, 10);
    await collected;
    expect(transport.errors).toEqual([]);
  });
});
