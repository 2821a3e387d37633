import { CircleSlash2, Eraser, MousePointerClick, RotateCw, TriangleAlert } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { lazy, Suspense, useEffect, useRef } from 'react';
import type { ReactElement } from 'react';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { Rich } from '../../i18n/rich.tsx';
import { TABS } from '../../store/ui-store.ts';
import type { Tab } from '../../store/ui-store.ts';
import { EmptyState } from '../common/empty-state.tsx';
import { useDetail, useInspector, useT, useUi } from '../inspector-context.tsx';
import { hasMessages } from '../messages/has-messages.ts';
import { TimelineTab } from '../timeline/timeline-tab.tsx';
import { DetailsHeader } from './details-header.tsx';
import './details-pane.css';

// What the first look at an exchange does not need is loaded when it is wanted.
const MessageTab = lazy(() => import('../message/message-tab.tsx').then((module) => ({ default: module.MessageTab })));
const DecisionTab = lazy(() =>
  import('../decision/decision-tab.tsx').then((module) => ({ default: module.DecisionTab })),
);

const MessagesTab = lazy(() =>
  import('../messages/messages-tab.tsx').then((module) => ({ default: module.MessagesTab })),
);

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
  const detail = useDetail((state) => state);
  switch (detail.kind) {
    case 'none':
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
    case 'loading':
      // A moment of the old content is calmer than a flash of nothing.
      return detail.previous === undefined ? null : <ExchangeDetails view={detail.previous} stale />;
    case 'ready':
      return <ExchangeDetails view={detail.view} />;
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

function ExchangeDetails({
  view,
  stale = false,
}: {
  readonly view: ExchangeView;
  readonly stale?: boolean;
}): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  const wanted = useUi((state) => state.tab);
  const withMessages = hasMessages(view);
  const withGateway = view.gateway !== undefined;
  const isThere = (tab: Tab): boolean => (tab !== 'messages' || withMessages) && (tab !== 'gateway' || withGateway);
  const tab = isThere(wanted) ? wanted : 'response';
  const tabs = useRef<HTMLDivElement>(null);
  const focusWanted = useUi((state) => state.focusDetails);

  useEffect(() => {
    if (!focusWanted || stale) return;
    tabs.current?.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
    ui.setState({ focusDetails: false });
  }, [focusWanted, stale, ui]);

  // A tab that is chosen by its number takes the focus along from the one that had it.
  const chosen = useUi((state) => state.tab);
  useEffect(() => {
    const list = tabs.current;
    if (list?.contains(document.activeElement) !== true) return;
    list.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
  }, [chosen]);

  return (
    <Tabs.Root
      className="details-tabs"
      value={tab}
      aria-busy={stale}
      onValueChange={(value) => ui.setState({ tab: value as Tab })}
    >
      <DetailsHeader view={view} />
      <Tabs.List ref={tabs} className="tab-list" aria-label={t('details.parts')}>
        {TABS.filter(isThere).map((value) => (
          <Tabs.Trigger key={value} className="tab" value={value} id={`tab-${value}`}>
            {t(`details.${value}`)}
            <TabMark tab={value} view={view} />
          </Tabs.Trigger>
        ))}
      </Tabs.List>
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
        {withGateway && (
          <Panel tab="gateway">
            <GatewayTab view={view} />
          </Panel>
        )}
        {withMessages && (
          <Tabs.Content className="messages-panel" value="messages">
            <MessagesTab key={view.id} view={view} />
          </Tabs.Content>
        )}
      </Suspense>
    </Tabs.Root>
  );
}

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
