import { CornerDownRight } from 'lucide-react';
import type { ReactElement } from 'react';
import type { DecisionStep } from '../../../shared/decision.ts';
import { useT } from '../inspector-context.tsx';
import { CodeWords } from './code-words.tsx';
import './decision.css';

interface StepListProps {
  readonly steps: readonly DecisionStep[];
  /** The place of the step whose evidence is marked elsewhere. */
  readonly chosen?: number | undefined;
  /** A step with evidence is pointed at, or none any more. */
  readonly onPoint?: (place: number | undefined) => void;
  /** A step with evidence was pressed. */
  readonly onPin?: (place: number) => void;
}

/**
 * The steps to a decision, in order: what was looked at, what followed, and where the rule is written. Those that settled
 * something are marked, and those with evidence can be pressed where somebody listens.
 */
export function StepList({ steps, chosen, onPoint, onPin }: StepListProps): ReactElement {
  const t = useT();
  return (
    <ol className="steps">
      {steps.map((step, place) => (
        <li
          key={place}
          className="step"
          data-last={place === steps.length - 1}
          data-decided={step.decides !== undefined}
          data-departure={step.departure === true}
          data-chosen={chosen === place}
          onPointerEnter={() => onPoint?.(step.fields === undefined ? undefined : place)}
          onPointerLeave={() => onPoint?.(undefined)}
        >
          {onPin !== undefined && step.fields !== undefined && (
            <button
              type="button"
              className="step-pick"
              aria-label={t('decision.markStep', { number: String(place + 1) })}
              aria-pressed={chosen === place}
              onClick={() => onPin(place)}
            />
          )}
          <StepWords step={step} />
        </li>
      ))}
    </ol>
  );
}

function StepWords({ step }: { readonly step: DecisionStep }): ReactElement {
  const t = useT();
  return (
    <>
      <div className="step-evidence">
        <CodeWords text={t.said(step.evidence)} />
      </div>
      <div className="step-effect">
        <CornerDownRight className="icon icon-small" aria-hidden="true" />
        <span>
          <CodeWords text={t.said(step.effect)} />
        </span>
      </div>
      <div className="step-source">
        <span>{t.said(step.source)}</span>
        <span className="step-rule">{step.rule}</span>
        {step.departure === true && <DepartureBadge />}
      </div>
    </>
  );
}

/** Marks what a mode or an overlay decides differently from RFC 9111. */
export function DepartureBadge(): ReactElement {
  const t = useT();
  return (
    <span className="badge" data-tone="warn" title={t('decision.departsNote')}>
      {t('decision.departs')}
    </span>
  );
}
