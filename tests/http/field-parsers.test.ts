import { fc } from '../support/property.ts';
import { describe, expect, it } from 'vitest';
import {
  parseDirectives,
  parseRequestDirectives,
  parseResponseDirectives,
} from '../../electron/engine/cache/cache-control.ts';
import {
  formatContentRange,
  parseContentRange,
  parseRange,
  rangeContains,
  rangesJoin,
  resolveRange,
} from '../../electron/engine/http/byte-ranges.ts';
import {
  conditionIncludes,
  formatEntityTag,
  parseEntityTag,
  parseEntityTagCondition,
  strongMatch,
  weakMatch,
} from '../../electron/engine/http/etag.ts';

const printable = fc.string({ unit: fc.constantFrom(...'abz019,;=" \\\t-*/W()'.split('')), maxLength: 60 });

describe('RFC 9111 §5.2: Cache-Control', () => {
  it.each<[string, unknown[]]>([
    ['', []],
    [' , ,', []],
    ['no-cache', [{ name: 'no-cache', value: undefined, malformed: false }]],
    ['Max-Age=5', [{ name: 'max-age', value: '5', malformed: false }]],
    ['max-age="5"', [{ name: 'max-age', value: '5', malformed: false }]],
    ['a="b\\"c,d"', [{ name: 'a', value: 'b"c,d', malformed: false }]],
    ['a=""', [{ name: 'a', value: '', malformed: false }]],
    ['a="b', [{ name: 'a', value: 'b', malformed: true }]],
    ['a=', [{ name: 'a', value: '', malformed: true }]],
    ['a = b', [{ name: 'a', value: 'b', malformed: true }]],
  ])('%j', (field, expected) => {
    expect(parseDirectives(field)).toEqual(expected);
  });

  it('finds a well-formed restriction among any well-formed directives', () => {
    const token = fc.stringMatching(/^[a-z]{1,8}$/);
    const directive = fc.oneof(
      token,
      fc.tuple(token, fc.stringMatching(/^[a-z0-9]{1,5}$/)).map(([name, value]) => `${name}=${value}`),
      fc.tuple(token, fc.stringMatching(/^[a-z,= ]{0,9}$/)).map(([name, value]) => `${name}="${value}"`),
    );
    fc.assert(
      fc.property(fc.array(directive), fc.array(directive), (before, after) => {
        const field = [...before, 'no-store', ...after].join(', ');
        expect(parseResponseDirectives(field).noStore).toBe(true);
      }),
    );
  });

  it('never throws and never reads a negative or fractional number', () => {
    fc.assert(
      fc.property(printable, (field) => {
        for (const value of [parseResponseDirectives(field).maxAge?.seconds, parseRequestDirectives(field).maxAge]) {
          expect(value === undefined || (Number.isInteger(value) && value >= 0 && value <= 2 ** 31)).toBe(true);
        }
      }),
    );
  });

  it('keeps the number of seconds that was written', () => {
    fc.assert(
      fc.property(fc.nat(), (seconds) => {
        expect(parseResponseDirectives(`x, max-age=${seconds}`).maxAge).toEqual({
          seconds: Math.min(seconds, 2 ** 31),
          text: `max-age=${seconds}`,
        });
      }),
    );
  });
});

describe('RFC 9110 §8.8.3: entity tags', () => {
  it.each<[string, string, boolean, boolean]>([
    ['W/"1"', 'W/"1"', false, true],
    ['W/"1"', 'W/"2"', false, false],
    ['W/"1"', '"1"', false, true],
    ['"1"', '"1"', true, true],
    ['w/"1"', 'W/"1"', false, false],
  ])('%s and %s: strong %s, weak %s', (a, b, strong, weak) => {
    const [left, right] = [parseEntityTag(a)!, parseEntityTag(b)!];
    expect([strongMatch(left, right), weakMatch(left, right)]).toEqual([strong, weak]);
  });

  it('reads lists back, whatever the tags hold', () => {
    const tag = fc
      .tuple(fc.boolean(), fc.stringMatching(/^[!#-~,]{0,10}$/))
      .map(([weak, text]) => ({ weak, opaque: `"${text}"` }));
    fc.assert(
      fc.property(fc.array(tag, { minLength: 1 }), (tags) => {
        expect(parseEntityTagCondition(tags.map(formatEntityTag).join(' , '))).toEqual(tags);
      }),
    );
  });

  it('* includes everything, even no tag at all', () => {
    expect(conditionIncludes(parseEntityTagCondition(' * '), undefined)).toBe(true);
    expect(conditionIncludes(parseEntityTagCondition('"a"'), undefined)).toBe(false);
  });
});

describe('RFC 9110 §14: byte ranges', () => {
  it('resolves every range to bytes that exist', () => {
    fc.assert(
      fc.property(printable, fc.nat(100), (text, length) => {
        for (const spec of parseRange(`bytes=${text}`) ?? []) {
          const range = resolveRange(spec, length);
          if (range === undefined) continue;
          expect(range.first >= 0 && range.first <= range.last && range.last < length).toBe(true);
        }
      }),
    );
  });

  it('reads the Content-Range that it writes', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.nat(1000), (first, more, rest) => {
        const range = { first, last: first + more };
        const length = range.last + 1 + rest;
        expect(parseContentRange(formatContentRange(range, length))).toEqual({ range, length });
      }),
    );
  });

  it.each(['bytes 0-9/9', 'bytes 5-4/10', 'bytes */x', 'lines 0-1/2', 'bytes=0-1/2', '0-1/2', ''])(
    'refuses %j',
    (text) => {
      expect(parseContentRange(text)).toBeUndefined();
    },
  );

  it('knows what contains and what joins', () => {
    const end = fc.nat(20);
    const range = fc.tuple(end, end).map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));
    const bytes = ({ first, last }: { first: number; last: number }): number[] =>
      Array.from({ length: last - first + 1 }, (_, i) => first + i);
    fc.assert(
      fc.property(range, range, (a, b) => {
        const union = new Set([...bytes(a), ...bytes(b)]);
        const span = Math.max(a.last, b.last) - Math.min(a.first, b.first) + 1;
        expect(rangesJoin(a, b)).toBe(union.size === span);
        expect(rangeContains(a, b)).toBe(bytes(b).every((byte) => bytes(a).includes(byte)));
      }),
    );
  });
});
