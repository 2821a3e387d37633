import { CircleSlash2, Eraser, MousePointerClick, RotateCw, TriangleAlert } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { lazy, Suspense, useEffect, useRef } from 'react';
import type { ReactElement } from 'react';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { TABS } from '../../store/ui-store.ts';
import type { Tab } from '../../store/ui-store.ts';
import { EmptyState } from '../common/empty-state.tsx';
import { useDetail, useInspector, useUi } from '../inspector-context.tsx';
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

const TAB_NAMES: Readonly<Record<Tab, string>> = {
  timeline: 'Timeline',
  request: 'Request',
  response: 'Response',
  cache: 'Cache',
  conversation: 'Conversation',
  messages: 'Messages',
  gateway: 'Gateway',
};

/** Everything about the selected exchange. */
export function DetailsPane(): ReactElement {
  return (
    <section className="details" aria-label="Details" id="details">
      <DetailsContent />
    </section>
  );
}

function DetailsContent(): ReactElement | null {
  const detail = useDetail((state) => state);
  switch (detail.kind) {
    case 'none':
      return (
        <EmptyState icon={<MousePointerClick className="icon" />} title="No request selected">
          <p>
            Select one in the list, or move with <kbd className="kbd">j</kbd> and <kbd className="kbd">k</kbd>.
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
        <EmptyState icon={<Eraser className="icon" />} title={`Request ${detail.id} is no longer kept`}>
          <p>It was cleared, dropped to make room for newer ones, or belongs to an earlier run.</p>
        </EmptyState>
      );
    case 'failed':
      return <LoadFailed message={detail.message} />;
  }
}

function LoadFailed({ message }: { readonly message: string }): ReactElement {
  const { reloadDetail } = useInspector();
  return (
    <EmptyState icon={<TriangleAlert className="icon" />} title="The details could not be read">
      <p>{message}</p>
      <button type="button" className="button" onClick={reloadDetail}>
        <RotateCw className="icon icon-small" />
        Try again
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

  return (
    <Tabs.Root
      className="details-tabs"
      value={tab}
      aria-busy={stale}
      onValueChange={(value) => ui.setState({ tab: value as Tab })}
    >
      <DetailsHeader view={view} />
      <Tabs.List ref={tabs} className="tab-list" aria-label="Parts of the exchange">
        {TABS.filter(isThere).map((value) => (
          <Tabs.Trigger key={value} className="tab" value={value} id={`tab-${value}`}>
            {TAB_NAMES[value]}
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
  const failed = view.outcome !== undefined && view.outcome.kind !== 'completed';
  if (tab === 'timeline' && (failed || view.warnings > 0)) {
    return (
      <span className="tab-mark" data-tone={failed ? 'bad' : 'warn'} aria-label={failed ? 'failed' : 'warnings'} />
    );
  }
  if (tab === 'response' && view.response === undefined && view.end !== undefined) {
    return <CircleSlash2 className="icon icon-small tab-none" aria-label="none" />;
  }
  return null;
}
