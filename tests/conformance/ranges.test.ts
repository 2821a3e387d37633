import { conformance } from './harness.ts';
import type { Fields, Scenario, Step } from './scenario.ts';
import { cc } from './scenario.ts';

/** RFC 9110 §14 and §15.3.7: ranges of complete stored responses. */

const FRESH = cc('max-age=3600');
const TAG: Fields = [['ETag', '"abc"']];
const TEN = '0123456789';
const range = (value: string, more: Fields = []): Fields => [['Range', value], ...more];
const whole = (more: Fields = TAG): Step => ({
  response: { headers: [...FRESH, ...more], body: TEN },
  reaches: true,
  status: 200,
});

/** A complete stored response and a range of it. */
const from = (
  value: string,
  status: number,
  body: string,
  contentRange: string | null,
  more: Fields = [],
): Scenario => ({
  name: `${[value, ...more.map(([name, text]) => `${name}: ${text}`)].join(', ')} of a complete response → ${status} ${body}`,
  steps: [
    whole(),
    {
      headers: range(value, more),
      reaches: false,
      status,
      body,
      expect: { 'content-range': contentRange, 'content-length': String(body.length), age: /^\d+$/ },
    },
    { reaches: false, status: 200, body: 0 },
  ],
});

conformance(
  'ranges of a complete response',
  [
    from('bytes=0-1', 206, '01', 'bytes 0-1/10'),
    from('bytes=2-4', 206, '234', 'bytes 2-4/10'),
    from('bytes=5-', 206, '56789', 'bytes 5-9/10'),
    from('bytes=0-', 206, TEN, 'bytes 0-9/10'),
    from('bytes=-1', 206, '9', 'bytes 9-9/10'),
    from('bytes=-3', 206, '789', 'bytes 7-9/10'),
    from('bytes=-100', 206, TEN, 'bytes 0-9/10'),
    from('bytes=8-100', 206, '89', 'bytes 8-9/10'),
    from('bytes=9-9', 206, '9', 'bytes 9-9/10'),
    from('Bytes=0-1', 206, '01', 'bytes 0-1/10'),
    from('bytes=10-', 416, '', 'bytes */10'),
    from('bytes=20-30', 416, '', 'bytes */10'),
    from('bytes=-0', 416, '', 'bytes */10'),
    from('bytes=4-2', 200, TEN, null),
    from('bytes=a-b', 200, TEN, null),
    from('bytes=', 200, TEN, null),
    from('bytes 0-1', 200, TEN, null),
    from('lines=0-1', 200, TEN, null),
    from('bytes=0-1,20-30', 206, '01', 'bytes 0-1/10'),
    from('bytes=0-1', 200, TEN, null, range('bytes=4-5')),
    from('bytes=0-1', 200, TEN, null, range('bytes=0-1')),
    from('bytes=0-1', 200, TEN, null, [['If-Range', 'abc']]),
    from('bytes=0-1', 200, TEN, null, [
      ['If-Range', '"abc"'],
      ['If-Range', '"abc"'],
    ]),
    from('bytes=0-1', 206, '01', 'bytes 0-1/10', [['If-Range', '"abc"']]),
    from('bytes=0-1', 200, TEN, null, [['If-Range', '"abd"']]),
    from('bytes=0-1', 200, TEN, null, [['If-Range', 'W/"abc"']]),
    from('bytes=0-1', 200, TEN, null, [['If-Range', '{-100}']]),
    from('bytes=0-1', 200, TEN, null, [['If-Range', '"abc']]),
    from('bytes=0-1', 206, '01', 'bytes 0-1/10', [['If-None-Match', '"x"']]),
    {
      name: 'If-Range with a weak stored tag',
      steps: [
        whole([['ETag', 'W/"abc"']]),
        { headers: range('bytes=0-1', [['If-Range', 'W/"abc"']]), reaches: false, status: 200, body: 0 },
      ],
    },
    {
      name: 'If-Range with the date of an old Last-Modified',
      steps: [
        whole([['Last-Modified', '{-5000}']]),
        { headers: range('bytes=0-1', [['If-Range', '{-5000}']]), reaches: false, status: 206, body: '01' },
        { headers: range('bytes=0-1', [['If-Range', '{-4000}']]), reaches: false, status: 200, body: 0 },
      ],
    },
    {
      name: 'If-None-Match wins over Range',
      steps: [
        whole(),
        { headers: range('bytes=0-1', [['If-None-Match', '"abc"']]), reaches: false, status: 304, body: '' },
      ],
    },
    from('bytes=0-1, 2-3', 206, '0123', 'bytes 0-3/10'),
    from('bytes=4-6, 0-5', 206, '0123456', 'bytes 0-6/10'),
    {
      name: 'more ranges than make sense are the whole',
      steps: [whole(), { headers: range(`bytes=${'0-0,2-2,4-4,'.repeat(100)}`), reaches: false, status: 200, body: 0 }],
    },
    {
      name: 'several ranges',
      steps: [
        whole([...TAG, ['Content-Type', 'text/plain']]),
        {
          headers: range('bytes=0-1, 4-5'),
          reaches: false,
          status: 206,
          expect: {
            'content-type': /^multipart\/byteranges; ?boundary=/,
            'content-range': null,
            'content-length': /^\d+$/,
          },
          body: /^--(\S+)\r\nContent-Type: text\/plain\r\nContent-Range: bytes 0-1\/10\r\n\r\n01\r\n--\1\r\nContent-Type: text\/plain\r\nContent-Range: bytes 4-5\/10\r\n\r\n45\r\n--\1--\r\n$/,
        },
      ],
    },
    {
      name: 'HEAD with Range is HEAD without',
      steps: [
        whole(),
        {
          method: 'HEAD',
          headers: range('bytes=0-1'),
          reaches: false,
          status: 200,
          body: '',
          expect: { 'content-length': '10', 'content-range': null },
        },
      ],
    },
    {
      name: 'an empty representation has no satisfiable range',
      steps: [
        { response: { headers: [...FRESH, ...TAG], body: '' }, reaches: true },
        { headers: range('bytes=0-1'), reaches: false, expect: { 'content-range': 'bytes */0' }, status: 416 },
      ],
    },
    {
      name: 'the end of an empty representation is all of it',
      steps: [
        { response: { headers: [...FRESH, ...TAG], body: '' }, reaches: true },
        { headers: range('bytes=-5'), reaches: false, status: 200, body: '', expect: { 'content-range': null } },
        { headers: range('bytes=-0'), reaches: false, status: 416 },
      ],
    },
    {
      name: 'Range of a stored error is the error',
      steps: [
        { response: { status: 404, headers: FRESH, body: TEN }, reaches: true },
        { headers: range('bytes=0-1'), reaches: false, status: 404, body: 0 },
      ],
    },
    {
      name: 'Range of a stale response is validated and then served',
      steps: [
        { response: { headers: [...cc('max-age=0'), ...TAG], body: TEN }, reaches: true },
        {
          headers: range('bytes=0-1'),
          response: { status: 304, headers: [...FRESH, ...TAG] },
          reaches: true,
          status: 206,
          body: '01',
        },
      ],
    },
  ],
  { alsoPrivate: true },
);
