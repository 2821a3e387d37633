import { Database } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import type { CacheEntry, EntryId } from '../../../shared/cache-contract.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { getHeader } from '../../../shared/headers.ts';
import { formatDateTime } from '../../format/units.ts';
import { Rich } from '../../i18n/rich.tsx';
import { openEntry, openExchange } from '../../store/ui-store.ts';
import { BodyNote } from '../body/body-notes.tsx';
import { BodyPanel } from '../body/body-panel.tsx';
import { useEntryOf } from '../decision/use-entry-of.ts';
import { useStoredEntry } from '../decision/use-stored-entry.ts';
import { useInspector, useT } from '../inspector-context.tsx';

/** The body that a 304 stands for, as the cache has it stored; nothing where it has none. */
export function StoredBody({ view }: { readonly view: ExchangeView }): ReactElement | null {
  const entry = useStoredEntry(useEntryOf(view).entry);
  return entry === undefined ? null : <EntryBody view={view} entry={entry} />;
}

function EntryBody({ view, entry }: { readonly view: ExchangeView; readonly entry: CacheEntry }): ReactElement {
  const { ui } = useInspector();
  const t = useT();
  const { id, stored } = entry;
  const source = useMemo(() => ({ entry: id }), [id]);
  const brought = useBringer(id);
  const answered = getHeader(view.response?.headers ?? [], 'etag');
  return (
    <>
      <div className="section stored-body">
        <h3 className="section-title">
          {t('message.storedBody')}
          <span className="section-actions">
            <button type="button" className="button" data-kind="quiet" onClick={() => openEntry(ui, id)}>
              <Database className="icon icon-small" />
              {t('message.openEntry')}
            </button>
          </span>
        </h3>
        <p className="section-note">
          {t('message.storedBodyNote', { when: formatDateTime(stored) })}
          {brought !== undefined && (
            <>
              {' '}
              <Rich of="message.broughtBy" with={{ id: <ExchangeLink id={brought} /> }} />
            </>
          )}
        </p>
        {answered !== undefined && entry.etag !== undefined && entry.etag !== answered && (
          <BodyNote warn text={t('message.storedOther', { stored: entry.etag, answered })} />
        )}
      </div>
      {/* Another body under the same entry is read anew. */}
      {entry.bodyBytes > 0 && (
        <BodyPanel key={stored} source={source} total={entry.bodyBytes} headers={entry.headers} url={view.url} />
      )}
    </>
  );
}

function ExchangeLink({ id }: { readonly id: number }): ReactElement {
  const { ui } = useInspector();
  return (
    <button type="button" className="link-button" onClick={() => openExchange(ui, id)}>
      {id}
    </button>
  );
}

/** The exchange whose answer was stored; undefined until it is found, or when it is not kept any more. */
function useBringer(entry: EntryId): number | undefined {
  const { api } = useInspector();
  const [found, setFound] = useState<{ readonly entry: EntryId; readonly exchange: number | undefined }>();
  useEffect(() => {
    let wanted = true;
    void api.request('cache.exchanges', { id: entry, limit: 200 }).then((answer) => {
      const rows = answer.ok ? answer.value.rows : [];
      const exchange = rows.find(({ from, status }) => from === 'upstream' && status !== 304)?.id;
      if (wanted) setFound({ entry, exchange });
    });
    return () => {
      wanted = false;
    };
  }, [api, entry]);
  return found?.entry === entry ? found.exchange : undefined;
}
