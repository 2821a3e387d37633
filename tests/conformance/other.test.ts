import { conformance } from './harness.ts';
import type { Fields, Scenario, Step } from './scenario.ts';
import { cc, respond } from './scenario.ts';

/** What lies between the chapters: fields that mean nothing to a cache, odd validators, fields for other caches, trailers. */

const FRESH = cc('max-age=3600');
const first = (headers: Fields, more: Step = {}): Step => ({ response: { headers }, reaches: true, ...more });
const hit = (more: Step = {}): Step => ({ reaches: false, body: 0, ...more });
const miss = (headers: Fields = FRESH, more: Step = {}): Step => ({ response: { headers }, reaches: true, ...more });

/** Whatever these say, the answer is reused. */
const MEANINGLESS: readonly Fields[] = [
  [['Content-Disposition', 'attachment']],
  [['Surrogate-Control', 'no-store']],
  [['Surrogate-Control', 'max-age=1']],
  [['Set-Cookie', 'a=b']],
  [['Pragma', 'no-cache']],
  [['Edge-Control', 'no-store']],
  [['Clear-Site-Data', '"cookies"']],
  [['Refresh', '0']],
  [['X-Cache-Control', 'no-store']],
  [['Vary', '']],
  [['Trailer', 'X-Sum']],
  [['Age', '0']],
  [['Warning', '110 - "Response is stale"']],
];

const ignored: Scenario[] = MEANINGLESS.map((headers) => ({
  name: `${headers.map(([name, value]) => `${name}: ${value}`).join(', ')} stops nothing`,
  steps: [first([...FRESH, ...headers]), hit()],
}));

/** Nor do these in the second request. */
const ASKED: readonly Fields[] = [
  [['Cookie', 'a=b']],
  [
    ['Cookie', 'a=b'],
    ['Cookie', 'c=d'],
  ],
  [['Pragma', 'foo']],
  [['Cache-Control', 'foo=bar']],
  [['Cache-Control', 'max-age=abc']],
  [['Cache-Control', 'max-stale=0']],
  [['Cache-Control', 'min-fresh=-1']],
  [['Referer', 'http://elsewhere.test/']],
  [['DNT', '1']],
  [['Sec-Fetch-Mode', 'navigate']],
  [['If-Modified-Since', 'no date at all']],
  [['If-None-Match', '"other"']],
  [['Range', 'lines=1-2']],
  [['Range', 'bytes=5-2']],
];

const asked: Scenario[] = ASKED.map((headers) => ({
  name: `${headers.map(([name, value]) => `${name}: ${value}`).join(', ')} in the request stops nothing`,
  steps: [first([...FRESH, ['ETag', '"a"'], ['Last-Modified', '{-9000}']]), hit({ headers, status: 200 })],
}));

const TARGETED: readonly [name: string, headers: Fields, reused: boolean][] = [
  [
    'no-store for others',
    [
      ['CDN-Cache-Control', 'max-age=3600'],
      ['Cache-Control', 'no-store'],
    ],
    true,
  ],
  [
    'no-store for us',
    [
      ['CDN-Cache-Control', 'no-store'],
      ['Cache-Control', 'max-age=3600'],
    ],
    false,
  ],
  [
    'private for us',
    [
      ['CDN-Cache-Control', 'private'],
      ['Cache-Control', 'max-age=3600'],
    ],
    false,
  ],
  [
    'private for others',
    [
      ['CDN-Cache-Control', 'max-age=3600'],
      ['Cache-Control', 'private'],
    ],
    true,
  ],
  [
    'max-age=0 for us',
    [
      ['CDN-Cache-Control', 'max-age=0'],
      ['Cache-Control', 'max-age=3600'],
    ],
    false,
  ],
  [
    'an Expires for others',
    [
      ['CDN-Cache-Control', 'max-age=3600'],
      ['Expires', '{-100}'],
    ],
    true,
  ],
  [
    'an extension with it',
    [
      ['CDN-Cache-Control', 'max-age=3600, foo="bar";baz'],
      ['Cache-Control', 'no-store'],
    ],
    true,
  ],
  [
    'no valid dictionary',
    [
      ['CDN-Cache-Control', 'max-age=3600, ;;'],
      ['Cache-Control', 'no-store'],
    ],
    false,
  ],
  [
    'nothing in it',
    [
      ['CDN-Cache-Control', ''],
      ['Cache-Control', 'max-age=3600'],
    ],
    true,
  ],
  [
    'a string for a number',
    [
      ['CDN-Cache-Control', 'max-age="3600"'],
      ['Cache-Control', 'no-store'],
    ],
    false,
  ],
  [
    'two lines',
    [
      ['CDN-Cache-Control', 'foo'],
      ['CDN-Cache-Control', 'max-age=3600'],
      ['Cache-Control', 'no-store'],
    ],
    true,
  ],
  [
    'an Age',
    [
      ['CDN-Cache-Control', 'max-age=3600'],
      ['Age', '4000'],
    ],
    false,
  ],
];

const targeted: Scenario[] = TARGETED.map(([name, headers, reused]) => ({
  name: `RFC 9213: ${name}`,
  steps: [first(headers), reused ? hit() : miss(FRESH)],
}));

conformance('fields that are not for the cache', [...ignored, ...asked]);
conformance('targeted fields', [
  ...targeted,
  {
    name: 'RFC 9213: the field is passed on, also from the store',
    steps: [
      first([['CDN-Cache-Control', 'max-age=60'], ...FRESH], { expect: { 'CDN-Cache-Control': 'max-age=60' } }),
      hit({ expect: { 'CDN-Cache-Control': 'max-age=60' } }),
    ],
  },
]);

conformance('what is stored comes back as it was', [
  {
    name: 'several Set-Cookie lines',
    steps: [
      first([...FRESH, ['Set-Cookie', 'a=1; Path=/'], ['Set-Cookie', 'b=2, 3']]),
      hit({ expect: { 'Set-Cookie': 'a=1; Path=/, b=2, 3' } }),
    ],
  },
  {
    name: 'bytes outside ASCII in a field',
    steps: [first([...FRESH, ['X-Text', 'caf\xe9 \xff']]), hit({ expect: { 'X-Text': 'caf\xe9 \xff' } })],
  },
  {
    name: 'an entity tag with bytes outside ASCII answers If-None-Match',
    steps: [
      first([...FRESH, ['ETag', '"caf\xe9"']]),
      { headers: [['If-None-Match', '"caf\xe9"']], reaches: false, status: 304, expect: { ETag: '"caf\xe9"' } },
    ],
  },
  {
    name: 'an entity tag with a comma in it',
    steps: [
      first([...FRESH, ['ETag', '"a,b"']]),
      { headers: [['If-None-Match', '"x", "a,b"']], reaches: false, status: 304 },
      hit({ headers: [['If-None-Match', '"a", "b"']], status: 200 }),
    ],
  },
  {
    name: 'If-None-Match goes before If-Modified-Since',
    steps: [
      first([...FRESH, ['ETag', '"a"'], ['Last-Modified', '{-9000}']]),
      hit({
        headers: [
          ['If-None-Match', '"b"'],
          ['If-Modified-Since', '{now}'],
        ],
        status: 200,
      }),
      {
        headers: [
          ['If-None-Match', 'W/"a"'],
          ['If-Modified-Since', '{-99999}'],
        ],
        reaches: false,
        status: 304,
      },
    ],
  },
  {
    name: 'a chunked body with a trailer',
    steps: [
      {
        response: {
          raw: 'HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nX-Sum: 5\r\n\r\n',
        },
        reaches: true,
        body: 'abcde',
      },
      { reaches: false, body: 'abcde', expect: { 'Content-Length': '5', 'X-Sum': null } },
    ],
  },
  {
    name: 'an empty body',
    steps: [
      { response: { headers: FRESH, body: '' }, reaches: true, body: '' },
      { reaches: false, body: '', expect: { 'Content-Length': '0' } },
    ],
  },
  {
    name: 'an empty reason phrase',
    steps: [
      {
        response: { raw: 'HTTP/1.1 200 \r\nCache-Control: max-age=3600\r\nContent-Length: 2\r\n\r\nok' },
        reaches: true,
        body: 'ok',
      },
      { reaches: false, status: 200, body: 'ok' },
    ],
  },
  {
    name: 'an answer in HTTP/1.0 that ends with the connection',
    steps: [
      {
        response: { raw: 'HTTP/1.0 200 OK\r\nCache-Control: max-age=3600\r\n\r\nold', close: true },
        reaches: true,
        body: 'old',
      },
      { reaches: false, body: 'old' },
    ],
  },
]);

conformance(
  'conditions that only the origin can evaluate',
  [
    { condition: ['If-Match', '"a"'] as const, validator: ['ETag', '"a"'] as const },
    { condition: ['If-Unmodified-Since', '{now}'] as const, validator: ['Last-Modified', '{-5000}'] as const },
  ].map(({ condition, validator }) => ({
    name: `the answer to ${condition[0]} is stored for others`,
    steps: [
      first([...FRESH, validator], { headers: [condition] }),
      hit(),
      { headers: [condition], response: { status: 412, headers: FRESH }, reaches: true, status: 412 },
      hit(),
      { headers: [condition], response: respond('no-store'), reaches: true, status: 200 },
      miss(FRESH),
    ],
  })),
);

conformance('answers to other methods are not kept', [
  ...['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'FOO'].map((method): Scenario => {
    const content = method === 'OPTIONS' ? {} : { content: 'x' };
    return { name: method, steps: [first(FRESH, { method, ...content }), miss(FRESH)] };
  }),
  {
    name: 'a failed DELETE leaves what is stored, another does not',
    steps: [
      first(FRESH),
      { method: 'DELETE', response: { status: 404 }, reaches: true, status: 404 },
      hit(),
      { method: 'DELETE', response: { status: 204 }, reaches: true, status: 204 },
      miss(FRESH),
    ],
  },
  {
    name: 'HEAD and a range: the head of the whole',
    steps: [
      { response: { headers: FRESH, body: '0123456789' }, reaches: true },
      {
        method: 'HEAD',
        headers: [['Range', 'bytes=0-3']],
        reaches: false,
        status: 200,
        expect: { 'Content-Length': '10' },
      },
    ],
  },
  {
    name: '416 is not kept',
    steps: [
      {
        headers: [['Range', 'bytes=50-60']],
        response: { status: 416, headers: [...FRESH, ['Content-Range', 'bytes */10']], body: '' },
        reaches: true,
        status: 416,
      },
      miss(FRESH, { status: 200 }),
    ],
  },
  {
    name: 'a HEAD answer does not answer GET',
    steps: [first(FRESH, { method: 'HEAD', body: '' }), { response: respond('max-age=60'), reaches: true, body: 1 }],
  },
]);
