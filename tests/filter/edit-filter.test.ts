import { fc } from '../support/property.ts';
import { describe, expect, test } from 'vitest';
import {
  addTerm,
  filterParts,
  hasTerm,
  invertFilter,
  negatePart,
  quoteValue,
  removePart,
  toggleTerm,
} from '../../shared/filter/edit-filter.ts';
import { parseFilter } from '../../shared/filter/parse-filter.ts';
import { exchange, passes } from './filter-subjects.ts';

describe('parts of a filter', () => {
  test('can be shown and taken away one by one', () => {
    const text = 'users -host:cdn AND (a OR b) status:4xx';
    expect(filterParts(text).map((part) => part.text)).toEqual(['users', '-host:cdn', '(a OR b)', 'status:4xx']);
    expect(filterParts(text).map((part) => removePart(text, part))).toEqual([
      '-host:cdn AND (a OR b) status:4xx',
      'users (a OR b) status:4xx',
      'users -host:cdn status:4xx',
      'users -host:cdn AND (a OR b)',
    ]);
  });

  test('are one where they are alternatives', () => {
    expect(filterParts('a OR b').map((part) => part.text)).toEqual(['a OR b']);
    expect(filterParts('(a b)').map((part) => part.text)).toEqual(['(a b)']);
  });

  test('are none where nothing can be understood', () => expect(filterParts('status:abc')).toEqual([]));
});

describe('a filter is narrowed', () => {
  test.each([
    ['', 'host:a', 'host:a'],
    ['users', 'host:a', 'users host:a'],
    ['users host:a', 'host:a', 'users host:a'],
    ['a OR b', 'host:a', '(a OR b) host:a'],
  ])('%j by %j', (text, term, result) => expect(addTerm(text, term)).toBe(result));
});

describe('the switches', () => {
  test('edit the text that people type', () => {
    expect(toggleTerm('users', 'cache', 'hit')).toBe('users cache:hit');
    expect(toggleTerm('users cache:hit', 'cache', 'hit')).toBe('users');
    expect(toggleTerm('cache:hit users', 'cache', 'miss')).toBe('users cache:miss');
    expect(toggleTerm('"a b"', 'cache', 'hit')).toBe('"a b" cache:hit');
  });

  test('know whether they are on', () => {
    expect(hasTerm('users CACHE:HIT', 'cache', 'hit')).toBe(true);
    expect(hasTerm('users -cache:hit', 'cache', 'hit')).toBe(false);
  });
});

test.each([
  ['users', '-users'],
  ['-users', 'users'],
  ['a b', 'NOT (a b)'],
  ['NOT (a b)', 'a b'],
  ['a OR b', 'NOT (a OR b)'],
  ['(a b)', '-(a b)'],
  ['', ''],
  ['status:abc', 'status:abc'],
])('the opposite of %j is %j', (text, opposite) => expect(invertFilter(text)).toBe(opposite));

test('the opposite passes what the filter does not', () => {
  const texts = ['users', 'a b', 'NOT users', '-(a OR users)', 'users OR b', '(users)', 'NOT (users) b', 'NOT (a) (b)'];
  for (const text of texts) expect([text, passes(invertFilter(text))]).toEqual([text, !passes(text)]);
});

test('any value finds what it was taken from, and nothing else', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (value) => {
      const row = exchange({ url: `http://h${value}` });
      const other = exchange({ url: 'http://other/' });
      const text = `url=${quoteValue(row.url)}`;
      expect([text, passes(text, row), passes(text, other)]).toEqual([text, true, false]);
    }),
  );
});

test('any text is understood or told what is wrong with it, at a place in it', () => {
  const word = fc.constantFrom(
    'a',
    'host:',
    'status',
    '>=',
    '(',
    ')',
    ' ',
    '"',
    '/',
    'OR',
    'NOT',
    '-',
    '*',
    '[',
    ']',
    ',',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 20 }).map((words) => words.join('')),
  );
  fc.assert(
    fc.property(text, (one) => {
      const parsed = parseFilter(one);
      if (parsed.ok) return;
      const { from, to } = parsed.problem;
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeGreaterThanOrEqual(from);
      expect(to).toBeLessThanOrEqual(Math.max(1, one.length));
    }),
  );
});

describe('one part', () => {
  test.each([
    ['status:5xx host:a', 'status:5xx', '-status:5xx host:a'],
    ['-status:5xx host:a', '-status:5xx', 'status:5xx host:a'],
    ['method!=GET size>1mb', 'method!=GET', 'method=GET size>1mb'],
    ['(a OR b) c', '(a OR b)', '-(a OR b) c'],
    ['NOT (a OR b) c', 'NOT (a OR b)', '(a OR b) c'],
    ['a OR b', 'a OR b', 'NOT (a OR b)'],
    ['NOT (a OR b)', 'NOT (a OR b)', 'a OR b'],
    ['"two words" x', '"two words"', '-"two words" x'],
  ])('of %s is turned into its opposite: %s', (text, part, expected) => {
    const found = filterParts(text).find((one) => one.text === part);
    if (found === undefined) expect.unreachable(`${part} is no part`);
    expect(negatePart(text, found)).toBe(expected);
  });
});
