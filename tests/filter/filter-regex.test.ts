import { fc } from '../support/property.ts';
import { describe, expect, test } from 'vitest';
import { patternProblem, textTest } from '../../shared/filter/text-pattern.ts';

function found(pattern: string, text: string, flags = ''): boolean {
  return textTest({ kind: 'regex', text: pattern, flags })(text);
}

describe('a regular expression', () => {
  test.each([
    ['abc', 'xxabcxx', ''],
    ['^abc$', 'abc', ''],
    ['^$', '', ''],
    ['a|b|', 'zzz', ''],
    ['(ab)+c', 'xababc', ''],
    ['a{2,3}b', 'caab', ''],
    ['[a-c\\d_]+z', 'b7_z', ''],
    ['[^/]+\\.png$', 'http://a/b.png', ''],
    ['\\bcat\\b', 'a cat!', ''],
    ['\\Bcat', 'concat', ''],
    ['STRASSE', 'strasse', 'i'],
    ['[A-C]x', 'bX', 'i'],
    ['ä', 'Ä', 'i'],
    ['a.b', 'a\nb', 's'],
    ['(?:x(?<name>y))*z', 'xyxyz', ''],
    ['\\x41\\u0042\\t', 'AB\t', ''],
    ['[\\]\\-a]', '-', ''],
    ['a*?b', 'aab', ''],
    ['\\.\\*', '.*', ''],
    ['(a|b)*abb', 'bbaabb', ''],
    ['(a*)*b', 'b', ''],
  ])('/%s/ finds %j', (pattern, text, flags) => expect(found(pattern, text, flags)).toBe(true));

  test.each([
    ['^abc', 'xabc'],
    ['abc$', 'abcx'],
    ['\\bcat\\b', 'concat'],
    ['a{3}', 'aa'],
    ['[^a]', 'aaa'],
    ['a.b', 'a\nb'],
    ['A', 'a'],
    ['^a$', 'a\n'],
  ])('/%s/ does not find %j', (pattern, text) => expect(found(pattern, text)).toBe(false));

  test.each([
    ['(a', 0],
    ['a)', 1],
    ['[a', 0],
    ['*a', 0],
    ['a\\', 1],
    ['[z-a]', 1],
    ['(?=a)', 0],
    ['(?<!a)b', 0],
    ['(a)\\1', 3],
    ['a{5,2}', 1],
    ['a{9999}', 1],
    ['\\q', 0],
    ['\\xZZ', 0],
    ['((a{1000}){1000})', 0],
  ])('/%s/ is refused at %d', (text, at) => expect(patternProblem({ kind: 'regex', text })).toMatchObject({ at }));

  // Any of these would keep an engine that goes back busy for longer than the universe has been there.
  test.each([
    ['(a+)+$', `${'a'.repeat(100_000)}!`],
    ['(a|a)*b', 'a'.repeat(100_000)],
    ['(.*)*x(.*)*y(.*)*z', 'xy'.repeat(50_000)],
    ['(a|b)*a(a|b){12}c', 'ab'.repeat(20_000)],
  ])('/%s/ ends, whatever it looks at', (pattern, text) => expect(found(pattern, text)).toBe(false));

  test('agrees with the language about what both can do', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '^', '$', '\\b', '(a|bc)', '(?:ab?)');
    const piece = fc.tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}', '{1,2}'));
    const pattern = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) =>
      // Assertions cannot repeat.
      pieces.map(([one, times]) => (/^(\^|\$|\\b)$/.test(one) ? one : one + times)).join(''),
    );
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', 'A', '1', ' ', '\n'), { maxLength: 8 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(pattern, text, fc.constantFrom('', 'i', 's'), (one, other, flags) => {
        expect(found(one, other, flags)).toBe(new RegExp(one, flags).test(other));
      }),
      { numRuns: 1500 },
    );
  });
});

describe('a glob', () => {
  test('matches the whole text, or a part where that is asked for', () => {
    const glob = (text: string, anywhere?: boolean) =>
      textTest(anywhere === undefined ? { kind: 'glob', text } : { kind: 'glob', text, anywhere });
    expect(glob('*.example.com')('a.Example.com')).toBe(true);
    expect(glob('*.example.com')('a.example.com.evil')).toBe(false);
    expect(glob('/a?b*')('/a?bc')).toBe(true);
    expect(glob('/a?b*')('/axbc')).toBe(false);
    expect(glob('b*d', true)('abcde')).toBe(true);
    expect(glob('a*b*c')(`a${'b'.repeat(50_000)}`)).toBe(false);
  });
});
