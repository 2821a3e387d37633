import { describe, expect, it } from 'vitest';
import { isEquivalentUri, searchVariance } from '../../electron/engine/cache/no-vary-search.ts';
import type { Decision } from '../../shared/decision.ts';
import { cacheStatusField } from '../../shared/decision.ts';
import { parseList } from '../../electron/engine/http/structured-fields.ts';
import { date, reuse, settings, store } from './policy-harness.ts';

describe('RFC 9213: targeted fields', () => {
  const after = 9;
  it.each<[string, string[], string]>([
    ['replaces Cache-Control', ['Cache-Control: max-age=1', 'CDN-Cache-Control: max-age=60'], 'hit'],
    ['replaces no-store', ['Cache-Control: no-store', 'CDN-Cache-Control: max-age=60'], 'hit'],
    ['replaces Expires', [`Expires: ${date(60)}`, 'CDN-Cache-Control: max-age=1'], 'fwd=stale'],
    ['with no-store of its own', ['Cache-Control: max-age=60', 'CDN-Cache-Control: no-store'], 'not stored'],
    ['with private of its own', ['Cache-Control: max-age=60', 'CDN-Cache-Control: private'], 'not stored'],
    [
      'with no-cache',
      ['Cache-Control: max-age=60', 'CDN-Cache-Control: no-cache, max-age=60', 'ETag: "a"'],
      'fwd=stale',
    ],
    ['is ignored when empty', ['Cache-Control: max-age=60', 'CDN-Cache-Control: '], 'hit'],
    ['is ignored when malformed', ['Cache-Control: max-age=60', 'CDN-Cache-Control: max-age=1, &&'], 'hit'],
    ['is ignored when it is no dictionary', ['Cache-Control: max-age=60', 'CDN-Cache-Control: MAX-AGE=1'], 'hit'],
    ['ignores parameters', ['CDN-Cache-Control: max-age=60;x=y'], 'hit'],
    ['does not coerce a decimal', ['CDN-Cache-Control: max-age=60.0', 'ETag: "a"'], 'fwd=stale'],
    ['ignores unknown directives', ['CDN-Cache-Control: frob, max-age=60'], 'hit'],
    [
      'that is not on the list means nothing',
      ['Other-CDN-Cache-Control: no-store', 'Cache-Control: max-age=60'],
      'hit',
    ],
  ])('CDN-Cache-Control %s', (_what, headers, expected) => {
    expect(reuse({ headers }, { after })).toBe(expected);
  });

  it('uses the first valid field of the list', () => {
    const under = settings({ targetedFields: ['mine-cache-control', 'cdn-cache-control'] });
    const headers = ['CDN-Cache-Control: max-age=1', 'Mine-Cache-Control: max-age=60'];
    expect(reuse({ headers }, { after, under })).toBe('hit');
    expect(reuse({ headers: [...headers.slice(0, 1), 'Mine-Cache-Control: ?'] }, { after, under })).toBe('fwd=stale');
  });

  it('means nothing to a private cache', () => {
    const headers = ['Cache-Control: max-age=60', 'CDN-Cache-Control: no-store'];
    expect(reuse({ headers }, { after, under: settings({ mode: 'private' }) })).toBe('hit');
  });
});

describe('RFC 9211: Cache-Status', () => {
  const decision = (change: Partial<Decision>): Decision => ({
    verdict: 'MISS',
    hit: false,
    mode: 'shared',
    steps: [],
    ...change,
  });
  it.each<[Partial<Decision>, string]>([
    [{ hit: true, ttl: 30 }, 'Hopscope; hit; ttl=30'],
    [{ hit: true, ttl: -412 }, 'Hopscope; hit; ttl=-412'],
    [
      { fwd: 'uri-miss', fwdStatus: 200, stored: true, ttl: 60 },
      'Hopscope; fwd=uri-miss; fwd-status=200; ttl=60; stored',
    ],
    [{ fwd: 'stale', fwdStatus: 304, collapsed: true }, 'Hopscope; fwd=stale; fwd-status=304; collapsed'],
    [{ fwd: 'bypass', detail: 'only-if-cached' }, 'Hopscope; fwd=bypass; detail=only-if-cached'],
    [{ hit: true, key: 'http://a/"\\é' }, 'Hopscope; hit; key="http://a/\\"\\\\%C3%A9"'],
    [{ fwd: 'miss', detail: 'two words' }, 'Hopscope; fwd=miss; detail="two words"'],
  ])('%j', (change, expected) => {
    const field = cacheStatusField(decision(change), 'Hopscope');
    expect(field).toBe(expected);
    expect(parseList(field)).toHaveLength(1);
  });

  it('quotes a name that is no token', () => {
    expect(cacheStatusField(decision({ hit: true }), 'my cache')).toBe('"my cache"; hit');
  });
});

describe('No-Vary-Search', () => {
  const equal = (value: string, a: string, b: string): boolean => {
    const variance = searchVariance(value);
    return variance !== undefined && isEquivalentUri(`http://e.test/p${a}`, `http://e.test/p${b}`, variance);
  };
  it.each<[string, string, string, boolean]>([
    ['params', '?a=1', '?b=2', true],
    ['params', '', '?b=2', true],
    ['params=("a")', '?a=1&b=2', '?b=2&a=3', true],
    ['params=("a")', '?a=1&b=2', '?b=3', false],
    ['params, except=("a")', '?a=1&b=2', '?c=4&a=1', true],
    ['params, except=("a")', '?a=1', '?a=2', false],
    ['key-order', '?a=1&b=2', '?b=2&a=1', true],
    ['key-order', '?a=1&a=2', '?a=2&a=1', false],
    ['key-order, params=("c")', '?a=1&b=2&c=3', '?b=2&a=1', true],
    ['params=("%C3%A9+x")', '?%c3%a9%20x=1', '', true],
    ['params=("a&b")', '?a%26b=1', '', true],
    // Not understood: everything matters
    ['unknown', '?a=1', '?a=1', false],
    ['key-order="x"', '?a=1', '?a=1', false],
    ['params=(a)', '?a=1', '?a=1', false],
    ['params=("a"), except=("x")', '?a=1', '?a=1', false],
    ['except=("x")', '?a=1', '?a=1', false],
    ['params=?0', '?a=1', '?a=1', false],
    ['params, except=?1', '?a=1', '?a=1', false],
  ])('%s: %s and %s', (value, a, b, expected) => {
    expect(equal(value, a, b)).toBe(expected);
  });

  it('never joins different paths', () => {
    const variance = searchVariance('params');
    expect(variance && isEquivalentUri('http://e.test/p?a', 'http://e.test/q?a', variance)).toBe(false);
  });

  it('is stored with the response', () => {
    const stored = store({
      headers: ['Cache-Control: max-age=60', 'No-Vary-Search: params=("utm")', 'Cache-Groups: "g"'],
    });
    expect(stored.head).toMatchObject({ search: { ignored: ['utm'], order: true }, groups: ['g'] });
  });
});
