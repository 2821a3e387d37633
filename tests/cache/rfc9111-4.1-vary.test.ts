import { fc } from '../support/property.ts';
import { describe, expect, it } from 'vitest';
import { normaliseFieldValue } from '../../electron/engine/cache/vary.ts';
import { date, plan, reuse, store } from './policy-harness.ts';

const FRESH = 'Cache-Control: max-age=60';

describe('RFC 9111 §4.1: Vary', () => {
  it.each<[string, string[], string[], string[], string]>([
    ['the same value', ['Vary: Foo'], ['Foo: 1'], ['Foo: 1'], 'hit'],
    ['the field name in another case', ['Vary: fOO'], ['Foo: 1'], ['foo: 1'], 'hit'],
    ['another value', ['Vary: Foo'], ['Foo: 1'], ['Foo: 2'], 'fwd=vary-miss'],
    ['another case of the value', ['Vary: Foo'], ['Foo: a'], ['Foo: A'], 'fwd=vary-miss'],
    ['absent, then present', ['Vary: Foo'], [], ['Foo: 1'], 'fwd=vary-miss'],
    ['present, then absent', ['Vary: Foo'], ['Foo: 1'], [], 'fwd=vary-miss'],
    ['absent, then empty', ['Vary: Foo'], [], ['Foo: '], 'fwd=vary-miss'],
    ['empty, then absent', ['Vary: Foo'], ['Foo: '], [], 'fwd=vary-miss'],
    ['absent both times', ['Vary: Foo'], [], [], 'hit'],
    ['two fields, both the same', ['Vary: Foo, Bar'], ['Foo: 1', 'Bar: 2'], ['Bar: 2', 'Foo: 1'], 'hit'],
    ['two fields, one differs', ['Vary: Foo, Bar'], ['Foo: 1', 'Bar: 2'], ['Foo: 1', 'Bar: 3'], 'fwd=vary-miss'],
    ['two Vary lines, one differs', ['Vary: Foo', 'Vary: Bar'], ['Bar: 2'], ['Bar: 3'], 'fwd=vary-miss'],
    ['a field that is not named', ['Vary: Foo'], ['Foo: 1', 'Bar: 2'], ['Foo: 1', 'Bar: 3'], 'hit'],
    ['an empty Vary', ['Vary: '], ['Foo: 1'], ['Foo: 2'], 'hit'],
    ['empty members', ['Vary: , Foo, ,'], ['Foo: 1'], ['Foo: 2'], 'fwd=vary-miss'],
    ['several lines, then one', ['Vary: Foo'], ['Foo: 1', 'Foo: 2'], ['Foo: 1, 2'], 'hit'],
    ['the order of several values', ['Vary: Foo'], ['Foo: 1, 2'], ['Foo: 2, 1'], 'fwd=vary-miss'],
    ['white space around commas', ['Vary: Foo'], ['Foo: 1,2'], ['Foo:  1 ,  2 '], 'hit'],
    ['white space in a quoted string', ['Vary: Foo'], ['Foo: "1, 2"'], ['Foo: "1,2"'], 'fwd=vary-miss'],
    [
      'the order of languages',
      ['Vary: Accept-Language'],
      ['Accept-Language: en, de'],
      ['Accept-Language: de, en'],
      'hit',
    ],
    [
      'the case of languages',
      ['Vary: Accept-Language'],
      ['Accept-Language: en, de'],
      ['Accept-Language: eN, De'],
      'hit',
    ],
    ['spaces in languages', ['Vary: Accept-Language'], ['Accept-Language: en,de'], ['Accept-Language: en , de'], 'hit'],
    [
      'weights written differently',
      ['Vary: Accept-Language'],
      ['Accept-Language: en;q=1.0, de;q=0.50'],
      ['Accept-Language: en, de; q=0.5'],
      'hit',
    ],
    [
      'other weights',
      ['Vary: Accept-Language'],
      ['Accept-Language: en, de;q=0.5'],
      ['Accept-Language: en, de;q=0.6'],
      'fwd=vary-miss',
    ],
    [
      'the order of encodings',
      ['Vary: Accept-Encoding'],
      ['Accept-Encoding: gzip, br'],
      ['Accept-Encoding: br, gzip'],
      'hit',
    ],
  ])('%s', (_what, vary, first, second, expected) => {
    const response = { headers: [FRESH, ...vary] };
    expect(reuse(response, { first: { headers: first }, second: { headers: second } })).toBe(expected);
  });

  it('chooses the variant that matches', () => {
    const make = (value: string): ReturnType<typeof store> =>
      store({ headers: [FRESH, 'Vary: Foo'], body: value }, { headers: [`Foo: ${value}`] });
    const variants = ['a', 'b', 'c'].map(make);
    for (const variant of variants) {
      const value = variant.head.selecting[0]?.value ?? '';
      expect(plan(variants, { headers: [`Foo: ${value}`] })).toMatchObject({ action: 'serve', stored: variant });
    }
  });

  it('of several that match, chooses the most recent by Date, then by arrival (§4)', () => {
    const old = store({ headers: [FRESH, `Date: ${date(-9)}`], at: 0, body: 'old' });
    const recent = store({ headers: [FRESH, `Date: ${date(-5)}`], at: 0, body: 'recent' });
    const latest = store({ headers: [FRESH, `Date: ${date(-5)}`], at: 1, body: 'latest' });
    expect(plan([recent, old], {})).toMatchObject({ stored: recent });
    expect(plan([old, recent], {})).toMatchObject({ stored: recent });
    expect(plan([latest, recent, old], {}, 2)).toMatchObject({ stored: latest });
  });

  it('prefers a response with Vary to a newer one that forgot it', () => {
    const varying = store({ headers: [FRESH, 'Vary: Foo'], at: 0 }, { headers: ['Foo: 1'] });
    const without = store({ headers: [FRESH], at: 1 });
    expect(plan([varying, without], { headers: ['Foo: 1'] }, 2)).toMatchObject({ stored: varying });
    expect(plan([varying, without], { headers: ['Foo: 2'] }, 2)).toMatchObject({ stored: without });
  });

  it('normalises to something that normalises to itself', () => {
    const field = fc.constantFrom('accept', 'accept-language', 'accept-encoding', 'cookie', 'user-agent');
    const value = fc.string({ unit: fc.constantFrom(...'ab,;=q01."\\ \t*/'.split('')), maxLength: 30 });
    fc.assert(
      fc.property(field, value, (name, text) => {
        const once = normaliseFieldValue(name, text);
        expect(normaliseFieldValue(name, once)).toBe(once);
      }),
    );
  });
});
