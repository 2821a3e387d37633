import type { CSSProperties, ReactElement } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand';
import type { ExchangeRow } from '../../../shared/exchange-view.ts';
import { axisPosition } from './waterfall-axis.ts';
import type { WaterfallAxis } from './waterfall-axis.ts';
import type { WaterfallState } from './waterfall-store.ts';

interface WaterfallCellProps {
  readonly row: ExchangeRow;
  readonly waterfall: StoreApi<WaterfallState>;
}

/** One row's bar: waiting until the response's head, then receiving. The numbers are in the duration column. */
export function WaterfallCell({ row, waterfall }: WaterfallCellProps): ReactElement {
  const axis = useStore(waterfall, (state) => state.axis);
  const now = useStore(waterfall, (state) => (row.end === undefined ? state.now : 0));
  const end = row.end ?? Math.max(now, row.start);
  const head = row.responseAt ?? end;
  const failed = row.outcome !== undefined && row.outcome.kind !== 'completed';
  return (
    <div className="waterfall" aria-hidden="true">
      {axis.folds.map((fold) => (
        <span key={fold} className="waterfall-fold" style={{ left: percent(fold) }} />
      ))}
      <span
        className="waterfall-bar"
        data-hit={row.verdict === 'HIT'}
        data-failed={failed}
        data-running={row.end === undefined}
        style={stretch(axis, row.start, end)}
      >
        <span className="waterfall-wait" style={{ flexGrow: width(axis, row.start, head) }} />
        <span className="waterfall-receive" style={{ flexGrow: width(axis, head, end) }} />
      </span>
    </div>
  );
}

function width(axis: WaterfallAxis, start: number, end: number): number {
  return Math.max(0, axisPosition(axis, end) - axisPosition(axis, start)) * 1000;
}

function stretch(axis: WaterfallAxis, start: number, end: number): CSSProperties {
  const from = axisPosition(axis, start);
  return { left: percent(from), width: percent(axisPosition(axis, end) - from) };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}
