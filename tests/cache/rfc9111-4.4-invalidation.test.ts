import { describe, expect, it } from 'vitest';
import { invalidatedBy, invalidationSteps, sparedStep } from '../../electron/engine/cache/invalidation.ts';
import { received, request, URI } from './policy-harness.ts';

describe('RFC 9111 §4.4: invalidation', () => {
  const uris = (method: string, status: number, ...headers: string[]): readonly string[] =>
    invalidatedBy(request({ method }), received({ status, headers }))?.uris ?? [];

  it.each<[string, number, boolean]>([
    ['POST', 200, true],
    ['PUT', 204, true],
    ['DELETE', 202, true],
    ['PATCH', 301, true],
    ['M-SEARCH', 200, true],
    ['FROBNICATE', 399, true],
    ['POST', 400, false],
    ['POST', 404, false],
    ['PUT', 500, false],
    ['GET', 200, false],
    ['HEAD', 200, false],
    ['OPTIONS', 200, false],
    ['TRACE', 200, false],
    ['PROPFIND', 207, false],
    ['QUERY', 200, false],
  ])('%s answered %i: %s', (method, status, expected) => {
    expect(uris(method, status)).toEqual(expected ? [URI] : []);
  });

  it.each<[string, string, string[]]>([
    ['Location', '/new', ['http://example.test/new']],
    ['Location', 'http://example.test/new#top', ['http://example.test/new']],
    ['Content-Location', 'new?a=b', ['http://example.test/new?a=b']],
    ['Location', 'http://other.test/new', []],
    ['Location', 'https://example.test/new', []],
    ['Location', 'http://example.test:8080/new', []],
    ['Location', 'http://', []],
    ['Location', 'mailto:a@example.test', []],
    ['Content-Location', URI, []],
  ])('%s: %s', (field, value, further) => {
    expect(uris('POST', 201, `${field}: ${value}`)).toEqual([URI, ...further]);
  });

  it.each<[string, string, string[]]>([
    ['Location', 'http://127.0.0.1:9080/new', ['http://example.test/new']],
    ['Content-Location', 'HTTP://127.0.0.1:9080/new?a#b', ['http://example.test/new?a']],
    ['Location', 'http://127.0.0.1:9081/new', []],
    ['Location', 'http://127.0.0.1/new', []],
  ])('by the name that the client knows the origin by, %s: %s', (field, value, further) => {
    const asked = request({ method: 'POST', headers: ['Host: 127.0.0.1:9080'] });
    const headers = [`${field}: ${value}`];
    expect(invalidatedBy(asked, received({ status: 201, headers }))?.uris).toEqual([URI, ...further]);
  });

  it.each<[string, string[]]>([
    ['/{x}', ['/%7Bx%7D', '/{x}']],
    ['http://example.test/{x}?q={y}#z', ['/%7Bx%7D?q={y}', '/{x}?q={y}']],
    ['a|b', ['/a|b']],
    ['a b', ['/a%20b', '/a b']],
    ['./a/../{b}', ['/%7Bb%7D', '/{b}']],
    ['/a/b/../..', ['/']],
    ['/a/..b/.', ['/a/..b/']],
    ['../../{c}/', ['/%7Bc%7D/', '/{c}/']],
    ['/%7bx%7d', ['/%7bx%7d']],
    ['//example.test', ['/']],
    ['//example.test?{q}', ['/?{q}']],
    [`?a="b"`, ['/page?a=%22b%22', '/page?a="b"']],
    ['/\xc3\xbc', ['/%C3%BC', '/\xc3\xbc']],
    ['http:{x}', ['/%7Bx%7D', '/{x}']],
    ['#top', []],
  ])('as browsers and others ask for it, Location: %s', (value, paths) => {
    const further = paths.map((path) => `http://example.test${path}`);
    expect(uris('POST', 201, `Location: ${value}`)).toEqual([URI, ...further]);
  });

  it('names what goes, with the rule', () => {
    const invalidation = invalidatedBy(
      request({ method: 'POST' }),
      received({ status: 201, headers: ['Location: /new', 'Content-Location: /old'] }),
    );
    if (invalidation === undefined) throw new Error('expected an invalidation');
    const steps = invalidationSteps(invalidation, [2, 1, 0]);
    expect(steps.map(({ evidence, source, effect }) => [evidence, source, effect])).toEqual([
      ['`POST` answered 201', 'RFC 9111 §4.4', `removed 2 stored responses for ${URI}`],
      ['`Location: /new`', 'RFC 9111 §4.4', 'removed 1 stored response for http://example.test/new'],
      ['`Content-Location: /old`', 'RFC 9111 §4.4', 'nothing was stored for http://example.test/old'],
    ]);
  });

  it.each<[string, number, string | undefined]>([
    ['POST', 500, 'an error invalidates nothing'],
    ['DELETE', 404, 'an error invalidates nothing'],
    ['POST', 200, undefined],
    ['GET', 500, undefined],
  ])('says of %s answered %i: %s', (method, status, effect) => {
    expect(sparedStep(request({ method }), received({ status }))?.effect).toBe(effect);
  });
});

describe('RFC 9875: cache groups', () => {
  const groups = (method: string, value: string): readonly string[] =>
    invalidatedBy(request({ method }), received({ headers: [`Cache-Group-Invalidation: ${value}`] }))?.groups ?? [];

  it.each<[string, string, string[]]>([
    ['POST', '"a", "b c"', ['a', 'b c']],
    ['POST', '"a";x=1', ['a']],
    ['POST', 'a', []],
    ['POST', '"a', []],
    ['GET', '"a"', []],
  ])('%s with %s', (method, value, expected) => {
    expect(groups(method, value)).toEqual(expected);
  });
});
