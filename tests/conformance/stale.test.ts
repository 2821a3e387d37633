import { conformance } from './harness.ts';
import type { Fields, Response, Scenario, Step } from './scenario.ts';
import { cc, respond } from './scenario.ts';

/** RFC 9111 §4.2.4 and RFC 5861: stale responses. */

const AGED: Fields = [['Age', '100']];
const TAG: Fields = [['ETag', '"a"']];
const store = (cacheControl: string, more: Fields = AGED): Step => ({
  response: respond(cacheControl, more),
  reaches: true,
});
const CLOSED: Response = { drop: true };
const failures: readonly (readonly [string, Response])[] = [
  ['closes without an answer', CLOSED],
  ['breaks off inside the head', { raw: 'HTTP/1.1 200 OK\r\nCont', close: true }],
];
const errors = [500, 502, 503, 504];

/** Something stale is stored, then the origin fails. */
const standsIn = (name: string, cacheControl: string, failure: Response, more: Step = {}): Scenario => ({
  name: `${name}; ${cacheControl}: stale`,
  steps: [
    store(cacheControl),
    {
      response: failure,
      reaches: true,
      status: 200,
      body: 0,
      expect: { age: /^10\d$/, warning: null },
      total: 2,
      ...more,
    },
  ],
});
const passesOn = (
  name: string,
  cacheControl: string,
  failure: Response,
  status: number,
  more: Step = {},
  fields = AGED,
): Scenario => ({
  name: `${name}; ${cacheControl}: not stale`,
  steps: [store(cacheControl, fields), { response: failure, reaches: true, status, total: 2, ...more }],
});
const burst: Step = { response: respond('max-age=60', [], { delay: 300 }), status: 200, body: 0 };
const FORBIDDING = ['must-revalidate', 'proxy-revalidate', 'no-cache', 's-maxage=60'];

conformance('stale responses', [
  ...[
    ['max-stale=10', 504],
    ['max-stale=1000', 200],
    ['max-stale', 200],
    ['max-age=0', 504],
    ['max-age=50, max-stale', 504],
    ['min-fresh=1', 504],
    ['min-fresh=1, max-stale', 200],
    ['max-age=0, stale-if-error=1000', 200],
    ['max-age=0, stale-if-error=10', 502],
    ['no-cache', 502],
    ['no-cache, stale-if-error=1000', 200],
  ].map(([asked, status]): Scenario => ({
    name: `the origin closes, and the request has ${asked}: ${status}`,
    steps: [store('max-age=60'), { headers: cc(String(asked)), response: CLOSED, status: Number(status) }],
  })),
  ...failures.flatMap(([name, failure]) => [
    standsIn(name, 'max-age=60', failure),
    ...FORBIDDING.map((directive) => passesOn(name, `max-age=60, ${directive}`, failure, 504, {}, [...AGED, ...TAG])),
    standsIn(name, 'max-age=60, stale-if-error=60', failure),
    passesOn(name, 'max-age=60, stale-if-error=10', failure, 502),
  ]),
  ...errors.flatMap((status) => [
    standsIn(`${status}`, 'max-age=60, stale-if-error=60', { status }),
    passesOn(`${status}`, 'max-age=60, stale-if-error=10', { status }, status, { body: 1 }),
    passesOn(`${status}`, 'max-age=60', { status }, status, { body: 1 }),
    ...FORBIDDING.map((directive) =>
      passesOn(`${status}`, `max-age=60, stale-if-error=60, ${directive}`, { status }, status, { body: 1 }),
    ),
    standsIn(
      `${status} with stale-if-error in the request`,
      'max-age=60',
      { status },
      { headers: cc('stale-if-error=60') },
    ),
  ]),
  passesOn('404', 'max-age=60, stale-if-error=60', { status: 404 }, 404, { body: 1 }),
  passesOn('501', 'max-age=60, stale-if-error=60', { status: 501 }, 501, { body: 1 }),
  {
    name: 'Expires in the past and stale-if-error',
    steps: [
      store('stale-if-error=6000', [['Expires', '{-100}']]),
      { response: { status: 503 }, reaches: true, status: 200, body: 0 },
    ],
  },
  passesOn('no-cache in the request', 'max-age=60', CLOSED, 502, { headers: cc('no-cache') }),
  {
    name: 'a fresh response when the origin fails, with no-cache in the request',
    steps: [store('max-age=3600'), { headers: cc('no-cache'), response: CLOSED, reaches: true, status: 502 }],
  },
  {
    name: 'nothing stored and the origin closes: 502, and one request only',
    steps: [{ response: CLOSED, reaches: true, status: 502, total: 1 }],
  },
  {
    name: 'a broken answer is not used nor stored',
    steps: [
      { response: { raw: 'HTTP/1.1 999999 What\r\n\r\n', close: true }, reaches: true, status: 502, total: 1 },
      { response: respond('max-age=60'), reaches: true, body: 1 },
    ],
  },
  {
    name: 'after standing in the origin is asked again',
    steps: [
      store('max-age=60', [...AGED, ...TAG]),
      { response: CLOSED, reaches: true, status: 200, body: 0 },
      {
        response: { status: 304, headers: [...cc('max-age=60'), ...TAG] },
        reaches: true,
        request: { 'if-none-match': '"a"' },
        status: 200,
        body: 0,
      },
      { reaches: false, body: 0 },
    ],
  },
  ...[
    { what: 'HEAD', asks: { method: 'HEAD' }, gets: { status: 200, body: '', expect: { 'content-length': '6' } } },
    { what: 'a range', asks: { headers: [['Range', 'bytes=0-1']] as const }, gets: { status: 206, body: 'bo' } },
    { what: 'the client that has it', asks: { headers: [['If-None-Match', '"a"']] as const }, gets: { status: 304 } },
  ].flatMap(({ what, asks, gets }): Scenario[] => [
    {
      name: `the origin closes: stale for ${what}, too`,
      steps: [store('max-age=60', [...AGED, ...TAG]), { ...asks, ...gets, response: CLOSED, reaches: true }],
    },
    {
      name: `503 with stale-if-error: stale for ${what}, too`,
      steps: [
        store('max-age=60, stale-if-error=100', [...AGED, ...TAG]),
        { ...asks, ...gets, response: { status: 503 }, reaches: true },
      ],
    },
  ]),
  {
    name: 'stale-while-revalidate inside the window: stale now, fresh later',
    steps: [
      store('max-age=60, stale-while-revalidate=100', [...AGED, ...TAG]),
      { response: respond('max-age=60', [['ETag', '"b"']]), status: 200, body: 0, expect: { age: /^10\d$/ } },
      { after: 1500, reaches: false, status: 200, body: 1, total: 2 },
    ],
  },
  {
    name: 'stale-while-revalidate inside the window: the validation is conditional',
    steps: [
      store('max-age=60, stale-while-revalidate=100', [...AGED, ...TAG]),
      { response: { status: 304, headers: [...cc('max-age=60'), ...TAG], delay: 50 }, status: 200, body: 0 },
      { after: 1500, reaches: false, status: 200, body: 0, expect: { age: /^\d$/ }, total: 2 },
    ],
  },
  {
    name: 'stale-while-revalidate: several requests, one validation',
    steps: [
      store('max-age=60, stale-while-revalidate=100', [...AGED, ...TAG]),
      burst,
      ...Array.from({ length: 4 }, (): Step => ({ ...burst, together: true })),
      { after: 2000, reaches: false, status: 200, total: 2 },
    ],
  },
  {
    name: 'stale-while-revalidate beyond the window',
    steps: [
      store('max-age=60, stale-while-revalidate=10'),
      { response: respond('max-age=60'), reaches: true, body: 1 },
    ],
  },
  {
    name: 'stale-while-revalidate and must-revalidate',
    steps: [
      store('max-age=60, stale-while-revalidate=100, must-revalidate'),
      { response: respond('max-age=60'), reaches: true, body: 1 },
    ],
  },
  {
    name: 'stale-while-revalidate and no-cache',
    steps: [
      store('max-age=3600, stale-while-revalidate=100, no-cache', TAG),
      { response: respond('max-age=60'), reaches: true, body: 1 },
    ],
  },
  {
    name: 'stale-while-revalidate and max-age=0 in the request',
    steps: [
      store('max-age=60, stale-while-revalidate=100'),
      { headers: cc('max-age=0'), response: respond('max-age=60'), reaches: true, body: 1 },
    ],
  },
  {
    name: 'stale-while-revalidate: a validation that fails leaves the stale response',
    steps: [
      store('max-age=60, stale-while-revalidate=100', [...AGED, ...TAG]),
      { response: CLOSED, status: 200, body: 0 },
      { after: 300, response: respond('max-age=60'), status: 200, body: 0 },
    ],
  },
]);

conformance(
  'stale responses',
  [
    ...failures.flatMap(([name, failure]) => [
      standsIn(name, 'max-age=60', failure),
      standsIn(name, 'max-age=60, proxy-revalidate', failure),
      passesOn(name, 'max-age=60, must-revalidate', failure, 504),
    ]),
  ],
  { mode: 'private' },
);
