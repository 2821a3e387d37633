import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { CacheMode, Decision, Forward, NearMiss } from '../../shared/decision.ts';
import { plan, settings, store } from './policy-harness.ts';
import type { AskOptions } from './cache-setup.ts';
import { startCache } from './cache-setup.ts';

/** Answers with the fields that the query asks for, so that each case says for itself what is stored. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://origin.test');
  const range = request.headers.range;
  for (const [name, value] of url.searchParams) response.setHeader(name, value);
  if (range === 'bytes=0-3' && url.searchParams.has('Accept-Ranges')) {
    response.statusCode = 206;
    response.setHeader('Content-Range', 'bytes 0-3/10').end('0123');
    return;
  }
  response.end('0123456789');
}

interface Case {
  readonly path: string;
  /** Instead of `path`, for the second request. */
  readonly then?: string;
  readonly first?: AskOptions;
  readonly second?: AskOptions;
  /** Between the two requests. */
  readonly mode?: CacheMode;
  readonly startIn?: CacheMode;
}

const FRESH = '/?Cache-Control=max-age%3D60';

/** The decision about the second of two requests. */
async function decide({ path, then, first, second, mode, startIn }: Case): Promise<Decision> {
  const { proxy, ask } = await startCache(answer, startIn);
  await ask(path, first);
  await proxy.finished();
  if (mode !== undefined) proxy.engine.updateSettings({ cache: { mode } });
  await ask(then ?? path, second);
  const { decision } = await proxy.finished();
  if (decision === undefined) throw new Error('nothing was decided');
  return decision;
}

describe('a request that goes to the origin names the entry that almost answered, and what stopped it', () => {
  test.each<[string, Case, Forward | undefined, Partial<NearMiss>]>([
    [
      'a field that Vary names',
      {
        path: '/?Cache-Control=max-age%3D60&Vary=Accept-Language',
        first: { headers: { 'Accept-Language': 'de' } },
        second: { headers: { 'Accept-Language': 'en' } },
      },
      'vary-miss',
      { field: 'accept-language', stored: 'de', requested: 'en' },
    ],
    [
      'a query parameter',
      { path: `${FRESH}&page=1`, then: `${FRESH}&page=2` },
      'uri-miss',
      { field: 'query', stored: 'page=1', requested: 'page=2' },
    ],
    [
      'the method',
      { path: FRESH, second: { method: 'OPTIONS' } },
      'method',
      { field: 'method', stored: 'GET', requested: 'OPTIONS' },
    ],
    [
      'content in the request',
      { path: FRESH, second: { method: 'GET', body: 'words', headers: { 'Content-Length': '5' } } },
      'bypass',
      { field: 'content', requested: 'GET with content' },
    ],
    [
      'its authorization',
      { path: FRESH, first: { headers: { Authorization: 'Basic YTpi' } }, startIn: 'private', mode: 'shared' },
      'miss',
      { field: 'authorization' },
    ],
    [
      'the mode',
      { path: '/?Cache-Control=private%2C%20max-age%3D60', startIn: 'private', mode: 'shared' },
      'miss',
      { field: 'mode', requested: 'what this mode may use' },
    ],
    [
      'its age, for the request',
      {
        path: '/?Cache-Control=max-age%3D60&Age=30',
        second: { headers: { 'Cache-Control': 'max-age=10' } },
      },
      'request',
      { field: 'age', stored: '30 s', requested: '10 s at most' },
    ],
    [
      'its age',
      { path: '/?Cache-Control=max-age%3D60&Age=90&ETag=%22a%22' },
      'stale',
      { field: 'age', stored: '90 s', requested: '60 s at most' },
    ],
    [
      'no-cache in the request',
      { path: FRESH, second: { headers: { 'Cache-Control': 'no-cache' } } },
      'request',
      { field: 'cache-control', stored: expect.stringContaining('fresh for'), requested: 'no-cache' },
    ],
    [
      'bytes that are not stored',
      {
        path: `${FRESH}&Accept-Ranges=bytes&ETag=%22a%22`,
        first: { headers: { Range: 'bytes=0-3' } },
        second: { headers: { Range: 'bytes=4-9' } },
      },
      'partial',
      { field: 'range', stored: 'bytes 0–3 of 10', requested: 'bytes=4-9' },
    ],
  ])('%s', async (_what, given, fwd, nearMiss) => {
    const decision = await decide(given);
    expect({ fwd: decision.fwd, nearMiss: decision.nearMiss }).toEqual({
      fwd,
      nearMiss: expect.objectContaining({ ...nearMiss, key: expect.stringContaining('http://') }),
    });
  });

  test('also where the mode is offline and nothing may go on', async () => {
    const decision = await decide({ path: FRESH, second: { method: 'DELETE' }, mode: 'offline' });
    expect(decision).toMatchObject({ verdict: 'ERROR', detail: 'offline', nearMiss: { field: 'method' } });
  });
});

describe('no near miss is told', () => {
  test.each<[string, Case, Forward | undefined]>([
    ['where nothing is stored that is like it', { path: FRESH, then: '/other' }, 'uri-miss'],
    ['where the response itself asks for a validation', { path: '/?Cache-Control=no-cache&ETag=%22a%22' }, 'stale'],
    ['by a cache that is off', { path: FRESH, mode: 'off' }, 'bypass'],
  ])('%s', async (_what, given, fwd) => {
    const decision = await decide(given);
    expect([decision.fwd, decision.nearMiss]).toEqual([fwd, undefined]);
  });
});

test('an entry that is stale and refused by the request is named with what it is', () => {
  const stored = store({ headers: ['Cache-Control: max-age=60'] });
  const made = plan([stored], { headers: ['Pragma: no-cache'] }, 90, settings());
  expect(made).toMatchObject({
    fwd: 'request',
    nearMiss: { field: 'pragma', stored: 'stale for 30 s', requested: 'no-cache' },
  });
});
