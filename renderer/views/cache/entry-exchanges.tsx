import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import type { EntryExchanges, EntryId } from '../../../shared/cache-contract.ts';
import type { Answer } from '../../../shared/contract.ts';
import { formatClock, formatDuration } from '../../format/units.ts';
import { openExchange } from '../../store/ui-store.ts';
import { MethodName, StatusLabel, VerdictBadge } from '../common/labels.tsx';
import { useInspector, useSession, useT } from '../inspector-context.tsx';

/** Exchanges that are listed at most. */
const LIMIT = 100;

interface EntryExchangesTabProps {
  readonly id: EntryId;
  /** Changes when the entry was used or confirmed: a reason to look again. */
  readonly used: string;
}

/** The recorded exchanges that an entry took part in: those that it answered, confirmed, or was stored by. */
export function EntryExchangesTab({ id, used }: EntryExchangesTabProps): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  const epoch = useSession((state) => state.status?.epoch ?? 0);
  const answer = useExchanges(id, used);
  if (answer === undefined) return <p className="section section-note">{t('cache.lookingThrough')}</p>;
  if (!answer.ok) return <p className="section section-note">{answer.error.message}</p>;
  const { rows, looked, complete } = answer.value;
  return (
    <div className="section">
      <p className="section-note entry-exchanges-lead">
        {rows.length === 0
          ? t('cache.noExchanges')
          : complete
            ? t('cache.exchangesLead')
            : t('cache.exchangesLeadSome', { looked })}
      </p>
      <ul className="entry-exchanges">
        {rows.map((row) => (
          <li key={row.id}>
            <button type="button" className="entry-exchange" onClick={() => openExchange(ui, row.id)}>
              <span className="entry-exchange-id">#{row.id}</span>
              <span>{formatClock(epoch + row.start)}</span>
              <MethodName method={row.method} />
              <StatusLabel row={row} />
              {row.verdict === undefined ? <span /> : <VerdictBadge verdict={row.verdict} />}
              <span className="entry-exchange-time">
                {row.end === undefined ? '' : formatDuration(row.end - row.start)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function useExchanges(id: EntryId, used: string): Answer<EntryExchanges> | undefined {
  const { api } = useInspector();
  const [answer, setAnswer] = useState<Answer<EntryExchanges>>();
  useEffect(() => {
    let wanted = true;
    void api.request('cache.exchanges', { id, limit: LIMIT }).then((given) => {
      if (wanted) setAnswer(given);
    });
    return () => {
      wanted = false;
    };
  }, [api, id, used]);
  return answer;
}
