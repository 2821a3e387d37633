import { conformance } from './harness.ts';
import type { Fields, Scenario, Step } from './scenario.ts';
import { cc, respond } from './scenario.ts';

/** RFC 9111 §4.3: conditional requests made and answered, RFC 9110 §13. */

const inm = (value: string): Fields => [['If-None-Match', value]];
const ims = (value: string): Fields => [['If-Modified-Since', value]];
const etag = (value: string): Fields => [['ETag', value]];
const modified = (value: string): Fields => [['Last-Modified', value]];
const FRESH = cc('max-age=3600');

/** A fresh stored response and a client with a condition. */
function answered(name: string, stored: Fields, condition: Fields, status: 200 | 304, more: Step = {}): Scenario {
  const whole = status === 200 ? { body: 0 } : { body: '' };
  return {
    name: `${name} → ${status}`,
    steps: [
      { response: { headers: [...FRESH, ...stored] }, reaches: true, status: 200 },
      { headers: condition, reaches: false, status, ...whole, expect: { age: /^\d+$/ }, ...more },
    ],
  };
}

/** A stale stored response: what the origin sees, and that its 304 makes the stored response the answer. */
function generated(name: string, stored: Fields, request: NonNullable<Step['request']>, client: Fields = []): Scenario {
  return {
    name,
    steps: [
      { response: { headers: [...cc('max-age=0'), ...stored] }, reaches: true },
      {
        headers: client,
        response: { status: 304, headers: [...FRESH, ...stored] },
        reaches: true,
        request,
        status: 200,
        body: 0,
      },
      { reaches: false, body: 0 },
    ],
  };
}

conformance(
  'client conditions answered from the store',
  [
    answered('a strong tag', etag('"abc"'), inm('"abc"'), 304, { expect: { etag: '"abc"' } }),
    answered('another tag', etag('"abc"'), inm('"abd"'), 200),
    answered('a weak tag', etag('W/"abc"'), inm('W/"abc"'), 304),
    answered('a weak tag asked for strongly', etag('W/"abc"'), inm('"abc"'), 304),
    answered('a strong tag asked for weakly', etag('"abc"'), inm('W/"abc"'), 304),
    answered('first of several tags', etag('"abc"'), inm('"abc", "b", "c"'), 304),
    answered('second of several tags', etag('"abc"'), inm('"a", "abc", "c"'), 304),
    answered('last of several tags', etag('"abc"'), inm('"a","b","abc"'), 304),
    answered('none of several tags', etag('"abc"'), inm('"a", "b"'), 200),
    answered('tags in two lines', etag('"abc"'), [...inm('"a"'), ...inm('"abc"')], 304),
    answered('empty members among the tags', etag('"abc"'), inm(', ,"abc",'), 304),
    answered('a tag with a comma', etag('"a,bc"'), inm('"x", "a,bc"'), 304),
    answered('a part of a tag with a comma', etag('"a,bc"'), inm('"a", "bc"'), 200),
    answered('a tag with a backslash', etag('"a\\"'), inm('"a\\"'), 304),
    answered('a tag with bytes beyond ASCII', etag('"abc\u00e9"'), inm('"abc\u00e9"'), 304),
    answered('an empty tag', etag('""'), inm('""'), 304),
    answered('*', etag('"abc"'), inm('*'), 304),
    answered('* without a stored tag', [], inm('*'), 304),
    answered('a tag in another case', etag('"abc"'), inm('"ABC"'), 200),
    answered('w/ in lower case is no weak tag', etag('W/"abc"'), inm('w/"abc"'), 200),
    answered('a tag without quotes, both times', etag('abc'), inm('abc'), 304),
    answered('a quoted tag asked for without quotes', etag('"abc"'), inm('abc'), 200),
    answered('a tag without quotes asked for with them', etag('abc'), inm('"abc"'), 200),
    answered('a tag when nothing is tagged', [], inm('"abc"'), 200),
    answered('the time of Last-Modified', modified('{-3000}'), ims('{-3000}'), 304),
    answered('a later time', modified('{-3000}'), ims('{-2000}'), 304),
    answered('an earlier time', modified('{-3000}'), ims('{-4000}'), 200),
    answered('a time in the future', modified('{-3000}'), ims('{+3000}'), 304),
    answered('an invalid time', modified('{-3000}'), ims('yesterday'), 200),
    answered('the same time twice is no time', modified('{-3000}'), [...ims('{-3000}'), ...ims('{-3000}')], 200),
    answered('a list of times is no time', modified('{-3000}'), ims('{-3000}, {-3000}'), 200),
    answered('a time with another zone', modified('{-3000}'), ims('Thu, 18 Aug 2050 02:01:18 UTC'), 200),
    answered(
      'a time in RFC 850 form',
      modified('Sun, 06 Nov 1994 08:49:37 GMT'),
      ims('Sunday, 06-Nov-94 08:49:37 GMT'),
      304,
    ),
    answered('a time in asctime form', modified('Sun, 06 Nov 1994 08:49:37 GMT'), ims('Sun Nov  6 08:49:37 1994'), 304),
    answered(
      'an earlier time in RFC 850 form',
      modified('Sun, 06 Nov 1994 08:49:37 GMT'),
      ims('Saturday, 05-Nov-94 08:49:37 GMT'),
      200,
    ),
    answered('without Last-Modified, a time after Date', [['Date', '{-100}']], ims('{-50}'), 304),
    answered(
      'with an invalid Last-Modified, a time after Date',
      [['Date', '{-100}'], ...modified('yesterday')],
      ims('{-50}'),
      200,
    ),
    answered('without Last-Modified, a time before Date', [['Date', '{-100}']], ims('{-150}'), 200),
    answered(
      'a matching tag and an earlier time',
      [...etag('"abc"'), ...modified('{-3000}')],
      [...inm('"abc"'), ...ims('{-4000}')],
      304,
    ),
    answered(
      'another tag and the same time',
      [...etag('"abc"'), ...modified('{-3000}')],
      [...inm('"abd"'), ...ims('{-3000}')],
      200,
    ),
    answered(
      '304 has what a 200 would have',
      [...etag('"abc"'), ['Vary', 'Foo'], ['Content-Location', '/x'], ['Expires', '{+3600}']],
      inm('"abc"'),
      304,
      {
        expect: {
          etag: '"abc"',
          vary: 'Foo',
          'content-location': '/x',
          'cache-control': 'max-age=3600',
          expires: '{+3600}',
          date: /GMT$/,
          'content-length': null,
          age: /^\d+$/,
        },
      },
    ),
    {
      name: 'a condition on a stored error means nothing',
      steps: [
        { response: { status: 404, headers: [...FRESH, ...etag('"abc"')] }, reaches: true },
        { headers: inm('"abc"'), reaches: false, status: 404, body: 0 },
      ],
    },
    answered('HEAD with a matching tag', etag('"abc"'), inm('"abc"'), 304, { method: 'HEAD' }),
    {
      name: 'a condition goes to the origin when nothing is stored',
      steps: [
        {
          headers: [...inm('W/"x", "y"'), ...ims('{-50}')],
          reaches: true,
          request: { 'if-none-match': 'W/"x", "y"', 'if-modified-since': '{-50}' },
          response: { status: 304, headers: etag('"y"') },
          status: 304,
          expect: { etag: '"y"' },
        },
        { response: respond('max-age=60'), reaches: true, status: 200, body: 1 },
      ],
    },
    {
      name: 'a tag without quotes goes on as it is',
      steps: [
        { headers: inm('abc'), reaches: true, request: { 'if-none-match': 'abc' }, response: respond('no-store') },
      ],
    },
    {
      name: 'If-Match and If-Unmodified-Since are for the origin',
      steps: [
        { response: { headers: [...FRESH, ...etag('"abc"')] }, reaches: true },
        {
          headers: [['If-Match', '"x"']],
          response: { status: 412 },
          reaches: true,
          request: { 'if-match': '"x"' },
          status: 412,
        },
        { headers: [['If-Unmodified-Since', '{-50}']], response: { status: 412 }, reaches: true, status: 412 },
        { reaches: false, body: 0 },
      ],
    },
  ],
  { alsoPrivate: true },
);

conformance(
  'conditions made for a stale response',
  [
    generated('a strong tag', etag('"abc"'), { 'if-none-match': '"abc"' }),
    generated('a weak tag', etag('W/"abc"'), { 'if-none-match': 'W/"abc"' }),
    generated('a tag without quotes', etag('abc'), { 'if-none-match': 'abc' }),
    generated('a tag with odd characters', etag('"a\\b,c\u00e9"'), { 'if-none-match': '"a\\b,c\u00e9"' }),
    generated('Last-Modified', modified('{-3000}'), { 'if-modified-since': '{-3000}' }),
    generated('Last-Modified as it was written', modified('Sunday, 06-Nov-94 08:49:37 GMT'), {
      'if-modified-since': 'Sunday, 06-Nov-94 08:49:37 GMT',
    }),
    generated('both', [...etag('"abc"'), ...modified('{-3000}')], {
      'if-none-match': '"abc"',
      'if-modified-since': '{-3000}',
    }),
    generated(
      "the client's tag is sent beside ours",
      etag('"abc"'),
      { 'if-none-match': /"x".*"abc"|"abc".*"x"/ },
      inm('"x"'),
    ),
    generated(
      "the client's time is replaced by ours",
      modified('{-3000}'),
      { 'if-modified-since': '{-3000}' },
      ims('{-4000}'),
    ),
    {
      name: 'without a validator none',
      steps: [
        { response: respond('max-age=0'), reaches: true },
        {
          response: respond('no-store'),
          reaches: true,
          request: { 'if-none-match': null, 'if-modified-since': null },
          body: 1,
        },
      ],
    },
    {
      name: 'a 200 replaces what is stored',
      steps: [
        { response: respond('max-age=0', etag('"1"')), reaches: true },
        { response: respond('max-age=3600', etag('"2"')), reaches: true, request: { 'if-none-match': '"1"' }, body: 1 },
        { reaches: false, body: 1, expect: { etag: '"2"' } },
      ],
    },
    {
      name: 'a 404 replaces what is stored',
      steps: [
        { response: respond('max-age=0', etag('"1"')), reaches: true },
        { response: respond('max-age=3600', [], { status: 404 }), reaches: true, status: 404, body: 1 },
        { reaches: false, status: 404, body: 1 },
      ],
    },
    {
      name: "the client's tag matches the origin's newer response",
      steps: [
        { response: respond('max-age=0', etag('"1"')), reaches: true },
        {
          headers: inm('"2"'),
          response: { status: 304, headers: [...FRESH, ...etag('"2"')] },
          reaches: true,
          status: 304,
          body: '',
        },
        { response: respond('max-age=3600', etag('"2"')), reaches: true, body: 2 },
      ],
    },
    {
      name: "the client's tag is the stored one: 304 after validation",
      steps: [
        { response: respond('max-age=0', etag('"1"')), reaches: true },
        {
          headers: inm('"1"'),
          response: { status: 304, headers: [...FRESH, ...etag('"1"')] },
          reaches: true,
          status: 304,
          body: '',
        },
        { reaches: false, status: 200, body: 0 },
      ],
    },
    {
      name: 'an earlier If-Modified-Since gets 200 after validation',
      steps: [
        { response: respond('max-age=0', modified('{-3000}')), reaches: true },
        {
          headers: ims('{-4000}'),
          response: { status: 304, headers: [...FRESH, ...modified('{-3000}')] },
          reaches: true,
          status: 200,
          body: 0,
        },
      ],
    },
    {
      name: 'a 5xx on validation goes to the client and leaves what is stored',
      steps: [
        { response: respond('max-age=1', etag('"1"')), reaches: true },
        { after: 2100, response: { status: 503 }, reaches: true, status: 503, body: 1 },
        {
          response: { status: 304, headers: [...FRESH, ...etag('"1"')] },
          reaches: true,
          request: { 'if-none-match': '"1"' },
          status: 200,
          body: 0,
        },
      ],
    },
    {
      name: 'variants: the tags of all of them are sent, and the one that the 304 names answers',
      steps: [
        {
          headers: [['Foo', '1']],
          response: respond('max-age=3600', [['Vary', 'Foo'], ...etag('"one"')]),
          reaches: true,
        },
        {
          headers: [['Foo', '2']],
          response: respond('max-age=3600', [['Vary', 'Foo'], ...etag('"two"')]),
          reaches: true,
        },
        {
          headers: [['Foo', '3']],
          response: { status: 304, headers: [...FRESH, ['Vary', 'Foo'], ...etag('"one"')] },
          reaches: true,
          request: { 'if-none-match': (value) => value?.includes('"one"') === true && value.includes('"two"') },
          status: 200,
          body: 0,
        },
        { headers: [['Foo', '3']], reaches: false, body: 0 },
        { headers: [['Foo', '1']], reaches: false, body: 0 },
        { headers: [['Foo', '2']], reaches: false, body: 1 },
      ],
    },
    {
      // A compressed response and the plain one share a weak tag.
      name: 'variants: weak tags are not sent, for they tell no variants apart',
      steps: [
        {
          headers: [['Accept-Encoding', 'gzip']],
          response: respond('max-age=3600', [
            ['Vary', 'Accept-Encoding'],
            ['Content-Encoding', 'gzip'],
            ...etag('W/"a"'),
          ]),
          reaches: true,
        },
        {
          response: respond('max-age=3600', [['Vary', 'Accept-Encoding'], ...etag('W/"a"')]),
          reaches: true,
          request: { 'if-none-match': null },
          body: 1,
        },
      ],
    },
    ...['br', 'br, gzip;q=0', undefined].map((accepted): Scenario => ({
      name: `variants: the tag of a coding is not sent for a client with Accept-Encoding: ${accepted ?? '(none)'}`,
      steps: [
        {
          headers: [['Accept-Encoding', 'gzip']],
          response: respond('max-age=3600', [
            ['Vary', 'Accept-Encoding'],
            ['Content-Encoding', 'gzip'],
            ...etag('"a"'),
          ]),
          reaches: true,
        },
        {
          headers: accepted === undefined ? [] : [['Accept-Encoding', accepted]],
          response: respond('max-age=3600', [['Vary', 'Accept-Encoding'], ...etag('"a"')]),
          reaches: true,
          request: { 'if-none-match': null },
          body: 1,
        },
      ],
    })),
    {
      name: 'variants: the tag of a coding is sent for a client that asks for it and others',
      steps: [
        {
          headers: [['Accept-Encoding', 'gzip']],
          response: respond('max-age=3600', [
            ['Vary', 'Accept-Encoding'],
            ['Content-Encoding', 'GZIP'],
            ...etag('"a"'),
          ]),
          reaches: true,
        },
        {
          headers: [['Accept-Encoding', 'br, Gzip;q=0.5']],
          response: { status: 304, headers: [...FRESH, ['Vary', 'Accept-Encoding'], ...etag('"a"')] },
          reaches: true,
          request: { 'if-none-match': '"a"' },
          status: 200,
          body: 0,
        },
      ],
    },
    {
      name: 'variants: a 304 that names none of them is not passed on',
      steps: [
        {
          headers: [['Foo', '1']],
          response: respond('max-age=3600', [['Vary', 'Foo'], ...etag('"one"')]),
          reaches: true,
        },
        {
          headers: [['Foo', '2']],
          response: respond('max-age=3600', [['Vary', 'Foo'], ...etag('"two"')]),
          reaches: true,
          request: { 'if-none-match': '"one"' },
          status: 200,
          body: 1,
        },
        { headers: [['Foo', '1']], reaches: false, body: 0 },
      ],
    },
  ],
  { alsoPrivate: true },
);
