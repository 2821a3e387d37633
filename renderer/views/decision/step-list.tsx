import { CornerDownRight } from 'lucide-react';
import type { ReactElement } from 'react';
import type { DecisionStep } from '../../../shared/decision.ts';
import { CodeWords } from './code-words.tsx';
import './decision.css';

interface StepListProps {
  readonly steps: readonly DecisionStep[];
}

/**
 * The steps to a decision, in order: what was looked at, what followed, and where the rule is written. Those that settled
 * something are marked.
 */
export function StepList({ steps }: StepListProps): ReactElement {
  return (
    <ol className="steps">
      {steps.map((step, place) => (
        <Step key={place} step={step} last={place === steps.length - 1} />
      ))}
    </ol>
  );
}

interface StepProps {
  readonly step: DecisionStep;
  readonly last: boolean;
}

function Step({ step, last }: StepProps): ReactElement {
  return (
    <li
      className="step"
      data-last={last}
      data-decided={step.decides !== undefined}
      data-departure={step.departure === true}
    >
      <div className="step-evidence">
        <CodeWords text={step.evidence} />
      </div>
      <div className="step-effect">
        <CornerDownRight className="icon icon-small" aria-hidden="true" />
        <span>
          <CodeWords text={step.effect} />
        </span>
      </div>
      <div className="step-source">
        <span>{step.source}</span>
        <span className="step-rule">{step.rule}</span>
        {step.departure === true && <DepartureBadge />}
      </div>
    </li>
  );
}

/** Marks what a mode or an overlay decides differently from RFC 9111. */
export function DepartureBadge(): ReactElement {
  return (
    <span className="badge" data-tone="warn" title="A mode or an overlay decides this differently from RFC 9111">
      Departs from the RFC
    </span>
  );
}
