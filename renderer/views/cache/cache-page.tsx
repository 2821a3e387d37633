import { Database, ScrollText, TriangleAlert } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { CacheList } from '../../store/cache-list.ts';
import { CACHE_VIEWS } from '../../store/ui-store.ts';
import type { CacheView } from '../../store/ui-store.ts';
import { EmptyState } from '../common/empty-state.tsx';
import { Splitter } from '../common/splitter.tsx';
import { useInspector, useSession, useT, useUi } from '../inspector-context.tsx';
import { CachePageProvider, useCacheList } from './cache-context.tsx';
import { CacheSummaryBar } from './cache-summary.tsx';
import { EntryDetails } from './entry-details.tsx';
import { EntryList } from './entry-list.tsx';
import { EntrySearch } from './entry-search.tsx';
import { NothingStored } from './nothing-stored.tsx';
import { PurgeMenu } from './purge-menu.tsx';
import { SecondClock } from './second-clock.ts';
import './cache-page.css';

const CacheRules = lazy(() =>
  import('../cache-rules/cache-rules.tsx').then((module) => ({ default: module.CacheRules })),
);

/** The cache's page: what is stored, what it has saved, and the rules of one's own. */
export function CachePage(): ReactElement {
  const t = useT();
  const { api, ui } = useInspector();
  const view = useUi((state) => state.cacheView);
  // The query at the start; later changes are told to the list by whoever makes them.
  const [parts] = useState(() => {
    const { cacheSearch: search, cacheSort: sort, cacheAscending: ascending } = ui.getState();
    return { list: new CacheList(api, { search, sort, ascending }), clock: new SecondClock() };
  });

  useEffect(() => parts.list.start(), [parts]);
  useEffect(() => parts.clock.start(), [parts]);
  useEffect(
    () =>
      ui.subscribe((state, before) => {
        const { cacheSearch: search, cacheSort: sort, cacheAscending: ascending } = state;
        if (search === before.cacheSearch && sort === before.cacheSort && ascending === before.cacheAscending) return;
        parts.list.ask({ search, sort, ascending });
      }),
    [ui, parts],
  );

  return (
    <CachePageProvider value={parts}>
      <Tabs.Root
        className="cache-page"
        value={view}
        onValueChange={(value) => ui.setState({ cacheView: value as CacheView })}
      >
        <CacheSummaryBar />
        <div className="cache-bar">
          <Tabs.List className="segmented" aria-label={t('cache.parts')}>
            {CACHE_VIEWS.map((value) => (
              <Tabs.Trigger key={value} className="segment" value={value}>
                {value === 'entries' ? (
                  <Database className="icon icon-small" />
                ) : (
                  <ScrollText className="icon icon-small" />
                )}
                {t(`cache.${value}`)}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          {view === 'entries' && (
            <>
              <EntrySearch />
              <div className="cache-bar-end">
                <PurgeMenu />
              </div>
            </>
          )}
        </div>
        <Tabs.Content className="cache-view" value="entries" tabIndex={-1}>
          <Entries />
        </Tabs.Content>
        <Tabs.Content className="cache-view" value="rules" tabIndex={-1}>
          <Suspense fallback={<div className="cache-view" aria-busy="true" />}>
            <CacheRules />
          </Suspense>
        </Tabs.Content>
      </Tabs.Root>
    </CachePageProvider>
  );
}

/** The list and beside it the entry that is looked at; or why there is no list. */
function Entries(): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  const total = useCacheList((state) => state.total);
  const error = useCacheList((state) => state.error);
  const searching = useUi((state) => state.cacheSearch !== '');
  const opened = useUi((state) => state.cacheEntry);
  const dock = useUi((state) => state.dock);
  const share = useUi((state) => state.paneShare[state.dock]);
  if (error !== undefined && total === undefined) return <ListFailed message={error} />;
  if (total === 0 && !searching && opened === null) return <NothingStored />;
  return (
    <div className="panes" data-dock={dock}>
      <EntryList />
      {opened !== null && (
        <>
          <Splitter
            orientation={dock === 'right' ? 'vertical' : 'horizontal'}
            share={share}
            label={t('details.size')}
            onChange={(next) => ui.setState(({ paneShare }) => ({ paneShare: { ...paneShare, [dock]: next } }))}
          />
          <div className="details-slot" style={{ flexBasis: `${share * 100}%` }}>
            <EntryDetails key={opened} id={opened} />
          </div>
        </>
      )}
    </div>
  );
}

function ListFailed({ message }: { readonly message: string }): ReactElement {
  const t = useT();
  const connection = useSession((state) => state.connection);
  return (
    <EmptyState icon={<TriangleAlert className="icon" />} title={t('cache.unreadable')}>
      <p>{connection === 'open' ? message : t('cache.noConnection')}</p>
    </EmptyState>
  );
}
