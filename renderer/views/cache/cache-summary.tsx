import { useEffect, useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { CacheSummary } from '../../../shared/cache-contract.ts';
import { formatBytes, formatDuration, formatShare } from '../../format/units.ts';
import { Hint } from '../common/hint.tsx';
import { useInspector, useT } from '../inspector-context.tsx';

/** What the cache is worth: how often it answered, what that saved, and how full it is. */
export function CacheSummaryBar(): ReactElement {
  const t = useT();
  const summary = useCacheSummary();
  const { hits = 0, misses = 0, hitBytes = 0, missBytes = 0 } = summary?.requests ?? {};
  const asked = hits + misses;
  return (
    <section className="cache-summary" aria-label={t('cache.summary')} aria-busy={summary === undefined}>
      <Figure
        name={t('cache.hitRatio')}
        hint={t('cache.hitRatioHint', { hits, asked })}
        share={ratio(hits, asked)}
        note={t('cache.hitRatioNote', { hits, count: asked })}
      >
        {formatShare(hits, asked)}
      </Figure>
      <Figure
        name={t('cache.byBytes')}
        hint={t('cache.byBytesHint')}
        share={ratio(hitBytes, hitBytes + missBytes)}
        note={t('cache.byBytesNote', { hit: formatBytes(hitBytes), all: formatBytes(hitBytes + missBytes) })}
      >
        {formatShare(hitBytes, hitBytes + missBytes)}
      </Figure>
      <Figure name={t('cache.timeSaved')} hint={t('cache.timeSavedHint')} note={t('cache.timeSavedNote')}>
        {formatDuration(summary?.savedMs)}
      </Figure>
      <Figure name={t('cache.trafficSaved')} hint={t('cache.trafficSavedHint')} note={t('cache.trafficSavedNote')}>
        {formatBytes(summary?.savedBytes)}
      </Figure>
      <Figure
        name={t('cache.stored')}
        hint={t('cache.storedHint')}
        share={ratio(summary?.bytes ?? 0, summary?.maxBytes ?? 0)}
        note={
          summary === undefined
            ? ''
            : t('cache.storedNote', {
                size: formatBytes(summary.maxBytes),
                responses: t('cache.responses', { count: summary.entries }),
              })
        }
      >
        {formatBytes(summary?.bytes)}
      </Figure>
    </section>
  );
}

interface FigureProps {
  readonly name: string;
  readonly hint: string;
  readonly note: string;
  /** Drawn as a bar, from 0 to 1. */
  readonly share?: number;
  readonly children: ReactNode;
}

function Figure({ name, hint, note, share, children }: FigureProps): ReactElement {
  return (
    <Hint text={hint}>
      <div className="figure" tabIndex={0}>
        <span className="figure-name">{name}</span>
        <span className="figure-value">{children}</span>
        <span className="figure-note">{note}</span>
        {share !== undefined && (
          <span className="figure-bar" aria-hidden="true">
            <span style={{ width: `${share * 100}%` }} />
          </span>
        )}
      </div>
    </Hint>
  );
}

/** Read once, and then as the engine tells of changes. */
function useCacheSummary(): CacheSummary | undefined {
  const { api } = useInspector();
  const [summary, setSummary] = useState<CacheSummary>();
  useEffect(() => {
    const read = (): void => {
      void api.request('cache.stats', undefined).then((answer) => {
        if (answer.ok) setSummary(answer.value);
      });
    };
    const ends = [
      api.on('cache.changed', setSummary),
      api.on('settings.changed', read),
      api.onConnection((state) => {
        if (state === 'open') read();
      }),
    ];
    return () => ends.forEach((end) => end());
  }, [api]);
  return summary;
}

function ratio(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.min(1, part / whole);
}
