import type { ReactElement } from 'react';
import { formatDuration, formatShare } from '../../format/units.ts';
import { totalLength } from './intervals.ts';
import type { TimelineModel } from './timeline-model.ts';

const PARTS = [
  { id: 'upstream', name: 'Upstream', meaning: 'Something was under way with the upstream.' },
  { id: 'overhead', name: 'Proxy overhead', meaning: 'Total minus upstream and delivery: what Hopscope itself cost.' },
  {
    id: 'delivery',
    name: 'Delivery',
    meaning: 'Bytes were on their way to the client, with nothing under way upstream.',
  },
] as const;

/** Where the time went, in numbers. */
export function TimeBreakdown({ model }: { readonly model: TimelineModel }): ReactElement {
  const { breakdown } = model;
  return (
    <dl className="breakdown">
      <div className="breakdown-part">
        <dt>Total</dt>
        <dd>
          {formatDuration(breakdown.total)}
          {model.running && <span className="breakdown-share"> so far</span>}
        </dd>
      </div>
      {PARTS.map(({ id, name, meaning }) => {
        const time = totalLength(breakdown[id]);
        return (
          <div key={id} className="breakdown-part" title={meaning}>
            <dt>
              <span className="breakdown-swatch" data-part={id} />
              {name}
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
