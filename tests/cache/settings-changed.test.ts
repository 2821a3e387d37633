import { describe, expect, it } from 'vitest';
import { compileOverlay } from '../../electron/engine/cache/cache-settings.ts';
import type { CacheSettings } from '../../electron/engine/cache/cache-settings.ts';
import { policyOf } from '../../electron/engine/cache/stored-response.ts';
import { departsFromStandard } from '../../shared/decision.ts';
import { startCache } from './cache-setup.ts';
import type { RequestShape, ResponseShape } from './policy-harness.ts';
import { date, plan, settings, storage, store } from './policy-harness.ts';

const FRESH = 'Cache-Control: max-age=60';
const ANN = 'X-User: ann';

const rule = (change: object): CacheSettings =>
  settings({ overlays: [compileOverlay({ name: 'mine', pattern: 'http://example.test/*', ...change })] });
const mode = (change: CacheSettings['mode']): CacheSettings => settings({ mode: change });

/** [what, response, stored under, by, asked for under, by, what comes of it]. */
type Row = readonly [string, ResponseShape, CacheSettings, RequestShape, CacheSettings, RequestShape, string];

const de: RequestShape = { headers: ['Accept-Language: de'] };
const en: RequestShape = { headers: ['Accept-Language: en'] };
const varying: ResponseShape = { headers: [FRESH, 'Vary: Accept-Language'] };

describe('what was stored under other settings', () => {
  it.each<Row>([
    ['a snapshot that varies', varying, mode('snapshot'), de, settings(), en, 'fwd=miss'],
    ['a snapshot that varies, offline', varying, mode('snapshot'), de, mode('offline'), en, 'hit'],
    [
      'a snapshot that varies by all',
      { headers: [FRESH, 'Vary: *'] },
      mode('snapshot'),
      {},
      settings(),
      {},
      'fwd=miss',
    ],
    ['a snapshot that does not vary', { headers: [FRESH] }, mode('snapshot'), de, settings(), en, 'hit'],
    [
      'a snapshot with a field that needs the origin each time',
      { headers: ['Cache-Control: max-age=60, no-cache="x-user"', ANN] },
      ...([mode('snapshot'), {}, settings(), {}, 'fwd=miss'] as const),
    ],
    [
      'a private cache’s, with a field for one user',
      { headers: ['Cache-Control: max-age=60, private="x-user"', ANN] },
      ...([mode('private'), {}, settings(), {}, 'fwd=miss'] as const),
    ],
    ['Vary ignored then', varying, rule({ ignoreVary: true }), de, settings(), en, 'fwd=miss'],
    [
      'Vary: * ignored then',
      { headers: [FRESH, 'Vary: *'] },
      rule({ ignoreVary: true }),
      {},
      settings(),
      {},
      'fwd=miss',
    ],
    ['Vary ignored now', varying, settings(), de, rule({ ignoreVary: true }), en, 'hit'],
    [
      'cookies ignored now',
      { headers: [FRESH, 'Vary: Cookie'] },
      ...([settings(), { headers: ['Cookie: a=1'] }, rule({ ignoreCookies: true }), {}, 'hit'] as const),
    ],
    [
      'cookies ignored then',
      { headers: [FRESH, 'Vary: Cookie'] },
      ...([rule({ ignoreCookies: true }), { headers: ['Cookie: a=1'] }, settings(), {}, 'fwd=miss'] as const),
    ],
    // Offline, what is stored answers, however it came to be stored.
    ['an error', { status: 503, headers: [FRESH] }, settings(), {}, mode('offline'), {}, 'hit'],
    [
      'an answer to HEAD',
      { headers: [FRESH] },
      settings(),
      { method: 'HEAD' },
      mode('offline'),
      { method: 'HEAD' },
      'hit',
    ],
    [
      'a part',
      { status: 206, headers: [FRESH, 'Content-Range: bytes 0-3/10'] },
      ...([
        settings(),
        { headers: ['Range: bytes=0-3'] },
        mode('offline'),
        { headers: ['Range: bytes=0-3'] },
        'hit',
      ] as const),
    ],
    [
      'an answer to POST',
      { headers: [FRESH, 'Content-Location: /page'] },
      ...([settings(), { method: 'POST' }, mode('offline'), {}, 'hit'] as const),
    ],
    [
      'what is never cached now',
      { headers: [FRESH] },
      settings(),
      {},
      { ...rule({ neverCache: true }), mode: 'offline' },
      {},
      'hit',
    ],
  ])('%s', (_what, response, before, first, now, second, expected) => {
    const made = plan([store(response, first, before)], second, 1, now);
    const came =
      made.action === 'serve'
        ? made.decision.verdict.toLowerCase()
        : made.action === 'refuse'
          ? '504'
          : `fwd=${made.fwd}`;
    expect(came).toBe(expected);
  });

  it('is said to be refused although another variant differs', () => {
    const own = store(
      { headers: ['Cache-Control: private, max-age=60', 'Vary: Accept-Language'] },
      de,
      mode('private'),
    );
    const made = plan([own, store(varying, en)], de);
    expect(made).toMatchObject({ fwd: 'miss', steps: [{ evidence: expect.stringContaining('private') as string }] });
  });

  it('tells what a response keeps out of the store, and is in it, from what it was stored without', () => {
    const response = { headers: ['Cache-Control: max-age=60, private="x-user"', ANN] };
    const { storability } = policyOf(store(response, {}, mode('private')), settings());
    expect(storability.steps.map(({ rule }) => rule)).toEqual(['store.kept-out']);
    expect(storage(response).steps.map(({ rule }) => rule)).toEqual(['store.qualified', 'store.lifetime']);
  });

  it('answers offline under the path that a snapshot was kept by', async () => {
    const { ask, proxy, seen } = await startCache((_request, response) => response.end('page'), 'snapshot');
    proxy.engine.updateSettings({ cache: { snapshotKey: 'path' } });
    expect((await ask('/p?x=1')).body).toBe('page');
    proxy.engine.updateSettings({ cache: { mode: 'offline' } });
    expect([(await ask('/p?x=1')).status, (await ask('/p?x=2')).status, (await ask('/q')).status]).toEqual([
      200, 200, 504,
    ]);
    expect(seen).toHaveLength(1);
  });
});

describe('departures from the RFC are marked when an answer is one', () => {
  const departs = (
    response: ResponseShape,
    under: CacheSettings,
    first: RequestShape,
    second: RequestShape,
  ): boolean => {
    const made = plan([store(response, first, under)], second, 1, under);
    if (made.action !== 'serve') throw new Error(`it is not served: ${made.action}`);
    return departsFromStandard(made.decision);
  };
  const cookie: RequestShape = { headers: ['Cookie: a=1'] };
  const authorised: RequestShape = { headers: ['Authorization: x'] };

  it.each<readonly [string, object, ResponseShape, RequestShape, RequestShape, boolean]>([
    ['no-store', { ignoreNoStore: true }, { headers: ['Cache-Control: no-store, max-age=60'] }, {}, {}, true],
    ['no no-store', { ignoreNoStore: true }, { headers: [FRESH] }, {}, {}, false],
    ['private', { ignorePrivate: true }, { headers: ['Cache-Control: private, max-age=60'] }, {}, {}, true],
    [
      'a private field',
      { ignorePrivate: true },
      { headers: ['Cache-Control: private="x-user", max-age=60', ANN] },
      {},
      {},
      true,
    ],
    ['Authorization', { ignoreAuthorization: true }, { headers: [FRESH] }, authorised, {}, true],
    [
      'Authorization with public',
      { ignoreAuthorization: true },
      { headers: ['Cache-Control: public, max-age=60'] },
      authorised,
      {},
      false,
    ],
    ['Vary', { ignoreVary: true }, varying, de, en, true],
    ['Vary: *', { ignoreVary: true }, { headers: [FRESH, 'Vary: *'] }, {}, {}, true],
    ['no Vary', { ignoreVary: true }, { headers: [FRESH] }, de, en, false],
    ['Vary: Cookie', { ignoreCookies: true }, { headers: [FRESH, 'Vary: accept, cookie'] }, cookie, {}, true],
    ['Vary without Cookie', { ignoreCookies: true }, varying, de, de, false],
    [
      'a query without a parameter',
      { dropQuery: ['a'] },
      { headers: [FRESH] },
      { uri: 'http://example.test/p?a=1' },
      { uri: 'http://example.test/p?a=2' },
      true,
    ],
    [
      'the same query',
      { dropQuery: ['a'] },
      { headers: [FRESH] },
      { uri: 'http://example.test/p?a=1' },
      { uri: 'http://example.test/p?a=1' },
      false,
    ],
    [
      'a query in another order',
      { sortQuery: true },
      { headers: [FRESH] },
      { uri: 'http://example.test/p?a&b' },
      { uri: 'http://example.test/p?b&a' },
      true,
    ],
    ['a fixed lifetime', { fixedLifetime: 60 }, {}, {}, {}, true],
    ['a lifetime that is long enough', { minLifetime: 30 }, { headers: [FRESH] }, {}, {}, false],
  ])('%s', (_what, change, response, first, second, expected) => {
    expect(departs(response, rule(change), first, second)).toBe(expected);
  });

  it('so are what is ignored as it passes, and what is served after a validation', () => {
    const ignored = storage(
      { headers: [FRESH, 'Set-Cookie: a=b'] },
      { headers: ['Cache-Control: no-store'] },
      rule({ ignoreNoStore: true, ignoreCookies: true }),
    );
    expect(ignored.steps.filter(({ departure }) => departure).map(({ evidence }) => evidence)).toEqual([
      '`no-store` in the request',
      '`Set-Cookie`',
    ]);
  });

  it('standing aside is none', () => {
    const made = plan([], {}, 1, rule({ neverCache: true }));
    expect(made).toMatchObject({ fwd: 'bypass', steps: [{ source: 'Hopscope: overlay "mine"' }] });
    expect(made.action === 'forward' && made.steps.some(({ departure }) => departure === true)).toBe(false);
    expect(storage({ headers: [FRESH, `Date: ${date(0)}`] }, {}, rule({ neverCache: true })).head).toBeUndefined();
  });
});
