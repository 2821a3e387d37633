import { describe, expect, it } from 'vitest';
import { departsFromStandard } from '../../shared/decision.ts';
import { compileOverlay } from '../../electron/engine/cache/cache-settings.ts';
import type { RequestShape, ResponseShape } from './policy-harness.ts';
import { date, settings, storage, store } from './policy-harness.ts';

const FRESH = 'Cache-Control: max-age=60';

/** [what, response, request, does a shared cache store it, does a private one]. */
type Row = readonly [string, ResponseShape, RequestShape, boolean, boolean];

const rows: readonly Row[] = [
  // Status codes
  ...[200, 201, 203, 204, 299, 300, 301, 302, 303, 307, 308, 400, 403, 404, 405, 410, 414, 499, 500, 501, 503, 599].map(
    (status): Row => [`status ${status} with explicit freshness`, { status, headers: [FRESH] }, {}, true, true],
  ),
  ...[200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501].map((status): Row => [
    `heuristically cacheable status ${status} with Last-Modified`,
    { status, headers: [`Last-Modified: ${date(-1000)}`] },
    {},
    true,
    true,
  ]),
  ...[201, 202, 302, 303, 307, 400, 403, 500, 502, 503, 504, 599].map((status): Row => [
    `status ${status} with nothing but Last-Modified`,
    { status, headers: [`Last-Modified: ${date(-1000)}`] },
    {},
    false,
    false,
  ]),
  [
    'status 599 with public',
    { status: 599, headers: ['Cache-Control: public', `Last-Modified: ${date(-9)}`] },
    {},
    true,
    true,
  ],
  ['status 102', { status: 102, headers: [FRESH] }, {}, false, false],
  ['status 304', { status: 304, headers: [FRESH] }, {}, false, false],
  ['status 412', { status: 412, headers: [FRESH] }, {}, true, true],
  ['status 412 to a condition', { status: 412, headers: [FRESH] }, { headers: ['If-None-Match: "a"'] }, false, false],
  ['status 416', { status: 416, headers: [FRESH] }, {}, true, true],
  ['status 416 to a Range', { status: 416, headers: [FRESH] }, { headers: ['Range: bytes=5-'] }, false, false],
  ['status 429 (RFC 6585 §4)', { status: 429, headers: [FRESH] }, {}, false, false],
  // Directives
  ['no-store', { headers: ['Cache-Control: no-store, max-age=60'] }, {}, false, false],
  ['No-StOrE', { headers: ['Cache-Control: max-age=60, No-StOrE'] }, {}, false, false],
  ['no-store inside a quoted string', { headers: ['Cache-Control: max-age=60, x="no-store"'] }, {}, true, true],
  ['no-store on a second line', { headers: [FRESH, 'Cache-Control: no-store'] }, {}, false, false],
  ['no-store in the request', { headers: [FRESH] }, { headers: ['Cache-Control: no-store'] }, false, false],
  ['private', { headers: ['Cache-Control: private, max-age=60'] }, {}, false, true],
  ['private alone, status 201', { status: 201, headers: ['Cache-Control: private', 'ETag: "a"'] }, {}, false, true],
  ['private="x-user"', { headers: ['Cache-Control: private="x-user", max-age=60'] }, {}, true, true],
  ['private without its closing quote', { headers: ['Cache-Control: max-age=60, private="x-user'] }, {}, false, true],
  ['private= without a name', { headers: ['Cache-Control: private="", max-age=60'] }, {}, false, true],
  ['an unknown directive', { headers: ['Cache-Control: max-age=60, frobnicate=7'] }, {}, true, true],
  ['Pragma: no-cache in the response', { headers: [FRESH, 'Pragma: no-cache'] }, {}, true, true],
  ['s-maxage alone, status 201', { status: 201, headers: ['Cache-Control: s-maxage=60'] }, {}, true, false],
  ['Expires alone, status 201', { status: 201, headers: [`Expires: ${date(60)}`] }, {}, true, true],
  ['Set-Cookie', { headers: [FRESH, 'Set-Cookie: a=b'] }, {}, true, true],
  [
    'must-understand, no-store, status 200',
    { headers: ['Cache-Control: max-age=60, no-store, must-understand'] },
    {},
    true,
    true,
  ],
  [
    'must-understand, no-store, status 499',
    { status: 499, headers: ['Cache-Control: max-age=60, no-store, must-understand'] },
    {},
    false,
    false,
  ],
  [
    'must-understand, status 499',
    { status: 499, headers: ['Cache-Control: max-age=60, must-understand'] },
    {},
    false,
    false,
  ],
  // Nothing to reuse it by
  ['no freshness and no validator', {}, {}, false, false],
  ['an ETag alone', { headers: ['ETag: "a"'] }, {}, true, true],
  ['Last-Modified alone', { headers: [`Last-Modified: ${date(-60)}`] }, {}, true, true],
  ['no-cache without a validator', { headers: ['Cache-Control: no-cache, max-age=60'] }, {}, false, false],
  ['no-cache with an ETag', { headers: ['Cache-Control: no-cache', 'ETag: "a"'] }, {}, true, true],
  // Vary
  ['Vary: *', { headers: [FRESH, 'Vary: *'] }, {}, false, false],
  ['Vary: accept, *', { headers: [FRESH, 'Vary: accept, *'] }, {}, false, false],
  ['Vary: , * on a second line', { headers: [FRESH, 'Vary: accept', 'Vary: , *'] }, {}, false, false],
  // Methods
  ['HEAD', { headers: [FRESH] }, { method: 'HEAD' }, true, true],
  ['HEAD, a range', { status: 206, headers: [FRESH] }, { method: 'HEAD' }, false, false],
  ['PUT', { headers: [FRESH] }, { method: 'PUT' }, false, false],
  ['POST with explicit freshness', { headers: [FRESH] }, { method: 'POST' }, false, false],
  [
    'POST with explicit freshness and its own Content-Location',
    { headers: [FRESH, 'Content-Location: /page'] },
    { method: 'POST' },
    true,
    true,
  ],
  [
    'POST with explicit freshness and another Content-Location',
    { headers: [FRESH, 'Content-Location: /other'] },
    { method: 'POST' },
    false,
    false,
  ],
  [
    'POST with its own Content-Location but only heuristic freshness',
    { headers: [`Last-Modified: ${date(-1000)}`, 'Content-Location: /page'] },
    { method: 'POST' },
    false,
    false,
  ],
  // Parts (§3.3)
  ['206 with Content-Range', { status: 206, headers: [FRESH, 'Content-Range: bytes 0-3/10'] }, {}, true, true],
  ['206 without Content-Range', { status: 206, headers: [FRESH] }, {}, false, false],
  ['206 of unknown length', { status: 206, headers: [FRESH, 'Content-Range: bytes 0-3/*'] }, {}, true, true],
  ['206 of no range', { status: 206, headers: [FRESH, 'Content-Range: bytes */10'] }, {}, false, false],
  [
    '206 with an impossible Content-Range',
    { status: 206, headers: [FRESH, 'Content-Range: bytes 5-3/10'] },
    {},
    false,
    false,
  ],
  [
    '206 with two Content-Ranges',
    { status: 206, headers: [FRESH, 'Content-Range: bytes 0-3/10', 'Content-Range: bytes 4-5/10'] },
    {},
    false,
    false,
  ],
];

describe('RFC 9111 §3: storing responses', () => {
  it.each(rows)('%s', (_what, response, asked, shared, own) => {
    expect([
      storage(response, asked).head !== undefined,
      storage(response, asked, settings({ mode: 'private' })).head !== undefined,
    ]).toEqual([shared, own]);
  });

  it('says why not, with the section', () => {
    const { steps } = storage({ headers: ['Cache-Control: no-store'] });
    expect(steps.at(-1)).toMatchObject({
      rule: 'store.no-store',
      source: 'RFC 9111 §5.2.2.5',
      evidence: '`Cache-Control: no-store`',
      effect: 'not stored',
    });
  });
});

describe('RFC 9111 §3.5: responses to authorised requests', () => {
  const authorised: RequestShape = { headers: ['Authorization: Basic eDp5'] };
  it.each([
    ['max-age=60', false, true],
    ['max-age=60, public', true, true],
    ['s-maxage=60', true, false],
    ['max-age=60, must-revalidate', true, true],
    ['max-age=60, proxy-revalidate', false, true],
    ['private, max-age=60', false, true],
  ])('%s', (directives, shared, own) => {
    const response: ResponseShape = { status: 201, headers: [`Cache-Control: ${directives}`] };
    expect([
      storage(response, authorised).head !== undefined,
      storage(response, authorised, settings({ mode: 'private' })).head !== undefined,
    ]).toEqual([shared, own]);
  });
});

describe('RFC 9111 §3.1: stored header fields', () => {
  const names = (response: ResponseShape, mode: 'shared' | 'private' = 'shared'): string[] =>
    store(response, {}, settings({ mode })).head.headers.filter((_, i) => i % 2 === 0);

  it('leaves out fields of the connection and of proxies', () => {
    const hop = ['Connection: X-Hop', 'X-Hop: 1', 'Keep-Alive: timeout=5', 'Proxy-Authenticate: Basic', 'TE: x'];
    const more = [
      'Transfer-Encoding: chunked',
      'Upgrade: x',
      'Proxy-Authentication-Info: x',
      'Proxy-Connection: close',
    ];
    expect(names({ headers: [FRESH, ...hop, ...more, 'X-Kept: 1'] })).toEqual(['Cache-Control', 'X-Kept', 'Date']);
  });

  it('keeps unknown and repeated fields as they were', () => {
    const { head } = store({ headers: [FRESH, 'X-Odd: a', 'Set-Cookie: a=1', 'x-odd: b', 'Set-Cookie: b=2'] });
    expect(head.headers.slice(2, 10)).toEqual(['X-Odd', 'a', 'Set-Cookie', 'a=1', 'x-odd', 'b', 'Set-Cookie', 'b=2']);
  });

  it('leaves out what no-cache="…" names, and in a shared cache what private="…" names', () => {
    const headers = ['Cache-Control: max-age=60, no-cache="A, b", private="C"', 'a: 1', 'B: 2', 'c: 3', 'd: 4'];
    expect(names({ headers })).toEqual(['Cache-Control', 'd', 'Date']);
    expect(names({ headers }, 'private')).toEqual(['Cache-Control', 'c', 'd', 'Date']);
  });

  it('adds a missing Date and replaces an invalid one (RFC 9110 §6.6.1)', () => {
    expect(store({ headers: [FRESH], date: false }).head.headers).toEqual([
      ...['Cache-Control', 'max-age=60', 'Date', date(0)],
    ]);
    expect(store({ headers: ['Date: yesterday', FRESH] }).head.headers).toEqual([
      ...['Cache-Control', 'max-age=60', 'Date', date(0)],
    ]);
  });
});

describe('modes and overlays', () => {
  const noStore: ResponseShape = { headers: ['Cache-Control: no-store', 'Vary: *'] };

  it.each([
    [200, true],
    [404, true],
    [302, true],
    [206, false],
    [304, false],
    [500, false],
  ])('snapshot mode stores status %i whatever its headers say: %s', (status, expected) => {
    const { head, steps } = storage({ ...noStore, status }, {}, settings({ mode: 'snapshot' }));
    expect(head !== undefined).toBe(expected);
    if (expected) expect(steps.at(-1)).toMatchObject({ departure: true, source: 'Hopscope: snapshot mode' });
  });

  const overlay = (rule: object): ReturnType<typeof settings> =>
    settings({ overlays: [compileOverlay({ name: 'mine', pattern: 'http://example.test/*', ...rule })] });

  it.each([
    [{ ignoreNoStore: true }, { headers: ['Cache-Control: no-store, max-age=60'] }, {}],
    [{ ignorePrivate: true }, { headers: ['Cache-Control: private, max-age=60'] }, {}],
    [{ ignoreVary: true }, { headers: [FRESH, 'Vary: *'] }, {}],
    [{ ignoreAuthorization: true }, { headers: [FRESH] }, { headers: ['Authorization: x'] }],
    [{ fixedLifetime: 5 }, { status: 500 }, {}],
    [{ minLifetime: 5 }, {}, {}],
    [{ minLifetime: 5, ignoreNoStore: true }, { headers: ['Cache-Control: no-store'] }, {}],
  ] as const)('overlay %o stores what would not be stored', (rule, response, asked) => {
    expect(storage(response, asked).head).toBeUndefined();
    expect(storage(response, asked, overlay(rule)).head).toBeDefined();
  });

  it('keeps what it ignores no-store of for as long as it says at least', () => {
    const response = { headers: ['Cache-Control: no-store'] };
    const { policy } = storage(response, {}, overlay({ minLifetime: 5, ignoreNoStore: true }));
    expect(policy?.lifetime).toMatchObject({ seconds: 5, kind: 'overlay' });
    expect(storage(response, {}, overlay({ minLifetime: 5 })).head).toBeUndefined();
  });

  it.each(['text/event-stream', ' Text/Event-Stream; charset=utf-8'])('stores no %s, whatever the mode', (type) => {
    for (const mode of ['shared', 'private', 'snapshot'] as const) {
      const { head, steps } = storage({ headers: [FRESH, `Content-Type: ${type}`] }, {}, settings({ mode }));
      expect([head, steps.map(({ rule }) => rule)]).toEqual([undefined, ['store.event-stream']]);
    }
    expect(storage({ headers: [FRESH, 'Content-Type: text/event-stream-like'] }).head).toBeDefined();
  });

  it('marks what an overlay decided as a departure', () => {
    const { steps } = storage(
      { headers: ['Cache-Control: no-store, max-age=60'] },
      {},
      overlay({ ignoreNoStore: true }),
    );
    expect(departsFromStandard({ verdict: 'MISS', hit: false, mode: 'shared', steps })).toBe(true);
  });

  it('keeps cookies out of Vary and of what is stored when told so', () => {
    const response = { headers: [FRESH, 'Vary: Cookie, Accept', 'Set-Cookie: a=b'] };
    const { head } = storage(response, { headers: ['Cookie: c=d'] }, overlay({ ignoreCookies: true }));
    expect(head?.selecting.map(({ field }) => field)).toEqual(['accept']);
    expect(head?.headers).not.toContain('Set-Cookie');
  });

  it('never stores where an overlay says so', () => {
    expect(storage({ headers: [FRESH] }, {}, overlay({ neverCache: true })).head).toBeUndefined();
  });
});
