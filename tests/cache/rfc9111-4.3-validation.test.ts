import { describe, expect, it } from 'vitest';
import { getAllHeaders, getHeader } from '../../shared/headers.ts';
import type { ForwardPlan } from '../../electron/engine/cache/plan.ts';
import type { StoredResponse } from '../../electron/engine/cache/stored-response.ts';
import { freshenedHead, headDifference, readNotModified } from '../../electron/engine/cache/validation.ts';
import { fallbackVerdict } from '../../electron/engine/cache/stale.ts';
import type { RequestShape, ResponseShape } from './policy-harness.ts';
import { date, plan, received, request, settings, store, T0 } from './policy-harness.ts';

const STALE = 'Cache-Control: max-age=0';
const MODIFIED = `Last-Modified: ${date(-100)}`;

function forwarded(stored: readonly StoredResponse[], asked: RequestShape = {}): ForwardPlan {
  const made = plan(stored, asked);
  if (made.action !== 'forward') throw new Error(`expected a forward plan, got ${made.action}`);
  return made;
}

describe('RFC 9111 §4.3.1 and §4.3.2: conditional requests', () => {
  it.each<[string, string[], string[], string | undefined, string | undefined]>([
    ['an ETag', ['ETag: "a"'], [], '"a"', undefined],
    ['a weak ETag', ['ETag: W/"a"'], [], 'W/"a"', undefined],
    ['Last-Modified', [MODIFIED], [], undefined, date(-100)],
    ['both', ['ETag: "a"', MODIFIED], [], '"a"', date(-100)],
    [
      "the client's tags are united with ours",
      ['ETag: "a"'],
      ['If-None-Match: "x", W/"y"'],
      '"x", W/"y", "a"',
      undefined,
    ],
    ['once each', ['ETag: "a"'], ['If-None-Match: "x", "a"'], '"x", "a"', undefined],
    ["a client's * is ours to answer", ['ETag: "a"'], ['If-None-Match: *'], '"a"', undefined],
    ["the client's date gives way to ours", [MODIFIED], [`If-Modified-Since: ${date(-9)}`], undefined, date(-100)],
    ["the client's date gives way to our tag", ['ETag: "a"'], [`If-Modified-Since: ${date(-9)}`], '"a"', undefined],
    ["the client's tag is not joined by our date", [MODIFIED], ['If-None-Match: "x"'], '"x"', undefined],
    ['an unquoted ETag goes back as it came', ['ETag: abc'], [], 'abc', undefined],
    ['an invalid Last-Modified is no validator', ['ETag: "a"', 'Last-Modified: once'], [], '"a"', undefined],
  ])('%s', (_what, fields, asked, ifNoneMatch, ifModifiedSince) => {
    const made = forwarded([store({ headers: [STALE, ...fields] })], { headers: asked });
    const sent = made.conditional ?? request({ headers: asked }).headers;
    expect([getAllHeaders(sent, 'if-none-match'), getAllHeaders(sent, 'if-modified-since')]).toEqual([
      ifNoneMatch === undefined ? [] : [ifNoneMatch],
      ifModifiedSince === undefined ? [] : [ifModifiedSince],
    ]);
  });

  it('sends the tags of every stored response that could be chosen, and then no date', () => {
    const one = store({ headers: [STALE, 'ETag: "1"', MODIFIED, `Date: ${date(-9)}`] });
    const two = store({ headers: [STALE, 'ETag: "2"', MODIFIED] });
    const other = store({ headers: [STALE, 'ETag: "3"', 'Vary: Foo'] }, { headers: ['Foo: 1'] });
    const { conditional, validating } = forwarded([one, two, other]);
    expect(getHeader(conditional ?? [], 'if-none-match')).toBe('"1", "2"');
    expect(getHeader(conditional ?? [], 'if-modified-since')).toBeUndefined();
    expect(validating).toEqual([one, two]);
  });

  it('keeps every other field of the request, in its order and case', () => {
    const made = forwarded([store({ headers: [STALE, 'ETag: "a"'] })], {
      headers: ['B: 1', 'If-None-Match: "x"', 'a: 2'],
    });
    expect(made.conditional).toEqual(['B', '1', 'a', '2', 'If-None-Match', '"x", "a"']);
  });
});

describe('RFC 9111 §4.3.2: conditions that clients send', () => {
  const stored = ['Cache-Control: max-age=60', 'ETag: "a"', MODIFIED];
  it.each<[string, string[], string[], string]>([
    ['If-None-Match with our tag', stored, ['If-None-Match: "a"'], 'not-modified'],
    ['If-None-Match with the weak form of our tag', stored, ['If-None-Match: W/"a"'], 'not-modified'],
    ['If-None-Match with our tag in a list', stored, ['If-None-Match: "x", "y,a", "a"'], 'not-modified'],
    ['If-None-Match on two lines', stored, ['If-None-Match: "x"', 'If-None-Match: "a"'], 'not-modified'],
    ['If-None-Match: *', stored, ['If-None-Match: *'], 'not-modified'],
    ['If-None-Match with another tag', stored, ['If-None-Match: "b"'], 'whole'],
    ['a comma inside the tag is part of it', stored, ['If-None-Match: "x,a"'], 'whole'],
    ['an unquoted tag is another tag', stored, ['If-None-Match: a'], 'whole'],
    ['If-Modified-Since at Last-Modified', stored, [`If-Modified-Since: ${date(-100)}`], 'not-modified'],
    ['If-Modified-Since later', stored, [`If-Modified-Since: ${date(-50)}`], 'not-modified'],
    ['If-Modified-Since earlier', stored, [`If-Modified-Since: ${date(-150)}`], 'whole'],
    ['If-Modified-Since, invalid', stored, ['If-Modified-Since: yesterday'], 'whole'],
    [
      'If-None-Match goes before If-Modified-Since',
      stored,
      ['If-None-Match: "b"', `If-Modified-Since: ${date(0)}`],
      'whole',
    ],
    [
      'without Last-Modified the Date is compared',
      stored.slice(0, 1),
      [`If-Modified-Since: ${date(0)}`],
      'not-modified',
    ],
    ['without Last-Modified, before the Date', stored.slice(0, 1), [`If-Modified-Since: ${date(-1)}`], 'whole'],
  ])('%s', (_what, fields, asked, kind) => {
    expect(plan([store({ headers: fields })], { headers: asked })).toMatchObject({ answer: { kind } });
  });

  it('are ignored where the stored response is no 2xx (RFC 9110 §13.2.1)', () => {
    const gone = store({ status: 404, headers: stored });
    expect(plan([gone], { headers: ['If-None-Match: "a"'] })).toMatchObject({ answer: { kind: 'whole' } });
  });

  it('answer HEAD with 304 too', () => {
    const asked = { method: 'HEAD', headers: ['If-None-Match: "a"'] };
    expect(plan([store({ headers: stored })], asked)).toMatchObject({ answer: { kind: 'not-modified' } });
  });
});

describe('RFC 9111 §4.3.4: what a 304 updates', () => {
  const read = (
    stored: StoredResponse[],
    answer: ResponseShape,
    asked: RequestShape = {},
  ): { kind: string; updates: number[]; serve: number } => {
    const result = readNotModified(
      request(asked),
      forwarded(stored, asked),
      received({ status: 304, ...answer }),
      settings(),
    );
    return {
      kind: result.kind,
      updates:
        result.kind === 'mismatch' || result.kind === 'selected'
          ? []
          : result.updates.map((one) => stored.indexOf(one)),
      serve: result.kind === 'freshened' ? stored.indexOf(result.serve) : -1,
    };
  };
  const tagged = (tag: string, at = 0): StoredResponse => store({ headers: [STALE, `ETag: ${tag}`], at });

  it.each<[string, StoredResponse[], string[], string[], object]>([
    ['the same strong tag', [tagged('"a"')], ['ETag: "a"'], [], { kind: 'freshened', updates: [0], serve: 0 }],
    [
      'one of two',
      [tagged('"a"'), tagged('"b"', 0.5)],
      ['ETag: "a"'],
      [],
      { kind: 'freshened', updates: [0], serve: 0 },
    ],
    ['another strong tag', [tagged('"a"')], ['ETag: "z"'], [], { kind: 'mismatch', updates: [], serve: -1 }],
    [
      'a strong tag for a weak one: confirmed, not updated',
      [tagged('W/"a"')],
      ['ETag: "a"'],
      [],
      { kind: 'freshened', updates: [], serve: 0 },
    ],
    [
      'a strong tag for a weak one, and the same date',
      [store({ headers: [STALE, 'ETag: W/"a"', MODIFIED] })],
      ['ETag: "a"', MODIFIED],
      [],
      { kind: 'freshened', updates: [0], serve: 0 },
    ],
    [
      'another strong tag, and the same date',
      [store({ headers: [STALE, 'ETag: "a"', MODIFIED] })],
      ['ETag: "z"', MODIFIED],
      [],
      { kind: 'mismatch', updates: [], serve: -1 },
    ],
    ['the same weak tag', [tagged('W/"a"')], ['ETag: W/"a"'], [], { kind: 'freshened', updates: [0], serve: 0 }],
    [
      'a weak tag on two: the most recent',
      [tagged('W/"a"', 0.5), tagged('"a"', 0)],
      ['ETag: W/"a"'],
      [],
      { kind: 'freshened', updates: [0], serve: 0 },
    ],
    [
      'the same Last-Modified',
      [store({ headers: [STALE, MODIFIED] })],
      [MODIFIED],
      [],
      { kind: 'freshened', updates: [0], serve: 0 },
    ],
    [
      'another Last-Modified',
      [store({ headers: [STALE, MODIFIED] })],
      [`Last-Modified: ${date(-200)}`],
      [],
      { kind: 'mismatch', updates: [], serve: -1 },
    ],
    ['no validator at all', [tagged('"a"')], [], [], { kind: 'freshened', updates: [0], serve: 0 }],
    [
      'no validator, but two candidates',
      [tagged('"a"'), tagged('"b"')],
      [],
      [],
      { kind: 'mismatch', updates: [], serve: -1 },
    ],
    [
      "the client's tag, not ours",
      [tagged('"a"')],
      ['ETag: "x"'],
      ['If-None-Match: "x"'],
      { kind: 'for-client', updates: [], serve: -1 },
    ],
    [
      "our tag, not the client's",
      [tagged('"a"')],
      ['ETag: "a"'],
      ['If-None-Match: "x"'],
      { kind: 'freshened', updates: [0], serve: 0 },
    ],
  ])('%s', (_what, stored, answer, asked, expected) => {
    expect(read(stored, { headers: answer }, { headers: asked })).toEqual(expected);
  });
});

describe('RFC 9111 §3.2: updating stored header fields', () => {
  it('replaces what the newer response has and keeps the rest', () => {
    const { head } = store({
      headers: [STALE, 'ETag: "a"', 'X-Old: 1', 'X-Both: old', 'X-Both: older', 'Content-Length: 4', 'Age: 90'],
    });
    const update = received({
      status: 304,
      at: 10,
      headers: [
        'ETag: "a"',
        'Cache-Control: max-age=60',
        'X-Both: new',
        'X-New: 1',
        'Content-Length: 0',
        'Connection: X-Hop',
        'X-Hop: 1',
      ],
    });
    const result = freshenedHead(head, request(), update, settings());
    expect(result.headers).toEqual([
      ...['X-Old', '1', 'Content-Length', '4', 'ETag', '"a"', 'Cache-Control', 'max-age=60'],
      ...['X-Both', 'new', 'X-New', '1', 'Date', date(10)],
    ]);
    expect(result.responseTime).toBe(T0 + 10_000);
  });

  it('takes on the fields that a new Vary names, from the validating request', () => {
    const { head } = store({ headers: [STALE, 'ETag: "a"'] });
    const update = received({ status: 304, headers: ['Vary: Foo'] });
    const result = freshenedHead(head, request({ headers: ['Foo: 1'] }), update, settings());
    expect(result.selecting).toEqual([{ field: 'foo', value: '1', normal: '1' }]);
  });

  it('still leaves out what a kept no-cache="…" names', () => {
    const { head } = store({ headers: ['Cache-Control: max-age=0, no-cache="x-secret"', 'ETag: "a"'] });
    const update = received({ status: 304, headers: ['X-Secret: 1'] });
    expect(getHeader(freshenedHead(head, request(), update, settings()).headers, 'x-secret')).toBeUndefined();
  });
});

describe('RFC 9111 §4.3.5: freshening with HEAD', () => {
  const stored = store({ headers: ['Cache-Control: max-age=60', 'ETag: "a"', MODIFIED], body: 'four' });
  it.each<[string, string[], boolean]>([
    ['nothing to compare', [], true],
    ['the same validators and length', ['ETag: "a"', MODIFIED, 'Content-Length: 4'], true],
    ['another tag', ['ETag: "b"'], false],
    ['another date', [`Last-Modified: ${date(-9)}`], false],
    ['another length', ['ETag: "a"', 'Content-Length: 5'], false],
  ])('%s', (_what, headers, expected) => {
    expect(headDifference(stored, received({ headers }), settings()) === undefined).toBe(expected);
  });
});

describe('RFC 9111 §4.2.4, §4.3.3 and RFC 5861 §4: when the origin fails', () => {
  const verdict = (
    directives: string,
    failure: 'down' | number,
    {
      asked = {},
      after = 70,
      under = settings(),
    }: { asked?: RequestShape; after?: number; under?: ReturnType<typeof settings> } = {},
  ): boolean => {
    const stored = store({ headers: [`Cache-Control: ${directives}`, 'ETag: "a"'] }, {}, under);
    const made = plan([stored], asked, after, under);
    if (made.action !== 'forward' || made.fallback === undefined) throw new Error('expected a fallback');
    const why =
      failure === 'down'
        ? ({ kind: 'unreachable', code: 'CONNECTION_REFUSED', message: '' } as const)
        : ({ kind: 'error', status: failure } as const);
    return fallbackVerdict(request(asked), made.fallback, why, under, T0 + after * 1000).serve;
  };

  it.each<[string, boolean, boolean]>([
    ['max-age=60', true, true],
    ['max-age=60, must-revalidate', false, false],
    ['max-age=60, proxy-revalidate', false, true],
    ['max-age=60, no-cache', false, false],
    ['max-age=60, no-cache="x"', true, true],
    ['max-age=60, stale-if-error=5', false, false],
    ['max-age=60, stale-if-error=60', true, true],
    ['s-maxage=60, max-age=60', false, true],
    ['s-maxage=60, max-age=60, stale-if-error=600', false, true],
  ])('out of reach, %s: shared %s, private %s', (directives, shared, own) => {
    expect([
      verdict(directives, 'down'),
      verdict(directives, 'down', { under: settings({ mode: 'private' }) }),
    ]).toEqual([shared, own]);
  });

  it.each<[string, number, boolean]>([
    ['max-age=60', 503, false],
    ['max-age=60, stale-if-error=60', 500, true],
    ['max-age=60, stale-if-error=60', 502, true],
    ['max-age=60, stale-if-error=60', 503, true],
    ['max-age=60, stale-if-error=60', 504, true],
    ['max-age=60, stale-if-error=5', 503, false],
    ['max-age=60, stale-if-error=60, must-revalidate', 503, false],
  ])('%s and status %i: %s', (directives, status, expected) => {
    expect(verdict(directives, status)).toBe(expected);
  });

  it('hears what the request says', () => {
    const asks = (directives: string): RequestShape => ({ headers: [`Cache-Control: ${directives}`] });
    expect(verdict('max-age=60', 503, { asked: asks('stale-if-error=60') })).toBe(true);
    expect(verdict('max-age=60', 'down', { asked: asks('no-cache') })).toBe(false);
    expect(verdict('max-age=60', 'down', { asked: asks('max-age=5') })).toBe(false);
    expect(verdict('max-age=60', 'down', { asked: asks('max-age=5'), after: 20 })).toBe(true);
    expect(verdict('max-age=60', 'down', { under: settings({ staleWhenUnreachable: false }) })).toBe(false);
  });
});
