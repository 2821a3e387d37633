import { conformance } from './harness.ts';
import type { Scenario } from './scenario.ts';
import { cc, notReused, reused } from './scenario.ts';

/** RFC 9111 §2 and RFC 9110 §4.2.3: which URIs are the same. */

const FRESH = cc('max-age=3600');
const same = (a: string, b: string): Scenario => reused(`${a} and ${b} are the same`, FRESH, { path: a }, { path: b });
const different = (a: string, b: string): Scenario =>
  notReused(`${a} and ${b} are not the same`, FRESH, { path: a }, { path: b });

conformance('cache keys', [
  same('/a', '/a'),
  same('/a?b=c', '/a?b=c'),
  different('/a?b=c', '/a?b=d'),
  different('/a?b=c', '/a'),
  different('/a?', '/a'),
  different('/a?b&c', '/a?c&b'),
  different('/a', '/a/'),
  different('/a', '/A'),
  different('/a?b=c', '/a?b=C'),
  different('/a%2Fb', '/a/b'),
  different('/a%3Fb', '/a?b'),
  different('/a+b', '/a%20b'),
  different('/a//b', '/a/b'),
  different('/a;b', '/a'),
  same('/%7Ea', '/%7Ea'),
  same('/a?b=%00', '/a?b=%00'),
  same("/a!$'()*,=:@", "/a!$'()*,=:@"),
  same(`/${'long'.repeat(1000)}`, `/${'long'.repeat(1000)}`),
]);
