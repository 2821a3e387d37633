import { conformance } from './harness.ts';
import type { Fields, Response, Scenario, Step } from './scenario.ts';
import { cc, respond } from './scenario.ts';

/** RFC 9111 §4: several requests for the same thing at once. */

const SLOW: Response = { delay: 1000 };
const FRESH = cc('max-age=3600');
/** `count` requests at once; the origin answers whoever asks. */
const burst = (count: number, response: Response, more: (index: number) => Step = () => ({})): Step[] =>
  Array.from({ length: count }, (_none, index) => ({
    response,
    ...(index === 0 ? {} : { together: true }),
    ...more(index),
  }));
const collapsed = (name: string, response: Response, total: number, more: Step = {}): Scenario => ({
  name,
  steps: [
    ...burst(8, response, () => ({ status: response.status ?? 200, ...more })),
    { total, ...(total === 1 ? { reaches: false } : { response }) },
  ],
});
const vary: Fields = [...FRESH, ['Vary', 'Foo']];

conformance(
  'collapsing',
  [
    collapsed('a cacheable response is fetched once', respond('max-age=3600', [], { ...SLOW, body: 'one' }), 1, {
      body: 'one',
    }),
    collapsed(
      'a cacheable response with a slow body is fetched once',
      respond('max-age=3600', [], { pause: 1500, body: 'slow'.repeat(100) }),
      1,
      { body: 'slow'.repeat(100) },
    ),
    collapsed(
      'a cacheable error is fetched once',
      respond('max-age=3600', [], { ...SLOW, status: 404, body: 'one' }),
      1,
      { body: 'one' },
    ),
    {
      name: 'an uncacheable response answers its own request only',
      steps: [
        ...burst(5, respond('no-store', [], SLOW), (index) => ({ reaches: true, body: index })),
        { total: 5, path: '/x', response: {} },
      ].slice(0, 5),
    },
    {
      name: 'variants are not mixed up',
      steps: [
        ...burst(6, { headers: vary, ...SLOW }, (index) => ({ headers: [['Foo', String(index % 2)]], status: 200 })),
        { headers: [['Foo', '0']], reaches: false, body: /^body [024]$/ },
        { headers: [['Foo', '1']], reaches: false, body: /^body [135]$/ },
      ],
    },
    {
      name: 'an origin that fails',
      steps: burst(4, { drop: true, delay: 300 }, () => ({ status: 502 })),
    },
    {
      name: 'a body that breaks off',
      steps: [
        ...burst(
          3,
          {
            raw: 'HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\nContent-Length: 100\r\n\r\nabc',
            close: true,
            delay: 300,
          },
          () => ({ breaks: true }),
        ),
        { response: respond('max-age=60'), reaches: true, body: 3 },
      ],
    },
    {
      name: 'the first one leaves before the end',
      steps: [
        { response: respond('max-age=3600', [], { pause: 600, body: 'x'.repeat(1000) }), leave: true },
        {
          together: true,
          response: respond('max-age=3600', [], { body: 'x'.repeat(1000) }),
          status: 200,
          body: 'x'.repeat(1000),
        },
        {
          together: true,
          response: respond('max-age=3600', [], { body: 'x'.repeat(1000) }),
          status: 200,
          body: 'x'.repeat(1000),
        },
      ],
    },
    {
      name: 'no-cache has its own round trip',
      steps: [
        { response: respond('max-age=3600', [], SLOW), status: 200, body: 0 },
        {
          together: true,
          after: 100,
          headers: cc('no-cache'),
          response: respond('max-age=3600'),
          reaches: true,
          status: 200,
          body: 1,
        },
      ],
    },
    {
      name: 'a response that comes slowly takes no newer one’s place',
      steps: [
        { response: respond('max-age=3600', [], { pause: 1500, body: 'old'.repeat(500) }), reaches: true },
        {
          ...{ together: true, after: 200, headers: cc('no-cache') },
          ...{ response: respond('max-age=3600'), reaches: true, body: 1 },
        },
        { reaches: false, body: 1 },
      ],
    },
    {
      name: 'nor that of a part of what the origin has by then',
      steps: [
        {
          response: respond(
            'max-age=3600',
            [
              ['ETag', '"old"'],
              ['Date', '{-30}'],
            ],
            { pause: 1500, body: 'old'.repeat(500) },
          ),
          reaches: true,
        },
        {
          ...{
            together: true,
            after: 200,
            headers: [['Range', 'bytes=0-1'], ...cc('no-cache')],
            reaches: true,
            body: 'ne',
          },
          response: respond(
            'max-age=3600',
            [
              ['ETag', '"new"'],
              ['Content-Range', 'bytes 0-1/3'],
            ],
            { status: 206, body: 'ne' },
          ),
        },
        { headers: [['Range', 'bytes=0-1']], reaches: false, status: 206, body: 'ne' },
      ],
    },
    {
      name: 'no-store in a request has its own round trip, and the others share theirs',
      steps: [
        { response: respond('max-age=3600', [], { ...SLOW, body: 'one' }), body: 'one' },
        { together: true, headers: cc('no-store'), response: { headers: FRESH, body: 'two' }, body: 'two' },
        ...burst(3, { headers: FRESH }, () => ({ together: true, reaches: false, body: 'one' })),
        { reaches: false, body: 'one', total: 2 },
      ],
    },
    {
      name: 'a 304 for its client’s own copy is no answer to the others, of whom one asks again',
      steps: [
        {
          headers: [['If-None-Match', '"a"']],
          response: { status: 304, headers: [...FRESH, ['ETag', '"a"']], ...SLOW },
          status: 304,
        },
        ...burst(4, respond('max-age=3600', [['ETag', '"a"']], { delay: 300, body: 'one' }), () => ({
          ...{ together: true, status: 200, body: 'one' },
        })),
        { reaches: false, body: 'one', total: 2 },
      ],
    },
    {
      name: 'one whose query does not matter is validated once for all queries',
      steps: [
        {
          path: '?a=1',
          response: respond('max-age=60', [
            ['ETag', '"a"'],
            ['Age', '100'],
            ['No-Vary-Search', 'params=("a")'],
          ]),
          reaches: true,
        },
        ...burst(3, { status: 304, headers: [...FRESH, ['ETag', '"a"']], delay: 500 }, () => ({
          path: '?a=2',
          status: 200,
          body: 0,
        })),
        { path: '?a=3', reaches: false, body: 0, total: 2 },
      ],
    },
    {
      name: 'a response that came stale is validated once',
      steps: [
        {
          response: respond('max-age=60', [
            ['ETag', '"a"'],
            ['Age', '100'],
          ]),
          reaches: true,
        },
        ...burst(5, { status: 304, headers: [...FRESH, ['ETag', '"a"']], delay: 500 }, () => ({
          status: 200,
          body: 0,
        })),
        { reaches: false, body: 0, total: 2 },
      ],
    },
    {
      name: 'a stale response is validated once',
      steps: [
        { response: respond('max-age=1', [['ETag', '"a"']]), reaches: true },
        ...burst(6, { status: 304, headers: [...FRESH, ['ETag', '"a"']], delay: 1000 }, (index) => ({
          ...{ status: 200, body: 0 },
          ...(index === 0 ? { after: 2100 } : {}),
        })),
        { reaches: false, body: 0, total: 2 },
      ],
    },
  ],
  { alsoPrivate: true },
);

conformance('collapsing', [
  {
    name: 'a private response answers its own request only',
    steps: burst(5, respond('private, max-age=3600', [], SLOW), (index) => ({ reaches: true, body: index })),
  },
]);
