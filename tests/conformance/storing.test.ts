import { conformance } from './harness.ts';
import type { Fields, Scenario } from './scenario.ts';
import { cc, notReused, respond, reused } from './scenario.ts';

/** RFC 9111 §3: which responses are stored, §3.1: which of their fields, §3.5: Authorization, §5.2.2: directives. */

const FRESH = cc('max-age=3600');
const ETAG: Fields = [['ETag', '"a"']];
const AUTH: Fields = [['Authorization', 'Basic Zm9vOmJhcg==']];
const validated = (name: string, ...values: string[]): Scenario => ({
  name,
  steps: [
    { response: respond(undefined, [...cc(...values), ...ETAG]), reaches: true },
    {
      response: { status: 304, headers: ETAG },
      reaches: true,
      request: { 'if-none-match': '"a"' },
      status: 200,
      body: 0,
    },
  ],
});

conformance('response directives', [
  notReused('no-store', cc('max-age=3600, no-store')),
  notReused('no-store first', cc('no-store, max-age=3600')),
  notReused('No-StOrE', cc('No-StOrE, max-age=3600')),
  notReused('no-store in a line of its own', cc('max-age=3600', 'no-store')),
  notReused('no-store among empty members', cc('max-age=3600,, ,no-store ,')),
  notReused('no-store with an argument', cc('no-store=1, max-age=3600')),
  notReused('no-store beside Expires', [...cc('no-store'), ['Expires', '{+3600}']]),
  reused('no-store inside a quoted string', cc('foo="no-store", max-age=3600')),
  notReused('no-store behind a quote that is never closed', cc('max-age=3600, foo="bar, no-store')),
  notReused('max-age behind a quote that is never closed', cc('foo="bar, max-age=3600')),
  notReused(
    'no-store, and must-understand behind a quote that is never closed',
    cc('max-age=3600, no-store, a="b, must-understand'),
  ),
  reused('max-age before a quote that is never closed', cc('max-age=3600, foo="bar, baz')),
  ...['no-store;', 'no-store; must-revalidate', 'no-store foo', 'no-store:', 'private;', 'private; max-age=60'].map(
    (value) => notReused(`\`${value}\`, which is malformed`, cc('max-age=3600', value)),
  ),
  notReused(
    'public; which is malformed',
    cc('public;'),
    { headers: AUTH, response: { headers: [...cc('max-age=3600, public;')] } },
    { headers: AUTH },
  ),
  ...[
    'max-age=60; no-store',
    'max-age=60;No-Store',
    'max-age=60 no-store',
    'max-age=3600; private="a"',
    'foo="x"; private',
  ].map((value) =>
    notReused(`\`${value}\`: a restriction behind what is no comma restricts`, cc('max-age=3600', value)),
  ),
  validated('max-age=3600; no-cache, which is malformed', 'max-age=3600', 'foo; no-cache'),
  reused('a restriction behind a semicolon in a quoted string', cc('max-age=3600, foo="a; no-store"')),
  notReused('a permission behind a semicolon', cc('foo; max-age=3600')),
  reused('a directive that only begins like no-store', cc('no-store-please, max-age=3600')),
  validated('no-cache', 'no-cache, max-age=3600'),
  validated('No-CaChE', 'No-CaChE, max-age=3600'),
  validated('no-cache alone', 'no-cache'),
  validated('no-cache in a line of its own', 'max-age=3600', 'no-cache'),
  validated('no-cache=""', 'no-cache="", max-age=3600'),
  notReused('no-cache without a validator', cc('max-age=3600, no-cache')),
  notReused('private', cc('max-age=3600, private')),
  notReused('PriVate', cc('PriVate, max-age=3600')),
  notReused('private with an empty list', cc('private="", max-age=3600')),
  notReused('private with what is no field name', cc('private="a;b", max-age=3600')),
  notReused('private with what is no token', cc('private=a b, max-age=3600')),
  notReused('private beside s-maxage', cc('private, s-maxage=3600')),
  notReused('private beside public', cc('public, private, max-age=3600')),
  reused('public', cc('public, max-age=3600')),
  notReused('public without freshness', cc('public')),
  reused('must-revalidate while fresh', cc('must-revalidate, max-age=3600')),
  validated('must-revalidate once stale', 'must-revalidate, max-age=0'),
  reused('proxy-revalidate while fresh', cc('proxy-revalidate, max-age=3600')),
  validated('proxy-revalidate once stale', 'proxy-revalidate, max-age=0'),
  reused('no-transform', cc('no-transform, max-age=3600')),
  reused('immutable while fresh', cc('immutable, max-age=3600')),
  reused('immutable, and a reload', cc('immutable, max-age=3600'), {}, { headers: cc('max-age=0') }),
  // Its argument has no meaning (RFC 8246 §2).
  reused('immutable with an argument', cc('immutable=1, max-age=3600'), {}, { headers: cc('max-age=0') }),
  validated('immutable once stale', 'immutable, max-age=0'),
  reused('only-if-cached in a response means nothing', cc('only-if-cached, max-age=3600')),
  reused('Pragma: no-cache in a response means nothing', [...FRESH, ['Pragma', 'no-cache']]),
  reused('Warning means nothing', [...FRESH, ['Warning', '110 - "stale"']]),
  reused(
    'Set-Cookie does not forbid storing',
    [...FRESH, ['Set-Cookie', 'a=b']],
    {},
    { expect: { 'set-cookie': 'a=b' } },
  ),
  reused('Cookie in the requests', FRESH, { headers: [['Cookie', 'a=b']] }, { headers: [['Cookie', 'c=d']] }),
  {
    name: 'a newer answer with no-store leaves nothing older to be used',
    steps: [
      { response: respond('max-age=3600'), reaches: true },
      { headers: cc('no-cache'), response: respond('no-store'), reaches: true, body: 1 },
      { response: respond('no-store'), reaches: true, body: 2 },
    ],
  },
  ...[401, 408, 425, 429].map((status): Scenario => ({
    name: `${status} in its place says nothing about what is stored`,
    steps: [
      { response: respond('max-age=3600'), reaches: true },
      { headers: cc('no-cache'), response: { status }, reaches: true, status },
      { reaches: false, body: 0 },
    ],
  })),
  {
    name: 'a newer answer replaces an older one',
    steps: [
      { response: respond('max-age=3600'), reaches: true },
      { headers: cc('no-cache'), response: respond('max-age=3600'), reaches: true, body: 1 },
      { reaches: false, body: 1 },
    ],
  },
]);

conformance(
  'response directives',
  [
    reused('private', cc('max-age=3600, private')),
    reused('private="a" keeps the field', [...cc('max-age=3600, private="a"'), ['A', '1']], {}, { expect: { a: '1' } }),
    notReused('no-store', cc('max-age=3600, no-store')),
    validated('no-cache', 'no-cache, max-age=3600'),
    reused('Authorization without more', FRESH, { headers: AUTH }, { headers: AUTH }),
    reused('proxy-revalidate while fresh', cc('proxy-revalidate, max-age=3600')),
  ],
  { mode: 'private' },
);

const store = (field: string, value: string, kept: string | null = value): Scenario =>
  reused(
    `${field} is ${kept === null ? 'not ' : ''}stored`,
    [...FRESH, [field, value]],
    {},
    { expect: { [field]: kept } },
  );

conformance('stored fields', [
  store('Test-Header', 'a value'),
  store('X-Test-Header', 'A'),
  store('Content-Foo', 'bar'),
  store('X-Content-Foo', 'bar'),
  store('Content-Encoding', 'gzip'),
  store('Content-Language', 'de'),
  store('Content-Location', '/foo'),
  store('Content-MD5', 'Q2hlY2sgSW50ZWdyaXR5IQ=='),
  store('Content-Security-Policy', "default-src 'self'"),
  store('Content-Type', 'text/plain;charset=utf-8'),
  store('Clear-Site-Data', '"cookies"'),
  store('ETag', '"abcdef"'),
  store('Expires', '{+7200}'),
  store('Last-Modified', '{-10000}'),
  store('Public-Key-Pins', 'pin-sha256="x"'),
  store('Set-Cookie', 'a=b'),
  store('Set-Cookie2', 'a=b'),
  store('X-Frame-Options', 'deny'),
  store('X-XSS-Protection', '1'),
  store('Link', '</a>; rel=preload'),
  store('Vary', 'Foo'),
  reused(
    'Via is stored',
    [...FRESH, ['Via', '1.1 elsewhere']],
    {},
    { expect: { via: /^1\.1 elsewhere, 1\.1 hopscope-/ } },
  ),
  store('Warning', '199 - "x"'),
  store('Empty', ''),
  store('ODD-cAsE', 'X'),
  store('Latin', 'gr\u00fc\u00df'),
  store('Long', 'x'.repeat(8000)),
  store('Keep-Alive', 'timeout=5', null),
  store('Proxy-Connection', 'keep-alive', null),
  store('Proxy-Authenticate', 'Basic', null),
  store('Proxy-Authentication-Info', 'x="y"', null),
  store('Proxy-Authorization', 'Basic', null),
  store('TE', 'trailers', null),
  store('Upgrade', 'h2c', null),
  reused(
    'fields named by Connection are not',
    [...FRESH, ['Connection', 'a, b'], ['A', '1'], ['B', '2'], ['C', '3']],
    {},
    {
      expect: { a: null, b: null, c: '3', connection: (value) => value === undefined || !value.includes('a') },
    },
  ),
  reused(
    'fields named by Connection in any case are not',
    [...FRESH, ['Connection', 'keep-alive, FOO'], ['Foo', '1']],
    {},
    {
      expect: { foo: null },
    },
  ),
  // Connection must not name what is for all recipients (RFC 9110 §7.6.1).
  ...['no-store', 'private'].map((directive) =>
    notReused(`${directive} counts although Connection names Cache-Control`, [
      ...[...cc(directive), ['Connection', 'Cache-Control'] as const],
      ['Last-Modified', '{-864000}'],
    ]),
  ),
  notReused(
    'Vary counts although Connection names it',
    [...FRESH, ['Connection', 'vary'], ['Vary', 'Foo']],
    { headers: [['Foo', '1']] },
    { headers: [['Foo', '2']] },
  ),
  reused('Cache-Control itself is', FRESH, {}, { expect: { 'cache-control': 'max-age=3600' } }),
  reused(
    'repeated Set-Cookie stays repeated',
    [...FRESH, ['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2']],
    {},
    {
      expect: { 'set-cookie': 'a=1, b=2' },
    },
  ),
  reused('repeated fields', [...FRESH, ['Foo', '1'], ['Bar', 'x'], ['Foo', '2']], {}, { expect: { foo: '1, 2' } }),
  reused(
    'repeated Link',
    [...FRESH, ['Link', '<a>; rel=x'], ['Link', '<b>; rel=y, <c>; rel=z']],
    {},
    {
      expect: { link: '<a>; rel=x, <b>; rel=y, <c>; rel=z' },
    },
  ),
]);

const authorised = (directive: string): Scenario =>
  reused(`Authorization with ${directive}`, cc(directive), { headers: AUTH }, { headers: AUTH });

conformance('Authorization', [
  notReused('Authorization with max-age alone', FRESH, { headers: AUTH }, { headers: AUTH }),
  notReused('Authorization with Expires alone', [['Expires', '{+3600}']], { headers: AUTH }, { headers: AUTH }),
  notReused('an authorised answer for others', FRESH, { headers: AUTH }),
  authorised('max-age=3600, public'),
  authorised('max-age=3600, must-revalidate'),
  authorised('s-maxage=3600'),
  // A malformed restriction restricts, but it permits nothing.
  ...['must-revalidate;', 'must-revalidate=no', 'foo="bar, must-revalidate', 'foo; must-revalidate'].map((value) =>
    notReused(`Authorization with ${value}`, cc(`max-age=3600, ${value}`), { headers: AUTH }, { headers: AUTH }),
  ),
  notReused('Authorization with s-maxage=x', cc('s-maxage=x, max-age=3600'), { headers: AUTH }, { headers: AUTH }),
  notReused(
    'Authorization with proxy-revalidate',
    cc('proxy-revalidate, max-age=3600'),
    { headers: AUTH },
    { headers: AUTH },
  ),
  notReused('Authorization with private', cc('private, max-age=3600'), { headers: AUTH }, { headers: AUTH }),
  reused('Authorization in the second request alone', FRESH, {}, { headers: AUTH }),
  ...['max-age=3600', 'private, max-age=3600'].map((value): Scenario => ({
    name: `an answer for one user leaves what is stored for everyone: ${value}`,
    steps: [
      { response: respond('max-age=3600'), reaches: true },
      { headers: [...AUTH, ...cc('no-cache')], response: respond(value), reaches: true, body: 1 },
      { reaches: false, body: 0 },
    ],
  })),
]);

const method = (verb: string, how: string): Scenario =>
  notReused(`${verb} is not stored${how}`, [...FRESH, ['Content-Location', '/x']], { method: verb }, { method: verb });

conformance('methods', [
  ...['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'PROPFIND', 'FOO', 'QUERY', 'M-SEARCH'].map((verb) => method(verb, '')),
  notReused('TRACE is not stored', FRESH, { method: 'TRACE' }, { method: 'TRACE' }),
  notReused('POST without Content-Location', FRESH, { method: 'POST', content: 'x' }, {}),
  notReused('POST again goes to the origin', FRESH, { method: 'POST', content: 'x' }, { method: 'POST', content: 'x' }),
  notReused('a stored GET does not answer a POST', FRESH, {}, { method: 'POST', content: 'x' }),
  notReused('a stored GET does not answer OPTIONS', FRESH, {}, { method: 'OPTIONS' }),
  {
    name: 'a stored GET answers HEAD, without its body',
    steps: [
      { response: respond('max-age=3600'), reaches: true },
      { method: 'HEAD', reaches: false, status: 200, body: '', expect: { 'content-length': '6', age: /^\d+$/ } },
    ],
  },
  {
    name: 'HEAD goes to the origin when nothing is stored, as HEAD',
    steps: [{ method: 'HEAD', reaches: true, response: respond('max-age=3600'), status: 200, body: '' }],
  },
  ...['POST', 'PATCH'].map((verb): Scenario => ({
    name: `a fresh answer to ${verb} with Content-Location answers GET and HEAD`,
    steps: [
      {
        method: verb,
        content: 'x',
        path: '/p',
        response: respond('max-age=3600', [['Content-Location', 'p']]),
        reaches: true,
      },
      { path: '/p', reaches: false, body: 0 },
      { path: '/p', method: 'HEAD', reaches: false, body: '', expect: { 'content-length': '6' } },
      { path: '/p', method: verb, content: 'x', response: respond('no-store'), reaches: true, body: 3 },
    ],
  })),
  {
    name: 'an answer to POST with a Content-Location elsewhere does not',
    steps: [
      {
        method: 'POST',
        content: 'x',
        path: '/p',
        response: respond('max-age=3600', [['Content-Location', 'q']]),
        reaches: true,
      },
      { path: '/p', response: respond('no-store'), reaches: true, body: 1 },
      { path: '/q', response: respond('no-store'), reaches: true, body: 2 },
    ],
  },
  {
    name: 'an answer to POST without explicit freshness does not',
    steps: [
      {
        method: 'POST',
        content: 'x',
        path: '/p',
        response: respond(undefined, [
          ['Content-Location', 'p'],
          ['Last-Modified', '{-864000}'],
        ]),
        reaches: true,
      },
      { path: '/p', response: respond('no-store'), reaches: true, body: 1 },
    ],
  },
]);
