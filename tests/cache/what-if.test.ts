import { describe, expect, it } from 'vitest';
import { compileOverlay } from '../../electron/engine/cache/cache-settings.ts';
import type { WhatIf } from '../../electron/engine/cache/what-if.ts';
import { whatIf } from '../../electron/engine/cache/what-if.ts';
import { fields, received, settings, T0, URI } from './policy-harness.ts';

const question = (change: Partial<WhatIf> = {}): WhatIf => ({
  request: { method: 'GET', uri: URI, headers: [] },
  response: received({ headers: ['Cache-Control: max-age=60', 'ETag: "a"'] }),
  bodyLength: 4,
  now: T0 + 10_000,
  settings: settings(),
  ...change,
});

describe('what if', () => {
  it.each<[string, Partial<WhatIf>, boolean, string]>([
    ['nothing changed', {}, true, 'HIT'],
    ['the clock was an hour ahead', { now: T0 + 3_600_000 }, true, 'MISS stale'],
    [
      'the response were private',
      { response: received({ headers: ['Cache-Control: private'] }) },
      false,
      'MISS uri-miss',
    ],
    [
      'the response were private, in a private cache',
      {
        response: received({ headers: ['Cache-Control: private, max-age=60'] }),
        settings: settings({ mode: 'private' }),
      },
      true,
      'HIT',
    ],
    [
      'the response were an event stream',
      { response: received({ headers: ['Cache-Control: max-age=60', 'Content-Type: text/event-stream'] }) },
      false,
      'MISS uri-miss',
    ],
    [
      'the request said no-cache',
      { then: { method: 'GET', uri: URI, headers: fields('Cache-Control: no-cache') } },
      true,
      'MISS request',
    ],
    ['the query differed', { then: { method: 'GET', uri: `${URI}?a`, headers: [] } }, true, 'MISS uri-miss'],
    [
      'the mode were snapshot and the clock a year ahead',
      { settings: settings({ mode: 'snapshot' }), now: T0 + 3.2e10 },
      true,
      'HIT',
    ],
    [
      'the client asked for it only if cached, later',
      { now: T0 + 9e6, then: { method: 'GET', uri: URI, headers: fields('Cache-Control: only-if-cached') } },
      true,
      'ERROR',
    ],
    ['the cache were off', { settings: settings({ mode: 'off' }) }, false, 'BYPASS bypass'],
    ['the mode were offline, later', { settings: settings({ mode: 'offline' }), now: T0 + 9e6 }, true, 'HIT'],
    ...(
      [
        [['Cache-Control: no-store'], ['shared'], false, 'ERROR'],
        [['Cache-Control: private, max-age=60'], ['shared'], false, 'ERROR'],
        [['Cache-Control: private, max-age=60'], ['private'], true, 'HIT'],
        [[], ['shared'], false, 'ERROR'],
        [[], ['snapshot'], true, 'HIT'],
        [[], ['shared', 'snapshot'], true, 'HIT'],
        [['Cache-Control: max-age=60'], [], true, 'HIT'],
      ] as const
    ).map(([headers, cameIn, stored, expected]): [string, Partial<WhatIf>, boolean, string] => [
      `the mode were offline, and it had come with ${headers.join() || 'nothing'} in ${cameIn.join(' or ')}`,
      { response: received({ headers }), cameIn, settings: settings({ mode: 'offline' }), now: T0 + 9e6 },
      stored,
      expected,
    ]),
    [
      'the mode were offline, and the first request authorised',
      {
        request: { method: 'GET', uri: URI, headers: fields('Authorization: a') },
        settings: settings({ mode: 'offline' }),
      },
      false,
      'ERROR',
    ],
    [
      'the later request asked for another protocol',
      { then: { method: 'GET', uri: URI, headers: [], upgrade: 'x' } },
      true,
      'BYPASS bypass',
    ],
    [
      'both asked for another protocol, offline',
      { request: { method: 'GET', uri: URI, headers: [], upgrade: 'x' }, settings: settings({ mode: 'offline' }) },
      false,
      'ERROR',
    ],
    ['it were a DELETE', { then: { method: 'DELETE', uri: URI, headers: [] } }, true, 'BYPASS method'],
    [
      'it were a DELETE, and the mode offline',
      { then: { method: 'DELETE', uri: URI, headers: [] }, settings: settings({ mode: 'offline' }) },
      true,
      'ERROR',
    ],
    [
      'both requests had content',
      { request: { method: 'GET', uri: URI, headers: [], hasContent: true } },
      false,
      'BYPASS bypass',
    ],
    [
      'the first request had a condition for the origin alone',
      {
        request: { method: 'GET', uri: URI, headers: fields('If-Match: "a"') },
        then: { method: 'GET', uri: URI, headers: [] },
      },
      true,
      'HIT',
    ],
    [
      'the first request was a HEAD, and the second is none',
      {
        request: { method: 'HEAD', uri: URI, headers: [] },
        then: { method: 'GET', uri: URI, headers: [] },
      },
      true,
      'MISS miss',
    ],
    [
      'the first request was a HEAD, and the second is one',
      { request: { method: 'HEAD', uri: URI, headers: [] } },
      true,
      'HIT',
    ],
    [
      'an overlay kept the cache out of it',
      { settings: settings({ overlays: [compileOverlay({ name: 'mine', pattern: 'http:', neverCache: true })] }) },
      false,
      'BYPASS bypass',
    ],
  ])('%s', (_what, change, stored, expected) => {
    const answer = whatIf(question(change));
    const { verdict, fwd } = answer.decision;
    expect([answer.stored, fwd === undefined ? verdict : `${verdict} ${fwd}`]).toEqual([stored, expected]);
    expect(answer.storing.length).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
  });

  it('asks under the key of what answers for the URL', () => {
    expect(whatIf(question({ place: 'demo' })).decision).toMatchObject({ hit: true, key: `${URI}#demo` });
  });

  it.each<[number | undefined, string, string, string]>([
    [4, '', 'status 200, 4 bytes', 'served from the store'],
    [undefined, '', 'status 200', 'served from the store'],
    [4, 'bytes=0-1', '`Range: bytes=0-1` of 4 bytes', '206, bytes 0–1 from the store'],
    [
      ...([undefined, 'bytes=0-1', '`Range: bytes=0-1` of an unknown number of bytes'] as const),
      '206, as far as there are such bytes',
    ],
    [
      ...([undefined, 'bytes=-5', '`Range: bytes=-5` of an unknown number of bytes'] as const),
      '206, as far as there are such bytes',
    ],
  ])(
    'of a response of %s bytes, the range %j is answered with what is known',
    (bodyLength, range, evidence, effect) => {
      const then = { method: 'GET', uri: URI, headers: range === '' ? [] : fields(`Range: ${range}`) };
      expect(whatIf(question({ bodyLength, then })).decision.steps.at(-1)).toMatchObject({ evidence, effect });
    },
  );

  it('names the wish to switch protocols, where that alone stopped it', () => {
    const then = { method: 'GET', uri: URI, headers: fields('Upgrade: x'), upgrade: 'x' };
    const nearMiss = { field: 'upgrade', requested: 'x' };
    expect(whatIf(question({ then })).decision).toMatchObject({ fwd: 'bypass', nearMiss });
    expect(whatIf(question({ then, now: T0 + 71_000 })).decision).not.toHaveProperty('nearMiss');
  });

  it('names the age that stopped it', () => {
    expect(whatIf(question({ now: T0 + 71_000 })).decision.nearMiss).toMatchObject({
      field: 'age',
      stored: '71 s',
      requested: 'younger than 60 s',
    });
  });

  it('tells the moments in the life of what is stored', () => {
    const headers = ['Cache-Control: max-age=60, stale-while-revalidate=30, stale-if-error=300', 'Age: 5'];
    const { freshness } = whatIf(question({ response: received({ headers, at: 2, delay: 1 }) }));
    const expires = T0 + 2000 - 6000 + 60_000;
    expect(freshness).toEqual({
      ...{ date: T0 + 2000, received: T0 + 2000, born: T0 - 4000, expires, noCache: false },
      ...{ lifetimeFrom: '`max-age=60`', ageFrom: '6 s old on arrival by `Age`' },
      ...{ staleWhileRevalidate: expires + 30_000, staleIfError: expires + 300_000 },
    });
  });

  it('tells no stale windows where serving stale is forbidden', () => {
    const headers = ['Cache-Control: max-age=60, stale-while-revalidate=30, must-revalidate'];
    const { freshness } = whatIf(question({ response: received({ headers }) }));
    expect(freshness).toMatchObject({ staleForbiddenBy: 'must-revalidate' });
    expect(freshness).not.toHaveProperty('staleWhileRevalidate');
    expect(whatIf(question({ response: received({ headers: ['Cache-Control: no-store'] }) }))).not.toHaveProperty(
      'freshness',
    );
  });
});
