import { Eraser, Trash2, TriangleAlert, X } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import type { CacheEntry, EntryId } from '../../../shared/cache-contract.ts';
import { formatBytes } from '../../format/units.ts';
import { ENTRY_DETAILS_ID, focusEntryList } from '../cache-page-keys.ts';
import { EmptyState } from '../common/empty-state.tsx';
import { Hint } from '../common/hint.tsx';
import { RawText } from '../common/raw-text.tsx';
import { useInspector, useT } from '../inspector-context.tsx';
import { BodyPanel } from '../body/body-panel.tsx';
import { HeadersTable } from '../message/headers-table.tsx';
import { EntryExchangesTab } from './entry-exchanges.tsx';
import { EntryOverview } from './entry-overview.tsx';
import { PurgeFromEntry } from './purge-menu.tsx';
import { useEntry } from './use-entry.ts';
import { Rich } from '../../i18n/rich.tsx';
import '../details/details-pane.css';

/** Everything about one stored response. */
export function EntryDetails({ id }: { readonly id: EntryId }): ReactElement {
  const t = useT();
  const state = useEntry(id);
  return (
    <section className="details" aria-label={t('cache.entry')} id={ENTRY_DETAILS_ID}>
      {state.kind === 'ready' && <EntryTabs entry={state.entry} />}
      {state.kind === 'loading' && <div className="details-scroll" aria-busy="true" />}
      {state.kind === 'gone' && <EntryGone last={state.last} />}
      {state.kind === 'failed' && (
        <EmptyState icon={<TriangleAlert className="icon" />} title={t('cache.entryUnreadable')}>
          <p>{state.message}</p>
        </EmptyState>
      )}
    </section>
  );
}

function EntryGone({ last }: { readonly last: CacheEntry | undefined }): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  return (
    <EmptyState icon={<Eraser className="icon" />} title={t('cache.gone')}>
      <p>
        <Rich
          of="cache.goneNote"
          with={{ what: last === undefined ? t('cache.thisResponse') : <RawText text={last.uri} limit={300} /> }}
        />
      </p>
      <button type="button" className="button" onClick={() => ui.setState({ cacheEntry: null })}>
        {t('common.close')}
      </button>
    </EmptyState>
  );
}

const TABS = ['overview', 'response', 'exchanges'] as const;
const TAB_NAMES = {
  overview: 'cache.tabOverview',
  response: 'cache.tabResponse',
  exchanges: 'cache.tabExchanges',
} as const;

function EntryTabs({ entry }: { readonly entry: CacheEntry }): ReactElement {
  const t = useT();
  const [tab, setTab] = useState<string>('overview');
  return (
    <Tabs.Root className="details-tabs" value={tab} onValueChange={setTab}>
      <EntryHeader entry={entry} />
      <Tabs.List className="tab-list" aria-label={t('cache.entryParts')}>
        {TABS.map((value) => (
          <Tabs.Trigger key={value} className="tab" value={value}>
            {t(TAB_NAMES[value])}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content className="details-scroll" value="overview">
        <EntryOverview entry={entry} />
      </Tabs.Content>
      <Tabs.Content className="details-scroll" value="response">
        <StoredMessage entry={entry} />
      </Tabs.Content>
      <Tabs.Content className="details-scroll" value="exchanges">
        <EntryExchangesTab id={entry.id} used={`${entry.hits} ${entry.stored}`} />
      </Tabs.Content>
    </Tabs.Root>
  );
}

function EntryHeader({ entry }: { readonly entry: CacheEntry }): ReactElement {
  const t = useT();
  const { ui, purge } = useInspector();
  // What is purged takes its button along, and the keyboard with it.
  const forget = (): void => {
    void purge({ id: entry.id }).then(focusEntryList);
  };
  return (
    <header className="details-header">
      <div className="details-title">
        <h2 className="details-url" title={entry.uri.length > 300 ? undefined : entry.uri}>
          <RawText text={entry.uri} limit={2000} />
        </h2>
        <Hint text={t('details.close')} keys="Esc">
          <button
            type="button"
            className="icon-button"
            aria-label={t('details.close')}
            onClick={() => {
              ui.setState({ cacheEntry: null });
              focusEntryList();
            }}
          >
            <X className="icon" />
          </button>
        </Hint>
      </div>
      <div className="details-summary">
        <span className="status" data-class={String(entry.status).charAt(0)}>
          {entry.status}
          {entry.reason !== '' && (
            <span className="details-reason">
              <RawText text={entry.reason} limit={80} />
            </span>
          )}
        </span>
        {entry.contentType !== '' && (
          <span className="details-fact">
            <RawText text={entry.contentType} limit={100} />
          </span>
        )}
        <span className="details-fact">{formatBytes(entry.bodyBytes)}</span>
        <span className="entry-header-actions">
          <button type="button" className="button" onClick={forget}>
            <Trash2 className="icon icon-small" />
            {t('cache.purge')}
          </button>
          <PurgeFromEntry entry={entry} />
        </span>
      </div>
    </header>
  );
}

/** The response as it is stored: its fields without those of one connection, and its body. */
function StoredMessage({ entry }: { readonly entry: CacheEntry }): ReactElement {
  const t = useT();
  const { id, bodyBytes, headers, part } = entry;
  const source = useMemo(() => ({ entry: id }), [id]);
  return (
    <>
      <div className="section">
        <HeadersTable title={t('cache.storedHeaders')} headers={headers} />
      </div>
      {part !== undefined && (
        <div className="section">
          <p className="callout">
            {part.length === null
              ? t('cache.partialOfUnknown', { first: part.first, last: part.last })
              : t('cache.partial', { first: part.first, last: part.last, length: part.length })}
          </p>
        </div>
      )}
      {bodyBytes === 0 ? (
        <div className="section">
          <h3 className="section-title">{t('cache.body')}</h3>
          <p className="section-note">{t(entry.headOnly === true ? 'cache.headAlone' : 'cache.noBody')}</p>
        </div>
      ) : (
        <BodyPanel
          key={`${bodyBytes} ${entry.stored}`}
          source={source}
          total={bodyBytes}
          headers={headers}
          url={entry.uri}
        />
      )}
    </>
  );
}
