import { describe, expect, test } from 'vitest';
import { purgeTarget } from '../../renderer/views/cache/purge-draft.ts';
import { draftOf, NEW_OVERLAY, overlayWords, ruleOf } from '../../renderer/views/cache-rules/overlay-draft.ts';
import type { OverlayRule } from '../../renderer/views/cache-rules/overlay-draft.ts';
import { cacheSettingError } from '../../renderer/views/cache-rules/setting-check.ts';
import { evidenceFields } from '../../renderer/views/decision/evidence-fields.ts';
import { freshnessAt, lifeMarks } from '../../renderer/views/decision/life-marks.ts';
import { fieldLines, parseFields, UNCHANGED, whatIfQuestion } from '../../renderer/views/decision/what-if-question.ts';
import type { DecisionStep } from '../../shared/decision.ts';

const step = (evidence: string): DecisionStep => ({ rule: 'r', source: 's', evidence, effect: 'e' });
const marked = (side: 'request' | 'response', headers: string[], evidence: string, vary: string[] = []): string[] =>
  evidenceFields(side, headers, [step(evidence)], vary).map(
    ({ name, pieces }) => `${name}: ${pieces.map((piece) => (piece.marked ? `[${piece.text}]` : piece.text)).join('')}`,
  );

describe('the evidence in the headers', () => {
  test.each<[string, 'request' | 'response', string[], string, string[], string[]]>([
    [
      'marks the directive that decided and keeps the rest of the field',
      'response',
      ['Cache-Control', 'public, max-age=60', 'Content-Type', 'text/html'],
      '`max-age=60` received 71 s ago',
      [],
      ['Cache-Control: public, [max-age=60]'],
    ],
    [
      'does not take a directive of the request for one of the response',
      'response',
      ['Cache-Control', 'no-cache'],
      '`no-cache` in the request',
      [],
      ['Cache-Control: no-cache'],
    ],
    [
      'finds it in the request then',
      'request',
      ['Cache-Control', 'no-cache', 'Accept', '*/*'],
      '`Cache-Control: no-cache` in the request',
      [],
      ['Cache-Control: [no-cache]'],
    ],
    ['marks a whole field', 'response', ['ETag', '"a"'], '`ETag: "a"`', [], ['ETag: ["a"]']],
    [
      'marks a field by its name, and lists those that Vary names',
      'request',
      ['Accept-Language', 'de', 'Accept', '*/*'],
      '`Vary` names `accept-language`: stored for `en`',
      ['accept-language'],
      ['Accept-Language: [de]'],
    ],
    ['lists what a cache looks at even where nothing decided', 'response', ['Age', '5'], '`x`', [], ['Age: 5']],
  ])('%s', (_what, side, headers, evidence, vary, expected) => {
    expect(marked(side, headers, evidence, vary)).toEqual(expected);
  });
});

describe('the life of a stored response on a bar', () => {
  const life = { date: 1_000_000, received: 1_000_000, born: 1_000_000, expires: 1_060_000 };

  test('has its moments in order, within the bar', () => {
    const { marks, stretches } = lifeMarks({ ...life, staleWhileRevalidate: 1_090_000 }, 1_030_000, 'Now');
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
    expect(lifeMarks({ born: 5, expires: 5 }, 5, 'Now').stretches).toEqual([{ kind: 'stale', from: 0, to: 1 }]);
    const { marks } = lifeMarks(life, 1_000_000 + 86_400_000, 'Now');
    expect(marks.at(-1)).toMatchObject({ name: 'Now' });
    expect(freshnessAt(life, 1_075_500)).toEqual({ fresh: false, seconds: 15 });
    expect(freshnessAt(life, 1_000_000)).toEqual({ fresh: true, seconds: 60 });
  });
});

describe('a what-if question', () => {
  const exchange = { id: 7, mode: 'shared', decidedAt: 1000.4 } as const;

  test('is about the exchange as recorded, until something is changed', () => {
    expect(whatIfQuestion(UNCHANGED, exchange)).toEqual({ question: { id: 7, now: 1000, mode: 'shared' } });
    const draft = { ...UNCHANGED, later: 60, mode: 'private', request: 'Cache-Control: no-cache\n\nX: ' } as const;
    expect(whatIfQuestion(draft, exchange)).toEqual({
      question: { id: 7, now: 61_000, mode: 'private', requestHeaders: ['Cache-Control', 'no-cache', 'X', ''] },
    });
  });

  test('tells which line is not a field', () => {
    const draft = { ...UNCHANGED, response: 'ETag: "a"\nno colon' };
    expect(whatIfQuestion(draft, exchange)).toEqual({
      error: { side: 'response', message: 'Line 2 is not a field: write it as Name: value.' },
    });
    expect(parseFields('a b: c')).toContain('Line 1');
    expect(parseFields(fieldLines(['A', '1', 'B', 'x: y']))).toEqual(['A', '1', 'B', 'x: y']);
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
    expect(overlayWords(rule)).toBe(words);
  });

  test('is refused in the words of the schema, below the field that is wrong', () => {
    const wrong = { ...NEW_OVERLAY, lifetime: 'fixed', seconds: '1.5', query: 'some', parameters: 'a,,b' } as const;
    expect(ruleOf(wrong)).toEqual({
      errors: {
        name: 'an overlay needs a name',
        pattern: 'an overlay needs a pattern; * alone stands for every URL',
        seconds: 'seconds are a whole number',
        parameters: 'a query parameter needs a name',
      },
    });
    expect(ruleOf({ ...NEW_OVERLAY, name: 'a', pattern: '*', lifetime: 'least', seconds: '' })).toEqual({
      errors: { seconds: 'seconds are a number' },
    });
  });

  test('goes with settings that are checked one by one', () => {
    expect(cacheSettingError('heuristicFraction', 1.2)).toBe('a fraction is a number from 0 to 1');
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
