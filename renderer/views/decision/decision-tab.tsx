import { Database, HelpCircle, Hourglass, Trash2 } from 'lucide-react';
import type { ReactElement } from 'react';
import { cacheStatusField, decisionSentence, departsFromStandard } from '../../../shared/decision.ts';
import type { Decision } from '../../../shared/decision.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { openEntry } from '../../store/ui-store.ts';
import { CopyButton } from '../common/copy-button.tsx';
import { EmptyState } from '../common/empty-state.tsx';
import { VerdictBadge } from '../common/labels.tsx';
import { RawText } from '../common/raw-text.tsx';
import { useInspector, useSession } from '../inspector-context.tsx';
import { CodeWords } from './code-words.tsx';
import { EvidenceSection } from './evidence-section.tsx';
import { LifeBar } from './life-bar.tsx';
import { NearMissCard } from './near-miss-card.tsx';
import { DepartureBadge, StepList } from './step-list.tsx';
import { useEntryOf } from './use-entry-of.ts';
import { useWhatIf } from './use-what-if.ts';
import { MODE_WORDS, verdictMeaning } from './verdict-words.ts';
import { WhatIfPanel } from './what-if-panel.tsx';
import './decision.css';

/** Why the cache answered as it did. */
export function DecisionTab({ view }: { readonly view: ExchangeView }): ReactElement {
  const { decision } = view;
  if (decision === undefined) return <NoDecision view={view} />;
  const { steps, nearMiss } = decision;
  return (
    <>
      <div className="section">
        <div className="decision-head">
          <VerdictBadge verdict={decision.verdict} size="large" />
          <span className="decision-mode">{MODE_WORDS[decision.mode]}</span>
          {departsFromStandard(decision) && <DepartureBadge />}
        </div>
        <p className="decision-meaning">{verdictMeaning(decision)}</p>
        {steps.length > 0 && (
          <p className="decision-sentence">
            <CodeWords text={decisionSentence(decision)} />
          </p>
        )}
        <RecordedLife view={view} decision={decision} />
        {decision.key !== undefined && <EntryActions view={view} />}
      </div>
      {nearMiss !== undefined && <NearMissCard nearMiss={nearMiss} view={view} />}
      {steps.length > 0 && (
        <div className="section">
          <h3 className="section-title">
            How it was decided
            <span className="section-note">
              {steps.length} {steps.length === 1 ? 'step' : 'steps'}
            </span>
          </h3>
          <StepList steps={steps} />
        </div>
      )}
      <EvidenceSection view={view} steps={steps} />
      {view.response !== undefined && view.from !== 'hopscope' && (
        <WhatIfPanel key={view.id} view={view} decision={decision} />
      )}
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

/** The life of the response that was served, or stored, at the moment when it was decided about. */
function RecordedLife({
  view,
  decision,
}: {
  readonly view: ExchangeView;
  readonly decision: Decision;
}): ReactElement | null {
  const epoch = useSession((state) => state.status?.epoch ?? 0);
  const { age, lifetime, ttl } = decision;
  const served =
    age ?? (decision.stored === true && ttl !== undefined && lifetime !== undefined ? lifetime - ttl : undefined);
  const told = served !== undefined && lifetime !== undefined;
  const at = epoch + (view.decidedAt ?? view.responseAt ?? view.start);
  const asked =
    told && view.response !== undefined ? { id: view.id, now: Math.round(at), mode: decision.mode } : undefined;
  const answer = useWhatIf(asked);
  if (!told) return null;
  const more = answer?.ok === true ? answer.value.freshness : undefined;
  // The decision knows the entry's own age and lifetime; the recorded fields tell the rest of its life.
  const born = at - served * 1000;
  const expires = born + lifetime * 1000;
  const shift = more === undefined ? 0 : expires - more.expires;
  const { staleWhileRevalidate, staleIfError } = more ?? {};
  const life = {
    ...(more === undefined ? {} : { date: more.date, noCache: more.noCache, lifetimeFrom: more.lifetimeFrom }),
    ...(more?.staleForbiddenBy === undefined ? {} : { staleForbiddenBy: more.staleForbiddenBy }),
    ...(staleWhileRevalidate === undefined ? {} : { staleWhileRevalidate: staleWhileRevalidate + shift }),
    ...(staleIfError === undefined ? {} : { staleIfError: staleIfError + shift }),
    ...{ born, expires },
  };
  return (
    <LifeBar life={life} at={at} atName={view.from === 'cache' ? 'Answered from the store' : 'Answered and stored'} />
  );
}

/** From the exchange to what is stored for requests like it. */
function EntryActions({ view }: { readonly view: ExchangeView }): ReactElement {
  const { ui, purge } = useInspector();
  const { entry, look } = useEntryOf(view);
  if (entry === undefined) return <p className="entry-actions section-note">Looking for the stored entry…</p>;
  if (entry === null) {
    return <p className="entry-actions section-note">Nothing is stored for requests like this one now.</p>;
  }
  return (
    <div className="entry-actions">
      <button type="button" className="button" onClick={() => openEntry(ui, entry)}>
        <Database className="icon icon-small" />
        Open the stored entry
      </button>
      <button type="button" className="button" onClick={() => void purge({ id: entry }).then(look)}>
        <Trash2 className="icon icon-small" />
        Purge this entry
      </button>
      <span className="section-note">Purged, the next request like this one goes to the origin.</span>
    </div>
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
