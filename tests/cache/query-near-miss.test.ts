import { describe, expect, test } from 'vitest';
import { cacheKey } from '../../electron/engine/cache/cache-key.ts';
import { compileOverlay, overlayFor } from '../../electron/engine/cache/cache-settings.ts';
import type { OverlayRule } from '../../electron/engine/cache/cache-settings.ts';
import { searchVariance } from '../../electron/engine/cache/no-vary-search.ts';
import { queryNearMiss } from '../../electron/engine/cache/query-near-miss.ts';
import { startCache } from './cache-setup.ts';
import { settings } from './policy-harness.ts';

const PATH = 'http://example.test/search';
const STORED = 'A response is stored for the same path,';

function compare(stored: string, requested: string, overlay: Partial<OverlayRule> = {}, search?: string) {
  const under = settings({ overlays: [compileOverlay({ name: 'o', pattern: '*', ...overlay })] });
  const keyOf = (query: string): string => cacheKey(PATH + query, under, overlayFor(under, PATH + query));
  const name = { id: 1, key: keyOf(stored), uri: PATH + stored };
  return queryNearMiss(keyOf(requested), name, searchVariance(search))?.nearMiss;
}

describe('the query of a neighbour', () => {
  test.each<[stored: string, requested: string, difference: readonly [string, string], how: string]>([
    ['?page=1', '?page=2', ['page=1', 'page=2'], 'with `page=1`'],
    ['?page=1', '?page=12', ['page=1', 'page=12'], 'with `page=1`'],
    ['?q=a&page=21&lang=de', '?q=a&page=1&lang=de', ['page=21', 'page=1'], 'with `page=21`'],
    ['?q=a&lang=de', '?q=a&lang=den', ['lang=de', 'lang=den'], 'with `lang=de`'],
    ['?q=&lang=de', '?q=a&lang=de', ['q=', 'q=a'], 'with `q=`'],
    ['?a=1&a=2', '?a=2&a=2', ['a=1', 'a=2'], 'with `a=1`'],
    ['?a=1&b=2', '?b=3&a=1', ['b=2', 'b=3'], 'with `b=2`'],
    [`?t=${'x'.repeat(90)}`, '?t=y', [`t=${'x'.repeat(90)}`, 't=y'], 'with another query'],
    // A parameter more or less, or of another name, has nothing to stand beside.
    ['', '?page=2', ['(absent)', 'page=2'], 'without `page`'],
    ['?q=a', '?q=a&page=2', ['(absent)', 'page=2'], 'without `page`'],
    ['?a=1', '?a=1&a=1', ['(absent)', 'a=1'], 'without `a`'],
    ['?q=a&page=2&x=1', '?q=a&x=1', ['page=2', '(absent)'], 'with `page=2`'],
    ['?old=1', '?new=1', ['old=1', 'new=1'], 'with `old=1`'],
    ['?flag', '?other', ['flag', 'other'], 'with `flag`'],
  ])('%j, for a request of %j, differs in one parameter', (stored, requested, difference, how) => {
    expect(compare(stored, requested)).toEqual({
      ...{ key: PATH + stored, field: 'query', stored: difference[0], requested: difference[1] },
      why: `${STORED} ${how}.`,
    });
  });

  const many = (value: number): string => `?${Array.from({ length: 100 }, (_, at) => `p${at}=${value}`).join('&')}`;

  test.each([
    ['?a=1&b=2', '?b=2&a=1', 'with the same query parameters in another order'],
    ['?a=1&b=2', '?a=3&b=4', 'with another query'],
    ['?a=1&&b=2', '?a=1&b=2', 'with another query'],
    [many(1), many(2), 'with another query'],
  ])('%.20j, for a request of %.20j, is told whole', (stored, requested, how) => {
    const why = `${STORED} ${how}.`;
    expect(compare(stored, requested)).toEqual({ key: PATH + stored, field: 'query', stored, requested, why });
  });

  test.each<[string, Partial<OverlayRule>, string | undefined]>([
    ['the overlay drops', { dropQuery: ['utm'] }, undefined],
    ['a No-Vary-Search leaves out', {}, 'params=("utm")'],
  ])('is compared without what %s', (_what, overlay, search) => {
    const nearMiss = compare('?utm=1&page=1', '?page=2&utm=2', overlay, search);
    expect(nearMiss).toMatchObject({ stored: 'page=1', requested: 'page=2', why: `${STORED} with \`page=1\`.` });
  });

  test.each<[string, Partial<OverlayRule>, string | undefined]>([
    ['an overlay sorts it', { sortQuery: true }, undefined],
    ['a No-Vary-Search says so', {}, 'key-order'],
  ])('is compared in any order where %s', (_what, overlay, search) => {
    const nearMiss = compare('?b=1&a=1&c=1', '?c=1&b=1&a=2', overlay, search);
    expect(nearMiss).toMatchObject({ stored: 'a=1', requested: 'a=2' });
  });

  test.each([
    ['answered by something else', `${PATH}?a=1#other`, `${PATH}?a=2`],
    ['stored under its path alone', '/search', `${PATH}?a=2`],
  ])('is nothing near when it is %s', (_what, stored, requested) => {
    expect(queryNearMiss(requested, { id: 1, key: stored, uri: `${PATH}?a=1` })).toBeUndefined();
  });
});

describe('the nearest of a few neighbours is named', () => {
  test.each<[string, readonly string[], string, readonly [string, string], Partial<OverlayRule>?]>([
    ['not the newest', ['?page=1&a=1', '?page=7&a=9'], '?page=1&a=2', ['a=1', 'a=2']],
    ['the newest of equals', ['?page=1', '?page=3'], '?page=2', ['page=3', 'page=2']],
    ['by what the overlay leaves', ['?utm=1&page=1'], '?page=2&utm=2', ['page=1', 'page=2'], { dropQuery: ['utm'] }],
    ['by what No-Vary-Search leaves', ['?v=1&page=1'], '?page=2&v=2', ['page=1', 'page=2']],
  ])('%s', async (_what, stored, asked, [was, requested], overlay) => {
    const { proxy, ask } = await startCache((_request, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60', 'No-Vary-Search': 'params=("v")' }).end('x');
    });
    if (overlay !== undefined) {
      proxy.engine.updateSettings({ cache: { overlays: [{ name: 'o', pattern: '*', ...overlay }] } });
    }
    for (const query of stored) {
      await ask(`/search${query}`);
      await proxy.finished();
    }
    await ask(`/search${asked}`);
    const { decision } = await proxy.finished();
    expect(decision).toMatchObject({ fwd: 'uri-miss', nearMiss: { field: 'query', stored: was, requested } });
  });
});
