import { useRef } from 'react';
import type { ReactElement } from 'react';
import { useElementWidth } from '../common/use-element-width.ts';
import { axisTicks } from './axis-ticks.ts';
import type { Interval } from './intervals.ts';

/** The lines behind a timeline, with the time of each above: as many as its width has room for. */
export function AxisGrid({ range }: { readonly range: Interval }): ReactElement {
  const grid = useRef<HTMLDivElement>(null);
  const width = useElementWidth(grid, 0);
  const length = range.end - range.start;
  return (
    <div ref={grid} className="timeline-grid" aria-hidden="true">
      {axisTicks(range, width).map(({ at, label }) => (
        <span key={at} className="timeline-tick" style={{ left: `${((at - range.start) / length) * 100}%` }}>
          <span>{label}</span>
        </span>
      ))}
    </div>
  );
}
