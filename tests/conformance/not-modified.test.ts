import { conformance } from './harness.ts';
import type { Fields, Scenario } from './scenario.ts';
import { cc, respond } from './scenario.ts';

/** RFC 9111 §3.2 and §4.3.4: what a 304 changes. */

const TAG: Fields = [['ETag', '"abc"']];
const FRESH = cc('max-age=3600');
const MODIFIED: Fields = [['Last-Modified', '{-5000}']];

/** A stale response with a field, a 304 with another value of it, and what a third request gets from the store. */
function update(field: string, before: string, after: string | undefined, result: string | null | RegExp): Scenario {
  const brought: Fields = after === undefined ? [] : [[field, after]];
  return {
    name: `${field}: ${before}, 304 with ${after ?? 'none'} → ${result instanceof RegExp ? result.source : (result ?? 'none')}`,
    steps: [
      { response: respond('max-age=0', [...TAG, [field, before]]), reaches: true },
      {
        response: { status: 304, headers: [...FRESH, ...TAG, ...brought] },
        reaches: true,
        status: 200,
        body: 0,
        expect: { [field]: result },
      },
      { reaches: false, status: 200, body: 0, expect: { [field]: result } },
    ],
  };
}

conformance(
  'fields updated by a 304',
  [
    update('Test-Header', 'A', 'B', 'B'),
    update('X-Test-Header', 'A', 'B', 'B'),
    update('Test-Header', 'A', undefined, 'A'),
    update('Content-Foo', 'A', 'B', 'B'),
    update('X-Content-Foo', 'A', 'B', 'B'),
    update('Content-Encoding', 'gzip', 'br', 'br'),
    update('Content-Language', 'en', 'de', 'de'),
    update('Content-Location', '/foo', '/bar', '/bar'),
    update('Content-MD5', 'rL0Y20zC+Fzt72VPzMSk2A==', 'N7UdGUp1E+RbVvZSTy1R8g==', 'N7UdGUp1E+RbVvZSTy1R8g=='),
    update('Content-Security-Policy', "default-src 'self'", "default-src 'none'", "default-src 'none'"),
    update('Content-Type', 'text/plain', 'text/html', 'text/html'),
    update('Content-Length', '6', '7', '6'),
    update('Content-Range', 'bytes 0-1/2', 'bytes 0-2/3', 'bytes 0-1/2'),
    update('Expires', '{-100}', '{+100}', '{+100}'),
    update('Last-Modified', '{-5000}', '{-4000}', '{-4000}'),
    update('Set-Cookie', 'a=b', 'c=d', 'c=d'),
    update('Set-Cookie2', 'a=b', 'c=d', 'c=d'),
    update('X-Frame-Options', 'deny', 'sameorigin', 'sameorigin'),
    update('X-XSS-Protection', '1', '0', '0'),
    update('Clear-Site-Data', '"cache"', '"cookies"', '"cookies"'),
    update('Public-Key-Pins', 'a', 'b', 'b'),
    update('Date', '{-500}', '{-5}', '{-5}'),
    update('Vary', 'Foo', 'Bar', 'Bar'),
    update('Via', '1.0 a', '1.0 b', /^1\.0 b, 1\.1 hopscope/),
    update('Keep-Alive', 'timeout=1', 'timeout=2', null),
    update('Proxy-Authenticate', 'Basic', 'Digest', null),
    update('Proxy-Authentication-Info', 'a=1', 'b=1', null),
    update('Proxy-Authorization', 'Basic', 'Digest', null),
    update('TE', 'a', 'b', null),
    update('Upgrade', 'a', 'b', null),
    {
      name: 'the Age from before does not count any more',
      steps: [
        { response: respond('max-age=3600', [...TAG, ['Age', '5000']]), reaches: true },
        { response: { status: 304, headers: TAG }, reaches: true, body: 0 },
        { reaches: false, body: 0, expect: { age: /^\d$/ } },
      ],
    },
    {
      name: 'a field that Connection names in the 304 is not brought',
      steps: [
        { response: respond('max-age=0', [...TAG, ['Foo', 'A']]), reaches: true },
        {
          response: { status: 304, headers: [...FRESH, ...TAG, ['Connection', 'Foo'], ['Foo', 'B']] },
          reaches: true,
          expect: { foo: 'A' },
        },
      ],
    },
    {
      name: 'repeated fields replace repeated fields',
      steps: [
        { response: respond('max-age=0', [...TAG, ['Foo', 'A'], ['Foo', 'B'], ['Bar', 'x']]), reaches: true },
        {
          response: { status: 304, headers: [...FRESH, ...TAG, ['foo', 'C'], ['foo', 'D'], ['foo', 'E']] },
          reaches: true,
          expect: { foo: 'C, D, E', bar: 'x' },
        },
        { reaches: false, expect: { foo: 'C, D, E', bar: 'x', 'cache-control': 'max-age=3600' } },
      ],
    },
    {
      name: 'a 304 without freshness keeps the old lifetime, counted anew',
      steps: [
        { response: respond('max-age=3', TAG), reaches: true },
        { after: 4100, response: { status: 304, headers: TAG }, reaches: true, body: 0 },
        { reaches: false, body: 0 },
        { after: 4100, response: { status: 304, headers: [...TAG, ...FRESH] }, reaches: true, body: 0 },
        { reaches: false, body: 0 },
      ],
    },
    {
      name: 'a 304 with Age is that old',
      steps: [
        { response: respond('max-age=0', TAG), reaches: true },
        { response: { status: 304, headers: [...TAG, ...FRESH, ['Age', '3000']] }, reaches: true, body: 0 },
        { reaches: false, body: 0, expect: { age: /^300\d$/ } },
      ],
    },
    {
      name: 'a 304 with no-store: answered from it now, not again',
      steps: [
        { response: respond('max-age=0', TAG), reaches: true },
        { response: { status: 304, headers: [...TAG, ...cc('no-store')] }, reaches: true, body: 0, status: 200 },
        { response: respond('no-store'), reaches: true, body: 2 },
      ],
    },
    {
      name: 'a 304 with max-age=0 has to be repeated',
      steps: [
        { response: respond('max-age=0', TAG), reaches: true },
        { response: { status: 304, headers: [...TAG, ...cc('max-age=0')] }, reaches: true, body: 0 },
        { response: { status: 304, headers: [...TAG, ...cc('max-age=0')] }, reaches: true, body: 0 },
      ],
    },
    {
      name: 'Expires in a 304',
      steps: [
        { response: { headers: [...TAG, ['Expires', '{-10}']] }, reaches: true },
        { response: { status: 304, headers: [...TAG, ['Expires', '{+1000}']] }, reaches: true, body: 0 },
        { reaches: false, body: 0, expect: { expires: '{+1000}' } },
      ],
    },
    {
      name: 'a 304 without a validator is about the only response stored',
      steps: [
        { response: respond('max-age=0', TAG), reaches: true },
        { response: { status: 304, headers: FRESH }, reaches: true, body: 0, status: 200 },
        { reaches: false, body: 0, expect: { etag: '"abc"' } },
      ],
    },
    {
      name: 'a weak 304 for a weak tag',
      steps: [
        { response: respond('max-age=0', [['ETag', 'W/"a"']]), reaches: true },
        { response: { status: 304, headers: [...FRESH, ['ETag', 'W/"a"']] }, reaches: true, body: 0, status: 200 },
        { reaches: false, body: 0 },
      ],
    },
    {
      name: 'a weak 304 for a strong tag, same opaque part',
      steps: [
        { response: respond('max-age=0', [['ETag', '"a"']]), reaches: true },
        { response: { status: 304, headers: [...FRESH, ['ETag', 'W/"a"']] }, reaches: true, body: 0, status: 200 },
        { reaches: false, body: 0 },
      ],
    },
    {
      // nginx makes the tag of what it compresses weak, and leaves that of its 304 strong.
      name: 'a strong 304 for a weak tag, same opaque part and same date',
      steps: [
        { response: respond('max-age=0', [['ETag', 'W/"a"'], ...MODIFIED]), reaches: true },
        {
          response: { status: 304, headers: [...FRESH, ['ETag', '"a"'], ...MODIFIED] },
          reaches: true,
          body: 0,
          status: 200,
        },
        { reaches: false, body: 0, expect: { etag: 'W/"a"', 'cache-control': 'max-age=3600' } },
      ],
    },
    {
      name: 'a strong 304 for a weak tag, same opaque part: good for this request, and nothing is updated',
      steps: [
        { response: respond('max-age=0', [['ETag', 'W/"a"']]), reaches: true },
        { response: { status: 304, headers: [...FRESH, ['ETag', '"a"']] }, reaches: true, body: 0, status: 200 },
        {
          response: respond('no-store'),
          reaches: true,
          request: { 'if-none-match': 'W/"a"' },
          body: 2,
          status: 200,
          total: 3,
        },
      ],
    },
    ...['"new"', 'W/"new"'].map((tag): Scenario => ({
      // Some take the tag off what they compress, and not off their 304.
      name: `a 304 that brings a tag, ${tag}, for a response with the same Last-Modified and none`,
      steps: [
        { response: respond('max-age=0', MODIFIED), reaches: true },
        {
          response: { status: 304, headers: [...FRESH, ['ETag', tag], ...MODIFIED] },
          reaches: true,
          request: { 'if-modified-since': '{-5000}' },
          status: 200,
          body: 0,
        },
        { reaches: false, body: 0, expect: { etag: tag } },
      ],
    })),
    {
      name: 'a 304 without a validator, to a client that asked about another tag as well, is asked about again',
      steps: [
        { response: respond('max-age=0', TAG), reaches: true },
        {
          headers: [['If-None-Match', '"other"']],
          response: { status: 304, headers: FRESH },
          status: 304,
          total: 3,
        },
      ],
    },
    {
      name: 'a 304 without a validator, to a client that asked about the same tag, is about what is stored',
      steps: [
        { response: respond('max-age=0', TAG), reaches: true },
        {
          headers: [['If-None-Match', 'W/"abc"']],
          response: { status: 304, headers: FRESH },
          reaches: true,
          status: 304,
          total: 2,
        },
        { reaches: false, body: 0 },
      ],
    },
    {
      name: 'the 304 to a request with no-store changes nothing that is stored',
      steps: [
        { response: respond('max-age=0', TAG), reaches: true },
        {
          headers: cc('no-store'),
          response: { status: 304, headers: [...FRESH, ...TAG, ['Set-Cookie', 'a=b']] },
          reaches: true,
          body: 0,
          expect: { 'set-cookie': 'a=b' },
        },
        { response: { status: 304, headers: TAG }, reaches: true, body: 0, expect: { 'set-cookie': null } },
      ],
    },
    {
      name: 'a 304 that nobody asked for is about the only response stored, which has no validator either',
      steps: [
        { response: respond('max-age=1'), reaches: true },
        { after: 2100, response: { status: 304, headers: FRESH }, reaches: true, body: 0, status: 200 },
        { reaches: false, body: 0 },
      ],
    },
    {
      name: 'a field of the 304 that no-cache="…" keeps out of the store reaches the client that it is for',
      steps: [
        { response: respond('max-age=0, no-cache="set-cookie"', TAG), reaches: true },
        {
          response: {
            status: 304,
            headers: [...TAG, ...cc('max-age=3600, no-cache="set-cookie"'), ['Set-Cookie', 'a=b']],
          },
          reaches: true,
          body: 0,
          expect: { 'set-cookie': 'a=b' },
        },
        { reaches: false, body: 0, expect: { 'set-cookie': null } },
      ],
    },
    {
      name: 'a 304 with a body that must not be there does no harm',
      steps: [
        { response: respond('max-age=0', TAG), reaches: true },
        {
          response: {
            raw: 'HTTP/1.1 304 Not Modified\r\nETag: "abc"\r\nCache-Control: max-age=3600\r\nContent-Length: 5\r\n\r\n',
          },
          reaches: true,
          body: 0,
          status: 200,
        },
        { reaches: false, body: 0, expect: { 'content-length': '6' } },
      ],
    },
  ],
  { alsoPrivate: true },
);

const AUTHORISED: Fields = [['Authorization', 'Basic Zm9vOmJhcg==']];
const COOKIE: Fields = [['Set-Cookie', 'mine=1']];

conformance('what an authorised request confirms, for others (RFC 9111 §3.5)', [
  ...[
    { what: 'a 304', method: 'GET', status: 304 },
    { what: 'a HEAD', method: 'HEAD', status: 200 },
  ].flatMap(({ what, method, status }): Scenario[] => [
    {
      name: `${what} without permission updates nothing`,
      steps: [
        { response: respond('max-age=1', TAG), reaches: true },
        {
          after: 2100,
          method,
          headers: AUTHORISED,
          response: { status, headers: [...FRESH, ...TAG, ...COOKIE, ['Content-Length', '6']] },
          reaches: true,
          status: 200,
          expect: { 'set-cookie': 'mine=1' },
        },
        {
          response: { status: 304, headers: TAG },
          reaches: true,
          body: 0,
          expect: { 'set-cookie': null },
        },
      ],
    },
    {
      name: `${what} with public updates what is stored`,
      steps: [
        { response: respond('max-age=1', TAG), reaches: true },
        {
          after: 2100,
          method,
          headers: AUTHORISED,
          response: { status, headers: [...cc('public, max-age=3600'), ...TAG, ['Content-Length', '6']] },
          reaches: true,
          status: 200,
        },
        { reaches: false, body: 0 },
      ],
    },
  ]),
  {
    name: 'a HEAD for one user contradicts nothing that is stored for everyone',
    steps: [
      { response: { headers: [...FRESH, ...TAG] }, reaches: true },
      {
        ...{ method: 'HEAD', headers: [...AUTHORISED, ...cc('no-cache')] },
        ...{ response: respond('max-age=60', [['ETag', '"mine"']]), reaches: true },
      },
      { reaches: false, body: 0 },
    ],
  },
  {
    name: 'a HEAD with no-store contradicts nothing',
    steps: [
      { response: { headers: [...FRESH, ...TAG] }, reaches: true },
      {
        ...{ method: 'HEAD', headers: cc('no-store, no-cache') },
        ...{ response: respond('max-age=60', [['ETag', '"other"']]), reaches: true },
      },
      { reaches: false, body: 0 },
    ],
  },
  {
    name: 'what an authorised request has completed with permission is not for everyone when that is taken back',
    steps: [
      {
        headers: [['Range', 'bytes=0-3']],
        response: {
          status: 206,
          headers: [...FRESH, ...TAG, ['Content-Range', 'bytes 0-3/6']],
          body: '0123',
        },
        reaches: true,
      },
      {
        headers: AUTHORISED,
        response: {
          status: 206,
          headers: [...cc('public, max-age=1'), ...TAG, ['Content-Range', 'bytes 4-5/6']],
          body: '45',
        },
        ...{ reaches: true, status: 200, body: '012345' },
      },
      { after: 2100, response: { status: 304, headers: [...FRESH, ...TAG] }, reaches: true, status: 200 },
      { response: respond('no-store'), reaches: true, body: 3, expect: { 'cache-status': /fwd=(?:uri-)?miss/ } },
    ],
  },
  {
    name: 'a HEAD with no-store updates nothing',
    steps: [
      { response: respond('max-age=1', TAG), reaches: true },
      {
        after: 2100,
        method: 'HEAD',
        headers: cc('no-store'),
        response: { headers: [...FRESH, ...TAG, ...COOKIE, ['Content-Length', '6']] },
        reaches: true,
      },
      { response: { status: 304, headers: TAG }, reaches: true, body: 0, expect: { 'set-cookie': null } },
    ],
  },
]);
