import { expect } from 'vitest';
import type { ForwardPlan, Plan } from '../../electron/engine/cache/plan.ts';
import { chinese } from '../../renderer/i18n/zh-CN/chinese.ts';
import type { DecisionStep } from '../../shared/decision.ts';
import { decisionSentence } from '../../shared/decision.ts';

/** The one-line sentence of steps, each part of which has a Chinese counterpart. */
export function sentence(steps: readonly DecisionStep[]): string {
  const said = { verdict: 'MISS', hit: false, mode: 'shared', steps } as const;
  const chineseSaid = chinese().said;
  for (const step of steps) {
    // What is put into words has Chinese ones, wherever it is more than code.
    for (const part of [step.evidence, step.effect, ...(step.say ?? '').split('\n')]) {
      if (part.replaceAll(/`[^`]*`|[,; ]|and/g, '') !== '') expect(chineseSaid(part), part).toMatch(/\p{Script=Han}/u);
    }
  }
  return decisionSentence(said);
}

/** A plan to send the request on. */
export function forwarded(made: Plan): ForwardPlan {
  if (made.action !== 'forward') throw new Error(made.action);
  return made;
}

/** The steps of any plan. */
export function stepsOf(made: Plan): readonly DecisionStep[] {
  return made.action === 'forward' ? made.steps : made.decision.steps;
}
