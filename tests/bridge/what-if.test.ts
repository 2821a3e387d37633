import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { ContractServer } from '../../electron/bridge/contract-server.ts';
import { whatIfExchange } from '../../electron/engine/what-if-exchange.ts';
import type { Answer, WhatIfQuestion } from '../../shared/contract.ts';
import type { WhatIfAnswer } from '../../shared/decision.ts';
import type { ExchangeView } from '../../shared/exchange-view.ts';
import { getHeader } from '../../shared/headers.ts';
import type { SettingsPatch } from '../../shared/settings.ts';
import type { AskOptions } from '../cache/cache-setup.ts';
import { send } from '../cache/cache-setup.ts';
import type { TestEngine } from '../support/engine.ts';
import { startEngine } from '../support/engine.ts';
import { closedPort, startOrigin } from '../support/origin.ts';
import { noClients } from '../support/no-clients.ts';

interface Setup {
  readonly proxy: TestEngine;
  /** Sends a request and waits for its record. */
  readonly exchange: (options?: AskOptions, target?: string) => Promise<ExchangeView>;
  /** Asks over the contract. */
  readonly ask: (question: unknown) => Promise<Answer<WhatIfAnswer>>;
}

async function setUp(respond: (response: ServerResponse) => void, settings: SettingsPatch = {}): Promise<Setup> {
  const origin = await startOrigin((_request, response) => respond(response));
  const proxy = await startEngine({ upstream: origin.url, settings: { cache: { mode: 'shared' }, ...settings } });
  return connect(proxy);
}

function connect(proxy: TestEngine): Setup {
  const server = new ContractServer(proxy.engine, {
    sendSample: () => Promise.resolve(0),
    clients: noClients,
    onError: () => undefined,
  });
  const session = server.connect({ emit: () => undefined });
  return {
    proxy,
    exchange: async (options, target = '/page') => {
      await send(proxy.port, target, options);
      return proxy.finished();
    },
    ask: (question) => session.request('cache.whatIf', question) as Promise<Answer<WhatIfAnswer>>,
  };
}

function respondWith(headers: Record<string, string>, body = 'hello'): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(200, { 'Content-Length': String(body.length), ...headers });
    response.end(body);
  };
}

/** When the exchange's response was there, plus some seconds. */
function after(setup: Setup, view: ExchangeView, seconds: number): number {
  return setup.proxy.engine.recorder.epoch + (view.responseAt ?? Number.NaN) + seconds * 1000;
}

/** `stored`, the verdict and why it was forwarded, in short. */
async function verdict({ ask }: Setup, question: WhatIfQuestion): Promise<string> {
  const answer = await ask(question);
  if (!answer.ok) return answer.error.code;
  const { stored, decision, storing } = answer.value;
  expect(storing.length).toBeGreaterThan(0);
  return [stored ? 'stored' : 'not stored', decision.verdict, decision.fwd ?? ''].join(' ').trim();
}

test('an exchange is asked about at another time, with other fields and in another mode', async () => {
  const setup = await setUp(respondWith({ 'Cache-Control': 'max-age=60, s-maxage=600', Vary: 'Accept', ETag: '"a"' }));
  const view = await setup.exchange({ headers: { Accept: 'text/html' } });
  const { id } = view;
  const at = (seconds: number): number => after(setup, view, seconds);
  const edited = (value: string): string[] => ['Cache-Control', value];
  expect(await verdict(setup, { id })).toBe('stored HIT');
  // As a shared cache by s-maxage, as a private one by max-age.
  expect(await verdict(setup, { id, now: at(90) })).toBe('stored HIT');
  expect(await verdict(setup, { id, now: at(30), mode: 'private' })).toBe('stored HIT');
  expect(await verdict(setup, { id, now: at(90), mode: 'private' })).toBe('stored MISS stale');
  expect(await verdict(setup, { id, now: at(601) })).toBe('stored MISS stale');
  expect(await verdict(setup, { id, now: at(9e6), mode: 'offline' })).toBe('stored HIT');
  expect(await verdict(setup, { id, mode: 'off' })).toBe('not stored BYPASS bypass');
  expect(await verdict(setup, { id, responseHeaders: edited('no-store') })).toBe('not stored MISS uri-miss');
  expect(await verdict(setup, { id, now: at(30), responseHeaders: edited('max-age=60') })).toBe('stored HIT');
  expect(await verdict(setup, { id, now: at(90), responseHeaders: edited('max-age=60') })).toBe('stored MISS stale');
  const requestHeaders = ['Accept', 'text/plain'];
  expect(await verdict(setup, { id, requestHeaders, laterOnly: true })).toBe('stored MISS vary-miss');
  expect(await verdict(setup, { id, requestHeaders })).toBe('stored HIT');
  // Nothing of this touched the store, the settings or the session.
  expect(setup.proxy.engine.cache.stats()).toMatchObject({ entries: 1 });
  expect(setup.proxy.engine.settings.cache.mode).toBe('shared');
  expect(setup.proxy.engine.recorder.snapshot()).toMatchObject({ lastId: id });
});

test('the answer tells why, from storing to the age that stopped it', async () => {
  const setup = await setUp(respondWith({ 'Cache-Control': 'max-age=60', ETag: '"a"' }));
  const view = await setup.exchange();
  const answer = await setup.ask({ id: view.id, now: after(setup, view, 90) });
  expect(answer).toMatchObject({
    ok: true,
    value: { stored: true, decision: { mode: 'shared', nearMiss: { field: 'age' }, key: view.url } },
  });
  expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
});

test.each<[string, Record<string, string>, Record<string, string>]>([
  ['says no-store', { 'Cache-Control': 'no-store' }, {}],
  ['is private', { 'Cache-Control': 'private, max-age=60' }, {}],
  ['was for an authorised request', { 'Cache-Control': 'max-age=60' }, { Authorization: 'Basic YTpi' }],
  ['says nothing of caching', {}, {}],
])('what %s is not there offline, nor would it be', async (_what, response, headers) => {
  const setup = await setUp(respondWith(response));
  const { id } = await setup.exchange({ headers });
  expect(await verdict(setup, { id, mode: 'offline' })).toBe('not stored ERROR');
  setup.proxy.engine.updateSettings({ cache: { mode: 'offline' } });
  expect(await setup.exchange({ headers })).toMatchObject({ verdict: 'ERROR', status: 504 });
  // The mode that it came in counts, not the one of now.
  expect(await verdict(setup, { id })).toBe('not stored ERROR');
});

test('what answered offline had been stored, if need be as a snapshot', async () => {
  const setup = await setUp(respondWith({ 'Cache-Control': 'no-store' }), { cache: { mode: 'snapshot' } });
  await setup.exchange();
  setup.proxy.engine.updateSettings({ cache: { mode: 'offline' } });
  const { id, verdict: real } = await setup.exchange();
  expect(real).toBe('HIT');
  expect(await verdict(setup, { id })).toBe('stored HIT');
  expect(await verdict(setup, { id, responseHeaders: ['Cache-Control', 'no-store'] })).toBe('not stored ERROR');
});

test.each([
  ['the response is stored for all alike', { 'Cache-Control': 'max-age=60' }, 'shared', 'stored HIT'],
  ['Vary names the field', { 'Cache-Control': 'public, max-age=60', Vary: 'X, Authorization' }, 'shared', 'stored HIT'],
] as const)('a hit for an authorised request is still one, unchanged: %s', async (_what, response, mode, expected) => {
  const setup = await setUp(respondWith(response), { cache: { mode } });
  const headers = { Authorization: 'Basic YTpi' };
  await setup.exchange('Vary' in response ? { headers } : {});
  const view = await setup.exchange({ headers });
  expect(view.verdict).toBe('HIT');
  expect(await verdict(setup, { id: view.id })).toBe(expected);
});

test('an event stream is not stored, nor would it be', async () => {
  const setup = await setUp(respondWith({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'max-age=60' }));
  const { id } = await setup.exchange();
  expect(await verdict(setup, { id })).toBe('not stored MISS uri-miss');
  expect((await setup.exchange()).verdict).toBe('MISS');
});

test('what stands in for an origin is asked about under its own key', async () => {
  const origin = await startOrigin((_request, response) => respondWith({ 'Cache-Control': 'max-age=60' })(response));
  const upstreams = [{ type: 'origin', id: 'api', label: 'API', url: origin.url, hostPolicy: 'client' }] as const;
  const routes = [{ pattern: 'x.test', targets: ['api'] }];
  const setup = connect(await startEngine({ settings: { cache: { mode: 'shared' }, upstreams, routes } }));
  const { id, decision } = await setup.exchange({}, 'http://x.test/page');
  expect(decision?.key).toMatch(/^http:\/\/x\.test\/page#./);
  expect(await setup.ask({ id })).toMatchObject({ value: { decision: { verdict: 'HIT', key: decision?.key } } });
});

test('a request to switch protocols passes by the cache', async () => {
  const setup = await setUp(respondWith({ 'Cache-Control': 'max-age=60' }));
  const headers = { Connection: 'Upgrade', Upgrade: 'x' };
  const view = await setup.exchange({ headers });
  expect(view.verdict).toBe('BYPASS');
  expect(await verdict(setup, { id: view.id })).toBe('not stored BYPASS bypass');
  expect(await verdict(setup, { id: view.id, requestHeaders: [] })).toBe('stored HIT');
});

test('what the request forbids is stored once it does not, and not where only the later one does not', async () => {
  const setup = await setUp(respondWith({ 'Cache-Control': 'max-age=60' }));
  for (const headers of [{ 'Cache-Control': 'no-store' }, { Authorization: 'Basic YTpi' }]) {
    const { id } = await setup.exchange({ headers: { ...headers } });
    expect(await verdict(setup, { id })).toBe('not stored MISS uri-miss');
    expect(await verdict(setup, { id, requestHeaders: [] })).toBe('stored HIT');
    expect(await verdict(setup, { id, requestHeaders: [], laterOnly: true })).toBe('not stored MISS uri-miss');
  }
});

test('no length is told of a response that its answer tells none of', async () => {
  const setup = await setUp(respondWith({ 'Cache-Control': 'max-age=60', ETag: '"a"' }));
  await setup.exchange();
  const last = async (options: AskOptions, requestHeaders: string[]): Promise<unknown> => {
    const { id } = await setup.exchange(options);
    const answer = await setup.ask({ id, requestHeaders });
    return answer.ok && answer.value.decision.steps.at(-1)?.evidence;
  };
  const part = ['Range', 'bytes=0-1'];
  for (const headers of [{ 'If-None-Match': '"a"' }, { Range: 'bytes=0-0,3-4' }]) {
    expect(await last({ headers: { ...headers } }, [])).toBe('status 200');
    expect(await last({ headers: { ...headers } }, part)).toBe('`Range: bytes=0-1` of an unknown number of bytes');
  }
  for (const options of [{}, { headers: { Range: 'bytes=1-2' } }, { headers: { Range: 'bytes=9-' } }]) {
    expect(await last(options, part)).toBe('`Range: bytes=0-1` of 5 bytes');
  }
});

test('an answer from the store counts with the age that it had', async () => {
  const setup = await setUp(respondWith({ 'Cache-Control': 'max-age=60', ETag: '"a"', Age: '20' }));
  await setup.exchange();
  const conditional = { 'If-None-Match': '"a"' };
  for (const [options, status] of [
    [{}, 200],
    [{ headers: conditional }, 304],
    [{ headers: { Range: 'bytes=1-2' } }, 206],
    [{ method: 'HEAD' }, 200],
  ] as const) {
    const view = await setup.exchange(options);
    expect([view.from, view.status]).toEqual(['cache', status]);
    expect(Number(getHeader(view.response?.headers ?? [], 'age'))).toBeGreaterThanOrEqual(20);
    expect(await verdict(setup, { id: view.id, now: after(setup, view, 30) })).toBe('stored HIT');
    expect(await verdict(setup, { id: view.id, now: after(setup, view, 41) })).toBe('stored MISS stale');
  }
});

test('overlays of the settings count', async () => {
  const overlays = [{ name: 'Keep', pattern: '*/page', fixedLifetime: 600, ignoreNoStore: true }];
  const setup = await setUp(respondWith({ 'Cache-Control': 'no-store' }), { cache: { mode: 'shared', overlays } });
  const view = await setup.exchange();
  const question = { id: view.id, now: after(setup, view, 300) };
  expect(await verdict(setup, question)).toBe('stored HIT');
  // And they decide about live traffic.
  expect((await setup.exchange()).verdict).toBe('HIT');
  setup.proxy.engine.updateSettings({ cache: { overlays: [] } });
  expect(await verdict(setup, question)).toBe('not stored MISS uri-miss');
});

test('in offline mode the store answers whatever its age, and nothing is sent', async () => {
  let sent = 0;
  const setup = await setUp((response) => {
    sent++;
    respondWith({ 'Cache-Control': 'max-age=0', ETag: '"a"' })(response);
  });
  await setup.exchange();
  setup.proxy.engine.updateSettings({ cache: { mode: 'offline' } });
  expect(await setup.exchange()).toMatchObject({ verdict: 'HIT', status: 200 });
  expect(await setup.exchange({ method: 'POST', body: 'x' })).toMatchObject({ verdict: 'ERROR', status: 504 });
  expect(sent).toBe(1);
});

test('what a rule changes on the way to the client was stored as it came', async () => {
  const response = { set: ['Cache-Control', 'no-store'] };
  const rules = [{ name: 'Fields', when: '', action: { type: 'headers', response } }] as const;
  const setup = await setUp(respondWith({ 'Cache-Control': 'max-age=60' }), { cache: { mode: 'shared' }, rules });
  const { id } = await setup.exchange();
  expect(await verdict(setup, { id })).toBe('stored HIT');
  expect((await setup.exchange()).verdict).toBe('HIT');
  expect(await verdict(setup, { id, responseHeaders: ['Cache-Control', 'no-store'] })).toBe('not stored MISS uri-miss');
});

test('what a rule adds on the way to the origin counts as the request', async () => {
  const request = { set: ['Authorization', 'Basic YTpi'] };
  const rules = [{ name: 'Login', when: '', action: { type: 'headers', request } }] as const;
  const setup = await setUp(respondWith({ 'Cache-Control': 'max-age=60', ETag: '"a"' }), { rules });
  const { id, decision } = await setup.exchange({ headers: { 'If-None-Match': '"z"' } });
  expect(decision?.stored).toBe(false);
  expect(await verdict(setup, { id })).toBe('not stored MISS uri-miss');
});

test('time that a rule holds a response makes it no older', async () => {
  const { proxy, exchange } = await setUp(respondWith({ 'Cache-Control': 'max-age=60' }));
  const { id } = await exchange();
  const { epoch } = proxy.engine.recorder;
  const events = (await proxy.engine.recorder.read(id)) ?? [];
  const arrived = events.find(({ type }) => type === 'upstream.response')?.at ?? Number.NaN;
  const held = events.map((event) => (event.type === 'response.started' ? { ...event, at: event.at + 30_000 } : event));
  const recorder = { epoch, read: () => Promise.resolve(held) };
  const question = { id, now: Math.round(epoch + arrived) + 50_000 };
  expect(await whatIfExchange(recorder, proxy.engine.settings, question)).toMatchObject({
    storing: expect.arrayContaining([expect.objectContaining({ effect: 'stored, fresh for 60 s' })]) as unknown,
    decision: { hit: true, age: 50 },
  });
});

test('what has no response to store is refused, with the reason', async () => {
  const setup = connect(
    await startEngine({ upstream: `http://127.0.0.1:${await closedPort()}`, settings: { cache: { mode: 'shared' } } }),
  );
  const { id } = await setup.exchange();
  const error = { code: 'NO_RESPONSE', message: expect.stringContaining('answered by Hopscope itself') as string };
  expect(await setup.ask({ id })).toEqual({ ok: false, error });
  expect(await verdict(setup, { id: 99 })).toBe('NOT_FOUND');
});

test('a row without fields is not enough', async () => {
  const setup = await setUp(respondWith({ 'Cache-Control': 'max-age=60' }), { record: { level: 'off' } });
  const { id } = await setup.exchange();
  const message = `Only a row of exchange ${id} was recorded, without its fields.`;
  expect(await setup.ask({ id })).toEqual({ ok: false, error: { code: 'NO_RESPONSE', message } });
});

test.each([
  [{}, /^id: /],
  [{ id: 1, now: -1 }, /^now: /],
  [{ id: 1, mode: 'both' }, /^mode: /],
  [{ id: 1, then: 5 }, /^then: /],
  [{ id: 1, laterOnly: 1 }, /^laterOnly: /],
  [{ id: 1, requestHeaders: ['Accept'] }, /^requestHeaders: fields are names and values in turn$/],
  [{ id: 1, responseHeaders: ['a b', 'c'] }, /^responseHeaders: a field has a token as its name/],
  [{ id: 1, responseHeaders: ['a', 'b\r\nc: d'] }, /^responseHeaders: a field has a token as its name/],
])('%j is no question', async (question, expected) => {
  const { ask } = connect(await startEngine());
  const error = { code: 'BAD_PARAMS', message: expect.stringMatching(expected) as string };
  expect(await ask(question)).toEqual({ ok: false, error });
});
