import { describe, expect, test } from 'vitest';
import { en } from '../../renderer/i18n/en/catalogue.ts';
import { createTranslate } from '../../renderer/i18n/translate.ts';
import { purgeTarget } from '../../renderer/views/cache/purge-draft.ts';
import {
  draftOf,
  newOverlay,
  overlayWords,
  patternError,
  ruleOf,
} from '../../renderer/views/cache-rules/overlay-draft.ts';
import type { OverlayRule } from '../../renderer/views/cache-rules/overlay-draft.ts';
import { cacheSettingError } from '../../renderer/views/cache-rules/setting-check.ts';
import { evidenceGroups } from '../../renderer/views/decision/evidence-fields.ts';
import type { ValuePiece } from '../../renderer/views/decision/evidence-fields.ts';
import { freshnessAt, lifeMarks } from '../../renderer/views/decision/life-marks.ts';
import { fieldLines, parseFields } from '../../renderer/format/field-lines.ts';
import { UNCHANGED, whatIfQuestion } from '../../renderer/views/decision/what-if-question.ts';
import type { DecisionStep, FieldEvidence } from '../../shared/decision.ts';
import type { ExchangeView } from '../../shared/exchange-view.ts';

const english = createTranslate('en', en);

/** An exchange's groups of evidence, each field as `name: [marked]1 not marked`, with the numbers of the steps behind. */
function evidence(
  parts: Partial<ExchangeView>,
  steps: readonly (readonly FieldEvidence[])[],
): Record<string, string[]> {
  const view: ExchangeView = {
    ...{
      id: 1,
      kind: 'http',
      start: 0,
      method: 'GET',
      url: 'http://a/',
      version: 'HTTP/1.1',
      client: '',
      connection: 1,
    },
    ...{ nth: 1, requestBytes: 0, responseBytes: 0, warnings: 0, informational: [], spans: [], notes: [], open: [] },
    request: { headers: [] },
    ...parts,
  };
  const groups = evidenceGroups(
    view,
    steps.map((fields): DecisionStep => ({ rule: 'r', source: 's', evidence: '', effect: '', fields })),
  );
  const words = ({ text, steps: of }: ValuePiece): string => (of.length === 0 ? text : `[${text}]${of.join()}`);
  return Object.fromEntries(
    groups.map(({ side, fields }) => [
      side,
      fields.map(({ name, pieces }) => `${name}: ${pieces.map(words).join('')}`),
    ]),
  );
}

describe('the evidence in the headers', () => {
  test('is the directive that a step rests on, in the message that it stands in, and what else a cache looks at', () => {
    const view = {
      from: 'upstream' as const,
      request: { headers: ['Cache-Control', 'max-age=60', 'Accept', '*/*'] },
      response: {
        reason: 'OK',
        headers: ['Cache-Control', 'public, Max-Age="60" , no-cache="a, b"', 'Content-Type', 'text/html', 'Age', '5'],
      },
    };
    const directives = ['max-age=60', 'no-cache'].map(
      (directive) => ({ side: 'response', name: 'cache-control', directive }) as const,
    );
    expect(
      evidence(
        view,
        directives.map((one) => [one]),
      ),
    ).toEqual({
      request: ['Cache-Control: max-age=60'],
      response: ['Cache-Control: public, [Max-Age="60" ]0, [no-cache="a, b"]1', 'Age: 5'],
    });
  });

  test('of what is stored is marked in the answer from the store, and the origin has its own', () => {
    const view = {
      from: 'cache' as const,
      request: { headers: ['Accept-Language', 'de', 'Accept', '*/*'] },
      response: { reason: 'OK', headers: ['ETag', '"a"', 'Vary', 'accept-language'] },
      upstreamResponse: {
        ...{ seq: 1, id: 1, at: 0, type: 'upstream.response' as const, status: 304, reason: '' },
        headers: ['ETag', '"a"', 'Server', 'x'],
      },
    };
    const etag = { side: 'stored', name: 'etag' } as const;
    expect(evidence(view, [[{ side: 'request', name: 'accept-language' }], [etag], [etag]])).toEqual({
      request: ['Accept-Language: [de]0'],
      stored: ['ETag: ["a"]1,2', 'Vary: accept-language'],
      response: ['ETag: "a"'],
    });
  });

  test('of a response that is stored no more is what the steps tell', () => {
    const view = { from: 'upstream' as const, response: { reason: 'OK', headers: ['Date', 'now'] } };
    const stored = [
      { side: 'stored', name: 'Cache-Control', directive: 'max-age=60' },
      { side: 'stored', name: 'cache-control', directive: 'must-revalidate' },
      { side: 'stored', name: 'etag' },
    ] as const;
    expect(evidence(view, [stored])).toEqual({
      stored: ['cache-control: [max-age=60]0, [must-revalidate]0', 'etag: […]0'],
      response: ['Date: now'],
    });
  });
});

describe('the life of a stored response on a bar', () => {
  const life = { date: 1_000_000, received: 1_000_000, born: 1_000_000, expires: 1_060_000 };

  test('has its moments in order, within the bar', () => {
    const { marks, stretches } = lifeMarks(english, { ...life, staleWhileRevalidate: 1_090_000 }, 1_030_000, 'Now');
    expect(marks.map(({ name }) => name)).toEqual([
      ...['Date', 'Received', 'Now', 'Goes stale', 'Stale while revalidating, until'],
    ]);
    expect(marks.every(({ share }, place) => share >= 0 && share <= 1 && share >= (marks[place - 1]?.share ?? 0))).toBe(
      true,
    );
    expect(stretches.map(({ kind }) => kind)).toEqual(['fresh', 'while-revalidate', 'stale']);
    for (const [place, { from }] of stretches.entries()) if (place > 0) expect(from).toBe(stretches[place - 1]!.to);
  });

  test('of no length, or used long after its end, still has a place for everything', () => {
    expect(lifeMarks(english, { born: 5, expires: 5 }, 5, 'Now').stretches).toEqual([
      { kind: 'stale', from: 0, to: 1 },
    ]);
    const { marks } = lifeMarks(english, life, 1_000_000 + 86_400_000, 'Now');
    expect(marks.at(-1)).toMatchObject({ name: 'Now' });
    const present = lifeMarks(english, life, 1_030_000, 'Answered', 1_090_000).marks;
    expect(present.map(({ name }) => name)).toEqual(['Date', 'Received', 'Answered', 'Goes stale', 'Now']);
    expect(present.at(-1)?.beyond).toBeUndefined();
    const longAgo = lifeMarks(english, life, 1_030_000, 'Answered', 1_000_000 + 86_400_000).marks;
    expect(longAgo.at(-1)).toMatchObject({ name: 'Now', share: 1, beyond: true });
    expect(longAgo.at(-2)?.share).toBeGreaterThan(0.6);
    expect(lifeMarks(english, { ...life, born: 980_000 }, 1_030_000, 'Now').stretches[0]).toMatchObject({
      kind: 'aged',
      from: 0,
    });
    expect(freshnessAt(life, 1_075_500)).toEqual({ fresh: false, seconds: 15 });
    expect(freshnessAt(life, 1_000_000)).toEqual({ fresh: true, seconds: 60 });
    // Age 1 s and 59 s left are the lifetime: the list and the details say the same.
    expect(freshnessAt(life, 1_001_400)).toEqual({ fresh: true, seconds: 59 });
  });
});

describe('a what-if question', () => {
  const exchange = { id: 7, mode: 'shared', decidedAt: 1000.4 } as const;

  test('is about the exchange as recorded, until something is changed', () => {
    expect(whatIfQuestion(english, UNCHANGED, exchange)).toEqual({ question: { id: 7, now: 1000, mode: 'shared' } });
    const draft = { ...UNCHANGED, later: 60, mode: 'private', request: 'Cache-Control: no-cache\n\nX: ' } as const;
    expect(whatIfQuestion(english, draft, exchange)).toEqual({
      question: { id: 7, now: 61_000, mode: 'private', requestHeaders: ['Cache-Control', 'no-cache', 'X', ''] },
    });
    const { question } = whatIfQuestion(english, { ...UNCHANGED, request: 'A: b', laterOnly: true }, exchange) as never;
    expect(question).toMatchObject({ requestHeaders: ['A', 'b'], laterOnly: true });
    expect(whatIfQuestion(english, { ...UNCHANGED, laterOnly: true }, exchange)).toEqual({
      question: { id: 7, now: 1000, mode: 'shared' },
    });
  });

  test('tells which line is not a field', () => {
    const draft = { ...UNCHANGED, response: 'ETag: "a"\nno colon' };
    expect(whatIfQuestion(english, draft, exchange)).toEqual({
      error: { side: 'response', message: 'Line 2 is not a field: write it as Name: value.' },
    });
    expect(parseFields(english, 'a b: c')).toContain('Line 1');
    expect(parseFields(english, 'A: 1\nB: \u0100')).toContain('Line 2');
    expect(parseFields(english, fieldLines(['A', '1', 'B', 'x: y']))).toEqual(['A', '1', 'B', 'x: y']);
  });
});

describe("a rule of one's own", () => {
  test.each<[OverlayRule, string]>([
    [{ name: 'a', pattern: 'http://a/' }, 'changes nothing yet'],
    [{ name: 'a', pattern: '*', neverCache: true }, 'never cached'],
    [{ name: 'a', pattern: '*', fixedLifetime: 3600, ignoreVary: true }, 'fresh for exactly 60 min · ignore vary'],
    [{ name: 'a', pattern: '*', minLifetime: 60, dropQuery: ['a', 'b'] }, 'fresh for at least 60 s · without a, b'],
    [
      { name: 'a', pattern: '*', dropQuery: true, alwaysRevalidate: true },
      'the origin is always asked · whole query ignored',
    ],
    [{ name: 'a', pattern: '*', sortQuery: true, ignoreNoStore: true }, 'ignore no-store · query sorted'],
  ])('%j survives its form and is told in words', (rule, words) => {
    expect(ruleOf(draftOf(rule))).toEqual({ value: rule });
    expect(overlayWords(english, rule)).toBe(words);
  });

  test('is refused in the words of the schema, below the field that is wrong', () => {
    const wrong = {
      ...newOverlay(null),
      lifetime: 'fixed',
      seconds: '1.5',
      query: 'some',
      parameters: 'a,,b',
    } as const;
    expect(ruleOf(wrong)).toEqual({
      errors: {
        name: 'an overlay needs a name',
        pattern: 'an overlay needs a pattern; * alone stands for every URL',
        seconds: 'seconds are a whole number',
        parameters: 'a query parameter needs a name',
      },
    });
    expect(ruleOf({ ...newOverlay(null), name: 'a', pattern: '*', lifetime: 'least', seconds: '' })).toEqual({
      errors: { seconds: 'seconds are a number' },
    });
  });

  test('that was saved with a pattern which matches nothing is told so', () => {
    expect(patternError({ name: 'a', pattern: 'ftp://a/*' })).toContain('no URL matches this');
    expect(patternError({ name: 'a', pattern: '*.png' })).toBeUndefined();
  });

  test('goes with settings that are checked one by one', () => {
    expect(cacheSettingError('heuristicFraction', 1.2)).toBe('a fraction is a number from 0 to 1');
    expect(cacheSettingError('heuristicFraction', Number.NaN)).toBe('a fraction is a number from 0 to 1');
    expect(cacheSettingError('heuristicFraction', 0.2)).toBeUndefined();
    expect(cacheSettingError('targetedFields', ['a b'])).toBe('a targeted field is a field name in lower case');
    expect(cacheSettingError('maxBytes', Number.NaN)).toBeTypeOf('string');
  });
});

test('what is to be purged is named as the engine takes it', () => {
  expect(purgeTarget({ kind: 'everything', text: '' })).toEqual({ everything: true });
  expect(purgeTarget({ kind: 'host', text: ' http://example.com:81/path?x ' })).toEqual({ host: 'example.com:81' });
  expect(purgeTarget({ kind: 'pattern', text: 'http://a/*' })).toEqual({ pattern: 'http://a/*' });
  expect(purgeTarget({ kind: 'group', text: 'g' })).toEqual({ group: 'g' });
  expect(purgeTarget({ kind: 'host', text: '  ' })).toBeUndefined();
});
