import { conformance } from './harness.ts';
import { again, FRESH, part, range, stored, TAG, TEN } from './partial-steps.ts';
import type { Scenario, Step } from './scenario.ts';
import { cc } from './scenario.ts';

/** RFC 9111 §3.3: what has come of a response that broke off is kept as a part. */

/** A 200 of which the first bytes come, until the connection is closed. */
const broken = (bytes: number, more = 'ETag: "abc"\r\n', status = '200 OK', length = 10): Step => ({
  response: {
    raw: `HTTP/1.1 ${status}\r\nCache-Control: max-age=3600\r\nContent-Length: ${length}\r\n${more}\r\n${TEN.slice(0, bytes)}`,
    close: true,
  },
  reaches: true,
  breaks: true,
});
/** The whole is asked for, and not even a part of it is stored. */
const unconditional: Step = { ...again(), request: { range: null, 'if-range': null }, body: TEN };
const completed = (first: number): Step => ({
  response: { ...part(first, 9).response },
  reaches: true,
  request: { range: `bytes=${first}-`, 'if-range': '"abc"' },
  status: 200,
  body: TEN,
  expect: { 'content-length': '10', 'content-range': null },
});

conformance(
  'incomplete responses, kept as parts',
  [
    {
      name: 'what broke off is a part: ranges of it are answered, others are not',
      steps: [broken(6), stored('bytes=2-4', 2, 4), stored('bytes=0-5', 0, 5), part(4, 7), stored('bytes=1-7', 1, 7)],
    },
    { name: 'what broke off is not the whole: HEAD', steps: [broken(6), { method: 'HEAD', ...again(), body: '' }] },
    {
      name: 'what broke off is completed with the rest',
      steps: [broken(6), completed(6), { reaches: false, status: 200, body: TEN }],
    },
    {
      name: 'what broke off twice is completed all the same',
      steps: [
        broken(3),
        {
          response: {
            raw: `HTTP/1.1 206 Partial\r\nCache-Control: max-age=3600\r\nETag: "abc"\r\nContent-Range: bytes 3-9/10\r\nContent-Length: 7\r\n\r\n345`,
            close: true,
          },
          reaches: true,
          request: { range: 'bytes=3-' },
          breaks: true,
        },
        completed(6),
        { reaches: false, status: 200, body: TEN },
      ],
    },
    {
      name: 'what broke off of a part is a smaller part',
      steps: [
        {
          ...broken(2, 'ETag: "abc"\r\nContent-Range: bytes 0-4/10\r\n', '206 Partial', 5),
          headers: range('bytes=0-4'),
        },
        stored('bytes=0-1', 0, 1),
        completed(2),
      ],
    },
    {
      name: 'what broke off joins the parts that are stored',
      steps: [part(5, 9), broken(6), { reaches: false, status: 200, body: TEN }],
    },
    {
      name: 'what broke off and had not told its length is completed with the rest',
      steps: [
        {
          response: {
            raw: 'HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\nETag: "abc"\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n',
            close: true,
          },
          reaches: true,
          breaks: true,
        },
        stored('bytes=2-4', 2, 4, '*'),
        completed(6),
        { reaches: false, status: 200, body: TEN },
      ],
    },
    {
      name: 'what broke off leaves a stale whole, which stands in when the origin fails',
      steps: [
        { response: { headers: [...cc('max-age=60'), ['Age', '100'], ['ETag', '"old"']] }, reaches: true },
        broken(6),
        { response: { drop: true }, status: 200, body: 0 },
      ],
    },
    {
      name: 'what broke off and has changed since is replaced',
      steps: [
        broken(6),
        {
          response: { headers: [...FRESH, ['ETag', '"new"']], body: 'abcdefghij' },
          reaches: true,
          request: { range: 'bytes=6-' },
          status: 200,
          body: 'abcdefghij',
        },
        { reaches: false, status: 200, body: 'abcdefghij' },
      ],
    },
    {
      name: 'what broke off leaves an older whole, and is the newer answer to a range',
      steps: [
        { response: { headers: [...FRESH, ['ETag', '"old"']], body: 'abcdefghij' }, reaches: true },
        { ...broken(6), headers: cc('no-cache') },
        { reaches: false, status: 200, body: 'abcdefghij' },
        stored('bytes=2-4', 2, 4),
      ],
    },
    ...[
      ['without a validator', ''],
      ['with a weak tag', 'ETag: W/"abc"\r\n'],
      ['and takes no ranges', 'ETag: "abc"\r\nAccept-Ranges: none\r\n'],
      ['and must not be stored', 'ETag: "abc"\r\nCache-Control: no-store\r\n'],
    ].map(([how, more]): Scenario => ({
      name: `what broke off ${how} is not stored`,
      steps: [broken(6, more), unconditional],
    })),
    { name: 'what broke off before the first byte is not stored', steps: [broken(0), unconditional] },
    {
      name: 'an error that broke off is not stored',
      steps: [broken(6, 'ETag: "abc"\r\n', '404 Not Found'), unconditional],
    },
    {
      name: 'what an incomplete stale answer left is asked for again with its range',
      steps: [
        broken(6, 'ETag: "abc"\r\nAge: 4000\r\n'),
        {
          headers: range('bytes=2-4'),
          response: { status: 304, headers: [...FRESH, ...TAG] },
          reaches: true,
          request: { 'if-none-match': '"abc"', range: 'bytes=2-4' },
          status: 206,
          body: '234',
        },
      ],
    },
  ],
  { alsoPrivate: true },
);
