import type { Decision, DecisionStep, NearMiss } from '../../shared/decision.ts';
import { cacheStatusField, decisionSentence } from '../../shared/decision.ts';
import { printable } from './exchange-text.ts';

/** A decision as text for a terminal: in one sentence, step by step, what nearly answered, and the field that tells of it. */
export function decisionText(decision: Decision): string {
  const { mode, steps, nearMiss } = decision;
  const parts = [
    steps.length === 0 ? `${decision.verdict}; the steps were not recorded` : decisionSentence(decision),
    ...steps.map((step, place) => stepText(step, place + 1)),
    ...(nearMiss === undefined ? [] : [nearMissText(nearMiss)]),
    `Mode ${mode}\nCache-Status: ${cacheStatusField(decision, 'Hopscope')}`,
  ];
  return parts.map((part) => part.split('\n').map(printable).join('\n')).join('\n\n');
}

/** What a step is marked with, besides its source. */
const DECIDES = { answer: 'decided the answer', storing: 'decided on storing' } as const;

function stepText({ rule, source, evidence, effect, decides, departure }: DecisionStep, number: number): string {
  const marks = [
    ...(decides === undefined ? [] : [DECIDES[decides]]),
    ...(departure === true ? ['departs from the RFC'] : []),
  ];
  return [
    `${String(number).padStart(2)}. ${evidence}`,
    `    → ${effect}`,
    `    ${[`${source} (${rule})`, ...marks].join(', ')}`,
  ].join('\n');
}

function nearMissText({ key, field, stored, requested, why }: NearMiss): string {
  return [
    `Nearly answered: ${key}`,
    `    stored     ${field}: ${stored}`,
    `    requested  ${field}: ${requested}`,
    `    ${why}`,
  ].join('\n');
}
