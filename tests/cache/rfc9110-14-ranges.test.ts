import { describe, expect, it } from 'vitest';
import { findJoin, joinedHead } from '../../electron/engine/cache/join-parts.ts';
import type { StoredResponse } from '../../electron/engine/cache/stored-response.ts';
import { policyOf } from '../../electron/engine/cache/stored-response.ts';
import { date, plan, settings, store } from './policy-harness.ts';

const FRESH = 'Cache-Control: max-age=60';
const BODY = '0123456789';

describe('RFC 9110 §14.2: ranges of a complete stored response', () => {
  const range = (first: number, last: number): object => ({ kind: 'range', range: { first, last }, length: 10 });
  const whole = { kind: 'whole' };
  it.each<[string, object]>([
    ['bytes=0-3', range(0, 3)],
    ['bytes=3-', range(3, 9)],
    ['bytes=9-', range(9, 9)],
    ['bytes=-3', range(7, 9)],
    ['bytes=-99', range(0, 9)],
    ['bytes=5-99', range(5, 9)],
    ['BYTES=0-3', range(0, 3)],
    ['bytes=0-3,', range(0, 3)],
    ['bytes=0-3, 20-30', range(0, 3)],
    ['bytes=10-', { kind: 'unsatisfiable', length: 10 }],
    ['bytes=-0', { kind: 'unsatisfiable', length: 10 }],
    [
      'bytes=0-1, 5-6',
      {
        ...{ kind: 'ranges', length: 10 },
        ranges: [
          { first: 0, last: 1 },
          { first: 5, last: 6 },
        ],
      },
    ],
    ['bytes=0-1, 2-6', range(0, 6)],
    ['bytes=3-1', whole],
    ['bytes=a-b', whole],
    ['bytes=', whole],
    ['bytes', whole],
    ['bytes=--3', whole],
    ['lines=0-3', whole],
  ])('Range: %s', (value, answer) => {
    const stored = store({ headers: [FRESH], body: BODY });
    expect(plan([stored], { headers: [`Range: ${value}`] })).toMatchObject({ action: 'serve', answer });
  });

  it.each<[string, string[], string, string]>([
    ['the strong tag', ['ETag: "a"'], '"a"', 'range'],
    ['another tag', ['ETag: "a"'], '"b"', 'whole'],
    ['a weak tag never', ['ETag: W/"a"'], 'W/"a"', 'whole'],
    ['the exact Last-Modified', [`Last-Modified: ${date(-60)}`], date(-60), 'range'],
    ['a later date', [`Last-Modified: ${date(-60)}`], date(-59), 'whole'],
    ['a Last-Modified too close to Date to be strong', [`Last-Modified: ${date(0)}`], date(0), 'whole'],
    ['something invalid', ['ETag: "a"'], 'a', 'whole'],
  ])('If-Range with %s (§13.1.5)', (_what, headers, ifRange, kind) => {
    const stored = store({ headers: [FRESH, ...headers], body: BODY });
    const asked = { headers: ['Range: bytes=0-3', `If-Range: ${ifRange}`] };
    expect(plan([stored], asked)).toMatchObject({ answer: { kind } });
  });

  it('is for GET and 200 alone', () => {
    const stored = store({ headers: [FRESH], body: BODY });
    const missing = store({ status: 404, headers: [FRESH], body: BODY });
    const headers = ['Range: bytes=0-3'];
    expect(plan([stored], { method: 'HEAD', headers })).toMatchObject({ answer: { kind: 'head' } });
    expect(plan([missing], { headers })).toMatchObject({ answer: { kind: 'whole' } });
  });

  it('comes after the conditions (§13.2.2)', () => {
    const stored = store({ headers: [FRESH, 'ETag: "a"'], body: BODY });
    const asked = { headers: ['Range: bytes=0-3', 'If-None-Match: "a"'] };
    expect(plan([stored], asked)).toMatchObject({ answer: { kind: 'not-modified' } });
  });
});

describe('RFC 9111 §3.3 and §3.4: parts', () => {
  const part = (first: number, last: number, tag = '"a"', length = 10): StoredResponse =>
    store({
      status: 206,
      headers: [FRESH, `ETag: ${tag}`, `Content-Range: bytes ${first}-${last}/${length}`],
      body: BODY.slice(first, last + 1),
    });

  it.each<[string, string[], string]>([
    ['the same range', ['Range: bytes=2-5'], 'serve'],
    ['a range within', ['Range: bytes=3-4'], 'serve'],
    ['a range that sticks out', ['Range: bytes=3-6'], 'partial'],
    ['an open range', ['Range: bytes=3-'], 'partial'],
    ['no range at all', [], 'partial'],
    ['a suffix outside', ['Range: bytes=-2'], 'partial'],
    ['a matching If-Range', ['Range: bytes=2-5', 'If-Range: "a"'], 'serve'],
    ['another If-Range', ['Range: bytes=2-5', 'If-Range: "b"'], 'partial'],
  ])('bytes 2-5 are stored; %s', (_what, headers, expected) => {
    const made = plan([part(2, 5)], { headers });
    expect(made.action === 'forward' ? made.fwd : made.action).toBe(expected);
  });

  it('a suffix within the stored end is served', () => {
    expect(plan([part(5, 9)], { headers: ['Range: bytes=-2'] })).toMatchObject({
      answer: { kind: 'range', range: { first: 8, last: 9 } },
    });
  });

  it('a whole response is preferred to no bytes, and a part never answers for the whole', () => {
    const whole = store({ headers: [FRESH, 'ETag: "a"'], body: BODY });
    expect(plan([part(2, 5), whole])).toMatchObject({ action: 'serve', stored: whole, answer: { kind: 'whole' } });
  });

  it("a part's tag is sent only for a range that it has (§4.3.2)", () => {
    const stale = { ...part(2, 5) };
    const covered = plan([stale], { headers: ['Range: bytes=2-3'] }, 90);
    expect(covered).toMatchObject({ action: 'forward', fwd: 'stale', validating: [stale] });
    const outside = plan([stale], { headers: ['Range: bytes=7-8'] }, 90);
    expect(outside).toMatchObject({ action: 'forward', fwd: 'partial', validating: [] });
  });

  it.each<[string, StoredResponse, StoredResponse, string | undefined]>([
    ['adjacent', part(0, 4), part(5, 9), '01234[56789]'],
    ['adjacent, the other way round', part(5, 9), part(0, 4), '[01234]56789'],
    ['overlapping', part(0, 6), part(4, 9), '0123[456789]'],
    ['inside', part(0, 8), part(4, 6), '0123[456]78'],
    ['with a gap', part(0, 3), part(5, 9), undefined],
    ['another tag', part(0, 4, '"b"'), part(5, 9), undefined],
    ['a weak tag', part(0, 4, 'W/"a"'), part(5, 9, 'W/"a"'), undefined],
    ['another length', part(0, 4, '"a"', 11), part(5, 9), undefined],
  ])('%s', (_what, older, newer, expected) => {
    const join = findJoin(newer.head, policyOf(newer, settings()), [older], settings());
    const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
    const made =
      join === undefined ? undefined : `${text(join.before)}[${text(newer.body as Uint8Array)}]${text(join.after)}`;
    expect(made).toBe(expected);
  });

  it('becomes a complete 200 when no byte is missing', () => {
    const joined = joinedHead(part(0, 4).head, { first: 0, last: 9 }, 10);
    expect(joined).toMatchObject({ status: 200 });
    expect(joined.part).toBeUndefined();
    expect(joinedHead(part(0, 4).head, { first: 0, last: 8 }, 10)).toMatchObject({ part: { range: { last: 8 } } });
  });
});
