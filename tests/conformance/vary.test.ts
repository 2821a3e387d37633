import { conformance } from './harness.ts';
import type { Fields, Scenario } from './scenario.ts';
import { cc, notReused, respond, reused } from './scenario.ts';

/** RFC 9111 §4.1 and RFC 9110 §12.5.5: Vary. */

const vary = (...values: string[]): Fields => [
  ...cc('max-age=3600'),
  ...values.map((value) => ['Vary', value] as const),
];
const match = (name: string, by: string | string[], first: Fields, second: Fields): Scenario =>
  reused(name, vary(...[by].flat()), { headers: first }, { headers: second });
const mismatch = (name: string, by: string | string[], first: Fields, second: Fields): Scenario =>
  notReused(name, vary(...[by].flat()), { headers: first }, { headers: second });
const same = (name: string, field: string, a: string, b: string): Scenario =>
  match(`${name}: \`${a}\` is \`${b}\``, field, [[field, a]], [[field, b]]);

conformance(
  'Vary',
  [
    match('a field that matches', 'Foo', [['Foo', '1']], [['Foo', '1']]),
    mismatch('a field that differs', 'Foo', [['Foo', '1']], [['Foo', '2']]),
    mismatch('a field that went', 'Foo', [['Foo', '1']], []),
    mismatch('a field that came', 'Foo', [], [['Foo', '1']]),
    match('absent both times', 'Foo', [], []),
    mismatch('absent and empty', 'Foo', [], [['Foo', '']]),
    match('a name in another case', 'fOO', [['Foo', '1']], [['foo', '1']]),
    mismatch('a name in another case, and values that differ', 'fOO', [['Foo', '1']], [['foo', '2']]),
    mismatch('a value in another case', 'Foo', [['Foo', 'a']], [['Foo', 'A']]),
    ...['Foo; q=1', 'Foo Bar', '"Foo"', '* Foo', 'Bar, Foo:'].map((value) =>
      mismatch(`what is no field name matches nothing: ${value}`, value, [['Foo', '1']], [['Foo', '1']]),
    ),
    mismatch(
      'parameters of a media type in another case',
      'Accept',
      [['Accept', 'application/ld+json;profile="http://x/A"']],
      [['Accept', 'application/ld+json;profile="http://x/a"']],
    ),
    mismatch(
      'white space in a quoted parameter',
      'Accept',
      [['Accept', 'application/x;p="a; b"']],
      [['Accept', 'application/x;p="a;b"']],
    ),
    mismatch('a parameter in another case', 'Accept', [['Accept', 'a/b;v=A']], [['Accept', 'a/b;v=a']]),
    match(
      'fields that Vary does not name',
      'Foo',
      [
        ['Foo', '1'],
        ['Other', '2'],
      ],
      [
        ['Foo', '1'],
        ['Other', '3'],
      ],
    ),
    match(
      'two fields',
      'Foo, Bar',
      [
        ['Foo', '1'],
        ['Bar', 'a'],
      ],
      [
        ['Foo', '1'],
        ['Bar', 'a'],
      ],
    ),
    match(
      'two fields in another order',
      'Foo, Bar',
      [
        ['Foo', '1'],
        ['Bar', 'a'],
      ],
      [
        ['Bar', 'a'],
        ['Foo', '1'],
      ],
    ),
    match(
      'two fields in two lines',
      ['Foo', 'Bar'],
      [
        ['Foo', '1'],
        ['Bar', 'a'],
      ],
      [
        ['Foo', '1'],
        ['Bar', 'a'],
      ],
    ),
    mismatch(
      'two fields in two lines, the second differs',
      ['Foo', 'Bar'],
      [
        ['Foo', '1'],
        ['Bar', 'a'],
      ],
      [
        ['Foo', '1'],
        ['Bar', 'b'],
      ],
    ),
    mismatch(
      'two fields, one differs',
      'Foo, Bar',
      [
        ['Foo', '1'],
        ['Bar', 'a'],
      ],
      [
        ['Foo', '1'],
        ['Bar', 'b'],
      ],
    ),
    mismatch(
      'two fields, one went',
      'Foo, Bar',
      [
        ['Foo', '1'],
        ['Bar', 'a'],
      ],
      [['Foo', '1']],
    ),
    match('two fields, one always absent', 'Foo, Bar', [['Foo', '1']], [['Foo', '1']]),
    match(
      'three fields',
      'Foo, Bar, Baz',
      [
        ['Foo', '1'],
        ['Bar', 'a'],
        ['Baz', '9'],
      ],
      [
        ['Baz', '9'],
        ['Bar', 'a'],
        ['Foo', '1'],
      ],
    ),
    mismatch(
      'three fields, the last differs',
      'Foo, Bar, Baz',
      [
        ['Foo', '1'],
        ['Bar', 'a'],
        ['Baz', '9'],
      ],
      [
        ['Foo', '1'],
        ['Bar', 'a'],
        ['Baz', '8'],
      ],
    ),
    mismatch(
      'three fields, one went',
      'Foo, Bar, Baz',
      [
        ['Foo', '1'],
        ['Bar', 'a'],
        ['Baz', '9'],
      ],
      [
        ['Foo', '1'],
        ['Bar', 'a'],
      ],
    ),
    match('a name twice', 'Foo, foo', [['Foo', '1']], [['Foo', '1']]),
    match('empty members', ', ,Foo,,', [['Foo', '1']], [['Foo', '1']]),
    mismatch('empty members, and values that differ', ', ,Foo,,', [['Foo', '1']], [['Foo', '2']]),
    match('an empty Vary', '', [['Foo', '1']], [['Foo', '2']]),
    ...['*', '*, *', '*, Foo', 'Foo, *', ', *', '* ,', '*,*'].map((by) => mismatch(`Vary: ${by}`, by, [], [])),
    mismatch('Vary: * in two lines', ['*', '*'], [], []),
    mismatch('Vary: Foo and * in two lines', ['Foo', '*'], [['Foo', '1']], [['Foo', '1']]),
    mismatch('Vary: an empty line and *', ['', '*'], [], []),
    mismatch('an invalid member beside one that differs', 'Foo, b@d', [['Foo', '1']], [['Foo', '2']]),
    mismatch('Vary names Cookie', 'Cookie', [['Cookie', 'a=1']], [['Cookie', 'a=2']]),
    mismatch('Vary names Authorization-like fields of one request', 'X-User', [['X-User', 'a']], []),
    same('white space around members', 'Foo', '1, 2', '1,2'),
    same('white space around members', 'Foo', '1,2', '1  ,  2'),
    match(
      'two lines are one list',
      'Foo',
      [
        ['Foo', '1'],
        ['Foo', '2'],
      ],
      [['Foo', '1, 2']],
    ),
    match(
      'one list is two lines',
      'Foo',
      [['Foo', '1,2']],
      [
        ['Foo', '1'],
        ['Foo', '2'],
      ],
    ),
    mismatch('the order of members', 'Foo', [['Foo', '1, 2']], [['Foo', '2, 1']]),
    mismatch('white space inside a quoted string', 'Foo', [['Foo', '"1, 2"']], [['Foo', '"1,2"']]),
    same('language order', 'Accept-Language', 'en, de', 'de, en'),
    same('language case', 'Accept-Language', 'en, de', 'eN, De'),
    same('language white space', 'Accept-Language', 'en, de', ' en ,   de'),
    same('language weights', 'Accept-Language', 'en;q=1.0, de;q=0.50', 'en, de;q=0.5'),
    mismatch(
      'language weights that differ',
      'Accept-Language',
      [['Accept-Language', 'en, de;q=0.5']],
      [['Accept-Language', 'en;q=0.5, de']],
    ),
    mismatch('another language', 'Accept-Language', [['Accept-Language', 'en']], [['Accept-Language', 'de']]),
    same('encoding order', 'Accept-Encoding', 'gzip, br', 'br, gzip'),
    same('encoding case', 'Accept-Encoding', 'gzip, br', 'GZIP, BR'),
    mismatch('another encoding', 'Accept-Encoding', [['Accept-Encoding', 'gzip']], [['Accept-Encoding', 'br']]),
    {
      name: 'variants live side by side',
      steps: [
        { headers: [['Foo', '1']], response: { headers: vary('Foo') }, reaches: true },
        { headers: [['Foo', '2']], response: { headers: vary('Foo') }, reaches: true, body: 1 },
        { headers: [['Foo', '3']], response: { headers: vary('Foo') }, reaches: true, body: 2 },
        { headers: [['Foo', '1']], reaches: false, body: 0 },
        { headers: [['Foo', '2']], reaches: false, body: 1 },
        { headers: [['Foo', '3']], reaches: false, body: 2 },
      ],
    },
    {
      name: 'a variant is replaced by the newest match only',
      steps: [
        { headers: [['Foo', '1']], response: { headers: vary('Foo') }, reaches: true },
        { headers: [['Foo', '2']], response: { headers: vary('Foo') }, reaches: true },
        {
          headers: [
            ['Foo', '1'],
            ['Cache-Control', 'no-cache'],
          ],
          response: { headers: vary('Foo') },
          reaches: true,
          body: 2,
        },
        { headers: [['Foo', '1']], reaches: false, body: 2 },
        { headers: [['Foo', '2']], reaches: false, body: 1 },
      ],
    },
    {
      name: 'Vary that changes: a later response without Vary',
      steps: [
        { headers: [['Foo', '1']], response: { headers: vary('Foo') }, reaches: true },
        { headers: [['Foo', '2']], response: respond('max-age=3600'), reaches: true },
        { headers: [['Foo', '2']], reaches: false, body: 1 },
        { headers: [['Foo', '3']], reaches: false, body: 1 },
      ],
    },
    {
      name: 'a variant is preferred to a later response without Vary',
      steps: [
        { headers: [['Foo', '1']], response: { headers: vary('Foo') }, reaches: true },
        { headers: [['Foo', '2']], response: respond('max-age=3600'), reaches: true },
        { headers: [['Foo', '1']], reaches: false, body: 0 },
        { headers: [['Foo', '2']], reaches: false, body: 1 },
      ],
    },
    {
      name: 'a variant is replaced by a later response without Vary to the same request',
      steps: [
        { headers: [['Foo', '1']], response: { headers: vary('Foo') }, reaches: true },
        { headers: [['Foo', '2']], response: { headers: vary('Foo') }, reaches: true },
        {
          headers: [['Foo', '1'], ...cc('no-cache')],
          response: respond('max-age=3600'),
          reaches: true,
          body: 2,
        },
        { headers: [['Foo', '1']], reaches: false, body: 2 },
        { headers: [['Foo', '2']], reaches: false, body: 1 },
        { headers: [['Foo', '3']], reaches: false, body: 2 },
      ],
    },
    {
      name: 'a response that has Vary: * since a 304 matches no request any more',
      steps: [
        {
          headers: [['Foo', '1']],
          response: respond('max-age=0', [
            ['Vary', 'Foo'],
            ['ETag', '"a"'],
          ]),
          reaches: true,
        },
        {
          headers: [['Foo', '1']],
          response: {
            status: 304,
            headers: [...cc('max-age=3600'), ['Vary', '*'], ['ETag', '"a"']],
          },
          reaches: true,
          status: 200,
          body: 0,
        },
        {
          headers: [
            ['Foo', '1'],
            ['*', '*'],
          ],
          response: respond('no-store'),
          reaches: true,
          body: 2,
        },
      ],
    },
    {
      name: 'Vary that changes: another field',
      steps: [
        { headers: [['Foo', '1']], response: { headers: vary('Foo') }, reaches: true },
        {
          headers: [
            ['Foo', '2'],
            ['Bar', '2'],
          ],
          response: { headers: vary('Bar') },
          reaches: true,
          body: 1,
        },
        {
          headers: [
            ['Foo', '3'],
            ['Bar', '2'],
          ],
          reaches: false,
          body: 1,
        },
        {
          headers: [
            ['Foo', '3'],
            ['Bar', '3'],
          ],
          response: respond('no-store'),
          reaches: true,
          body: 4 - 1,
        },
      ],
    },
    {
      name: 'of several matches the one with the newest Date',
      steps: [
        {
          headers: [
            ['Foo', '1'],
            ['Bar', '1'],
          ],
          response: { headers: [...vary('Foo'), ['Date', '{-10}']] },
          reaches: true,
        },
        {
          headers: [
            ['Foo', '2'],
            ['Bar', '2'],
          ],
          response: { headers: [...vary('Bar'), ['Date', '{-20}']] },
          reaches: true,
        },
        {
          headers: [
            ['Foo', '1'],
            ['Bar', '2'],
          ],
          reaches: false,
          body: 0,
        },
      ],
    },
    {
      name: 'different URLs do not share variants',
      steps: [
        { path: '/a', headers: [['Foo', '1']], response: { headers: vary('Foo') }, reaches: true },
        { path: '/b', headers: [['Foo', '1']], response: { headers: vary('Foo') }, reaches: true, body: 1 },
        { path: '/a', headers: [['Foo', '1']], reaches: false, body: 0 },
      ],
    },
  ],
  { alsoPrivate: true },
);
