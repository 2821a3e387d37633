import { Fragment } from 'react';
import type { ReactElement } from 'react';
import { formatDuration, formatShare } from '../../format/units.ts';
import { useT } from '../inspector-context.tsx';
import { criticalPath, gapsOf } from './critical-path.ts';
import { phaseColour } from './phases.ts';
import type { TimelineModel } from './timeline-model.ts';

/** Steps that are told one by one; the shortest of more are left out. */
const TOLD = 6;

/** What made the exchange as long as it is, and the times that no phase tells of. */
export function CriticalPathLine({ model }: { readonly model: TimelineModel }): ReactElement | null {
  const t = useT();
  const path = criticalPath(t, model);
  if (path.length === 0) return null;
  const total = model.end - model.start;
  const lengths = path.map(({ start, end }) => end - start).sort((a, b) => b - a);
  const least = lengths[TOLD - 1] ?? 0;
  const told = path.filter(({ start, end }) => end - start >= least);
  const gaps = gapsOf(t, model);
  return (
    <dl className="critical-path">
      <dt>{t('timeline.criticalPath')}</dt>
      <dd>
        {told.map(({ bar, name, start, end }, place) => (
          <Fragment key={start}>
            {place > 0 && <span aria-hidden="true"> → </span>}
            <span className="critical-step">
              <span className="breakdown-swatch bar-swatch" data-phase={phaseColour(bar?.phase ?? 'other')} />
              {name} <strong>{formatDuration(end - start)}</strong>{' '}
              <span className="breakdown-share">{formatShare(end - start, total)}</span>
            </span>
          </Fragment>
        ))}
      </dd>
      {gaps.length > 0 && (
        <>
          <dt>{t('timeline.gaps')}</dt>
          <dd>
            {gaps
              .slice(0, 6)
              .map(({ start, end, name }) => t('timeline.gap', { time: formatDuration(end - start), name }))
              .join(' · ')}
          </dd>
        </>
      )}
    </dl>
  );
}
