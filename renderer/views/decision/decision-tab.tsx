import { ArrowRight, CornerDownRight, HelpCircle, Hourglass, Trash2 } from 'lucide-react';
import type { ReactElement } from 'react';
import { cacheStatusField, decisionSentence, departsFromStandard } from '../../../shared/decision.ts';
import type { Decision, DecisionStep, NearMiss } from '../../../shared/decision.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { CopyButton } from '../common/copy-button.tsx';
import { EmptyState } from '../common/empty-state.tsx';
import { VerdictBadge } from '../common/labels.tsx';
import { RawText } from '../common/raw-text.tsx';
import { useInspector } from '../inspector-context.tsx';
import { CodeWords } from './code-words.tsx';
import { FreshnessBar } from './freshness-bar.tsx';
import { MODE_WORDS, verdictMeaning } from './verdict-words.ts';
import './decision.css';

/** Why the cache answered as it did. */
export function DecisionTab({ view }: { readonly view: ExchangeView }): ReactElement {
  const { decision } = view;
  if (decision === undefined) return <NoDecision view={view} />;
  return (
    <>
      <div className="section">
        <div className="decision-head">
          <VerdictBadge verdict={decision.verdict} size="large" />
          <span className="decision-mode">{MODE_WORDS[decision.mode]}</span>
          {departsFromStandard(decision) && <DepartureBadge />}
        </div>
        <p className="decision-meaning">{verdictMeaning(decision)}</p>
        {decision.steps.length > 0 && (
          <p className="decision-sentence">
            <CodeWords text={decisionSentence(decision)} />
          </p>
        )}
        {decision.age !== undefined && decision.lifetime !== undefined && (
          <FreshnessBar age={decision.age} lifetime={decision.lifetime} />
        )}
      </div>
      {decision.steps.length > 0 && (
        <div className="section">
          <h3 className="section-title">
            How it was decided
            <span className="section-note">{decision.steps.length} steps</span>
          </h3>
          <ol className="steps">
            {decision.steps.map((step, place) => (
              <Step key={place} step={step} last={place === decision.steps.length - 1} verdict={decision.verdict} />
            ))}
          </ol>
        </div>
      )}
      {decision.nearMiss !== undefined && <NearMissCard nearMiss={decision.nearMiss} />}
      <Parameters decision={decision} />
    </>
  );
}

function NoDecision({ view }: { readonly view: ExchangeView }): ReactElement {
  if (view.end === undefined) {
    return (
      <EmptyState icon={<Hourglass className="icon" />} title="Not decided yet">
        <p>The cache has not been asked, or still waits for the upstream.</p>
      </EmptyState>
    );
  }
  const why =
    view.kind === 'tunnel'
      ? 'Bytes in a tunnel pass unread, so there is nothing a cache could decide.'
      : view.kind === 'malformed'
        ? 'The request could not be read, so it never came to the cache.'
        : 'The exchange ended before it came to the cache.';
  return (
    <EmptyState icon={<HelpCircle className="icon" />} title="The cache was not asked">
      <p>{why}</p>
    </EmptyState>
  );
}

function DepartureBadge(): ReactElement {
  return (
    <span className="badge" data-tone="warn" title="A mode or an overlay decides this differently from RFC 9111">
      Departs from the RFC
    </span>
  );
}

interface StepProps {
  readonly step: DecisionStep;
  readonly last: boolean;
  readonly verdict: Decision['verdict'];
}

function Step({ step, last, verdict }: StepProps): ReactElement {
  return (
    <li className="step" data-last={last} data-verdict={verdict} data-departure={step.departure === true}>
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

function NearMissCard({ nearMiss }: { readonly nearMiss: NearMiss }): ReactElement {
  return (
    <div className="section">
      <h3 className="section-title">Near miss</h3>
      <p className="near-miss-why">
        <CodeWords text={nearMiss.why} />
      </p>
      <div className="near-miss">
        <div className="near-miss-side">
          <span className="near-miss-name">Stored {nearMiss.field}</span>
          <code>
            <RawText text={nearMiss.stored} limit={1000} />
          </code>
        </div>
        <ArrowRight className="icon" aria-label="but" />
        <div className="near-miss-side" data-differs="true">
          <span className="near-miss-name">Requested {nearMiss.field}</span>
          <code>
            <RawText text={nearMiss.requested} limit={1000} />
          </code>
        </div>
      </div>
      <p className="section-note near-miss-key">
        Key <RawText text={nearMiss.key} limit={1000} />
      </p>
    </div>
  );
}

function Parameters({ decision }: { readonly decision: Decision }): ReactElement {
  const { purge } = useInspector();
  const field = cacheStatusField(decision, 'Hopscope');
  const { key } = decision;
  return (
    <div className="section">
      <h3 className="section-title">
        Cache-Status
        <span className="section-note">RFC 9211</span>
        <span className="section-actions">
          <CopyButton text={field} label="Copy the Cache-Status member" size="small" />
        </span>
      </h3>
      <code className="cache-status">
        <RawText text={field} limit={4000} />
      </code>
      {key !== undefined && (
        <div className="purge">
          <button type="button" className="button" onClick={() => void purge(key)}>
            <Trash2 className="icon icon-small" />
            Purge this entry
          </button>
          <span className="section-note">
            Forgets what is stored for this key; the next request goes to the origin.
          </span>
        </div>
      )}
    </div>
  );
}
