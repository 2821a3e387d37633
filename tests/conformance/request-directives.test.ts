import { conformance } from './harness.ts';
import type { Fields, Scenario, Step } from './scenario.ts';
import { cc, notReused, respond, reused } from './scenario.ts';

/** RFC 9111 §5.2.1: request directives, §5.4: Pragma. */

const FRESH = cc('max-age=3600');
const AGED: Fields = [...FRESH, ['Age', '1800']];
const STALE: Fields = [...cc('max-age=1800'), ['Age', '1900']];
const ask = (...values: string[]): Step => ({ headers: cc(...values) });
const pragma = (value: string): Step => ({ headers: [['Pragma', value]] });
const conditional = (name: string, validator: Fields, request: NonNullable<Step['request']>): Scenario => ({
  name,
  steps: [
    { response: respond('max-age=3600', validator), reaches: true },
    { ...ask('no-cache'), response: { status: 304, headers: validator }, reaches: true, request, status: 200, body: 0 },
  ],
});

conformance('request directives', [
  notReused('max-age=0', FRESH, {}, ask('max-age=0')),
  notReused('max-age=1 after 2 s', FRESH, {}, { ...ask('max-age=1'), after: 2100 }),
  notReused('max-age below the Age', AGED, {}, ask('max-age=600')),
  reused('max-age above the Age', AGED, {}, ask('max-age=1900')),
  reused('an invalid max-age', FRESH, {}, ask('max-age=foo')),
  reused('a negative max-age', FRESH, {}, ask('max-age=-1')),
  notReused('MAX-AGE="0"', FRESH, {}, ask('MAX-AGE="0"')),
  reused('max-age in a quoted string', FRESH, {}, ask('foo="max-age=0"')),
  notReused('max-age beyond a stale response does not freshen it', STALE, {}, ask('max-age=99999')),
  reused('min-fresh below what is left', AGED, {}, ask('min-fresh=1700')),
  notReused('min-fresh above what is left', AGED, {}, ask('min-fresh=1900')),
  notReused('min-fresh above the lifetime', FRESH, {}, ask('min-fresh=7200')),
  reused('an invalid min-fresh', FRESH, {}, ask('min-fresh=a')),
  reused('max-stale without a value', STALE, {}, { ...ask('max-stale'), expect: { age: /^19\d\d$/ } }),
  reused('max-stale wide enough', STALE, {}, ask('max-stale=1000')),
  notReused('max-stale too narrow', STALE, {}, ask('max-stale=50')),
  notReused('an invalid max-stale', STALE, {}, ask('max-stale=a')),
  notReused(
    'max-stale against must-revalidate',
    [...cc('max-age=1800, must-revalidate'), ['Age', '1900']],
    {},
    ask('max-stale=1000'),
  ),
  notReused(
    'max-stale against proxy-revalidate',
    [...cc('max-age=1800, proxy-revalidate'), ['Age', '1900']],
    {},
    ask('max-stale=1000'),
  ),
  notReused('max-stale against s-maxage', [...cc('s-maxage=1800'), ['Age', '1900']], {}, ask('max-stale=1000')),
  notReused(
    'max-stale against no-cache',
    [...cc('max-age=3600, no-cache'), ['ETag', '"a"']],
    {},
    ask('max-stale=1000'),
  ),
  notReused('max-stale does not widen max-age', AGED, {}, ask('max-age=1000, max-stale=1000')),
  reused('max-stale beside a max-age that is kept', STALE, {}, ask('max-age=2000, max-stale=1000')),
  notReused('no-cache', FRESH, {}, ask('no-cache')),
  notReused('No-Cache', FRESH, {}, ask('No-Cache')),
  notReused('no-cache among others', FRESH, {}, ask('foo, no-cache, max-age=100')),
  notReused('no-cache in a second line', FRESH, {}, ask('foo', 'no-cache')),
  conditional('no-cache validates with the ETag', [['ETag', '"abc"']], { 'if-none-match': '"abc"' }),
  conditional('no-cache validates with Last-Modified', [['Last-Modified', '{-5000}']], {
    'if-modified-since': '{-5000}',
  }),
  {
    name: 'an answer to no-cache is stored',
    steps: [
      { ...ask('no-cache'), response: respond('max-age=3600'), reaches: true },
      { reaches: false, body: 0 },
    ],
  },
  notReused('no-store: the answer is not stored', FRESH, ask('no-store')),
  {
    name: 'no-store leaves alone what is stored',
    steps: [
      { response: respond('max-age=3600'), reaches: true },
      { ...ask('no-store, no-cache'), response: respond('max-age=3600'), reaches: true, body: 1 },
      { reaches: false, body: 0 },
    ],
  },
  {
    name: 'only-if-cached without a stored response',
    steps: [{ ...ask('only-if-cached'), reaches: false, status: 504 }],
  },
  reused('only-if-cached with a fresh response', FRESH, {}, ask('only-if-cached')),
  {
    name: 'only-if-cached with a stale response',
    steps: [
      { response: { headers: STALE }, reaches: true },
      { ...ask('only-if-cached'), reaches: false, status: 504 },
    ],
  },
  reused('only-if-cached with a stale response and max-stale', STALE, {}, ask('only-if-cached, max-stale')),
  {
    name: 'only-if-cached with no-cache',
    steps: [
      { response: respond('max-age=3600'), reaches: true },
      { ...ask('only-if-cached, no-cache'), reaches: false, status: 504 },
    ],
  },
  ...['POST', 'OPTIONS', 'FOO'].map((method): Scenario => ({
    name: `only-if-cached with ${method}`,
    steps: [
      { response: respond('max-age=3600'), reaches: true },
      { ...ask('only-if-cached'), method, reaches: false, status: 504 },
    ],
  })),
  {
    name: 'only-if-cached with If-Match, which the origin alone may evaluate',
    steps: [
      { response: respond('max-age=3600', [['ETag', '"a"']]), reaches: true },
      { headers: [...cc('only-if-cached'), ['If-Match', '"a"']], reaches: false, status: 504 },
    ],
  },
  notReused('no-cache behind a semicolon', FRESH, {}, ask('max-age=3600; no-cache')),
  reused('no-transform', FRESH, {}, ask('no-transform')),
  reused('unknown directives', FRESH, {}, ask('foo, bar="baz", no-cash')),
  reused('unknown directives in the first request', FRESH, ask('foo')),
  reused('stale-if-error means nothing to a fresh response', FRESH, {}, ask('stale-if-error=60')),
  reused('must-revalidate is no request directive', FRESH, {}, ask('must-revalidate')),
  notReused('Pragma: no-cache', FRESH, {}, pragma('no-cache')),
  notReused('Pragma: No-Cache', FRESH, {}, pragma('No-Cache')),
  notReused('Pragma: foo, no-cache', FRESH, {}, pragma('foo, no-cache')),
  reused('an unknown Pragma', FRESH, {}, pragma('foo')),
  reused('an unknown Pragma with an argument', FRESH, {}, pragma('foo="no-cache"')),
  reused('Pragma beside Cache-Control', FRESH, {}, { headers: [['Pragma', 'no-cache'], ...cc('max-age=9999')] }),
  reused('an unknown Pragma in the first request', FRESH, pragma('foo')),
  reused('an Expect or Warning field', FRESH, {}, { headers: [['Warning', '110 - "x"']] }),
]);
