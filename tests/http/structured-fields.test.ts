import { fc } from '../support/property.ts';
import { describe, expect, it } from 'vitest';
import {
  isInnerList,
  parseDictionary,
  parseList,
  parseStringList,
} from '../../electron/engine/http/structured-fields.ts';

const NONE = new Map();

describe('RFC 9651: structured fields', () => {
  it.each<[string, unknown]>([
    ['1', { type: 'integer', value: 1 }],
    ['-42', { type: 'integer', value: -42 }],
    ['4.5', { type: 'decimal', value: 4.5 }],
    ['"a \\"b\\" \\\\"', { type: 'string', value: 'a "b" \\' }],
    ['*a/b:c', { type: 'token', value: '*a/b:c' }],
    [':aGk=:', { type: 'bytes', value: 'aGk=' }],
    ['?1', { type: 'boolean', value: true }],
    ['?0', { type: 'boolean', value: false }],
    ['@1659578233', { type: 'date', value: 1_659_578_233 }],
    ['%"f%c3%bc"', { type: 'display', value: 'fü' }],
  ])('item %s', (text, item) => {
    expect(parseList(text)).toEqual([{ item, parameters: NONE }]);
  });

  it.each([
    ...['1,', ',1', '1 2', '1,,2', '"a', '"\\a"', '"é"', '1.', '1.2345', '1234567890123456', '1234567890123.1'],
    ...['?2', ':a', ':?:', '@1.5', '%"%C3"', '%"%c3"', '(a', '(a b', '(a,b)', 'a;', 'a;B', '-', '&', '\t1'],
  ])('refuses the list %j', (text) => {
    expect(parseList(text)).toBeUndefined();
  });

  it('reads inner lists and parameters', () => {
    const [list] = parseList('("a" b;x=1);y, 2;z=?0') ?? [];
    expect(list && isInnerList(list) && list.items.map(({ item }) => item.value)).toEqual(['a', 'b']);
    expect(list?.parameters.get('y')).toEqual({ type: 'boolean', value: true });
  });

  it('reads dictionaries; the last of equal keys counts, in its place', () => {
    const dictionary = parseDictionary('a=1, b;x, a=2, c=(1)');
    expect([...(dictionary?.keys() ?? [])]).toEqual(['b', 'a', 'c']);
    expect(dictionary?.get('a')).toEqual({ item: { type: 'integer', value: 2 }, parameters: NONE });
    expect(parseDictionary('')).toEqual(NONE);
    expect(parseDictionary('a=1 b=2')).toBeUndefined();
    expect(parseDictionary('A=1')).toBeUndefined();
  });

  it('takes a list of strings whole or not at all', () => {
    expect(parseStringList('"a", "b";x')).toEqual(['a', 'b']);
    expect(parseStringList('"a", b')).toBeUndefined();
  });

  it('reads back any printable string', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{0,40}$/), (text) => {
        const quoted = `"${text.replace(/[\\"]/g, '\\$&')}"`;
        expect(parseStringList(`${quoted}, ${quoted}`)).toEqual([text, text]);
      }),
    );
  });

  it('never throws', () => {
    const text = fc.string({ unit: fc.constantFrom(...'aA1"\\,;=()?:@%.- *\té'.split('')), maxLength: 40 });
    fc.assert(
      fc.property(text, (value) => {
        parseList(value);
        parseDictionary(value);
      }),
    );
  });
});
