import { expect, it } from 'vitest';
import { cacheKey } from '../../electron/engine/cache/cache-key.ts';
import { settings, URI } from './policy-harness.ts';

it.each<[readonly string[], string, string]>([
  [['utm source'], '?utm%20source=1&a=2', '?a=2'],
  [['utm source'], '?a=2&utm+source', '?a=2'],
  [['utm%20source', 'b+c'], '?utm source=1&b%20c=2&a=3', '?a=3'],
  [['é'], '?%C3%A9=1&%c3%a9', ''],
  [['a+b'], '?a%2Bb=1', '?a%2Bb=1'],
  [['a%2Bb'], '?a%2bb=1&a+b=2', '?a+b=2'],
  [['a&b', 'c=d', '?e f'], '?a%26b=1&c%3Dd=2&?e+f&%zz', '?%zz'],
])('without %j, the query %s is %s', (dropQuery, query, expected) => {
  const overlay = { name: 'mine', pattern: '*', dropQuery: [...dropQuery] };
  expect(cacheKey(`${URI}${query}`, settings(), overlay)).toBe(`${URI}${expected}`);
});
