import { useEffect, useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { CacheSummary } from '../../../shared/cache-contract.ts';
import { formatBytes, formatCount, formatDuration, formatShare } from '../../format/units.ts';
import { Hint } from '../common/hint.tsx';
import { useInspector } from '../inspector-context.tsx';

/** What the cache is worth: how often it answered, what that saved, and how full it is. */
export function CacheSummaryBar(): ReactElement {
  const summary = useCacheSummary();
  const { hits = 0, misses = 0, hitBytes = 0, missBytes = 0 } = summary?.requests ?? {};
  const asked = hits + misses;
  return (
    <section className="cache-summary" aria-label="Summary of the cache" aria-busy={summary === undefined}>
      <Figure
        name="Hit ratio"
        hint={`${formatCount(hits)} of ${formatCount(asked)} requests that the cache was asked to answer since Hopscope started were answered from the store: fresh, confirmed by the origin, or stale.`}
        share={ratio(hits, asked)}
        note={`${formatCount(hits)} of ${formatCount(asked)} ${asked === 1 ? 'request' : 'requests'}`}
      >
        {formatShare(hits, asked)}
      </Figure>
      <Figure
        name="By bytes"
        hint="The part of all body bytes that came out of the store, for the same requests."
        share={ratio(hitBytes, hitBytes + missBytes)}
        note={`${formatBytes(hitBytes)} of ${formatBytes(hitBytes + missBytes)}`}
      >
        {formatShare(hitBytes, hitBytes + missBytes)}
      </Figure>
      <Figure
        name="Time saved"
        hint="What the origin took to answer, once for every answer from the store that spared it the work."
        note="waiting for origins"
      >
        {formatDuration(summary?.savedMs)}
      </Figure>
      <Figure name="Traffic saved" hint="Body bytes that origins did not have to send again." note="not sent again">
        {formatBytes(summary?.savedBytes)}
      </Figure>
      <Figure
        name="Stored"
        hint="Bytes that stored responses take, and may take at most. What was used least recently makes room for what is new."
        share={ratio(summary?.bytes ?? 0, summary?.maxBytes ?? 0)}
        note={summary === undefined ? '' : `of ${formatBytes(summary.maxBytes)} · ${entryCount(summary.entries)}`}
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

function entryCount(entries: number): string {
  return `${formatCount(entries)} ${entries === 1 ? 'response' : 'responses'}`;
}
