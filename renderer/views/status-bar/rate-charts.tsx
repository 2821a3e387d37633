import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { formatBytes, formatCount } from '../../format/units.ts';
import type { Rates } from '../../store/rates.ts';
import { engineNow } from '../../store/trace-store.ts';
import { Hint } from '../common/hint.tsx';
import { useInspector, useT } from '../inspector-context.tsx';

const PACE_MS = 1000;

/** Requests and bytes per second over the last minute; nothing when there were none. */
export function RateCharts(): ReactElement | null {
  const t = useT();
  const rates = useRates();
  if (rates === undefined) return null;
  const { requests, bytes } = rates;
  const [nowRequests = 0, nowBytes = 0] = [requests.at(-1), bytes.at(-1)];
  const [mostRequests, mostBytes] = [Math.max(...requests), Math.max(...bytes)];
  return (
    <>
      <RateChart
        values={requests}
        text={t('statusBar.requestRate', { rate: formatCount(nowRequests) })}
        label={t('statusBar.requestRateLabel', { now: formatCount(nowRequests), most: formatCount(mostRequests) })}
      />
      {mostBytes > 0 && (
        <RateChart
          values={bytes}
          text={t('statusBar.requestRate', { rate: formatBytes(nowBytes) })}
          label={t('statusBar.byteRateLabel', { now: formatBytes(nowBytes), most: formatBytes(mostBytes) })}
        />
      )}
    </>
  );
}

interface RateChartProps {
  readonly values: readonly number[];
  readonly text: string;
  readonly label: string;
}

/** A line as high as the most there was. The words beside it say the same to those who do not see it. */
function RateChart({ values, text, label }: RateChartProps): ReactElement {
  const most = Math.max(...values, 1);
  const points = values.map((value, i) => `${i},${(1 - value / most).toFixed(3)}`).join(' ');
  return (
    <Hint text={label} side="top">
      <span className="fact rate" role="img" aria-label={label}>
        <svg
          className="rate-chart"
          viewBox={`0 0 ${values.length - 1} 1`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <polygon className="rate-area" points={`0,1 ${points} ${values.length - 1},1`} />
          <polyline className="rate-line" points={points} />
        </svg>
        {text}
      </span>
    </Hint>
  );
}

/** The rates, once a second while the page is seen; undefined while there is nothing to see. */
function useRates(): Rates | undefined {
  const { index, trace } = useInspector();
  const [rates, setRates] = useState<Rates | undefined>(undefined);
  useEffect(() => {
    const read = (): void => {
      if (document.hidden) return;
      const next = index.rates(engineNow(trace.getState()));
      setRates(next.requests.some((count) => count > 0) ? next : undefined);
    };
    const timer = setInterval(read, PACE_MS);
    return () => clearInterval(timer);
  }, [index, trace]);
  return rates;
}
