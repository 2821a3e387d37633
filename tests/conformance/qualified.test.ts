import { conformance } from './harness.ts';
import type { Fields } from './scenario.ts';
import { cc, notReused, respond, reused } from './scenario.ts';

/** RFC 9111 §5.2.2.4 and §5.2.2.7: no-cache and private that name fields. */

const OLD: Fields = [['Last-Modified', '{-864000}']];

conformance('qualified no-cache and private', [
  ...['no-cache', 'private'].flatMap((directive) => [
    reused(
      `${directive}="a"`,
      [...cc(`max-age=3600, ${directive}="a"`), ['A', '1'], ['B', '2']],
      {},
      {
        expect: { a: null, b: '2' },
      },
    ),
    reused(
      `${directive}="a, b"`,
      [...cc(`${directive}="a, b", max-age=3600`), ['A', '1'], ['B', '2'], ['C', '3']],
      {},
      {
        expect: { a: null, b: null, c: '3' },
      },
    ),
    reused(
      `${directive}="A" in another case`,
      [...cc(`${directive}="AaA", max-age=3600`), ['aAa', '1']],
      {},
      {
        expect: { aaa: null },
      },
    ),
    reused(
      `${directive}=a without quotes`,
      [...cc(`${directive}=a, max-age=3600`), ['A', '1'], ['B', '2']],
      {},
      {
        expect: { a: null, b: '2' },
      },
    ),
  ]),
]);

// Without these a response would be another one: the directive is taken for the unqualified form.
conformance('qualified no-cache and private that name what decides', [
  ...['no-cache', 'private'].flatMap((directive) => [
    ...['Cache-Control', 'cdn-cache-control', 'Vary', 'AGE', 'Date', 'Expires', 'Content-Encoding'].map((field) =>
      notReused(`${directive}="a, ${field}"`, cc(`max-age=3600, ${directive}="a, ${field}"`)),
    ),
    notReused(`no-store beside ${directive}="Cache-Control"`, [
      ...cc(`no-store, ${directive}="Cache-Control"`),
      ...OLD,
    ]),
    notReused(`max-age=0 beside ${directive}=cache-control`, [...cc(`max-age=0, ${directive}=cache-control`), ...OLD]),
    notReused(`an Age beside ${directive}="Age"`, [...cc(`max-age=3600, ${directive}="Age"`), ['Age', '7200']]),
    notReused(
      `Vary beside ${directive}="Vary"`,
      [...cc(`max-age=3600, ${directive}="Vary"`), ['Vary', 'Foo']],
      { headers: [['Foo', '1']] },
      { headers: [['Foo', '2']] },
    ),
    notReused(`${directive}="cdn-cache-control" in CDN-Cache-Control`, [
      ['CDN-Cache-Control', `max-age=3600, ${directive}="cdn-cache-control"`],
    ]),
    reused(`${directive}="last-modified, etag"`, [
      ...cc(`max-age=3600, ${directive}="last-modified, etag"`),
      ...OLD,
      ['ETag', '"a"'],
    ]),
  ]),
  {
    name: 'must-revalidate beside private="Cache-Control", and an origin that is gone',
    steps: [
      { response: respond('must-revalidate, private="Cache-Control"', [['Expires', '{+1}']]), reaches: true },
      { after: 2100, response: { drop: true }, reaches: true, status: 502 },
    ],
  },
]);
