import { conformance } from './harness.ts';
import type { Expected, Fields, Scenario } from './scenario.ts';
import { cc, respond } from './scenario.ts';

/** RFC 9111 §4.3.5: what a response to HEAD changes in the stored response to GET. */

const TAG: Fields = [['ETag', '"abc"']];
const FRESH = cc('max-age=3600');

/** @param third what the next GET gets: the stored response, or the origin's answer to these conditions */
const head = (name: string, before: Fields, after: Fields, third: 'stored' | Expected): Scenario => ({
  name,
  steps: [
    { response: { headers: [...cc('max-age=1'), ...before] }, reaches: true },
    { after: 2100, method: 'HEAD', response: { headers: after }, reaches: true, status: 200, body: '' },
    third === 'stored'
      ? { reaches: false, body: 0, expect: { test: 'B' } }
      : { response: respond('no-store'), reaches: true, request: third, body: 2 },
  ],
});
const TEST: Fields = [['Test', 'B']];

conformance(
  'HEAD and the stored GET',
  [
    head(
      'a HEAD that matches freshens it',
      [...TAG, ['Test', 'A']],
      [...FRESH, ...TAG, ...TEST, ['Content-Length', '6']],
      'stored',
    ),
    head(
      'a HEAD without validators freshens it',
      [
        ['Test', 'A'],
        ['Last-Modified', '{-5000}'],
      ],
      [...FRESH, ...TEST, ['Content-Length', '6']],
      'stored',
    ),
    head(
      'a HEAD with another ETag makes it stale',
      [...TAG, ['Test', 'A']],
      [...FRESH, ['ETag', '"other"'], ['Content-Length', '6']],
      { 'if-none-match': '"abc"' },
    ),
    head(
      'a HEAD with another Last-Modified makes it stale',
      [['Last-Modified', '{-5000}']],
      [...FRESH, ['Last-Modified', '{-4000}'], ['Content-Length', '6']],
      { 'if-modified-since': '{-5000}' },
    ),
    head('a HEAD with another Content-Length makes it stale', TAG, [...FRESH, ...TAG, ['Content-Length', '7']], {
      'if-none-match': '"abc"',
    }),
    ...(
      [
        [
          'is confirmed by a 304',
          respond('max-age=3600', TAG, { status: 304 }),
          { body: 0 },
          { reaches: false, body: 0 },
        ],
        [
          'is replaced by a 200',
          respond('max-age=3600', [['ETag', '"new"']]),
          { body: 2 },
          { reaches: false, body: 2 },
        ],
        ['stands in for an origin that closes', { drop: true }, { body: 0 }, { response: { drop: true }, body: 0 }],
        [
          'gives way to an error',
          respond('no-store', [], { status: 500 }),
          { status: 500 },
          { response: { drop: true }, body: 0 },
        ],
      ] as const
    ).map(([what, response, then, last]): Scenario => ({
      name: `what was fresh until a HEAD contradicted it ${what}`,
      steps: [
        { response: { headers: [...FRESH, ...TAG] }, reaches: true },
        {
          method: 'HEAD',
          headers: cc('no-cache'),
          response: respond('no-store', [['ETag', '"new"']]),
          reaches: true,
          body: '',
        },
        { response, reaches: true, request: { 'if-none-match': '"abc"' }, ...then },
        last,
      ],
    })),
    {
      name: 'what a HEAD has contradicted does not stand in against must-revalidate',
      steps: [
        { response: { headers: [...cc('max-age=3600, must-revalidate'), ...TAG] }, reaches: true },
        {
          method: 'HEAD',
          headers: cc('no-cache'),
          response: respond('no-store', [['Content-Length', '7']]),
          reaches: true,
          body: '',
        },
        { response: { drop: true }, reaches: true, status: 504 },
      ],
    },
    ...(
      [
        ['the same Last-Modified', [['Last-Modified', '{-5000}']]],
        ['no validator', []],
      ] as const
    ).map(([what, validators]): Scenario => ({
      name: `a HEAD of another variant, which brings Vary, says nothing about these bytes: ${what}`,
      steps: [
        {
          headers: [['Foo', '1']],
          response: { headers: [...cc('max-age=1'), ['Age', '100'], ...validators] },
          reaches: true,
        },
        {
          headers: [['Foo', '2']],
          method: 'HEAD',
          response: { headers: [...FRESH, ...validators, ['Vary', 'Foo'], ['Content-Length', '6']] },
          reaches: true,
          body: '',
        },
        { headers: [['Foo', '2']], response: respond('no-store'), reaches: true, body: 2 },
      ],
    })),
    {
      name: 'a HEAD that was answered 200 does not freshen a 404',
      steps: [
        { response: respond('max-age=60', [['Age', '100']], { status: 404 }), reaches: true, status: 404 },
        {
          ...{ method: 'HEAD', reaches: true, status: 200 },
          response: { raw: 'HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\n\r\n' },
        },
        { response: respond('no-store'), reaches: true, body: 2 },
      ],
    },
    {
      name: 'a HEAD that was answered 404 does not freshen it',
      steps: [
        { response: respond('max-age=1', TAG), reaches: true },
        {
          after: 2100,
          method: 'HEAD',
          response: respond('max-age=3600', [], { status: 404 }),
          reaches: true,
          status: 404,
        },
        { response: respond('no-store'), reaches: true, body: 2 },
      ],
    },
    {
      name: 'a HEAD is validated with the conditions of the stored GET',
      steps: [
        { response: respond('max-age=0', TAG), reaches: true },
        {
          method: 'HEAD',
          response: { status: 304, headers: [...FRESH, ...TAG] },
          reaches: true,
          status: 200,
          body: '',
          expect: { 'content-length': '6' },
        },
        { reaches: false, body: 0 },
      ],
    },
  ],
  { alsoPrivate: true },
);
