import { expect, test } from 'vitest';
import { en } from '../../renderer/i18n/en/catalogue.ts';
import { createTranslate } from '../../renderer/i18n/translate.ts';
import { verdictMeaning } from '../../renderer/views/decision/verdict-words.ts';
import type { Decision } from '../../shared/decision.ts';

const english = createTranslate('en', en);

function meaning(parts: Partial<Decision>, ...rules: string[]): string {
  const steps = rules.map((rule) => ({ rule, source: '', evidence: '', effect: '' }));
  return verdictMeaning(english, { verdict: 'MISS', hit: false, mode: 'shared', ...parts, steps });
}

test.each<[string, Partial<Decision>, string[], string]>([
  [
    'stale, and stored again',
    { fwd: 'stale', stored: true, ttl: 60 },
    ['freshness', 'store.lifetime'],
    'Forwarded to the origin, because what was stored is no longer fresh. The answer was stored, fresh for 60 s.',
  ],
  [
    'fresh, but to be validated each time',
    { fwd: 'stale', stored: true, ttl: 60 },
    ['freshness.no-cache', 'store.no-cache'],
    'Forwarded to the origin, because what was stored has to be validated before each use. The answer was stored, to be validated before each use.',
  ],
  [
    'validated, and to be validated again',
    { verdict: 'REVALIDATED', fwd: 'stale', fwdStatus: 304, ttl: 60 },
    ['freshness.no-cache'],
    'The origin confirmed the stored response with a 304, and it was served.',
  ],
  [
    'not answered, because the client had left',
    { verdict: 'ERROR', fwd: 'uri-miss', detail: 'CLIENT_GONE' },
    [],
    'No stored response could answer, and the client left before the origin did.',
  ],
  ['a hit', { verdict: 'HIT', hit: true }, [], 'Answered from the store without asking the origin.'],
  [
    'fresh, in place of an answer that failed',
    { verdict: 'HIT', fwd: 'request', ttl: 50 },
    [],
    'The origin failed, and a stored response that is still fresh stood in for its answer.',
  ],
  [
    'stale, in place of an answer that failed',
    { verdict: 'STALE', fwd: 'stale', ttl: -5 },
    [],
    'The origin failed, and a stored response that is no longer fresh stood in for its answer.',
  ],
  [
    'stale, before the origin was asked',
    { verdict: 'STALE', hit: true, ttl: -5 },
    [],
    'A stored response was served although it is no longer fresh.',
  ],
  [
    'an origin that was not to be asked',
    { verdict: 'ERROR', detail: 'only-if-cached' },
    [],
    'No stored response could answer, and the origin was not to be asked.',
  ],
  [
    'an origin that gave no answer',
    { verdict: 'ERROR', fwd: 'uri-miss' },
    [],
    'No stored response could answer, and the origin did not.',
  ],
])('what a decision means: %s', (_what, decision, rules, expected) => {
  expect(meaning(decision, ...rules)).toBe(expected);
});
