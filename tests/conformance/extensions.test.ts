import { conformance } from './harness.ts';
import type { Fields, Scenario, Step } from './scenario.ts';
import { cc, notReused, respond, reused } from './scenario.ts';

/** RFC 9213: targeted fields, RFC 9211: Cache-Status, No-Vary-Search. */

const cdn = (value: string, more: Fields = []): Fields => [['CDN-Cache-Control', value], ...more];
const FRESH = cc('max-age=3600');
const STALE = cc('max-age=0');

conformance('CDN-Cache-Control', [
  reused('max-age', cdn('max-age=3600')),
  reused('max-age over a stale Cache-Control', cdn('max-age=3600', STALE)),
  notReused('max-age=0 over a fresh Cache-Control', cdn('max-age=0', FRESH)),
  reused('max-age over Expires in the past', cdn('max-age=3600', [['Expires', '{-100}']])),
  notReused('max-age=0 over Expires in the future', cdn('max-age=0', [['Expires', '{+100}']])),
  reused('max-age over no-store', cdn('max-age=3600', cc('no-store'))),
  reused('max-age over private', cdn('max-age=3600', cc('private'))),
  reused('max-age over no-cache', cdn('max-age=3600', cc('no-cache'))),
  notReused('no-store over a fresh Cache-Control', cdn('no-store', FRESH)),
  notReused('no-cache over a fresh Cache-Control', cdn('no-cache', FRESH)),
  notReused('no-cache beside max-age', cdn('max-age=3600, no-cache', FRESH)),
  notReused('private over a fresh Cache-Control', cdn('private', FRESH)),
  reused('s-maxage over max-age', cdn('max-age=0, s-maxage=3600')),
  reused('unknown directives beside max-age', cdn('foobar, max-age=3600, baz=1')),
  reused('parameters are ignored', cdn('max-age=3600;foo=bar;max-age=0')),
  reused('two lines are one dictionary', [...cdn('foo'), ...cdn('max-age=3600')]),
  reused('of a repeated key the last value counts: fresh', cdn('max-age=0, max-age=3600')),
  notReused('of a repeated key the last value counts: stale', cdn('max-age=3600, max-age=0', FRESH)),
  notReused('an empty one is as if absent: stale', cdn('', STALE)),
  reused('an empty one is as if absent: fresh', cdn('', FRESH)),
  notReused('a malformed one is as if absent: stale', cdn('max-age=3600, &&&&', STALE)),
  reused('a malformed one is as if absent: fresh', cdn('max-age=0, &&&&', FRESH)),
  notReused('a directive in upper case is malformed', cdn('MAX-AGE=3600', STALE)),
  notReused('white space before = is malformed', cdn('max-age =3600', STALE)),
  notReused('white space after = is malformed', cdn('max-age= 3600', STALE)),
  notReused('a trailing comma is malformed', cdn('max-age=3600,', STALE)),
  notReused('a number that is too long is malformed', cdn('max-age=1000000000000000', STALE)),
  notReused('a string is no number of seconds', cdn('max-age="3600"', STALE)),
  notReused('a token is no number of seconds', cdn('max-age=a3600', STALE)),
  notReused('a decimal is no number of seconds', cdn('max-age=3600.0', STALE)),
  notReused('a negative number', cdn('max-age=-3600', STALE)),
  ...['no-store', 'private', 'no-cache'].map((directive) =>
    reused(`${directive}=?0 is as if absent`, cdn(`max-age=3600, ${directive}=?0`, STALE)),
  ),
  notReused('no-store=?1', cdn('max-age=3600, no-store=?1', FRESH)),
  notReused(
    'without freshness, Cache-Control and Expires are not looked at',
    cdn('foo', [...FRESH, ['Expires', '{+100}']]),
  ),
  reused('Age counts', cdn('max-age=3600', [['Age', '1800']]), {}, { expect: { age: /^180\d$/ } }),
  notReused('Age beyond it', cdn('max-age=3600', [['Age', '3700']])),
  reused('the field itself is kept', cdn('max-age=3600'), {}, { expect: { 'cdn-cache-control': 'max-age=3600' } }),
  reused('a request field of that name means nothing', FRESH, {}, { headers: cdn('no-cache') }),
]);

conformance(
  'CDN-Cache-Control',
  [
    reused('is not for a private cache: fresh', cdn('no-store', FRESH)),
    notReused('is not for a private cache: stale', cdn('max-age=3600')),
  ],
  {
    mode: 'private',
  },
);

/** The last member of Cache-Status has these parameters. */
const member = (...parameters: (string | RegExp)[]): RegExp =>
  new RegExp(
    `(?:^|, )Hopscope${parameters.map((one) => `(?=[^,]*; ${typeof one === 'string' ? `${one}(?:;|$)` : one.source})`).join('')}[^,]*$`,
  );
const told = (...parameters: (string | RegExp)[]): Pick<Step, 'expect'> => ({
  expect: { 'cache-status': member(...parameters) },
});

conformance('Cache-Status', [
  {
    name: 'a miss that is stored, and a hit',
    steps: [
      { response: { headers: FRESH }, ...told('fwd=uri-miss', 'fwd-status=200', 'stored', /ttl=3(?:600|59\d)/) },
      { ...told('hit', /ttl=3(?:600|59\d)/) },
    ],
  },
  {
    name: 'a miss that is not stored',
    steps: [
      {
        response: respond('no-store'),
        expect: { 'cache-status': (value) => value !== undefined && !value.includes('stored') },
      },
    ],
  },
  {
    name: 'a variant that is not there',
    steps: [
      { headers: [['Foo', '1']], response: { headers: [...FRESH, ['Vary', 'Foo']] } },
      {
        headers: [['Foo', '2']],
        response: { headers: [...FRESH, ['Vary', 'Foo']] },
        ...told('fwd=vary-miss', 'fwd-status=200', 'stored'),
      },
    ],
  },
  {
    name: 'a stale response, validated',
    steps: [
      { response: { headers: [...STALE, ['ETag', '"a"']] } },
      {
        response: { status: 304, headers: [...FRESH, ['ETag', '"a"']] },
        ...told('fwd=stale', 'fwd-status=304', /ttl=3(?:600|59\d)/),
      },
    ],
  },
  {
    name: 'a stale response, served stale: a negative ttl',
    steps: [
      { response: { headers: [...cc('max-age=10'), ['Age', '30']] } },
      { headers: cc('max-stale'), ...told('hit', /ttl=-2\d/) },
    ],
  },
  {
    name: 'the request demands it',
    steps: [
      { response: { headers: FRESH } },
      { headers: cc('no-cache'), response: { headers: FRESH }, ...told('fwd=request') },
    ],
  },
  {
    name: 'one that waited for a validation tells what the origin answered to that',
    steps: [
      { response: { headers: [...STALE, ['ETag', '"a"']] } },
      ...[0, 1].map((index): Step => ({
        response: { status: 304, headers: [...FRESH, ['ETag', '"a"']], delay: 500 },
        ...(index === 0 ? {} : { together: true }),
        ...told('fwd=stale', 'fwd-status=304', ...(index === 0 ? [] : ['collapsed'])),
      })),
    ],
  },
  { name: 'the method demands it', steps: [{ method: 'POST', content: 'x', response: {}, ...told('fwd=method') }] },
  {
    name: 'a part that does not do',
    steps: [
      {
        headers: [['Range', 'bytes=0-1']],
        response: { status: 206, headers: [...FRESH, ['Content-Range', 'bytes 0-1/10']], body: '01' },
      },
      { response: { headers: FRESH, body: '0123456789' }, ...told('fwd=partial') },
    ],
  },
  {
    name: 'it is appended to what upstream caches said',
    steps: [
      {
        response: { headers: [...FRESH, ['Cache-Status', 'Origin; hit']] },
        expect: { 'cache-status': /^Origin; hit, Hopscope; fwd=uri-miss/ },
      },
      { reaches: false, expect: { 'cache-status': /^Origin; hit, Hopscope; hit/ } },
      { reaches: false, expect: { 'cache-status': /^Origin; hit, Hopscope; hit[^,]*$/ } },
    ],
  },
]);

const SEARCH: Fields = [['No-Vary-Search', 'params=("a")']];
const foo = (value: string): Fields => [['Foo', value]];

conformance(
  'No-Vary-Search beside other rules',
  [
    {
      name: 'the most recent of all that match answers',
      steps: [
        { path: '?a=1', response: { headers: [...FRESH, ...SEARCH, ['Date', '{-20}']] }, reaches: true },
        { path: '?a=2', headers: cc('no-cache'), response: { headers: [...FRESH, ...SEARCH] }, reaches: true },
        { path: '?a=1', reaches: false, body: 1 },
      ],
    },
    {
      name: 'a variant that is stored for another query answers',
      steps: [
        ...['1', '2'].map((value): Step => ({
          ...{ path: `?a=${value}`, headers: foo(value), reaches: true },
          response: { headers: [...FRESH, ...SEARCH, ['Vary', 'Foo']] },
        })),
        { path: '?a=1', headers: foo('2'), reaches: false, body: 1 },
        { path: '?a=3', headers: foo('1'), reaches: false, body: 0 },
        { path: '?a=4', method: 'POST', content: 'x', response: {}, reaches: true },
        { path: '?a=1', headers: foo('1'), response: respond('no-store'), reaches: true },
      ],
    },
    {
      name: 'a HEAD contradicts what is stored for another query',
      steps: [
        { path: '?a=1', response: { headers: [...FRESH, ...SEARCH, ['ETag', '"a"']] }, reaches: true },
        {
          ...{ path: '?a=2', method: 'HEAD', headers: cc('no-cache'), reaches: true },
          response: respond('no-store', [...SEARCH, ['ETag', '"b"']]),
        },
        { path: '?a=1', response: respond('no-store'), reaches: true, request: { 'if-none-match': '"a"' }, body: 2 },
      ],
    },
  ],
  { alsoPrivate: true },
);

const search = (name: string, field: string, first: string, second: string, same: boolean): Scenario =>
  (same ? reused : notReused)(
    `${name} \`${field}\`: ${first} and ${second}`,
    [...FRESH, ['No-Vary-Search', field]],
    { path: first },
    { path: second },
  );

conformance('No-Vary-Search', [
  notReused('without it the query counts', FRESH, { path: '?a=1' }, { path: '?a=2' }),
  notReused('without it the order counts', FRESH, { path: '?a=1&b=2' }, { path: '?b=2&a=1' }),
  reused('without it the same query is the same', FRESH, { path: '?a=1&b=2' }, { path: '?a=1&b=2' }),
  search('ignored', 'params=("a")', '?a=1', '?a=2', true),
  search('ignored', 'params=("a")', '?a=1', '', true),
  search('ignored', 'params=("a")', '?a=1&b=1', '?b=1&a=2', true),
  search('not ignored', 'params=("a")', '?a=1&b=1', '?a=1&b=2', false),
  search('ignored', 'params=("a" "b")', '?a=1&b=1', '?a=2&b=2', true),
  search('ignored', 'params', '?a=1', '?b=2&c', true),
  search('ignored', 'params=?1', '?a=1', '?b=2', true),
  search('not ignored', 'params=?0', '?a=1', '?a=2', false),
  search('all but', 'params, except=("id")', '?id=1&a=1', '?id=1&b=2', true),
  search('all but', 'params, except=("id")', '?id=1&a=1', '?id=2&a=1', false),
  search('order', 'key-order', '?a=1&b=2', '?b=2&a=1', true),
  search('order', 'key-order', '?a=1&b=2', '?b=1&a=1', false),
  search('order', 'key-order=?0', '?a=1&b=2', '?b=2&a=1', false),
  search('order', 'key-order, params=("c")', '?a=1&b=2&c', '?b=2&a=1', true),
  search('encoded names', 'params=("%C3%A9")', '?%C3%A9=1', '?%c3%a9=2', true),
  search('encoded names', 'params=("a+b")', '?a+b=1', '?a%20b=2', true),
  search('invalid: except without params', 'except=("a")', '?b=1', '?b=2', false),
  search('invalid: a token', 'params=(a)', '?a=1', '?a=2', false),
  search('invalid: a string', 'params="a"', '?a=1', '?a=2', false),
  search('invalid: syntax', 'params=("a"', '?a=1', '?a=2', false),
  search('unknown members', 'foo=1, params=("a")', '?a=1', '?a=2', true),
]);
