import { useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import { decisionSentence } from '../../../shared/decision.ts';
import type { Decision } from '../../../shared/decision.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { useT } from '../inspector-context.tsx';
import { CodeWords } from './code-words.tsx';
import { evidenceGroups } from './evidence-fields.ts';
import { EvidenceList } from './evidence-list.tsx';
import { StepList } from './step-list.tsx';

interface WhySectionProps {
  readonly view: ExchangeView;
  readonly decision: Decision;
}

/**
 * The way to a decision: its steps, and beside them the header fields that they rest on. A step that is pointed at or
 * pressed has its evidence marked there; without one, what decided is marked.
 */
export function WhySection({ view, decision }: WhySectionProps): ReactElement {
  const t = useT();
  const { steps } = decision;
  const { request, response, upstreamResponse, from } = view;
  const groups = useMemo(
    () => evidenceGroups(view, steps),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a view is another object with every event; these are what is read of it
    [request, response, upstreamResponse, from, steps],
  );
  const [pinned, setPinned] = useState<number>();
  const [pointed, setPointed] = useState<number>();
  const chosen = pointed ?? pinned;
  return (
    <div className="section">
      <h3 className="section-title">
        {t('decision.how')}
        <span className="section-note">{t('decision.steps', { count: steps.length })}</span>
      </h3>
      <p className="decision-sentence">
        <CodeWords text={decisionSentence(decision, t.said)} />
      </p>
      <div className="why">
        {groups.length > 0 && (
          <EvidenceList groups={groups} steps={steps} chosen={chosen} answered={upstreamResponse?.status} />
        )}
        <StepList
          steps={steps}
          chosen={chosen}
          onPoint={setPointed}
          onPin={(place) => setPinned((before) => (before === place ? undefined : place))}
        />
      </div>
    </div>
  );
}
