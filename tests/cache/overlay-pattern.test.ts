import { expect, it } from 'vitest';
import { compileOverlay } from '../../electron/engine/cache/cache-settings.ts';

const matches = (pattern: string, uri: string): boolean => compileOverlay({ name: 'mine', pattern }).matches(uri);

it.each([
  ['http://a.test/', 'http://a.test/page', true],
  ['http://a.test/', 'http://b.test/', false],
  ['http://a.test/page*', 'http://a.test/page', true],
  ['*', 'http://a.test/', true],
  ['*.png', 'http://a.test/x.png', true],
  ['*.png', 'http://a.test/x.png?v=1', false],
  ['*.png*', 'http://a.test/x.png?v=1', true],
  ['http://*/api/*/items', 'http://a.test/api/v1/api/items', true],
  ['http://*/api/*/items', 'http://a.test/api/items', false],
  ['http://a.test/*a', 'http://a.test/ba', true],
  ['http://a*a', 'http://a', false],
  ['**.png', 'http://a.test/x.png', true],
  ['http://a.test/?a=1', 'http://a.test/?a=1&b', true],
  ['http://a.test/(.)*', 'http://a.test/x', false],
])('%s and %s: %s', (pattern, uri, expected) => {
  expect(matches(pattern, uri)).toBe(expected);
});

it('takes no long time over a URL that almost matches', () => {
  const begin = performance.now();
  expect(matches(`${'*a'.repeat(900)}b`, 'a'.repeat(60_000))).toBe(false);
  expect(performance.now() - begin).toBeLessThan(1_000);
});
