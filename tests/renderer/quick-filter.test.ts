import { describe, expect, test } from 'vitest';
import type { ExchangeRow } from '../../shared/exchange-view.ts';
import { hasTerm, parseQuickFilter, toggleTerm } from '../../renderer/store/quick-filter.ts';

const row: ExchangeRow = {
  ...{ id: 1, kind: 'http', start: 0, end: 5, method: 'POST', url: 'http://api.Example.com:8080/users?page=2 a' },
  ...{ version: 'HTTP/1.1', client: '', connection: 1, nth: 1, status: 404, from: 'upstream', verdict: 'MISS' },
  ...{ contentType: 'application/json', requestBytes: 0, responseBytes: 0, warnings: 0 },
  outcome: { kind: 'completed' },
};

function matches(text: string): boolean {
  const filter = parseQuickFilter(text);
  return filter === undefined || filter(row);
}

test.each([
  ['example'],
  ['EXAMPLE.COM'],
  ['post'],
  ['404'],
  ['miss'],
  ['users page=2'],
  ['"page=2 a"'],
  ['example.com:8080'],
  ['method:post'],
  ['host:example'],
  ['path:/users'],
  ['status:404'],
  ['status:4xx'],
  ['status:>=400'],
  ['status:<500'],
  ['cache:miss'],
  ['cache:hit,miss'],
  ['type:json'],
  ['-host:cdn'],
  ['-cache:hit'],
  ['cache:'],
  ['  '],
  [''],
])('%j finds the row', (text) => expect(matches(text)).toBe(true));

test.each([
  ['nowhere'],
  ['users nowhere'],
  ['-users'],
  ['method:get'],
  ['host:users'],
  ['path:example'],
  ['status:5xx'],
  ['status:>404'],
  ['cache:hit'],
  ['is:running'],
  ['is:failed'],
  ['is:nonsense'],
  ['unknown:key'],
])('%j does not', (text) => expect(matches(text)).toBe(false));

test('a filter without words is no filter', () => expect(parseQuickFilter('  ')).toBeUndefined());

describe('the verdict switches', () => {
  test('edit the text that people type', () => {
    expect(toggleTerm('users', 'cache', 'hit')).toBe('users cache:hit');
    expect(toggleTerm('users cache:hit', 'cache', 'hit')).toBe('users');
    expect(toggleTerm('cache:hit users', 'cache', 'miss')).toBe('users cache:miss');
    expect(toggleTerm('"a b"', 'cache', 'hit')).toBe('"a b" cache:hit');
  });

  test('know whether they are on', () => {
    expect(hasTerm('users CACHE:HIT', 'cache', 'hit')).toBe(true);
    expect(hasTerm('users', 'cache', 'hit')).toBe(false);
  });
});
