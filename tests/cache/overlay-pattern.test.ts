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
  ['http:', 'http://a.test/', true],
  ['http', 'https://a.test/', true],
  // Without a scheme
  ['127.0.0.1:1234/*', 'http://127.0.0.1:1234/p', true],
  ['127.0.0.1:1234/*', 'https://127.0.0.1:1234/p?a', true],
  ['127.0.0.1:1234/*', 'http://127.0.0.1:12345/p', false],
  ['a.test', 'https://a.test/page', true],
  ['a.test/page', 'http://a.test/page?a', true],
  ['a.test/*', 'http://b.test/?u=http://a.test/x', false],
  ['http-cache.test/*.png', 'http://http-cache.test/x.png', true],
  ['[::1]:80/', 'http://[::1]:80/x', true],
  // A default port, which the URLs that are matched do not name
  ['http://a.test:80/*', 'http://a.test/x', true],
  ['http://a.test:80', 'http://a.test/x', true],
  ['http://a.test:80', 'http://a.testing/x', false],
  ['HTTPS://A.test:443/X*', 'https://a.test/Xy', true],
  ['https://a.test:443/*', 'http://a.test/x', false],
  ['http://a.test:443/*', 'http://a.test:443/x', true],
  ['http://a.test:443/*', 'https://a.test/x', false],
  ['http://a.test:80/*', 'http://a.test:8080/x', false],
  ['a.test:80/*', 'http://a.test/x', true],
  ['a.test:80/*', 'https://a.test/x', false],
  ['a.test:80/*', 'https://a.test:80/x', true],
  ['*://a.test:443/*', 'https://a.test/x', true],
  ['*://a.test:443/*', 'http://a.test/x', false],
  ['http://*.test:80/*', 'http://a.test/x', true],
  ['*.test:80/*', 'http://a.test/x', true],
  ['http*://a.test:443/', 'https://a.test/', true],
  ['[::1]:80/', 'http://[::1]/x', true],
  ['/p:80/', 'http://p/', false],
  // About the path alone
  ['/p', 'http://a.test/p', true],
  ['/p', 'https://b.test:81/p/q?r', true],
  ['/p', 'http://a.test/q/p', false],
  ['/api/*/items', 'http://a.test/api/v1/items', true],
  ['/api/*/items', 'http://a.test/x/api/v1/items', false],
  // Scheme and host have no case, all else has
  ['HTTP://A.Test/*', 'http://a.test/x', true],
  ['A.TEST:81/*', 'http://a.test:81/x', true],
  ['*://A.TEST/*', 'https://a.test/x', true],
  ['http://*.A.TEST/*', 'http://www.a.test/x', true],
  ['http://a.test/Page', 'http://a.test/page', false],
  ['http://a.test/Page', 'http://a.test/Page', true],
  ['/Page', 'http://a.test/page', false],
  ['*.PNG', 'http://a.test/x.png', false],
  ['*.PNG', 'http://a.test/x.PNG', true],
  ['http*.PNG', 'http://a.test/x.PNG', true],
  ['http://*/X/*', 'http://a.test/X/y', true],
  ['http://*/X/*', 'http://a.test/x/y', false],
])('%s and %s: %s', (pattern, uri, expected) => {
  expect(matches(pattern, uri)).toBe(expected);
});

it('takes no long time over a URL that almost matches', () => {
  const begin = performance.now();
  expect(matches(`${'*a'.repeat(900)}b`, 'a'.repeat(60_000))).toBe(false);
  expect(performance.now() - begin).toBeLessThan(1_000);
});
