import { conformance } from './harness.ts';
import type { Scenario, Step } from './scenario.ts';
import { cc, respond } from './scenario.ts';

/** RFC 9112 §6–§8: incomplete and odd messages; RFC 9110 §15.2: interim responses. */

const FRESH = cc('max-age=3600');
const NO_STORE = cc('no-store');
const raw = (head: string, body: string): string =>
  `HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\n${head}\r\n${body}`;
const complete: Step = { response: respond('max-age=60'), reaches: true, status: 200, body: 1 };

/** An answer that breaks off must look broken to the client, and must not be used again. */
const incomplete = (name: string, text: string): Scenario => ({
  name: `${name} is incomplete`,
  steps: [{ response: { raw: text, close: true }, reaches: true, breaks: true }, complete],
});
/** An answer that is whole in spite of its oddity. */
const odd = (name: string, text: string, body: string | RegExp, more: Step = {}, close = false): Scenario => ({
  name,
  steps: [
    { response: { raw: text, close }, reaches: true, status: 200, body },
    { reaches: false, status: 200, body, ...more },
  ],
});

conformance('incomplete responses', [
  incomplete('a short Content-Length', raw('Content-Length: 100\r\n', 'abc')),
  incomplete('no byte of the Content-Length', raw('Content-Length: 3\r\n', '')),
  incomplete('a chunked body without its last chunk', raw('Transfer-Encoding: chunked\r\n', '3\r\nabc\r\n')),
  incomplete('a chunked body inside a chunk', raw('Transfer-Encoding: chunked\r\n', '5\r\nabc')),
  incomplete('a chunked body without its last line', raw('Transfer-Encoding: chunked\r\n', '3\r\nabc\r\n0\r\n')),
  incomplete('a bad chunk size', raw('Transfer-Encoding: chunked\r\n', '3\r\nabc\r\nzz\r\nabc\r\n0\r\n\r\n')),
  {
    name: 'a body that ends with the connection is complete',
    steps: [
      { response: { raw: raw('', 'abc'), close: true }, reaches: true, status: 200, body: 'abc' },
      { reaches: false, body: 'abc' },
    ],
  },
  {
    name: 'an incomplete answer leaves what was stored',
    steps: [
      { response: { headers: FRESH }, reaches: true },
      {
        headers: cc('no-cache'),
        response: { raw: raw('Content-Length: 100\r\n', 'abc'), close: true },
        reaches: true,
        breaks: true,
      },
      { reaches: false, status: 200, body: 0 },
    ],
  },
  {
    name: 'different Content-Lengths are refused',
    steps: [
      { response: { raw: raw('Content-Length: 3\r\nContent-Length: 4\r\n', 'abcd') }, reaches: true, status: 502 },
      complete,
    ],
  },
  ...['Content-Length: 3\r\nContent-Length: 3\r\n', 'Content-Length: 3, 3\r\n'].map((lines): Scenario => ({
    name: `equal Content-Lengths go on as one: ${JSON.stringify(lines)}`,
    steps: [
      {
        response: { raw: raw(lines, 'abc') },
        reaches: true,
        status: 200,
        body: 'abc',
        expect: { 'content-length': '3' },
      },
      { reaches: false, body: 'abc', expect: { 'content-length': '3' } },
      { method: 'HEAD', reaches: false, status: 200, expect: { 'content-length': '3' } },
    ],
  })),
  {
    name: 'an invalid Content-Length is refused',
    steps: [
      { response: { raw: raw('Content-Length: 3x\r\n', 'abcd'), close: true }, reaches: true, status: 502 },
      complete,
    ],
  },
  {
    // A proxy replaces the fold by spaces or the whole message by 502 (RFC 9112 §5.2).
    name: 'an obs-fold in a field makes the message invalid',
    steps: [
      { response: { raw: raw('Content-Length: 3\r\nFoo: x\r\n y\r\n', 'abc') }, reaches: true, status: 502 },
      complete,
    ],
  },
  {
    name: 'a body longer than its Content-Length is cut, and the next response on the connection is not touched',
    steps: [
      {
        response: { raw: raw('Content-Length: 3\r\n', 'abcHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil') },
        reaches: true,
        status: 200,
        body: 'abc',
      },
      { reaches: false, body: 'abc' },
      { path: '/next', response: respond('no-store'), reaches: true, status: 200, body: 2 },
      { path: '/next', response: respond('no-store'), reaches: true, status: 200, body: 3 },
    ],
  },
  {
    name: 'an unknown transfer coding harms neither the stored response nor others',
    steps: [
      {
        response: { raw: raw('Transfer-Encoding: foo\r\n', 'abc'), close: true },
        reaches: true,
        status: 200,
        body: 'abc',
      },
      { reaches: false, status: 200, body: 'abc', expect: { 'transfer-encoding': null } },
      { path: '/next', response: respond('no-store'), reaches: true, body: 2 },
    ],
  },
]);

conformance('odd responses', [
  odd('chunk extensions', raw('Transfer-Encoding: chunked\r\n', '3;a=b;c="d"\r\nabc\r\n0\r\n\r\n'), 'abc'),
  odd(
    'chunk sizes in upper case with leading zeros',
    raw('Transfer-Encoding: chunked\r\n', '00A\r\n0123456789\r\n0\r\n\r\n'),
    '0123456789',
  ),
  odd(
    'chunk sizes with very many leading zeros',
    raw('Transfer-Encoding: chunked\r\n', `${'0'.repeat(30)}3\r\nabc\r\n${'0'.repeat(30)}\r\n\r\n`),
    'abc',
  ),
  ...['chunked,', ', chunked', ',chunked , '].map((value) =>
    odd(`Transfer-Encoding: ${value}`, raw(`Transfer-Encoding: ${value}\r\n`, '3\r\nabc\r\n0\r\n\r\n'), 'abc'),
  ),
  odd(
    'Via tells that it came with HTTP/1.0',
    'HTTP/1.0 200 OK\r\nCache-Control: max-age=3600\r\nContent-Length: 3\r\n\r\nabc',
    'abc',
    { expect: { via: /^1\.0 hopscope-/ } },
    true,
  ),
  odd('Transfer-Encoding: Chunked', raw('Transfer-Encoding: Chunked\r\n', '3\r\nabc\r\n0\r\n\r\n'), 'abc'),
  odd('trailers', raw('Transfer-Encoding: chunked\r\nTrailer: Foo\r\n', '3\r\nabc\r\n0\r\nFoo: bar\r\n\r\n'), 'abc', {
    expect: { foo: null },
  }),
  odd('the same Content-Length in a list', raw('Content-Length: 3\r\nFoo: x\r\n', 'abc'), 'abc', {
    expect: { 'content-length': '3' },
  }),
  odd('no space after the colon', raw('Content-Length:3\r\nFoo:x\r\n', 'abc'), 'abc', { expect: { foo: 'x' } }),
  odd('white space around values', raw('Content-Length: 3\r\nFoo: \t x \t \r\n', 'abc'), 'abc', {
    expect: { foo: 'x' },
  }),
  odd('names in odd case', raw('cONTENT-lENGTH: 3\r\nfOO: x\r\n', 'abc'), 'abc', { expect: { foo: 'x' } }),
  odd('bytes beyond ASCII', raw('Content-Length: 3\r\nFoo: gr\u00fc\u00df\r\n', 'abc'), 'abc', {
    expect: { foo: 'gr\u00fc\u00df' },
  }),
  odd('an empty reason phrase', 'HTTP/1.1 200 \r\nCache-Control: max-age=3600\r\nContent-Length: 3\r\n\r\nabc', 'abc'),
  odd('HTTP/1.0', 'HTTP/1.0 200 OK\r\nCache-Control: max-age=3600\r\nContent-Length: 3\r\n\r\nabc', 'abc', {}, true),
  odd(
    'every byte there is',
    raw('Content-Length: 256\r\n', String.fromCharCode(...Array(256).keys())),
    String.fromCharCode(...Array(256).keys()),
  ),
  odd('an empty body', raw('Content-Length: 0\r\n', ''), ''),
  odd('an empty chunked body', raw('Transfer-Encoding: chunked\r\n', '0\r\n\r\n'), '', {
    expect: { 'content-length': '0' },
  }),
  {
    name: '204 has no body, and no length',
    steps: [
      {
        response: { raw: 'HTTP/1.1 204 No Content\r\nCache-Control: max-age=3600\r\n\r\n' },
        reaches: true,
        status: 204,
        body: '',
      },
      { reaches: false, status: 204, body: '', expect: { 'content-length': null } },
    ],
  },
  {
    name: '204 with a length that it must not have',
    steps: [
      {
        response: { raw: 'HTTP/1.1 204 No Content\r\nCache-Control: max-age=3600\r\nContent-Length: 5\r\n\r\n' },
        reaches: true,
        status: 204,
        body: '',
        expect: { 'content-length': null },
      },
      { reaches: false, status: 204, body: '', expect: { 'content-length': null } },
    ],
  },
  {
    name: 'Date is added to what has none, also when it passes by',
    steps: [
      {
        response: { headers: NO_STORE, bare: true, close: true },
        reaches: true,
        expect: { date: /GMT$/ },
      },
    ],
  },
  {
    // RFC 9112 §6.3: it may be an attempt to smuggle a response.
    name: 'Transfer-Encoding beside Content-Length is refused',
    steps: [
      {
        response: {
          raw: raw('Content-Length: 10\r\nTransfer-Encoding: chunked\r\n', '3\r\nabc\r\n0\r\n\r\n'),
          close: true,
        },
        reaches: true,
        status: 502,
      },
      complete,
    ],
  },
  {
    name: 'HEAD with a length that is not that of GET',
    steps: [
      {
        method: 'HEAD',
        response: { headers: [...FRESH, ['Content-Length', '12345']] },
        reaches: true,
        body: '',
        expect: { 'content-length': '12345' },
      },
      complete,
    ],
  },
]);

const interim = (status: number, fields = ''): string => `HTTP/1.1 ${status} Interim\r\n${fields}\r\n`;
const early = (name: string, before: string, codes: readonly number[]): Scenario => ({
  name,
  steps: [
    {
      response: respond('max-age=3600', [['Final', '1']], { before }),
      reaches: true,
      status: 200,
      body: 0,
      interim: codes,
    },
    { reaches: false, status: 200, body: 0, interim: [], expect: { final: '1', foo: null, link: null } },
  ],
});
conformance('interim responses', [
  early('102', interim(102), [102]),
  early('103', interim(103, 'Link: </a>; rel=preload\r\n'), [103]),
  early('103 twice', interim(103, 'Link: </a>\r\n') + interim(103, 'Link: </b>\r\n'), [103, 103]),
  early('102 and 103', interim(102) + interim(103, 'Link: </a>\r\n'), [102, 103]),
  early(
    'an interim response with Cache-Control of its own',
    interim(103, 'Cache-Control: no-store\r\nFoo: bar\r\n'),
    [103],
  ),
  early('an unknown one', interim(150), [150]),
  {
    name: 'an interim response with max-age makes nothing fresh',
    steps: [
      { response: { before: interim(103, 'Cache-Control: max-age=3600\r\n') }, reaches: true, body: 0 },
      { response: { headers: NO_STORE }, reaches: true, body: 1 },
    ],
  },
  {
    name: 'after an interim response the origin fails',
    steps: [{ response: { before: interim(103), drop: true }, reaches: true, status: 502 }],
  },
]);
