import { describe, expect, it } from 'vitest';
import type { StoredPiece } from '../../electron/engine/cache/join-parts.ts';
import { joinedHead, joinParts } from '../../electron/engine/cache/join-parts.ts';
import type { StoredResponse } from '../../electron/engine/cache/stored-response.ts';
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

function varied(stored: StoredResponse): StoredResponse {
  const selecting = [{ field: 'foo', value: '1', normal: '1' }];
  return { ...stored, head: { ...stored.head, selecting } };
}

/** The bytes of pieces, those of `newer` in brackets. */
function textOf(pieces: readonly StoredPiece[], newer: StoredResponse): string {
  const text = pieces.map(({ stored, range }) => {
    const bytes = Buffer.from(stored.body as Uint8Array).toString('latin1', range.first, range.last + 1);
    return stored === newer ? `[${bytes}]` : bytes;
  });
  return text.join('');
}

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

  it.each<[string, StoredResponse[], StoredResponse, string | undefined]>([
    ['adjacent', [part(0, 4)], part(5, 9), '01234[56789]'],
    ['adjacent, the other way round', [part(5, 9)], part(0, 4), '[01234]56789'],
    ['overlapping', [part(0, 6)], part(4, 9), '0123[456789]'],
    ['inside', [part(0, 8)], part(4, 6), '0123[456]78'],
    ['filling a gap', [part(0, 3), part(6, 9)], part(4, 5), '0123[45]6789'],
    ['overlapping each other', [part(0, 3), part(2, 6), part(8, 9)], part(5, 8), '01234[5678]9'],
    ['with a gap', [part(0, 3)], part(5, 9), undefined],
    ['another tag', [part(0, 4, '"b"')], part(5, 9), undefined],
    ['a weak tag', [part(0, 4, 'W/"a"')], part(5, 9, 'W/"a"'), undefined],
    ['another length', [part(0, 4, '"a"', 11)], part(5, 9), undefined],
    ['for other request fields', [varied(part(0, 4))], part(5, 9), undefined],
  ])('%s', (_what, olders, newer, expected) => {
    const join = joinParts(
      newer,
      olders.map((older, i) => ({ ...older, id: i + 1 })),
      settings(),
    );
    expect(join && textOf(join.pieces, newer)).toBe(expected);
  });

  it('are not joined while that would copy far more bytes than have come, unless nothing is missing then', () => {
    const MiB = 1024 * 1024;
    const large = (first: number, last: number): StoredResponse => {
      const head = part(0, 4, '"a"', 1024 * MiB).head;
      const body = { open: () => undefined };
      return {
        id: first,
        head: { ...head, part: { range: { first, last }, length: 1024 * MiB } },
        body,
        bodyLength: 0,
        policy: undefined,
      };
    };
    const older = large(0, 800 * MiB - 1);
    const joined = (newer: StoredResponse, ...more: StoredResponse[]): number | undefined =>
      joinParts(newer, [older, ...more], settings())?.pieces.length;
    expect(joined(large(800 * MiB, 801 * MiB - 1))).toBeUndefined();
    expect(joined(large(800 * MiB, 900 * MiB - 1))).toBe(2);
    // What was not worth joining grows beside the large part until it is.
    const beside = large(800 * MiB, 805 * MiB - 1);
    expect(joined(large(805 * MiB, 806 * MiB - 1), beside)).toBe(2);
    expect(joined(large(1023 * MiB, 1024 * MiB - 1), large(800 * MiB, 1023 * MiB - 1))).toBe(3);
  });

  it('becomes a complete 200 when no byte is missing', () => {
    const joined = joinedHead(part(0, 4).head, { authorized: false }, { first: 0, last: 9 }, 10);
    expect(joined).toMatchObject({ status: 200 });
    expect(joined.part).toBeUndefined();
    expect(joinedHead(part(0, 4).head, { authorized: false }, { first: 0, last: 8 }, 10)).toMatchObject({
      part: { range: { last: 8 } },
    });
  });
});
