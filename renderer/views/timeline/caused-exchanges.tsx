import { useMemo } from 'react';
import type { ReactElement } from 'react';
import type { ExchangeRow, ExchangeView } from '../../../shared/exchange-view.ts';
import type { PlainKey } from '../../i18n/translate.ts';
import { formatDuration } from '../../format/units.ts';
import { openExchange } from '../../store/ui-store.ts';
import { RawText } from '../common/raw-text.tsx';
import { relatedExchanges, relationKey } from '../conversation/related-exchanges.ts';
import { useInspector, useT, useTrace } from '../inspector-context.tsx';
import { AxisGrid } from './axis-grid.tsx';
import { followedRedirect } from './followed-redirect.ts';
import type { Interval } from './intervals.ts';
import { relatedAxis, relatedRows } from './related-rows.ts';
import type { Relation } from './related-rows.ts';

/** Related exchanges that are drawn; of more, their number is told. */
const DRAWN = 50;

const RELATIONS: Readonly<Record<Relation, PlainKey>> = {
  caused: 'timeline.caused',
  replayed: 'timeline.replayed',
  waitedFor: 'timeline.waitedFor',
  waiting: 'timeline.waiting',
  followed: 'timeline.followed',
};

interface CausedExchangesProps {
  readonly view: ExchangeView;
  /** Engine time, the end of whatever still runs. */
  readonly now: number;
}

/**
 * The exchanges that this one caused, waited for, had waiting for it, or was followed by after a redirection: below it, all
 * on one axis.
 */
export function CausedExchanges({ view, now }: CausedExchangesProps): ReactElement | null {
  const { index } = useInspector();
  const t = useT();
  const rowOf = (id: number): ExchangeRow | undefined => index.get(id);
  const followed = useTrace(() => followedRedirect(view, rowOf));
  const key = useTrace(() => relationKey(relatedExchanges(view, rowOf)));
  const rows = useMemo(
    () =>
      relatedRows(
        relatedExchanges(view, (id) => index.get(id)),
        followed,
      ),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the index is read anew when the key says that it tells otherwise
    [view, index, key, followed],
  );
  if (rows.length === 0) return null;
  const axis = relatedAxis(view, rows, now);
  return (
    <div className="section">
      <h3 className="section-title">
        {t('timeline.related')}
        <span className="section-note">{rows.length}</span>
      </h3>
      <div className="timeline related" role="list" aria-label={t('timeline.related')}>
        <AxisGrid range={{ start: 0, end: axis.end - axis.start }} />
        <RelatedTrack row={view} axis={axis} now={now} words={t('timeline.thisExchange')} own />
        {rows.slice(0, DRAWN).map(({ relation, row }) => (
          <RelatedTrack key={`${relation}.${row.id}`} {...{ row, axis, now }} words={t(RELATIONS[relation])} />
        ))}
      </div>
      {rows.length > DRAWN && (
        <p className="section-note">{t('timeline.moreRelated', { count: rows.length - DRAWN })}</p>
      )}
    </div>
  );
}

interface RelatedTrackProps {
  readonly row: ExchangeRow;
  readonly axis: Interval;
  readonly now: number;
  /** What it has to do with the exchange that is looked at. */
  readonly words: string;
  /** It is that exchange itself. */
  readonly own?: boolean;
}

function RelatedTrack({ row, axis, now, words, own = false }: RelatedTrackProps): ReactElement {
  const { ui } = useInspector();
  const t = useT();
  const { start, responseAt } = row;
  const end = Math.max(start, row.end ?? now);
  const answered = Math.min(end, Math.max(start, responseAt ?? end));
  const name = `#${row.id} ${row.method} ${row.url}`;
  const times = t('timeline.relatedTimes', {
    from: formatDuration(start - axis.start),
    to: formatDuration(end - axis.start),
  });
  return (
    <div className="timeline-track related-track" role="listitem" data-own={own}>
      <span className="timeline-label related-label" title={name}>
        {own ? (
          <>#{row.id}</>
        ) : (
          <button type="button" className="link-button" aria-label={name} onClick={() => openExchange(ui, row.id)}>
            #{row.id}
          </button>
        )}{' '}
        {words}
      </span>
      <span className="timeline-plot" title={times}>
        <span className="related-bar" data-phase="wait" style={place({ start, end: answered }, axis)} />
        <span className="related-bar" data-phase="receive" style={place({ start: answered, end }, axis)} />
        <span className="visually-hidden">
          <RawText text={times} />
        </span>
      </span>
      <span className="timeline-value">{formatDuration(end - start)}</span>
    </div>
  );
}

function place({ start, end }: Interval, axis: Interval): { left: string; width: string } {
  const length = Math.max(0.001, axis.end - axis.start);
  return { left: `${((start - axis.start) / length) * 100}%`, width: `${((end - start) / length) * 100}%` };
}
