import { describe, expect, it } from 'vitest';
import type { Decision, DecisionStep } from '../../shared/decision.ts';
import type { RequestShape, ResponseShape } from './policy-harness.ts';
import { date, plan, settings, storage, store } from './policy-harness.ts';
import { startCache } from './cache-setup.ts';
import { decidingStep } from '../support/deciders.ts';

/** A step's rule and fields: `freshness stored cache-control max-age=60`. */
function told(step: DecisionStep | undefined): string {
  const fields = step?.fields?.map(({ side, name, directive }) => [side, name, directive].join(' ').trim()) ?? [];
  return [step?.rule, ...fields].join(' | ');
}

/** What settled the answer to a second request `after` seconds. */
function settled(response: ResponseShape, asked: RequestShape, after: number, first: RequestShape = {}): string {
  const planned = plan([store(response, first)], asked, after);
  return told(decidingStep(planned.action === 'forward' ? planned : planned.decision));
}

const cached = (value: string, ...more: string[]): ResponseShape => ({
  headers: [`Cache-Control: ${value}`, 'ETag: "a"', ...more],
});
const asking = (...headers: string[]): RequestShape => ({ headers });

describe('the step that settled whether the store answers', () => {
  it.each<[string, ResponseShape, RequestShape, number, string]>([
    ['a hit', cached('max-age=60'), {}, 1, 'freshness | stored cache-control max-age=60'],
    [
      'a hit that the client has already',
      cached('max-age=60'),
      asking('If-None-Match: "a"'),
      1,
      'freshness | stored cache-control max-age=60',
    ],
    ['a stale response', cached('max-age=60'), {}, 61, 'freshness | stored cache-control max-age=60'],
    ['an age', cached('max-age=60', 'Age: 70'), {}, 1, 'freshness | stored cache-control max-age=60 | stored age'],
    ['s-maxage', cached('max-age=9, s-maxage=60'), {}, 10, 'freshness | stored cache-control s-maxage=60'],
    [
      'a targeted field',
      { headers: ['CDN-Cache-Control: max-age=60', 'Cache-Control: no-store'] },
      {},
      10,
      'freshness | stored cdn-cache-control max-age=60',
    ],
    ['Expires', { headers: [`Expires: ${date(60)}`] }, {}, 10, 'freshness | stored expires | stored date'],
    [
      'a guess',
      { headers: [`Last-Modified: ${date(-1000)}`] },
      {},
      10,
      'freshness | stored last-modified | stored date',
    ],
    [
      'no-cache in the response',
      cached('no-cache, max-age=60'),
      {},
      1,
      'freshness.no-cache | stored cache-control no-cache | stored cache-control max-age=60',
    ],
    [
      'no-cache in the request',
      cached('max-age=60'),
      asking('Cache-Control: no-cache'),
      1,
      'request.no-cache | request cache-control no-cache',
    ],
    ['Pragma', cached('max-age=60'), asking('Pragma: no-cache'), 1, 'request.no-cache | request pragma no-cache'],
    [
      'max-age in the request',
      cached('max-age=60'),
      asking('Cache-Control: max-age=5'),
      9,
      'request.max-age | request cache-control max-age=5',
    ],
    [
      'min-fresh',
      cached('max-age=60'),
      asking('Cache-Control: min-fresh=55'),
      9,
      'request.min-fresh | request cache-control min-fresh=55',
    ],
    [
      'max-stale',
      cached('max-age=60'),
      asking('Cache-Control: max-stale=30'),
      70,
      'request.max-stale | request cache-control max-stale=30',
    ],
    [
      'what forbids a stale answer',
      cached('max-age=60, must-revalidate'),
      asking('Cache-Control: max-stale'),
      70,
      'stale.forbidden | stored cache-control must-revalidate',
    ],
    [
      'stale-while-revalidate',
      cached('max-age=60, stale-while-revalidate=30'),
      {},
      70,
      'stale.while-revalidate | stored cache-control stale-while-revalidate=30',
    ],
    [
      'immutable',
      cached('max-age=60, immutable'),
      asking('Cache-Control: max-age=0'),
      9,
      'response.immutable | stored cache-control immutable | request cache-control max-age=0',
    ],
    [
      'only-if-cached',
      cached('max-age=60'),
      asking('Cache-Control: only-if-cached'),
      61,
      'request.only-if-cached | request cache-control only-if-cached',
    ],
    [
      'Vary',
      cached('max-age=60', 'Vary: Accept-Language'),
      asking('Accept-Language: de'),
      1,
      'lookup.vary-miss | stored vary | request accept-language',
    ],
    [
      'a condition for the origin',
      cached('max-age=60'),
      asking('If-Match: "a"'),
      1,
      'request.origin-condition | request if-match',
    ],
  ])('names %s', (_what, response, asked, after, expected) => {
    expect(settled(response, asked, after)).toBe(expected);
  });

  it('is the one that stopped the lookup when nothing is stored', () => {
    const planned = plan([]);
    expect(planned.action === 'forward' && told(decidingStep(planned))).toBe('lookup.uri-miss');
  });

  it('is the failure that something stale stands in for, no longer what sent the request on', async () => {
    const { proxy, ask } = await startCache((_request, response, count) => {
      response.setHeader('Cache-Control', 'max-age=0, stale-if-error=60');
      response.setHeader('ETag', '"a"');
      if (count > 1) response.statusCode = 503;
      response.end('body');
    });
    const decisions: Decision[] = [];
    proxy.engine.recorder.subscribe((event) => {
      if (event.type === 'cache.decided') decisions.push(event.decision);
    });
    await ask('/');
    expect((await ask('/')).status).toBe(200);
    expect(decisions.map((decision) => [decision.verdict, decision.fwd, told(decidingStep(decision))])).toEqual([
      ['MISS', 'uri-miss', 'lookup.uri-miss'],
      ['STALE', 'stale', 'stale.if-error | stored cache-control stale-if-error=60'],
    ]);
  });
});

describe('the step that settled whether the response is stored', () => {
  it.each<[string, ResponseShape, RequestShape, string]>([
    ['a lifetime', cached('max-age=60'), {}, 'store.lifetime | response cache-control max-age=60'],
    ['no-store', cached('no-store'), {}, 'store.no-store | response cache-control no-store'],
    ['private', cached('private'), {}, 'store.private | response cache-control private'],
    [
      'no-store in the request',
      cached('max-age=60'),
      asking('Cache-Control: no-store'),
      'store.request-no-store | request cache-control no-store',
    ],
    [
      'Authorization',
      cached('max-age=60'),
      asking('Authorization: Basic eA=='),
      'store.authorization | request authorization',
    ],
    ['Vary: *', cached('max-age=60', 'Vary: *'), {}, 'store.vary-star | response vary'],
  ])('names %s', (_what, response, asked, expected) => {
    const { steps } = storage(response, asked, settings());
    expect(steps.filter(({ decides }) => decides === 'storing').map(told)).toEqual([expected]);
  });
});
