import { describe, expect, it } from 'vitest';
import type { StoredResponse } from '../../electron/engine/cache/stored-response.ts';
import { decisionSentence } from '../../shared/decision.ts';
import type { RequestShape, ResponseShape } from './policy-harness.ts';
import { date, plan, reuse, settings, store, URI } from './policy-harness.ts';

const FRESH = 'Cache-Control: max-age=60';

describe('RFC 9111 §4.2.1: freshness lifetime', () => {
  /** [response fields, seconds until the second request, shared cache, private cache]. */
  it.each<[string[], number, string, string]>([
    [['Cache-Control: max-age=60'], 59, 'hit', 'hit'],
    [['Cache-Control: max-age=60'], 60, 'fwd=stale', 'fwd=stale'],
    [['Cache-Control: max-age=0'], 1, 'fwd=stale', 'fwd=stale'],
    [['Cache-Control: s-maxage=60, max-age=1'], 9, 'hit', 'fwd=stale'],
    [['Cache-Control: s-maxage=1, max-age=60'], 9, 'fwd=stale', 'hit'],
    [['Cache-Control: max-age=60', `Expires: ${date(-60)}`], 9, 'hit', 'hit'],
    [['Cache-Control: max-age=1', `Expires: ${date(60)}`], 9, 'fwd=stale', 'fwd=stale'],
    [['Cache-Control: max-age=60', 'Expires: 0'], 9, 'hit', 'hit'],
    [[`Expires: ${date(60)}`], 59, 'hit', 'hit'],
    [[`Expires: ${date(60)}`], 61, 'fwd=stale', 'fwd=stale'],
    [[`Expires: ${date(-60)}`], 1, 'fwd=stale', 'fwd=stale'],
    [['Expires: 0'], 1, 'fwd=stale', 'fwd=stale'],
    [['Expires: -1'], 1, 'fwd=stale', 'fwd=stale'],
    [['Expires: soon'], 1, 'fwd=stale', 'fwd=stale'],
    [['Expires: soon', `Last-Modified: ${date(-9000)}`], 1, 'fwd=stale', 'fwd=stale'],
    [[`Expires: ${date(60)}`, `Expires: ${date(90)}`], 1, 'fwd=stale', 'fwd=stale'],
    [[`Expires: ${date(60)}, ${date(90)}`], 1, 'fwd=stale', 'fwd=stale'],
    // Odd but clear
    [['Cache-Control: MaX-aGe=60'], 9, 'hit', 'hit'],
    [['Cache-Control: max-age="60"'], 9, 'hit', 'hit'],
    [['Cache-Control: max-age=0060'], 9, 'hit', 'hit'],
    [['Cache-Control: , ,max-age=60, ,'], 9, 'hit', 'hit'],
    [['Cache-Control: foo', 'Cache-Control: max-age=60'], 9, 'hit', 'hit'],
    [['Cache-Control: max-age=99999999999999999999'], 9, 'hit', 'hit'],
    [['Cache-Control: max-age=2147483648'], 9, 'hit', 'hit'],
    [['Cache-Control: x="max-age=1", max-age=60'], 9, 'hit', 'hit'],
    [['Cache-Control: x="\\", max-age=1, \\"", max-age=60'], 9, 'hit', 'hit'],
    // Invalid numbers make it stale
    [['Cache-Control: max-age=-60', 'ETag: "a"'], 0, 'fwd=stale', 'fwd=stale'],
    [['Cache-Control: max-age=60.5', 'ETag: "a"'], 0, 'fwd=stale', 'fwd=stale'],
    [["Cache-Control: max-age='60'", 'ETag: "a"'], 0, 'fwd=stale', 'fwd=stale'],
    [['Cache-Control: max-age=a60', 'ETag: "a"'], 0, 'fwd=stale', 'fwd=stale'],
    [['Cache-Control: max-age=60a', 'ETag: "a"'], 0, 'fwd=stale', 'fwd=stale'],
    [['Cache-Control: max-age', 'ETag: "a"'], 0, 'fwd=stale', 'fwd=stale'],
    [['Cache-Control: max-age =60', 'ETag: "a"'], 0, 'fwd=stale', 'fwd=stale'],
    [['Cache-Control: max-age= 60', 'ETag: "a"'], 0, 'fwd=stale', 'fwd=stale'],
    [['Cache-Control: max-age="60', 'ETag: "a"'], 0, 'fwd=stale', 'fwd=stale'],
    [['Cache-Control: x="max-age=60"', 'ETag: "a"'], 0, 'fwd=stale', 'fwd=stale'],
    // Several values for one directive: the first counts
    [['Cache-Control: max-age=60, max-age=1'], 9, 'hit', 'hit'],
    [['Cache-Control: max-age=1, max-age=60'], 9, 'fwd=stale', 'fwd=stale'],
    [['Cache-Control: max-age=1', 'Cache-Control: max-age=60'], 9, 'fwd=stale', 'fwd=stale'],
    // Conflicts: the most restrictive counts
    [['Cache-Control: max-age=60, no-cache', 'ETag: "a"'], 1, 'fwd=stale', 'fwd=stale'],
    [['Cache-Control: no-cache=, max-age=60', 'ETag: "a"'], 1, 'fwd=stale', 'fwd=stale'],
    [['Cache-Control: public, private, max-age=60'], 1, 'not stored', 'hit'],
    [['Cache-Control: max-age=60, no-cache="x-a"'], 1, 'hit', 'hit'],
    [['Cache-Control: max-age=60, no-cache="x-a", no-cache', 'ETag: "a"'], 1, 'fwd=stale', 'fwd=stale'],
  ])('%j after %i s', (headers, after, shared, own) => {
    expect([
      reuse({ headers }, { after }),
      reuse({ headers }, { after, under: settings({ mode: 'private' }) }),
    ]).toEqual([shared, own]);
  });

  it.each<[string, string, string]>([
    ['a missing Date counts from arrival', '', 'hit'],
    ['an invalid Date counts from arrival', 'Date: never', 'hit'],
    ['an asctime Date', 'Date: Sun Mar  1 12:00:00 2026', 'hit'],
    ['an RFC 850 Date', 'Date: Sunday, 01-Mar-26 12:00:00 GMT', 'hit'],
    ['a Date in lower case', 'Date: sun, 01 mar 2026 12:00:00 gmt', 'hit'],
    ['a Date an hour ago', `Date: ${date(-3600)}`, 'fwd=stale'],
    ['a Date in the future', `Date: ${date(3600)}`, 'hit'],
  ])('max-age with %s', (_what, line, expected) => {
    const headers = line === '' ? [FRESH] : [FRESH, line];
    expect(reuse({ headers, date: false }, { after: 30 })).toBe(expected);
  });
});

describe('RFC 9111 §4.2.2: heuristic freshness', () => {
  it.each<[string, ResponseShape, number, string]>([
    ['10 % of the time since Last-Modified', { headers: [`Last-Modified: ${date(-1000)}`] }, 99, 'hit'],
    ['and no more', { headers: [`Last-Modified: ${date(-1000)}`] }, 101, 'fwd=stale'],
    ['at most a day', { headers: [`Last-Modified: ${date(-9e8)}`] }, 86_399, 'hit'],
    ['at most a day, not longer', { headers: [`Last-Modified: ${date(-9e8)}`] }, 86_401, 'fwd=stale'],
    ['none from the future', { headers: [`Last-Modified: ${date(1000)}`] }, 0, 'fwd=stale'],
    ['none from an invalid date', { headers: ['Last-Modified: long ago'] }, 0, 'fwd=stale'],
    ['none beside max-age', { headers: ['Cache-Control: max-age=1', `Last-Modified: ${date(-1000)}`] }, 9, 'fwd=stale'],
    ['none for status 201', { status: 201, headers: [`Last-Modified: ${date(-1000)}`] }, 0, 'not stored'],
    [
      'for status 201 with public',
      { status: 201, headers: ['Cache-Control: public', `Last-Modified: ${date(-1000)}`] },
      9,
      'hit',
    ],
    ['none without Last-Modified', { headers: ['ETag: "a"'] }, 0, 'fwd=stale'],
    ['also with a query', { headers: [`Last-Modified: ${date(-1000)}`] }, 9, 'hit'],
  ])('%s', (_what, response, after, expected) => {
    expect(reuse(response, { after })).toBe(expected);
  });
});

describe('RFC 9111 §4.2.3: age', () => {
  it.each<[string, ResponseShape, number, string]>([
    ['Age counts', { headers: [FRESH, 'Age: 50'] }, 9, 'hit'],
    ['Age counts to the second', { headers: [FRESH, 'Age: 50'] }, 10, 'fwd=stale'],
    ['an Age above the lifetime', { headers: [FRESH, 'Age: 61'] }, 0, 'fwd=stale'],
    ['of a list the first member', { headers: [FRESH, 'Age: 0, 90'] }, 9, 'hit'],
    ['of a list the first member, though higher', { headers: [FRESH, 'Age: 90, 0'] }, 9, 'fwd=stale'],
    ['of several lines the first', { headers: [FRESH, 'Age: 90', 'Age: 0'] }, 9, 'fwd=stale'],
    ['an invalid Age is ignored', { headers: [FRESH, 'Age: 90a'] }, 9, 'hit'],
    ['a negative Age is ignored', { headers: [FRESH, 'Age: -90'] }, 9, 'hit'],
    ['a fractional Age is ignored', { headers: [FRESH, 'Age: 90.5'] }, 9, 'hit'],
    ['a huge Age is capped, not negative', { headers: [FRESH, 'Age: 99999999999999'] }, 0, 'fwd=stale'],
    ['the delay of the response counts', { headers: [FRESH], delay: 55 }, 4, 'hit'],
    ['the delay of the response counts to the second', { headers: [FRESH], delay: 55 }, 5, 'fwd=stale'],
    ['Age counts from the request', { headers: [FRESH, 'Age: 30'], delay: 20 }, 10, 'fwd=stale'],
    [
      'the Date counts when it says more than Age',
      { headers: [FRESH, 'Age: 1', `Date: ${date(-50)}`] },
      10,
      'fwd=stale',
    ],
    ['Age counts when it says more than Date', { headers: [FRESH, 'Age: 50', `Date: ${date(-1)}`] }, 10, 'fwd=stale'],
  ])('%s', (_what, response, after, expected) => {
    expect(reuse(response, { after })).toBe(expected);
  });

  it('is part of every answer, as a whole number', () => {
    const made = plan([store({ headers: [FRESH, 'Age: 7'], delay: 0.7 })], {}, 3.6);
    expect(made).toMatchObject({ action: 'serve', age: 11 });
  });

  it('is not lowered by a clock that was set back', () => {
    expect(plan([store({ headers: [FRESH, 'Age: 7'] })], {}, -100)).toMatchObject({ age: 7 });
  });
});

describe('RFC 9111 §5.2.1: request directives', () => {
  const second = (...headers: string[]): RequestShape => ({ headers });
  it.each<[string, ResponseShape, RequestShape, number, string]>([
    ['max-age above the age', { headers: [FRESH] }, second('Cache-Control: max-age=10'), 9, 'hit'],
    ['max-age below the age', { headers: [FRESH] }, second('Cache-Control: max-age=5'), 9, 'fwd=request'],
    ['max-age=0', { headers: [FRESH] }, second('Cache-Control: max-age=0'), 0, 'fwd=request'],
    ['max-age that is no number', { headers: [FRESH] }, second('Cache-Control: max-age=soon'), 9, 'hit'],
    ['min-fresh within what is left', { headers: [FRESH] }, second('Cache-Control: min-fresh=50'), 9, 'hit'],
    ['min-fresh beyond what is left', { headers: [FRESH] }, second('Cache-Control: min-fresh=52'), 9, 'fwd=request'],
    ['no-cache', { headers: [FRESH] }, second('Cache-Control: no-cache'), 1, 'fwd=request'],
    ['NO-CACHE', { headers: [FRESH] }, second('Cache-Control: NO-CACHE'), 1, 'fwd=request'],
    ['no-store reuses what is stored', { headers: [FRESH] }, second('Cache-Control: no-store'), 1, 'hit'],
    ['an unknown directive', { headers: [FRESH] }, second('Cache-Control: frob, nicate=1'), 1, 'hit'],
    ['Pragma: no-cache', { headers: [FRESH] }, second('Pragma: no-cache'), 1, 'fwd=request'],
    ['Pragma: No-Cache among others', { headers: [FRESH] }, second('Pragma: x, No-Cache'), 1, 'fwd=request'],
    ['another Pragma', { headers: [FRESH] }, second('Pragma: no-store'), 1, 'hit'],
    ['Pragma beside Cache-Control', { headers: [FRESH] }, second('Pragma: no-cache', 'Cache-Control: x'), 1, 'hit'],
    ['max-stale beyond the staleness', { headers: [FRESH] }, second('Cache-Control: max-stale=10'), 65, 'stale'],
    ['max-stale below the staleness', { headers: [FRESH] }, second('Cache-Control: max-stale=3'), 65, 'fwd=stale'],
    ['max-stale without a number', { headers: [FRESH] }, second('Cache-Control: max-stale'), 9999, 'stale'],
    ['max-age with max-stale', { headers: [FRESH] }, second('Cache-Control: max-age=90, max-stale'), 65, 'stale'],
    ['only-if-cached with a fresh one', { headers: [FRESH] }, second('Cache-Control: only-if-cached'), 1, 'hit'],
    ['only-if-cached with a stale one', { headers: [FRESH] }, second('Cache-Control: only-if-cached'), 65, '504'],
    [
      'only-if-cached and max-stale',
      { headers: [FRESH] },
      second('Cache-Control: only-if-cached, max-stale=10'),
      65,
      'stale',
    ],
    [
      'max-stale against must-revalidate',
      { headers: ['Cache-Control: max-age=60, must-revalidate'] },
      second('Cache-Control: max-stale'),
      65,
      'fwd=stale',
    ],
    [
      'max-stale against s-maxage',
      { headers: ['Cache-Control: s-maxage=60'] },
      second('Cache-Control: max-stale'),
      65,
      'fwd=stale',
    ],
    ['If-Match is for the origin', { headers: [FRESH, 'ETag: "a"'] }, second('If-Match: "a"'), 1, 'fwd=request'],
    ['If-Unmodified-Since too', { headers: [FRESH] }, second(`If-Unmodified-Since: ${date(0)}`), 1, 'fwd=request'],
  ])('%s', (_what, response, asked, after, expected) => {
    expect(reuse(response, { second: asked, after })).toBe(expected);
  });

  it('answers only-if-cached with 504 when nothing is stored', () => {
    expect(plan([], { headers: ['Cache-Control: only-if-cached'] })).toMatchObject({
      action: 'refuse',
      decision: { verdict: 'ERROR', detail: 'only-if-cached' },
    });
  });
});

describe('RFC 9211 §2.2: a request is the reason only where something fresh was there for it', () => {
  const kept = [store({ headers: [FRESH, 'ETag: "a"', 'Vary: Accept'] }, { headers: ['Accept: a'] })];
  const part = [store({ status: 206, headers: [FRESH, 'ETag: "a"', 'Content-Range: bytes 0-3/9'] })];
  const each = [store({ headers: ['Cache-Control: no-cache', 'ETag: "a"'] })];
  it.each<[string, readonly StoredResponse[], string[], number, string]>([
    ['no-cache, fresh', kept, ['Accept: a', 'Cache-Control: no-cache'], 1, 'request'],
    ['no-cache, stale', kept, ['Accept: a', 'Cache-Control: no-cache'], 61, 'stale'],
    ['max-age, stale', kept, ['Accept: a', 'Cache-Control: max-age=5'], 61, 'stale'],
    ['min-fresh, stale', kept, ['Accept: a', 'Cache-Control: min-fresh=5'], 61, 'stale'],
    ['no-cache on both sides', each, ['Cache-Control: no-cache'], 1, 'stale'],
    ['If-Match, fresh', kept, ['Accept: a', 'If-Match: "a"'], 1, 'request'],
    ['If-Match, stale', kept, ['Accept: a', 'If-Match: "a"'], 61, 'stale'],
    ['If-Match, another variant', kept, ['Accept: b', 'If-Match: "a"'], 1, 'vary-miss'],
    ['If-Match, a part', part, ['If-Match: "a"'], 1, 'partial'],
    ['If-Match, nothing stored', [], ['If-Match: "a"'], 1, 'uri-miss'],
  ])('%s', (_what, stored, headers, after, fwd) => {
    expect(plan(stored, { headers }, after)).toMatchObject({ action: 'forward', fwd });
  });
});

describe('RFC 8246: immutable', () => {
  const immutable = { headers: ['Cache-Control: max-age=60, immutable'] };
  it.each<[string, string, number, string]>([
    ['a reload while it is fresh', 'max-age=0', 9, 'hit'],
    ['a forced reload', 'no-cache', 9, 'fwd=request'],
    ['when it is stale', 'max-age=0', 61, 'fwd=stale'],
  ])('%s', (_what, directive, after, expected) => {
    expect(reuse(immutable, { second: { headers: [`Cache-Control: ${directive}`] }, after })).toBe(expected);
  });
});

describe('RFC 9111 §4.2.4 and RFC 5861: stale responses', () => {
  it.each<[string, number, string]>([
    ['max-age=60, stale-while-revalidate=30', 80, 'stale'],
    ['max-age=60, stale-while-revalidate=30', 91, 'fwd=stale'],
    ['max-age=60, stale-while-revalidate=abc', 61, 'fwd=stale'],
    ['max-age=60, stale-while-revalidate=30, must-revalidate', 80, 'fwd=stale'],
    ['max-age=60, stale-while-revalidate=30, proxy-revalidate', 80, 'fwd=stale'],
    ['max-age=60, stale-while-revalidate=30, no-cache', 80, 'fwd=stale'],
  ])('%s after %i s', (directives, after, expected) => {
    expect(reuse({ headers: [`Cache-Control: ${directives}`, 'ETag: "a"'] }, { after })).toBe(expected);
  });

  it('asks for a background validation, and only within the window', () => {
    const stored = [store({ headers: ['Cache-Control: max-age=60, stale-while-revalidate=30'] })];
    expect(plan(stored, {}, 80)).toMatchObject({ action: 'serve', revalidate: true });
    expect(plan(stored, {}, 50)).toMatchObject({ action: 'serve', revalidate: false });
    expect(plan(stored, { headers: ['Cache-Control: max-age=90'] }, 80)).toMatchObject({ action: 'forward' });
  });
});

describe('RFC 9111 §4: method', () => {
  it.each([
    ['HEAD from a stored GET', 'GET', 'HEAD', 'hit'],
    ['GET from a stored GET', 'GET', 'GET', 'hit'],
  ])('%s', (_what, first, second, expected) => {
    expect(reuse({ headers: [FRESH] }, { first: { method: first }, second: { method: second } })).toBe(expected);
  });

  it('answers GET and HEAD from a stored POST (RFC 9110 §9.3.3)', () => {
    const response = { headers: [FRESH, `Content-Location: ${URI}`] };
    const first = { method: 'POST' };
    expect([reuse(response, { first, second: {} }), reuse(response, { first, second: { method: 'HEAD' } })]).toEqual([
      'hit',
      'hit',
    ]);
  });
});

describe('what a decision says', () => {
  it('tells a hit, a stale answer and a validation in one line each', () => {
    const fresh = plan([store({ headers: [FRESH] })], {}, 12);
    expect(fresh.action === 'serve' && decisionSentence(fresh.decision)).toBe(
      '`max-age=60` received 12 s ago → fresh for 48 s more → served from the store',
    );
    const validated = plan([store({ headers: [FRESH, 'ETag: "a1"'] })], {}, 71);
    expect(validated.action === 'forward' && validated.steps.map(({ say }) => say).filter(Boolean)).toEqual([
      '`max-age=60` received 71 s ago\nstale for 11 s',
      'asked the origin with `If-None-Match: "a1"`',
    ]);
  });

  it('names the parameter that kept a neighbour from answering, and the field that Vary names', () => {
    const stored = store({ headers: [FRESH, 'Vary: Accept'] }, { headers: ['Accept: text/html'] });
    expect(plan([stored], { headers: ['Accept: image/png'] })).toMatchObject({
      action: 'forward',
      fwd: 'vary-miss',
      nearMiss: { field: 'accept', stored: 'text/html', requested: 'image/png' },
    });
  });
});

describe('modes', () => {
  it('snapshot: what is stored answers for ever, and Vary does not matter', () => {
    const under = settings({ mode: 'snapshot' });
    const response = { headers: ['Cache-Control: no-store', 'Vary: Accept'] };
    expect(reuse(response, { second: { headers: ['Accept: x'] }, after: 9e8, under })).toBe('hit');
  });

  it('snapshot by path: host and query do not matter', () => {
    const under = settings({ mode: 'snapshot', snapshotKey: 'path' });
    const stored = store({}, { uri: 'http://a.test/x?1' }, under);
    expect(stored.head.key).toBe('/x');
    expect(plan([stored], { uri: 'http://b.test/x?2' }, 1, under).action).toBe('serve');
  });

  it('offline: stale is as good as fresh, and nothing goes forward', () => {
    const under = settings({ mode: 'offline' });
    const stored = store({ headers: [FRESH] });
    expect(plan([stored], { headers: ['Cache-Control: no-cache'] }, 9e8, under).action).toBe('serve');
    expect(plan([], {}, 1, under)).toMatchObject({ action: 'refuse', decision: { detail: 'offline' } });
  });

  it('a shared cache does not use what a private one stored for one user', () => {
    const stored = store({ headers: ['Cache-Control: private, max-age=60'] }, {}, settings({ mode: 'private' }));
    expect(plan([stored], {}, 1, settings({ mode: 'private' })).action).toBe('serve');
    expect(plan([stored], {}, 1)).toMatchObject({ action: 'forward', fwd: 'miss' });
  });
});
