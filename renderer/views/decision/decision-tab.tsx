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
import { useInspector, useT } from '../inspector-context.tsx';
import { DecidingSteps } from './deciding-steps.tsx';
import { NearMissCard } from './near-miss-card.tsx';
import { RecordedLife } from './recorded-life.tsx';
import { DepartureBadge } from './step-list.tsx';
import { useEntryOf } from './use-entry-of.ts';
import { modeName, verdictMeaning } from './verdict-words.ts';
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
  const t = useT();
  const { steps, nearMiss } = decision;
  const { entry, look } = useEntryOf(view);
  const whatIf = useRef<HTMLInputElement>(null);
  const canAsk = view.response !== undefined && view.from !== 'hopscope';
  return (
    <>
      <div className="section">
        <div className="decision-head">
          <VerdictBadge verdict={decision.verdict} size="large" />
          <span className="decision-mode">{modeName(t, decision.mode)}</span>
          {departsFromStandard(decision) && <DepartureBadge />}
        </div>
        <p className="decision-meaning">{verdictMeaning(t, decision)}</p>
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
              {t('decision.whatIf')}
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
  const t = useT();
  if (view.end === undefined) {
    return (
      <EmptyState icon={<Hourglass className="icon" />} title={t('decision.notYet')}>
        <p>{t('decision.notYetNote')}</p>
      </EmptyState>
    );
  }
  const why =
    view.kind === 'tunnel'
      ? t('decision.tunnel')
      : view.kind === 'malformed'
        ? t('decision.malformed')
        : t('decision.endedBefore');
  return (
    <EmptyState icon={<HelpCircle className="icon" />} title={t('decision.notAsked')}>
      <p>{why}</p>
    </EmptyState>
  );
}

/** From the exchange to what is stored for requests like it. */
function EntryActions({ entry, look }: ReturnType<typeof useEntryOf>): ReactElement {
  const t = useT();
  const { ui, purge } = useInspector();
  if (entry === undefined) return <span className="section-note">{t('decision.looking')}</span>;
  if (entry === null) return <span className="section-note">{t('decision.nothingStored')}</span>;
  return (
    <>
      <button type="button" className="button" onClick={() => openEntry(ui, entry)}>
        <Database className="icon icon-small" />
        {t('decision.openEntry')}
      </button>
      <button
        type="button"
        className="button"
        title={t('decision.purgeNote')}
        onClick={() => void purge({ id: entry }).then(look)}
      >
        <Trash2 className="icon icon-small" />
        {t('decision.purgeEntry')}
      </button>
    </>
  );
}

function CacheStatus({ decision }: { readonly decision: Decision }): ReactElement {
  const t = useT();
  const field = cacheStatusField(decision, 'Hopscope');
  return (
    <div className="section">
      <h3 className="section-title">
        {'Cache-Status'}
        <span className="section-note">{'RFC 9211'}</span>
        <span className="section-actions">
          <CopyButton text={field} label={t('decision.copyCacheStatus')} size="small" />
        </span>
      </h3>
      <code className="cache-status">
        <RawText text={field} limit={4000} />
      </code>
    </div>
  );
}
