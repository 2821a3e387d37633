import { Tooltip } from 'radix-ui';
import { useEffect, useLayoutEffect } from 'react';
import type { ReactElement } from 'react';
import { useCommandKeys } from './commands/use-command-keys.ts';
import type { Inspector } from './store/inspector.ts';
import type { Page as PageName } from './store/ui-store.ts';
import { Banners } from './views/common/banners.tsx';
import { NoticeStack } from './views/common/notice-stack.tsx';
import { Part } from './views/common/part.tsx';
import { Splitter } from './views/common/splitter.tsx';
import { LinkSheet } from './views/desktop/link-sheet.tsx';
import { whenIdle } from './views/common/when-idle.ts';
import { FilterBar } from './views/filter-bar/filter-bar.tsx';
import { InspectorProvider, useInspector, useT, useTrace, useUi } from './views/inspector-context.tsx';
import { OverviewStrip } from './views/overview/overview-strip.tsx';
import { RequestList } from './views/request-list/request-list.tsx';
import { NoMatch, StartView } from './views/start/start-view.tsx';
import { Palette } from './views/palette/palette.tsx';
import { FileDrop } from './views/sessions/file-drop.tsx';
import { onDemand } from './views/common/on-demand.ts';
import { StatusBar } from './views/status-bar/status-bar.tsx';
import { TourStrip } from './views/tour/tour-strip.tsx';
import { TopBar } from './views/top-bar/top-bar.tsx';
import { loadLaterTexts } from './i18n/language-store.ts';
import { useAppearance } from './theme/use-appearance.ts';
import './app.css';

const CachePage = onDemand(async () => (await import('./views/cache/cache-page.tsx')).CachePage);

const ComparePage = onDemand(async () => (await import('./views/compare/compare-page.tsx')).ComparePage);

const importDetails = () => import('./views/details/details-pane.tsx');
const DetailsPane = onDemand(async () => (await importDetails()).DetailsPane);

/** Loads what the first rows do not need, before one of them is opened. */
async function loadAhead(): Promise<void> {
  const [{ loadMessageTab }] = await Promise.all([importDetails(), loadLaterTexts()]);
  await loadMessageTab();
}

const ConnectSheet = onDemand(async () => (await import('./views/connect/connect-sheet.tsx')).ConnectSheet);

const ResendSheet = onDemand(async () => (await import('./views/resend/resend-sheet.tsx')).ResendSheet);
const RepeatSheet = onDemand(async () => (await import('./views/resend/repeat-sheet.tsx')).RepeatSheet);
const ExportSheet = onDemand(async () => (await import('./views/sessions/export-sheet.tsx')).ExportSheet);
const RulesPage = onDemand(async () => (await import('./views/rules/rules-page.tsx')).RulesPage);

const RoutingPage = onDemand(async () => (await import('./views/routing/routing-page.tsx')).RoutingPage);

const SettingsPage = onDemand(async () => (await import('./views/settings/settings-page.tsx')).SettingsPage);

const SessionsSheet = onDemand(async () => (await import('./views/sessions/sessions-sheet.tsx')).SessionsSheet);

const KeyboardSheet = onDemand(async () => (await import('./views/keyboard/keyboard-sheet.tsx')).KeyboardSheet);

/** The whole window. */
export function App({ inspector }: { readonly inspector: Inspector }): ReactElement {
  return (
    <InspectorProvider value={inspector}>
      <Tooltip.Provider delayDuration={350} skipDelayDuration={200}>
        <Window />
      </Tooltip.Provider>
    </InspectorProvider>
  );
}

function Window(): ReactElement {
  const sessions = useUi((state) => state.sessionsOpen);
  const connect = useUi((state) => state.connectOpen);
  const editing = useUi((state) => state.editedRequest !== null);
  const repeating = useUi((state) => state.repeatedRequest !== null);
  const exporting = useUi((state) => state.exported !== null);
  const keys = useUi((state) => state.shortcutsOpen);
  const palette = useUi((state) => state.paletteOpen);
  const { language } = useT();
  useCommandKeys(useInspector());
  useAppearance();

  useLayoutEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  return (
    <div className="window">
      <TopBar />
      <TourStrip />
      <Banners />
      <Page />
      <StatusBar />
      <NoticeStack />
      <FileDrop />
      {palette && <Palette />}
      {keys && (
        <Part floating>
          <KeyboardSheet />
        </Part>
      )}
      {sessions && (
        <Part floating>
          <SessionsSheet />
        </Part>
      )}
      {connect && (
        <Part floating>
          <ConnectSheet />
        </Part>
      )}
      {editing && (
        <Part floating>
          <ResendSheet />
        </Part>
      )}
      {repeating && (
        <Part floating>
          <RepeatSheet />
        </Part>
      )}
      {exporting && (
        <Part floating>
          <ExportSheet />
        </Part>
      )}
      <LinkSheet />
    </div>
  );
}

function Page(): ReactElement {
  const page = useUi((state) => state.page);
  const compared = useUi((state) => state.compared);
  if (page !== 'traffic') {
    return (
      <main className="page">
        <Part key={page} waiting={<div className="page" aria-busy="true" />}>
          <OtherPage page={page} />
        </Part>
      </main>
    );
  }
  if (compared !== null) {
    return (
      <main className="page">
        <Part waiting={<div className="page" aria-busy="true" />}>
          <ComparePage left={compared.left} right={compared.right} />
        </Part>
      </main>
    );
  }
  return (
    <>
      <FilterBar />
      <Panes />
    </>
  );
}

function OtherPage({ page }: { readonly page: Exclude<PageName, 'traffic'> }): ReactElement {
  switch (page) {
    case 'cache':
      return <CachePage />;
    case 'rules':
      return <RulesPage />;
    case 'routing':
      return <RoutingPage />;
    case 'settings':
      return <SettingsPage />;
  }
}

/** The list, and beside or below it the details. */
function Panes(): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  const total = useTrace((state) => state.counts.total);
  const selected = useUi((state) => state.selectedId !== null);
  const open = useUi((state) => state.detailsOpen);
  const dock = useUi((state) => state.dock);
  const share = useUi((state) => state.paneShare[state.dock]);
  if (total === 0 && !selected) {
    return (
      <main className="panes">
        <StartView />
      </main>
    );
  }
  return (
    <main className="panes" data-dock={dock}>
      <ListPane />
      {open && (
        <>
          <Splitter
            orientation={dock === 'right' ? 'vertical' : 'horizontal'}
            share={share}
            label={t('details.size')}
            onChange={(next) => ui.setState(({ paneShare }) => ({ paneShare: { ...paneShare, [dock]: next } }))}
          />
          <div className="details-slot" style={{ flexBasis: `${share * 100}%` }}>
            <Part waiting={<div className="details" aria-busy="true" />}>
              <DetailsPane />
            </Part>
          </div>
        </>
      )}
    </main>
  );
}

function ListPane(): ReactElement {
  // What cannot be had now is asked for again by the part that needs it, which says in its place that it cannot be loaded.
  useEffect(() => whenIdle(() => void Promise.allSettled([loadAhead()])), []);
  const none = useTrace((state) => state.shown === 0 && state.counts.total > 0);
  const overview = useUi((state) => state.overviewShown);
  return (
    <div className="list-slot">
      {overview && <OverviewStrip />}
      <div className="list-area">
        <RequestList />
        {none && (
          <div className="list-cover">
            <NoMatch />
          </div>
        )}
      </div>
    </div>
  );
}
