import { conformance } from './harness.ts';
import type { Fields, Scenario, Step } from './scenario.ts';
import { cc, respond } from './scenario.ts';

/** RFC 9110 §9.3.2: the answer to HEAD is stored as what it is, a head, and answers HEAD alone. */

const FRESH = cc('max-age=3600');
const LENGTH: Fields = [['Content-Length', '12345']];
const TAG: Fields = [['ETag', '"a"']];
const head = (response: Step['response'], more: Step = {}): Step => ({
  ...{ method: 'HEAD', reaches: true, body: '' },
  ...(response === undefined ? {} : { response }),
  ...more,
});
const stored = (expect: Step['expect'] = {}, more: Step = {}): Step => ({
  ...{ method: 'HEAD', reaches: false, status: 200, body: '', expect: { age: /^\d+$/, ...expect } },
  ...more,
});
const get = (more: Step = {}): Step => ({ response: { headers: FRESH }, reaches: true, status: 200, ...more });

const kept = (name: string, headers: Fields, expect: Step['expect'], status = 200): Scenario => ({
  name,
  steps: [head({ status, headers }), stored(expect, { status })],
});
const notKept = (name: string, headers: Fields, first: Step = {}, second: Step = {}): Scenario => ({
  name,
  steps: [head({ headers }, first), head({ headers: cc('no-store') }, second)],
});

conformance(
  'a stored answer to HEAD',
  [
    kept('answers HEAD, with the length that it told', [...FRESH, ...LENGTH], { 'content-length': '12345' }),
    {
      name: 'tells of no length when it told none',
      steps: [
        head({ raw: 'HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\nFoo: bar\r\n\r\n' }),
        stored({ 'content-length': null, foo: 'bar' }),
      ],
    },
    kept('without explicit freshness is fresh by heuristics', [['Last-Modified', '{-864000}']], {}),
    kept('may be that something is not found', FRESH, {}, 404),
    notKept('is not stored against no-store', cc('max-age=3600, no-store')),
    notKept('is not fresh for longer than it says', cc('max-age=0')),
    notKept('is not stored without freshness', LENGTH),
    notKept('is not stored against no-store in the request', FRESH, { headers: cc('no-store') }),
    {
      name: 'does not answer GET, whose answer then answers HEAD',
      steps: [
        head({ headers: [...FRESH, ...LENGTH, ...TAG] }),
        get({ request: { 'if-none-match': null }, expect: { 'cache-status': /Hopscope; fwd=miss/ }, body: 1 }),
        stored({ 'content-length': '6' }),
        { reaches: false, body: 1 },
      ],
    },
    {
      name: 'does not answer a range',
      steps: [head({ headers: [...FRESH, ...LENGTH] }), get({ headers: [['Range', 'bytes=0-1']] })],
    },
    {
      name: 'is nothing for a GET that is only-if-cached',
      steps: [head({ headers: FRESH }), { headers: cc('only-if-cached'), reaches: false, status: 504 }],
    },
    {
      name: 'answers a condition with 304',
      steps: [
        head({ headers: [...FRESH, ...TAG] }),
        { method: 'HEAD', headers: [['If-None-Match', '"a"']], reaches: false, status: 304 },
      ],
    },
    {
      name: 'is chosen by Vary',
      steps: [
        head({ headers: [...FRESH, ['Vary', 'Foo'], ['Test', 'A']] }, { headers: [['Foo', '1']] }),
        head({ headers: [...FRESH, ['Vary', 'Foo'], ['Test', 'B']] }, { headers: [['Foo', '2']] }),
        stored({ test: 'A' }, { headers: [['Foo', '1']] }),
        stored({ test: 'B' }, { headers: [['Foo', '2']] }),
      ],
    },
    {
      name: 'is no variant that a GET could select',
      steps: [
        head({ headers: [...FRESH, ...TAG, ['Vary', 'Foo']] }, { headers: [['Foo', '1']] }),
        get({ headers: [['Foo', '2']], request: { 'if-none-match': null } }),
      ],
    },
    {
      name: 'is validated when stale',
      steps: [
        head({ headers: [...cc('max-age=0'), ...TAG, ...LENGTH] }),
        head(
          { status: 304, headers: [...FRESH, ...TAG, ['Test', 'B']] },
          { request: { 'if-none-match': '"a"' }, status: 200, expect: { 'content-length': '12345', test: 'B' } },
        ),
        stored({ 'content-length': '12345', test: 'B' }),
        get({ request: { 'if-none-match': null } }),
      ],
    },
    {
      name: 'is replaced by a newer one',
      steps: [
        head({ headers: [...FRESH, ['Test', 'A']] }),
        head({ headers: [...FRESH, ['Test', 'B']] }, { headers: cc('no-cache') }),
        stored({ test: 'B' }),
      ],
    },
    {
      name: 'is forgotten when a newer one must not be stored',
      steps: [
        head({ headers: [...FRESH, ['Test', 'A']] }),
        head({ headers: cc('no-store') }, { headers: cc('no-cache') }),
        head({ headers: cc('no-store') }),
      ],
    },
    {
      name: 'stands in when stale and the origin closes',
      steps: [
        head({ headers: [...cc('max-age=60'), ['Age', '100'], ...LENGTH] }),
        head({ drop: true }, { status: 200, expect: { 'content-length': '12345' } }),
      ],
    },
    {
      name: 'is validated in the background by HEAD',
      steps: [
        head({ headers: [...cc('max-age=60, stale-while-revalidate=100'), ['Age', '100'], ['Test', 'A']] }),
        { method: 'HEAD', response: { headers: [...FRESH, ['Test', 'B']] }, status: 200, expect: { test: 'A' } },
        { ...stored({ test: 'B' }), after: 1500, total: 2 },
        get(),
      ],
    },
    {
      name: 'is invalidated by an unsafe method',
      steps: [
        head({ headers: FRESH }),
        { method: 'POST', content: 'x', response: {}, reaches: true },
        head({ headers: FRESH }),
      ],
    },
    {
      name: 'leaves a stored GET where it is',
      steps: [
        get({ response: { headers: [...cc('max-age=3600'), ...TAG] } }),
        head({ status: 404, headers: FRESH }, { headers: cc('no-cache'), status: 404 }),
        { reaches: false, body: 0 },
        stored({}, { status: 404 }),
      ],
    },
    {
      name: 'in place of an outdated GET answers HEAD alone',
      steps: [
        get({ response: { headers: [...cc('max-age=3600'), ...TAG] } }),
        head({ headers: [...FRESH, ['ETag', '"b"']] }, { headers: cc('no-cache') }),
        stored({ etag: '"b"' }),
        { response: respond('no-store'), reaches: true, request: { 'if-none-match': '"a"' }, body: 3 },
      ],
    },
  ],
  { alsoPrivate: true },
);
