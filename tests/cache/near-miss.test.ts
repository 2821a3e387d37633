import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { CacheMode, Decision, Forward, NearMiss } from '../../shared/decision.ts';
import { compileOverlay } from '../../electron/engine/cache/cache-settings.ts';
import { planRequest } from '../../electron/engine/cache/reuse.ts';
import type { StoredResponse } from '../../electron/engine/cache/stored-response.ts';
import { SELECTED_BY_ALL } from '../../electron/engine/cache/vary.ts';
import type { RequestShape, ResponseShape } from './policy-harness.ts';
import { date, plan, request, settings, store, T0 } from './policy-harness.ts';
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
      { field: 'authorization', stored: expect.stringContaining('no `public`'), requested: 'a shared cache' },
    ],
    [
      'the mode',
      { path: '/?Cache-Control=private%2C%20max-age%3D60', startIn: 'private', mode: 'shared' },
      'miss',
      { field: 'mode', stored: expect.stringContaining('`Cache-Control: private`'), requested: 'shared' },
    ],
    [
      'the mode, also where it answered an authorised request',
      {
        path: '/?Cache-Control=private%2C%20max-age%3D60',
        first: { headers: { Authorization: 'Basic YTpi' } },
        startIn: 'private',
        mode: 'shared',
      },
      'miss',
      { field: 'mode', stored: expect.stringContaining('`Cache-Control: private`'), requested: 'shared' },
    ],
    [
      'a condition that only the origin may evaluate',
      { path: `${FRESH}&ETag=%22a%22`, second: { headers: { 'If-Match': '"b"' } } },
      'request',
      { field: 'if-match', stored: '"a"', requested: '"b"' },
    ],
    [
      'its wish to switch protocols',
      { path: FRESH, second: { headers: { Connection: 'Upgrade', Upgrade: 'special' } } },
      'bypass',
      { field: 'upgrade', stored: '(absent)', requested: 'special' },
    ],
    [
      'its age, for the request',
      {
        path: '/?Cache-Control=max-age%3D60&Age=30',
        second: { headers: { 'Cache-Control': 'max-age=10' } },
      },
      'request',
      { field: 'age', stored: '30 s', requested: 'max-age=10' },
    ],
    [
      'its age',
      { path: '/?Cache-Control=max-age%3D60&Age=90&ETag=%22a%22' },
      'stale',
      { field: 'age', stored: '90 s', requested: 'younger than 60 s' },
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

describe('an entry that is too old, or whose age the request objects to, is named with the limit that stopped it', () => {
  const MATCHES = 'A stored response matches, but';

  test.each<[response: string, asked: string, after: number, stored: string, requested: string, why: string]>([
    ['max-age=60', '', 90, '90 s', 'younger than 60 s', 'it is 90 s old and has to be younger than 60 s.'],
    ['max-age=60', '', 60, '60 s', 'younger than 60 s', 'it is 60 s old and has to be younger than 60 s.'],
    ['max-age=60', 'max-stale=10', 90, '90 s', 'younger than 70 s', 'it is 90 s old and has to be younger than 70 s.'],
    [
      'max-age=60, stale-while-revalidate=60',
      'max-stale=10',
      ...([90, '90 s', 'younger than 70 s', 'it is 90 s old and has to be younger than 70 s.'] as const),
    ],
    [
      'max-age=60, must-revalidate',
      'max-stale=10',
      ...([65, '65 s', 'younger than 60 s', 'it is 65 s old and has to be younger than 60 s.'] as const),
    ],
    [
      'max-age=60, stale-while-revalidate=10',
      '',
      ...([90, '90 s', 'younger than 70 s', 'it is 90 s old and has to be younger than 70 s.'] as const),
    ],
    [
      'max-age=60, stale-while-revalidate=100',
      'max-age=80',
      ...([70, '70 s', 'younger than 60 s', 'it is 70 s old and has to be younger than 60 s.'] as const),
    ],
    ['max-age=0', '', 5, 'never fresh', 'a fresh response', 'it is never fresh, so the origin is asked each time.'],
    ['max-age=60', 'max-age=10', 10.5, '10 s', 'max-age=10', 'it is 10 s old, and the request asks for `max-age=10`.'],
    ['max-age=60', 'max-age=80', 90, '90 s', 'younger than 60 s', 'it is 90 s old and has to be younger than 60 s.'],
    [
      'max-age=60',
      'max-age=0',
      ...([0.5, 'fresh for 60 s more', 'max-age=0'] as const),
      "the request's `Cache-Control` says `max-age=0`, so the origin has to be asked.",
    ],
    [
      'max-age=60',
      'min-fresh=1000',
      ...([0, 'fresh for 60 s more', 'min-fresh=1000'] as const),
      'it is fresh for 60 s more, and the request asks for `min-fresh=1000`.',
    ],
    [
      'max-age=60, immutable',
      'max-age=0, min-fresh=50',
      ...([20, 'fresh for 40 s more', 'min-fresh=50'] as const),
      'it is fresh for 40 s more, and the request asks for `min-fresh=50`.',
    ],
  ])('%s, asked for with %j after %d s', (response, asked, after, was, requested, why) => {
    const kept = store({ headers: [`Cache-Control: ${response}`, 'ETag: "a"'] });
    const made = plan([kept], { headers: asked === '' ? [] : [`Cache-Control: ${asked}`] }, after);
    expect(made).toMatchObject({ nearMiss: { stored: was, requested, why: `${MATCHES} ${why}` } });
  });
});

test('what is validated in the background has answered already', () => {
  const kept = store({ headers: ['Cache-Control: max-age=60, stale-while-revalidate=30', 'ETag: "a"'] });
  const asked = request();
  const made = planRequest(asked, kept.head.key, [kept], settings(), T0 + 70_000, 'revalidation');
  expect(made).toMatchObject({ action: 'forward', fwd: 'stale', nearMiss: undefined });
});

test('a part has bytes, and HEAD asks for none of them', () => {
  const part = store({ status: 206, headers: ['Cache-Control: max-age=60', 'Content-Range: bytes 0-3/9'] });
  expect(plan([part], { method: 'HEAD', headers: ['Range: bytes=5-6'] })).toMatchObject({
    fwd: 'partial',
    steps: [{ effect: 'only bytes 0–3 of 9 are stored, and the head of the whole is asked for', fields: [] }],
    nearMiss: {
      ...{ field: 'range', stored: 'bytes 0–3 of 9', requested: 'the head of the whole' },
      why: 'A part of the response is stored, and this request is for the head of the whole.',
    },
  });
});

describe('no-cache in the request stands beside the freshness that the steps tell', () => {
  test.each([
    ['Pragma', 90, 'stale for 30 s', 'stale'],
    ['Cache-Control', 0.5, 'fresh for 60 s more', 'request'],
  ])('in %s, after %d s', (name, after, was, fwd) => {
    const made = plan([store({ headers: ['Cache-Control: max-age=60'] })], { headers: [`${name}: no-cache`] }, after);
    expect(made).toMatchObject({
      fwd,
      steps: expect.arrayContaining([expect.objectContaining({ rule: 'freshness', effect: was })]),
      nearMiss: {
        ...{ field: name.toLowerCase(), stored: was, requested: 'no-cache' },
        why: `A stored response matches, but the request's \`${name}\` says \`no-cache\`, so the origin has to be asked.`,
      },
    });
  });
});

describe('a condition that only the origin may evaluate', () => {
  const kept = store({ headers: ['Cache-Control: max-age=60', `Last-Modified: ${date(-100)}`] });

  test.each([
    ['If-Match: "b"', 1, { field: 'if-match', stored: '(absent)', requested: '"b"' }],
    [`If-Unmodified-Since: ${date(-5)}`, 1, { stored: date(-100), requested: date(-5) }],
    // Without the condition the origin would be asked as well.
    ['If-Match: "b"', 90, undefined],
  ])('%s, after %d s', (condition, after, nearMiss) => {
    for (const headers of [[condition], [condition, 'Cache-Control: only-if-cached']]) {
      const made = plan([kept], { headers }, after);
      const told = made.action === 'forward' ? made.nearMiss : made.decision.nearMiss;
      if (nearMiss === undefined) expect(told).toBeUndefined();
      else expect(told).toMatchObject(nearMiss);
    }
  });
});

describe('of several variants', () => {
  const variant = (accept: string, language: string, at = 0, vary = 'Accept, Accept-Language'): StoredResponse => {
    const response: ResponseShape = { at, headers: ['Cache-Control: max-age=60', `Vary: ${vary}`] };
    return store(response, selecting(accept, language));
  };
  const selecting = (accept: string, language: string): RequestShape => ({
    headers: [`Accept: ${accept}`, `Accept-Language: ${language}`],
  });
  const asked = selecting('a', 'en');
  const ONLY = "A stored response differs only in the request's accept-language, which its Vary names.";

  test.each<[string, readonly StoredResponse[], readonly [field: string, stored: string, why: string]]>([
    ['the one with fewer differences', [variant('a', 'de'), variant('c', 'fr', 5)], ['accept-language', 'de', ONLY]],
    ['the same in the other order', [variant('c', 'fr', 5), variant('a', 'de')], ['accept-language', 'de', ONLY]],
    ['the newest of equals', [variant('a', 'de'), variant('a', 'fr', 5)], ['accept-language', 'fr', ONLY]],
    [
      'what differs in several fields, and it says so',
      [variant('c', 'fr')],
      [
        'accept',
        'c',
        'A stored response differs in 2 fields of the request that its Vary names: accept, accept-language.',
      ],
    ],
  ])('the nearest is named: %s', (_what, variants, [field, stored, why]) => {
    expect(plan(variants, asked)).toMatchObject({ fwd: 'vary-miss', nearMiss: { field, stored, why } });
  });

  test('a cookie that an overlay ignores is no difference', () => {
    const variants = [variant('a', 'de'), variant('a', 'fr', 5, 'Accept-Language, Cookie')];
    const overlays = [compileOverlay({ name: 'o', pattern: '*', ignoreCookies: true })];
    const withCookie = { headers: [...(asked.headers ?? []), 'Cookie: a=1'] };
    expect(plan(variants, withCookie, 6, settings({ overlays }))).toMatchObject({
      nearMiss: { stored: 'fr', why: ONLY },
    });
    expect(plan(variants, withCookie, 6)).toMatchObject({ nearMiss: { stored: 'de', why: ONLY } });
  });

  test('one that matches no request is named as that, and only when there is no other', () => {
    const all = store({ at: 5, headers: ['Cache-Control: max-age=60'] });
    const updated = { ...all, head: { ...all.head, selecting: SELECTED_BY_ALL } };
    expect(plan([updated], asked)).toMatchObject({
      steps: [{ evidence: '`Vary: *`, which no request matches', fields: [{ side: 'stored', name: 'vary' }] }],
      nearMiss: {
        ...{ field: 'vary', stored: '*', requested: 'any request' },
        why: 'A stored response has the same URL, but its `Vary: *` matches no request.',
      },
    });
    expect(plan([updated, variant('c', 'fr')], asked)).toMatchObject({ nearMiss: { field: 'accept', stored: 'c' } });
  });
});

test('what is stored for the URL itself is nearer than a neighbour, where the request must not go on', async () => {
  const { proxy, ask } = await startCache(answer);
  const told = async (query: string, headers: Record<string, string> = {}): Promise<NearMiss | undefined> => {
    await ask(`/?Cache-Control=max-age%3D60&ETag=%22a%22&Age=90&${query}`, { headers });
    return (await proxy.finished()).decision?.nearMiss;
  };
  await told('q=1');
  await told('q=2');
  const only = { 'Cache-Control': 'only-if-cached' };
  expect(await told('q=2', only)).toMatchObject({ field: 'age', stored: '90 s', requested: 'younger than 60 s' });
  expect(await told('q=2', { ...only, 'If-Match': '"a"' })).toBeUndefined();
  expect(await told('q=3', only)).toMatchObject({ field: 'query', stored: 'q=2', requested: 'q=3' });
});
