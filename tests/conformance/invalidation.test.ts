import { conformance } from './harness.ts';
import type { Fields, Scenario, Step } from './scenario.ts';
import { cc, respond } from './scenario.ts';

/** RFC 9111 §4.4: invalidation by unsafe methods, RFC 9875 §3: by groups. */

const FRESH = cc('max-age=3600');
const METHODS = ['POST', 'PUT', 'DELETE', 'PATCH', 'M-SEARCH', 'FOO', 'LOCK'];
const store = (path?: string, headers: Fields = FRESH): Step => ({
  ...(path === undefined ? {} : { path }),
  response: { headers },
  reaches: true,
});
const act = (method: string, status: number, headers: Fields = [], path?: string): Step => ({
  method,
  content: 'x',
  response: { status, headers },
  reaches: true,
  ...(path === undefined ? {} : { path }),
});
const gone = (path?: string): Step => ({
  response: respond('no-store'),
  reaches: true,
  ...(path === undefined ? {} : { path }),
});
const kept = (path?: string): Step => ({ reaches: false, status: 200, ...(path === undefined ? {} : { path }) });

const invalidates = (method: string, status: number): Scenario => ({
  name: `${method} answered ${status} invalidates`,
  steps: [store(), act(method, status), gone()],
});
const leaves = (method: string, status: number): Scenario => ({
  name: `${method} answered ${status} does not invalidate`,
  steps: [store(), act(method, status), kept()],
});
/** `{self}` is replaced by nothing: locations are relative to the scenario's own path, `/reverse-0/act`. */
const located = (field: string, method: string, location: string, wanted: 'gone' | 'kept', status = 201): Scenario => ({
  name: `${method} with ${field}: ${location} (${status}): ${wanted}`,
  steps: [
    store('/other'),
    act(method, status, [[field, location]], '/act'),
    wanted === 'gone' ? gone('/other') : kept('/other'),
  ],
});

conformance('invalidation', [
  ...METHODS.flatMap((method) => [200, 201, 204, 301, 302, 303].map((status) => invalidates(method, status))),
  ...METHODS.flatMap((method) => [400, 403, 404, 500, 503].map((status) => leaves(method, status))),
  ...['OPTIONS', 'PROPFIND', 'REPORT', 'SEARCH', 'QUERY'].map((method) => leaves(method, 200)),
  ...['Location', 'Content-Location'].flatMap((field) => [
    ...METHODS.map((method) => located(field, method, 'other', 'gone')),
    located(field, 'POST', './other#fragment', 'gone'),
    located(field, 'POST', 'http://elsewhere.example/other', 'kept'),
    located(field, 'POST', '//elsewhere.example/other', 'kept'),
    located(field, 'POST', 'http://', 'kept'),
    located(field, 'POST', 'other', 'kept', 404),
    located(field, 'POST', 'other', 'kept', 500),
    located(field, 'GET', 'other', 'kept', 200),
    located(field, 'POST', 'other?x', 'kept'),
  ]),
  ...['/{x}|', '/%7Bx%7D|'].map((path) => ({
    name: `a Location with braces invalidates what was asked for as ${path}`,
    steps: [store(path), act('POST', 201, [['Location', '{x}|']], '/act'), gone(path)],
  })),
  {
    name: 'every variant is invalidated',
    steps: [
      { headers: [['Foo', '1']], response: { headers: [...FRESH, ['Vary', 'Foo']] }, reaches: true },
      { headers: [['Foo', '2']], response: { headers: [...FRESH, ['Vary', 'Foo']] }, reaches: true },
      { ...act('POST', 200), headers: [['Foo', '3']] },
      { ...gone(), headers: [['Foo', '1']] },
      { ...gone(), headers: [['Foo', '2']] },
    ],
  },
  {
    name: 'another URL stays',
    steps: [store('/a'), store('/a?b'), store('/b'), act('POST', 200, [], '/a'), gone('/a'), kept('/a?b'), kept('/b')],
  },
  {
    name: 'a POST that the origin drops leaves what is stored',
    steps: [store(), { method: 'POST', content: 'x', response: { drop: true }, reaches: true, status: 502 }, kept()],
  },
  {
    name: 'a group is invalidated',
    steps: [
      store('/a', [...FRESH, ['Cache-Groups', '"one", "two"']]),
      store('/b', [...FRESH, ['Cache-Groups', '"two"']]),
      store('/c', [...FRESH, ['Cache-Groups', '"three"']]),
      act('POST', 200, [['Cache-Group-Invalidation', '"two"']], '/act'),
      gone('/a'),
      gone('/b'),
      kept('/c'),
    ],
  },
  {
    name: 'several groups are invalidated, in any order of lines',
    steps: [
      store('/a', [...FRESH, ['Cache-Groups', '"one"']]),
      store('/b', [...FRESH, ['Cache-Groups', '"two"']]),
      act(
        'PUT',
        204,
        [
          ['Cache-Group-Invalidation', '"two"'],
          ['Cache-Group-Invalidation', '"one"'],
        ],
        '/act',
      ),
      gone('/a'),
      gone('/b'),
    ],
  },
  {
    name: 'what answers for the URL by No-Vary-Search is invalidated with it',
    steps: [
      store('/p?a=1&b=1', [...FRESH, ['No-Vary-Search', 'params=("a")']]),
      store('/p?a=1&b=2', [...FRESH, ['No-Vary-Search', 'params=("a")']]),
      act('POST', 200, [], '/p?a=2&b=1'),
      gone('/p?a=2&b=1'),
      gone('/p?a=1&b=1'),
      kept('/p?a=1&b=2'),
    ],
  },
  {
    name: 'what is invalidated takes what shares a group with it, and that takes nothing further',
    steps: [
      store('/a', [...FRESH, ['Cache-Groups', '"mine"']]),
      store('/b', [...FRESH, ['Cache-Groups', '"mine", "theirs"']]),
      store('/c', [...FRESH, ['Cache-Groups', '"theirs"']]),
      act('POST', 200, [], '/a'),
      gone('/a'),
      gone('/b'),
      kept('/c'),
    ],
  },
  {
    name: 'what was asked for before its group was invalidated, and comes after that, is not kept',
    steps: [
      { path: '/a', response: respond('max-age=3600', [['Cache-Groups', '"slow"']], { delay: 600 }), reaches: true },
      {
        ...act('POST', 200, [['Cache-Group-Invalidation', '"slow"']], '/act'),
        together: true,
        after: 200,
      },
      gone('/a'),
    ],
  },
  {
    name: 'what a 304 has selected for another variant, and was asked for before the invalidation, is not kept',
    steps: [
      {
        headers: [['X', '1']],
        response: respond('max-age=3600', [
          ['Vary', 'X'],
          ['ETag', '"a"'],
        ]),
        reaches: true,
      },
      {
        headers: [['X', '2']],
        response: { status: 304, headers: [...FRESH, ['Vary', 'X'], ['ETag', '"a"']], delay: 600 },
        reaches: true,
        body: 0,
      },
      { ...act('POST', 200), together: true, after: 200 },
      { ...gone(), headers: [['X', '2']] },
    ],
  },
  {
    name: 'what a Location names takes what shares a group with it',
    steps: [
      store('/a', [...FRESH, ['Cache-Groups', '"located"']]),
      store('/b', [...FRESH, ['Cache-Groups', '"located"']]),
      act('POST', 201, [['Location', 'a']], '/act'),
      gone('/b'),
    ],
  },
  {
    name: 'groups are case-sensitive',
    steps: [
      store('/a', [...FRESH, ['Cache-Groups', '"One"']]),
      act('POST', 200, [['Cache-Group-Invalidation', '"one"']], '/act'),
      kept('/a'),
    ],
  },
  {
    name: 'an invalid group list means nothing',
    steps: [
      store('/a', [...FRESH, ['Cache-Groups', '"a"']]),
      act('POST', 200, [['Cache-Group-Invalidation', 'a, "a"']], '/act'),
      kept('/a'),
    ],
  },
  {
    name: 'groups are invalidated by unsafe methods alone',
    steps: [
      store('/a', [...FRESH, ['Cache-Groups', '"a"']]),
      { path: '/act', response: respond('no-store', [['Cache-Group-Invalidation', '"a"']]), reaches: true },
      kept('/a'),
    ],
  },
  {
    name: 'groups are not invalidated by errors',
    steps: [
      store('/a', [...FRESH, ['Cache-Groups', '"a"']]),
      act('POST', 500, [['Cache-Group-Invalidation', '"a"']], '/act'),
      kept('/a'),
    ],
  },
]);
