import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ContractServer } from '../../electron/bridge/contract-server.ts';
import type { ContractSession } from '../../electron/bridge/contract-server.ts';
import type { Answer, EventName } from '../../shared/contract.ts';
import type { ExchangeRow } from '../../shared/exchange-view.ts';
import { send } from '../cache/cache-setup.ts';
import { startEngine } from '../support/engine.ts';
import { noClients } from '../support/no-clients.ts';
import { startOrigin } from '../support/origin.ts';

interface Setup {
  readonly session: ContractSession;
  /** The names of events that were told. */
  readonly told: EventName[];
  readonly listed: () => Promise<number[]>;
}

/** Three exchanges: one with a compressed body, one that sets a cookie, one with neither. */
async function setUp(): Promise<Setup> {
  const origin = await startOrigin((request, response) => {
    if (request.url === '/cookie') response.setHeader('Set-Cookie', ['a=1', 'session=2']);
    if (request.url !== '/packed') return response.end('plain words');
    response.setHeader('Content-Encoding', 'gzip').setHeader('Content-Type', 'text/plain; charset=iso-8859-1');
    return response.end(gzipSync(Buffer.from('packed w\u00f6rds', 'latin1')));
  });
  const proxy = await startEngine({ upstream: origin.url, settings: { cache: { mode: 'shared' } } });
  for (const path of ['/packed', '/cookie', '/other']) {
    await send(proxy.port, path);
    await proxy.finished();
  }
  const told: EventName[] = [];
  const server = new ContractServer(proxy.engine, {
    sendSample: () => Promise.resolve(0),
    clients: noClients,
    onError: () => undefined,
  });
  const session = server.connect({ emit: (name) => told.push(name) });
  const listed = async (): Promise<number[]> => {
    const page = valueOf(await session.request('exchanges.page', { limit: 10 })) as { rows: ExchangeRow[] };
    return page.rows.map((row) => row.id);
  };
  return { session, told, listed };
}

function valueOf(answer: Answer<unknown>): unknown {
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value;
}

test('exchanges are found by what only their details tell', async () => {
  const { session } = await setUp();
  const match = async (filter: string): Promise<unknown> =>
    valueOf(await session.request('exchanges.match', { filter, ids: [3, 2, 1, 99] }));
  expect(await match('body:"packed wörds"')).toEqual({ matching: [1] });
  expect(await match('response.body:/^plain/')).toEqual({ matching: [3, 2] });
  expect(await match('header[set-cookie]:session')).toEqual({ matching: [2] });
  expect(await match('-header[set-cookie] body:words')).toEqual({ matching: [3] });
  valueOf(await session.request('exchanges.annotate', { ids: [2], change: { pinned: true } }));
  expect(await match('is:pinned body:words')).toEqual({ matching: [2] });
  expect(await match('key:other')).toEqual({ matching: [3] });
  const bad = await session.request('exchanges.match', { filter: 'body:/(/', ids: [1] });
  expect(bad).toMatchObject({ ok: false, error: { code: 'BAD_FILTER', message: 'This group is never closed.' } });
});

test('fields of many exchanges are read at once', async () => {
  const { session } = await setUp();
  const fields = [{ of: 'response', name: 'set-cookie' }, { of: 'request', name: 'host' }, { of: 'cache-key' }];
  const answer = valueOf(await session.request('exchanges.fields', { ids: [2, 3, 99], fields }));
  expect(answer).toEqual({
    values: [
      ['a=1, session=2', expect.stringContaining('127.0.0.1'), expect.stringContaining('/cookie')],
      [null, expect.stringContaining('127.0.0.1'), expect.stringContaining('/other')],
      [null, null, null],
    ],
  });
});

test('a clear keeps what it is told to keep, and can be undone', async () => {
  const { session, told, listed } = await setUp();
  valueOf(await session.request('session.clear', { keep: [2, 99] }));
  expect(await listed()).toEqual([2]);
  expect(valueOf(await session.request('session.restore', undefined))).toEqual({ restored: true });
  expect(told.slice(-2)).toEqual(['session.cleared', 'session.restored']);
  expect(await listed()).toEqual([3, 2, 1]);
  const match = { filter: 'body:"packed wörds"', ids: [1] };
  expect(valueOf(await session.request('exchanges.match', match))).toEqual({ matching: [1] });
  expect(valueOf(await session.request('session.restore', undefined))).toEqual({ restored: false });
});
