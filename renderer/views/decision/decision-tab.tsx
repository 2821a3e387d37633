import { Database, FlaskConical, HelpCircle, Hourglass, Trash2 } from 'lucide-react';
import { useRef } from 'react';
import type { ReactElement } from 'react';
import { cacheStatusField, departsFromStandard } from '../../../shared/decision.ts';
import type { Decision } from '../../../shared/decision.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { openEntry } from '../../store/ui-store.ts';
import { CopyButton } from '../common/copy-button.tsx';
import { EmptyState } from '../common/empty-state.tsx';
import { VerdictBadge } from '../common/labels.tsx';
import { RawText } from '../common/raw-text.tsx';
import { useInspector } from '../inspector-context.tsx';
import { DecidingSteps } from './deciding-steps.tsx';
import { NearMissCard } from './near-miss-card.tsx';
import { RecordedLife } from './recorded-life.tsx';
import { DepartureBadge } from './step-list.tsx';
import { useEntryOf } from './use-entry-of.ts';
import { MODE_WORDS, verdictMeaning } from './verdict-words.ts';
import { WhatIfPanel } from './what-if-panel.tsx';
import { WhySection } from './why-section.tsx';
import './decision.css';

/** Why the cache answered as it did. */
export function DecisionTab({ view }: { readonly view: ExchangeView }): ReactElement {
  const { decision } = view;
  return decision === undefined ? (
    <NoDecision view={view} />
  ) : (
    <Decided key={view.id} view={view} decision={decision} />
  );
}

function Decided({ view, decision }: { readonly view: ExchangeView; readonly decision: Decision }): ReactElement {
  const { steps, nearMiss } = decision;
  const { entry, look } = useEntryOf(view);
  const whatIf = useRef<HTMLInputElement>(null);
  const canAsk = view.response !== undefined && view.from !== 'hopscope';
  return (
    <>
      <div className="section">
        <div className="decision-head">
          <VerdictBadge verdict={decision.verdict} size="large" />
          <span className="decision-mode">{MODE_WORDS[decision.mode]}</span>
          {departsFromStandard(decision) && <DepartureBadge />}
        </div>
        <p className="decision-meaning">{verdictMeaning(decision)}</p>
        <DecidingSteps steps={steps} />
        <RecordedLife view={view} decision={decision} entry={entry} />
        <div className="entry-actions">
          {decision.key !== undefined && <EntryActions entry={entry} look={look} />}
          {canAsk && (
            <button
              type="button"
              className="button"
              onClick={() => {
                whatIf.current?.closest('.section')?.scrollIntoView();
                whatIf.current?.focus({ preventScroll: true });
              }}
            >
              <FlaskConical className="icon icon-small" />
              What if…
            </button>
          )}
        </div>
      </div>
      {nearMiss !== undefined && <NearMissCard nearMiss={nearMiss} view={view} />}
      {steps.length > 0 && <WhySection view={view} decision={decision} />}
      {canAsk && <WhatIfPanel view={view} decision={decision} first={whatIf} />}
      <CacheStatus decision={decision} />
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

/** From the exchange to what is stored for requests like it. */
function EntryActions({ entry, look }: ReturnType<typeof useEntryOf>): ReactElement {
  const { ui, purge } = useInspector();
  if (entry === undefined) return <span className="section-note">Looking for the stored entry…</span>;
  if (entry === null) return <span className="section-note">Nothing is stored for requests like this one now.</span>;
  return (
    <>
      <button type="button" className="button" onClick={() => openEntry(ui, entry)}>
        <Database className="icon icon-small" />
        Open the stored entry
      </button>
      <button
        type="button"
        className="button"
        title="The next request like this one goes to the origin then"
        onClick={() => void purge({ id: entry }).then(look)}
      >
        <Trash2 className="icon icon-small" />
        Purge this entry
      </button>
    </>
  );
}

function CacheStatus({ decision }: { readonly decision: Decision }): ReactElement {
  const field = cacheStatusField(decision, 'Hopscope');
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
    </div>
  );
}
