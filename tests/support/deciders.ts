import type { Decision, DecisionStep } from '../../shared/decision.ts';

type Steps = Pick<Decision, 'steps'>;

/** The step that settled whether the store answered. */
export function decidingStep({ steps }: Steps): DecisionStep | undefined {
  return steps.find(({ decides }) => decides === 'answer');
}

/** What is wrong with a decision's marks, in words; undefined when they are as they must be. */
export function wrongMarks({ steps }: Steps): string | undefined {
  const answering = steps.filter(({ decides }) => decides === 'answer');
  const storing = steps.filter(({ decides }) => decides === 'storing');
  if (answering.length === 1 && storing.length <= 1) return undefined;
  return steps.map(({ rule, decides }) => (decides === undefined ? rule : `${rule} (${decides})`)).join(', ');
}
