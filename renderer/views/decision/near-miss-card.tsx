import { Database } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import type { CacheEntryRow } from '../../../shared/cache-contract.ts';
import type { NearMiss } from '../../../shared/decision.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { Rich } from '../../i18n/rich.tsx';
import { openEntry } from '../../store/ui-store.ts';
import { RawText } from '../common/raw-text.tsx';
import { useInspector, useT } from '../inspector-context.tsx';
import { CodeWords } from './code-words.tsx';
import { meantEntry, nearMissRows } from './near-miss-rows.ts';

interface NearMissCardProps {
  readonly nearMiss: NearMiss;
  readonly view: ExchangeView;
}

/** The stored entry that almost answered beside the request, and the one thing that differs. */
export function NearMissCard({ nearMiss, view }: NearMissCardProps): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  const entry = useMeantEntry(nearMiss);
  const rows = nearMissRows(t, nearMiss, view, entry);
  return (
    <div className="section">
      <h3 className="section-title">
        {t('decision.nearMiss')}
        {entry !== undefined && (
          <span className="section-actions">
            <button type="button" className="button" data-kind="quiet" onClick={() => openEntry(ui, entry.id)}>
              <Database className="icon icon-small" />
              {t('decision.openEntry')}
            </button>
          </span>
        )}
      </h3>
      <p className="near-miss-why">
        <CodeWords text={t.said(nearMiss.why)} />
      </p>
      <table className="near-miss">
        <thead>
          <tr>
            <td />
            <th scope="col">{t('decision.storedEntry')}</th>
            <th scope="col">{t('decision.thisRequest')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, stored, requested, stops }) => (
            <tr key={name} data-stops={stops}>
              <th scope="row">
                <RawText text={name} limit={100} />
                {stops && <span className="near-miss-stop">{t('decision.differs')}</span>}
              </th>
              <td>
                <RawText text={stored} limit={1000} />
              </td>
              <td>{!stops && stored === requested ? <Same /> : <RawText text={requested} limit={1000} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="section-note near-miss-key">
        <Rich
          of={entry === undefined ? 'decision.keyGone' : 'decision.key'}
          with={{ key: <RawText text={nearMiss.key} limit={1000} /> }}
        />
      </p>
    </div>
  );
}

function Same(): ReactElement {
  return <span className="near-miss-same">{useT()('decision.same')}</span>;
}

/** The near miss's entry, when it is still stored. */
function useMeantEntry(nearMiss: NearMiss): CacheEntryRow | undefined {
  const { api } = useInspector();
  const [found, setFound] = useState<{ readonly of: NearMiss; readonly entry: CacheEntryRow | undefined }>();
  useEffect(() => {
    let wanted = true;
    void api.request('cache.entries', { key: nearMiss.key, offset: 0, limit: 100 }).then((answer) => {
      if (wanted && answer.ok) setFound({ of: nearMiss, entry: meantEntry(nearMiss, answer.value.rows) });
    });
    return () => {
      wanted = false;
    };
  }, [api, nearMiss]);
  return found?.of === nearMiss ? found.entry : undefined;
}
