import type { ReactElement } from 'react';
import { formatDuration, formatShare } from '../../format/units.ts';
import { useT } from '../inspector-context.tsx';
import { totalLength } from './intervals.ts';
import type { TimelineModel } from './timeline-model.ts';

const PARTS = ['upstream', 'rules', 'overhead', 'delivery'] as const;

/** Where the time went, in numbers. */
export function TimeBreakdown({ model }: { readonly model: TimelineModel }): ReactElement {
  const t = useT();
  const { breakdown } = model;
  return (
    <dl className="breakdown">
      <div className="breakdown-part">
        <dt>{t('timeline.total')}</dt>
        <dd>
          {formatDuration(breakdown.total)}
          {model.running && <span className="breakdown-share"> {t('timeline.soFar')}</span>}
        </dd>
      </div>
      {PARTS.map((id) => {
        const time = totalLength(breakdown[id]);
        if (id === 'rules' && time === 0) return null;
        return (
          <div key={id} className="breakdown-part" title={t(`timeline.${id}Meaning`)}>
            <dt>
              <span className="breakdown-swatch" data-part={id} />
              {t(`timeline.${id}`)}
            </dt>
            <dd>
              {formatDuration(time)}
              <span className="breakdown-share"> {formatShare(time, breakdown.total)}</span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
