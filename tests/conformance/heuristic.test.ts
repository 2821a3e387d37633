import { conformance } from './harness.ts';
import type { Fields, Scenario } from './scenario.ts';
import { cc, notReused, reused } from './scenario.ts';

/** RFC 9111 §4.2.2: heuristic freshness; §3: which final status codes are stored; §5.2.2.3: must-understand. */

const OLD: Fields = [['Last-Modified', '{-864000}']];
const status = (code: number, headers: Fields): { response: { status: number; headers: Fields } } => ({
  response: { status: code, headers },
});
const next = { status: 200, response: { headers: cc('no-store') }, body: 1 };
const CACHEABLE = [200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 451, 501];
const OTHERS = [201, 202, 302, 303, 307, 400, 401, 403, 409, 418, 499, 500, 502, 503, 504, 299, 399, 599];
const EXPLICIT = [
  ...[200, 201, 202, 203, 204, 226, 299, 300, 301, 302, 303, 307, 308, 399],
  ...[400, 403, 404, 405, 410, 412, 414, 416, 418, 451, 499, 500, 501, 502, 503, 504, 505, 599],
];
const freshCode = (code: number, how: string, headers: Fields): Scenario =>
  reused(`${code} with ${how}`, headers, status(code, headers));

conformance('heuristics', [
  ...CACHEABLE.map((code) => freshCode(code, 'Last-Modified alone', OLD)),
  ...OTHERS.map((code) => notReused(`${code} with Last-Modified alone`, OLD, status(code, OLD), next)),
  ...OTHERS.map((code) => freshCode(code, 'public and Last-Modified', [...OLD, ...cc('public')])),
  ...CACHEABLE.map((code) => notReused(`${code} without a validator`, [], status(code, []), next)),
  notReused('Last-Modified of this second', [['Last-Modified', '{now}']]),
  notReused('Last-Modified in the future', [['Last-Modified', '{+3600}']]),
  notReused('an invalid Last-Modified', [['Last-Modified', 'long ago']]),
  reused('unknown Cache-Control directives leave the heuristic alone', [...OLD, ...cc('foo, bar=1')]),
  reused('Pragma: no-cache in a response means nothing', [...OLD, ['Pragma', 'no-cache']]),
  reused('Content-Disposition: attachment changes nothing', [
    ...OLD,
    ['Content-Disposition', 'attachment; filename=a'],
  ]),
  notReused('Expires: 0 leaves no room for it', [...OLD, ['Expires', '0']]),
  notReused('an invalid max-age leaves no room for it', [...OLD, ...cc('max-age=a')]),
  reused('a query string does not forbid it', OLD, { path: '?a=b' }, { path: '?a=b' }),
  notReused('an ETag alone gives no freshness', [['ETag', '"a"']], {}, { request: { 'if-none-match': '"a"' } }),
]);

conformance('status codes with explicit freshness', [
  ...EXPLICIT.map((code) => freshCode(code, 'max-age', cc('max-age=3600'))),
  ...EXPLICIT.map((code) => freshCode(code, 'Expires', [['Expires', '{+3600}']])),
  ...EXPLICIT.map((code) => notReused(`${code} stale`, [], status(code, cc('max-age=0')), next)),
  reused('a redirect keeps its Location', [], status(302, [...cc('max-age=3600'), ['Location', '/elsewhere']]), {
    expect: { location: '/elsewhere' },
  }),
  ...(
    [
      [412, 'If-Unmodified-Since', '{-100}'],
      [412, 'If-None-Match', '"a"'],
      [416, 'Range', 'bytes=5-'],
    ] as const
  ).map(([code, field, value]) =>
    notReused(
      `${code} to a request with ${field} answers only that one`,
      [],
      { ...status(code, cc('max-age=3600')), headers: [[field, value]] },
      next,
    ),
  ),
  ...[428, 429, 431, 511].map((code) =>
    notReused(`${code} must not be stored`, [], status(code, cc('max-age=3600')), next),
  ),
]);

conformance('must-understand', [
  reused('a known status with no-store', cc('no-store, must-understand, max-age=3600')),
  reused('a known status', cc('must-understand, max-age=3600')),
  reused('a known error status', [], status(404, cc('max-age=3600, no-store, must-understand'))),
  ...[299, 399, 499, 599].flatMap((code) => [
    notReused(`${code} is not understood`, [], status(code, cc('must-understand, max-age=3600')), next),
    notReused(
      `${code} is not understood, with no-store`,
      [],
      status(code, cc('max-age=3600, must-understand, no-store')),
      next,
    ),
  ]),
]);
