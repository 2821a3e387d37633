import { useMemo } from 'react';
import type { ReactElement } from 'react';
import type { ExchangeRow, ExchangeView } from '../../../shared/exchange-view.ts';
import { formatDuration } from '../../format/units.ts';
import { openExchange } from '../../store/ui-store.ts';
import { RawText } from '../common/raw-text.tsx';
import { relatedExchanges, relationKey } from '../conversation/related-exchanges.ts';
import { useInspector, useTrace } from '../inspector-context.tsx';

/** The exchanges that this one caused, waited for, or had waiting for it, on the axis of its own life. */
export function CausedExchanges({ view }: { readonly view: ExchangeView }): ReactElement | null {
  const { index, ui } = useInspector();
  const key = useTrace(() => relationKey(relatedExchanges(view, (id) => index.get(id))));
  const related = useMemo(
    () => (key === '' ? undefined : relatedExchanges(view, (id) => index.get(id))),
    [view, index, key],
  );
  if (related === undefined) return null;
  const rows: (readonly [string, ExchangeRow])[] = [
    ...related.children.map((row) => ['caused by it', row] as const),
    ...(related.leader === undefined ? [] : [['it waited for', related.leader] as const]),
    ...related.followers.map((row) => ['waited for it', row] as const),
  ];
  return (
    <div className="section">
      <h3 className="section-title">
        Related exchanges<span className="section-note">{rows.length}</span>
      </h3>
      <ul className="caused">
        {rows.slice(0, 50).map(([how, row]) => (
          <li key={row.id}>
            <button type="button" className="link-button" onClick={() => openExchange(ui, row.id)}>
              #{row.id} <RawText text={`${row.method} ${row.url}`} limit={200} />
            </button>
            <span className="section-note">
              {how}, from {formatDuration(row.start - view.start)}
              {row.end !== undefined && ` for ${formatDuration(row.end - row.start)}`}
              {row.status !== undefined && `, ${row.status}`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
