import { CirclePause, CircleSlash2, Eraser, MousePointerClick, RotateCw, TriangleAlert } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { lazy, memo, Suspense, useCallback, useEffect, useRef } from 'react';
import type { ReactElement } from 'react';
import type { ExchangeRow, ExchangeView } from '../../../shared/exchange-view.ts';
import { Rich } from '../../i18n/rich.tsx';
import { pauseOf, TABS } from '../../store/ui-store.ts';
import type { Tab, UiState } from '../../store/ui-store.ts';
import { EmptyState } from '../common/empty-state.tsx';
import { useDetail, useInspector, useT, useTrace, useUi } from '../inspector-context.tsx';
import { hasMessages } from '../messages/has-messages.ts';
import { TimelineTab } from '../timeline/timeline-tab.tsx';
import { DetailsHeader } from './details-header.tsx';
import './details-pane.css';

// What the first look at an exchange does not need is loaded when it is wanted.
/** For whoever has time before it is wanted: it is, as a rule. */
export const loadMessageTab = async () => ({ default: (await import('../message/message-tab.tsx')).MessageTab });
const MessageTab = lazy(loadMessageTab);
const DecisionTab = lazy(() =>
  import('../decision/decision-tab.tsx').then((module) => ({ default: module.DecisionTab })),
);

const MessagesTab = lazy(() =>
  import('../messages/messages-tab.tsx').then((module) => ({ default: module.MessagesTab })),
);

const HeldTab = lazy(() => import('../held/held-tab.tsx').then((module) => ({ default: module.HeldTab })));

const GatewayTab = lazy(() => import('../gateway/gateway-tab.tsx').then((module) => ({ default: module.GatewayTab })));

const ConversationTab = lazy(() =>
  import('../conversation/conversation-tab.tsx').then((module) => ({ default: module.ConversationTab })),
);

/** Everything about the selected exchange. */
export function DetailsPane(): ReactElement {
  const t = useT();
  return (
    <section className="details" aria-label={t('details.details')} id="details">
      <DetailsContent />
    </section>
  );
}

function DetailsContent(): ReactElement | null {
  const t = useT();
  const { index } = useInspector();
  const detail = useDetail((state) => state);
  const selected = useUi((state) => state.selectedId);
  const row = useTrace(() => (selected === null ? undefined : index.get(selected)));
  if (selected === null || detail.kind === 'none') return <NothingSelected />;
  const isCurrent = detail.id === selected;
  switch (detail.kind) {
    case 'loading':
      // A moment of the old content is calmer than a flash of nothing; what is at the top is true at once.
      return detail.previous === undefined ? null : (
        <ExchangeDetails row={row ?? detail.previous} view={detail.previous} stale />
      );
    case 'ready':
      return (
        <ExchangeDetails row={(isCurrent ? undefined : row) ?? detail.view} view={detail.view} stale={!isCurrent} />
      );
    case 'gone':
      return (
        <EmptyState icon={<Eraser className="icon" />} title={t('details.gone', { id: detail.id })}>
          <p>{t('details.goneNote')}</p>
        </EmptyState>
      );
    case 'failed':
      return <LoadFailed message={detail.message} />;
  }
}

function NothingSelected(): ReactElement {
  const t = useT();
  return (
    <EmptyState icon={<MousePointerClick className="icon" />} title={t('details.noneSelected')}>
      <p>
        <Rich
          of="details.noneSelectedNote"
          with={{ next: <kbd className="kbd">j</kbd>, previous: <kbd className="kbd">k</kbd> }}
        />
      </p>
    </EmptyState>
  );
}

function LoadFailed({ message }: { readonly message: string }): ReactElement {
  const t = useT();
  const { reloadDetail } = useInspector();
  return (
    <EmptyState icon={<TriangleAlert className="icon" />} title={t('details.unreadable')}>
      <p>{message}</p>
      <button type="button" className="button" onClick={reloadDetail}>
        <RotateCw className="icon icon-small" />
        {t('common.tryAgain')}
      </button>
    </EmptyState>
  );
}

interface ExchangeDetailsProps {
  /** The selected exchange as the list knows it. */
  readonly row: ExchangeRow;
  /** The exchange that has been read: another one for as long as `stale`. */
  readonly view: ExchangeView;
  readonly stale?: boolean;
}

function ExchangeDetails({ row, view, stale = false }: ExchangeDetailsProps): ReactElement {
  const { ui } = useInspector();
  const wanted = useUi((state) => state.tab);
  const pause = pauseOf(row);
  const aside = useUi((state) => state.pauseAside === pause);
  const tab = pause !== undefined && !aside ? PAUSED : hasTab(view, wanted) ? wanted : 'response';
  const choose = useCallback((value: string) => ui.setState(shownTab(value, pause)), [ui, pause]);
  return (
    <Tabs.Root className="details-tabs" value={tab} aria-busy={stale} onValueChange={choose}>
      <DetailsHeader row={row} view={stale ? undefined : view} />
      <TabList view={view} stale={stale} paused={pause !== undefined} />
      {pause !== undefined && (
        <Tabs.Content className="details-scroll" value={PAUSED}>
          <Suspense fallback={<div className="section" aria-busy="true" />}>
            <HeldTab key={pause} id={row.id} />
          </Suspense>
        </Tabs.Content>
      )}
      <Panels view={view} />
    </Tabs.Root>
  );
}

/** The tab of what a rule has paused; it is first, and shown until another one is chosen. */
const PAUSED = 'paused';

function shownTab(value: string, pause: string | undefined): Partial<UiState> {
  return value === PAUSED ? { pauseAside: null } : { tab: value as Tab, pauseAside: pause ?? null };
}

/** Whether an exchange has something for a tab that not every one has. */
function hasTab(view: ExchangeView, tab: Tab): boolean {
  if (tab === 'messages') return hasMessages(view);
  return tab !== 'gateway' || view.gateway !== undefined;
}

interface TabListProps {
  readonly view: ExchangeView;
  readonly stale: boolean;
  readonly paused: boolean;
}

function TabList({ view, stale, paused }: TabListProps): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  const tabs = useRef<HTMLDivElement>(null);
  const focusWanted = useUi((state) => state.focusDetails);

  useEffect(() => {
    if (!focusWanted || stale) return;
    tabs.current?.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
    ui.setState({ focusDetails: false });
  }, [focusWanted, stale, ui]);

  // A tab that is chosen by its number takes the focus along from the one that had it.
  const chosen = useUi((state) => `${state.tab} ${state.pauseAside}`);
  useEffect(() => {
    const list = tabs.current;
    if (list?.contains(document.activeElement) !== true) return;
    list.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
  }, [chosen]);

  return (
    <Tabs.List ref={tabs} className="tab-list" aria-label={t('details.parts')}>
      {paused && (
        <Tabs.Trigger className="tab" value={PAUSED} id="tab-paused">
          <CirclePause className="icon icon-small" aria-hidden="true" />
          {t('held.tab')}
        </Tabs.Trigger>
      )}
      {TABS.filter((tab) => hasTab(view, tab)).map((value) => (
        <Tabs.Trigger key={value} className="tab" value={value} id={`tab-${value}`}>
          {t(`details.${value}`)}
          <TabMark tab={value} view={view} />
        </Tabs.Trigger>
      ))}
    </Tabs.List>
  );
}

/** What the tabs hold. Drawn anew for another exchange, not for every row that is passed on the way to it. */
const Panels = memo(function Panels({ view }: { readonly view: ExchangeView }): ReactElement {
  return (
    <Suspense fallback={<div className="details-scroll" aria-busy="true" />}>
      <Panel tab="timeline">
        <TimelineTab view={view} />
      </Panel>
      <Panel tab="request">
        <MessageTab key={view.id} view={view} side="request" />
      </Panel>
      <Panel tab="response">
        <MessageTab key={view.id} view={view} side="response" />
      </Panel>
      <Panel tab="cache">
        <DecisionTab view={view} />
      </Panel>
      <Panel tab="conversation">
        <ConversationTab view={view} />
      </Panel>
      {hasTab(view, 'gateway') && (
        <Panel tab="gateway">
          <GatewayTab view={view} />
        </Panel>
      )}
      {hasTab(view, 'messages') && (
        <Tabs.Content className="messages-panel" value="messages">
          <MessagesTab key={view.id} view={view} />
        </Tabs.Content>
      )}
    </Suspense>
  );
});

function Panel({ tab, children }: { readonly tab: Tab; readonly children: ReactElement }): ReactElement {
  return (
    <Tabs.Content className="details-scroll" value={tab}>
      {children}
    </Tabs.Content>
  );
}

/** A dot on a tab that holds something noteworthy. */
function TabMark({ tab, view }: { readonly tab: Tab; readonly view: ExchangeView }): ReactElement | null {
  const t = useT();
  const failed = view.outcome !== undefined && view.outcome.kind !== 'completed';
  if (tab === 'timeline' && (failed || view.warnings > 0)) {
    return (
      <span
        className="tab-mark"
        data-tone={failed ? 'bad' : 'warn'}
        aria-label={failed ? t('details.markFailed') : t('details.markWarnings')}
      />
    );
  }
  if (tab === 'response' && view.response === undefined && view.end !== undefined) {
    return <CircleSlash2 className="icon icon-small tab-none" aria-label={t('details.markNone')} />;
  }
  return null;
}
