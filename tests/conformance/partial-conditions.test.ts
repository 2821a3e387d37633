import { conformance } from './harness.ts';
import { again, FRESH, OLD, part, range, stored, TAG, TEN } from './partial-steps.ts';
import type { Fields, Step } from './scenario.ts';
import { cc, respond } from './scenario.ts';

/** RFC 9111 §3.3: a stored part answers requests for its own bytes alone, whatever else they ask. */

const none = (headers: Fields, method = 'GET'): Step => ({
  ...again(headers),
  method,
  ...(method === 'HEAD' ? { body: '' } : {}),
});
const INM: Fields = [['If-None-Match', '"abc"']];

conformance('parts and conditions', [
  { name: 'If-None-Match without a range', steps: [part(2, 5), none(INM)] },
  { name: 'If-None-Match: * without a range', steps: [part(2, 5), none([['If-None-Match', '*']])] },
  { name: 'If-Modified-Since without a range', steps: [part(2, 5, OLD), none([['If-Modified-Since', '{-4000}']])] },
  { name: 'If-None-Match with HEAD', steps: [part(2, 5), none(INM, 'HEAD')] },
  { name: 'If-None-Match with a range outside', steps: [part(2, 5), none(range('bytes=7-8', INM))] },
  {
    name: 'If-None-Match with a range inside',
    steps: [part(2, 5), { headers: range('bytes=3-4', INM), reaches: false, status: 304 }],
  },
  {
    name: 'If-None-Match, only if cached',
    steps: [part(2, 5), { headers: [...INM, ...cc('only-if-cached')], reaches: false, status: 504 }],
  },
  {
    name: 'a 304 to the client’s own condition freshens the part and goes to the client',
    steps: [
      part(2, 5, [...TAG, ['Age', '3700']]),
      {
        headers: INM,
        response: { status: 304, headers: [...FRESH, ...TAG] },
        reaches: true,
        status: 304,
        request: { range: null },
      },
      stored('bytes=2-5', 2, 5),
    ],
  },
  {
    name: 'an If-Range without a range does not go on beside the one for the rest',
    steps: [
      part(0, 4),
      {
        headers: [['If-Range', '"zzz"']],
        response: { ...part(5, 9).response },
        reaches: true,
        request: { 'if-range': '"abc"', range: 'bytes=5-' },
        status: 200,
        body: TEN,
      },
    ],
  },
  ...(
    [
      ['a Content-Length that is too short', ['Content-Length', '3'], '012'],
      ['a Content-Length that is too long', ['Content-Length', '8'], '01234567'],
    ] as const
  ).map(([name, length, body]) => ({
    name: `a 206 that contradicts itself is not stored: ${name}`,
    steps: [
      {
        headers: range('bytes=0-4'),
        response: { status: 206, headers: [...FRESH, ...TAG, ['Content-Range', 'bytes 0-4/10'], length], body },
        reaches: true,
        status: 206,
      } satisfies Step,
      again(range('bytes=0-2')),
    ],
  })),
  {
    name: 'a 206 that ends before its Content-Range does is not stored',
    steps: [
      {
        headers: range('bytes=0-4'),
        response: {
          raw: 'HTTP/1.1 206 Partial Content\r\nCache-Control: max-age=3600\r\nETag: "abc"\r\nContent-Range: bytes 0-4/10\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n012\r\n0\r\n\r\n',
        },
        reaches: true,
        status: 206,
      },
      again(range('bytes=0-2')),
    ],
  },
  {
    name: 'a rest that contradicts itself completes nothing: the whole is asked for',
    steps: [
      part(0, 4),
      {
        response: {
          status: 206,
          headers: [...FRESH, ...TAG, ['Content-Range', 'bytes 5-9/10'], ['Content-Length', '3']],
          body: '567',
        },
        total: 3,
      },
    ],
  },
  {
    name: 'HEAD is stored although a part is',
    steps: [
      part(2, 5),
      {
        method: 'HEAD',
        response: { headers: [...FRESH, ...TAG, ['Content-Length', '10']] },
        reaches: true,
        status: 200,
        body: '',
      },
      { method: 'HEAD', reaches: false, status: 200, body: '', expect: { 'content-length': '10' } },
      stored('bytes=2-5', 2, 5),
    ],
  },
]);

const SWR = cc('max-age=60, stale-while-revalidate=1000');
const AGED: Fields = [['Age', '100']];

conformance('background validations', [
  {
    name: 'that of a part asks for the part, and one that failed is followed by another',
    steps: [
      {
        headers: range('bytes=2-4'),
        response: { status: 206, headers: [...SWR, ...AGED, ...TAG, ['Content-Range', 'bytes 2-4/10']], body: '234' },
        reaches: true,
        status: 206,
      },
      {
        headers: range('bytes=2-3'),
        response: { status: 503 },
        status: 206,
        body: '23',
        request: { range: 'bytes=2-3', 'if-none-match': '"abc"' },
      },
      { after: 300, headers: range('bytes=2-3'), response: { status: 503 }, status: 206, body: '23' },
      { after: 300, headers: range('bytes=3-3'), response: { status: 503 }, status: 206, body: '3', total: 4 },
    ],
  },
  {
    name: 'those of a variant keep what selects it, though it is a wish',
    steps: [
      {
        headers: cc('foo'),
        response: { headers: [...SWR, ...AGED, ...TAG, ['Vary', 'Cache-Control']] },
        reaches: true,
      },
      {
        headers: cc('foo'),
        response: { status: 304, headers: [...FRESH, ...TAG, ['Vary', 'Cache-Control']] },
        status: 200,
        body: 0,
        request: { 'cache-control': 'foo' },
      },
      { after: 300, headers: cc('foo'), reaches: false, status: 200, body: 0, expect: { age: /^\d$/ } },
    ],
  },
]);

conformance('what an invalidation overtakes', [
  {
    name: 'a response whose query does not matter, by a request with another query',
    steps: [
      {
        path: '?a=1',
        response: respond('max-age=3600', [['No-Vary-Search', 'params=("a")']], { delay: 600 }),
        reaches: true,
      },
      {
        path: '?a=2',
        method: 'POST',
        content: 'x',
        response: respond('no-store'),
        reaches: true,
        together: true,
        after: 200,
      },
      { path: '?a=2', response: respond('no-store'), reaches: true, body: 2 },
    ],
  },
  {
    name: 'a 304 that brings the group which has been invalidated meanwhile',
    steps: [
      { path: '/a', response: respond('max-age=0', TAG), reaches: true },
      {
        path: '/a',
        response: { status: 304, headers: [...FRESH, ...TAG, ['Cache-Groups', '"g"']], delay: 600 },
        reaches: true,
        status: 200,
        body: 0,
      },
      {
        path: '/act',
        method: 'POST',
        content: 'x',
        response: respond('no-store', [['Cache-Group-Invalidation', '"g"']]),
        reaches: true,
        together: true,
        after: 200,
      },
      { path: '/a', response: respond('no-store'), reaches: true, body: 3 },
    ],
  },
]);
