import type { ReactElement, ReactNode } from 'react';
import { formatBytes, formatDuration, formatShare } from '../../format/units.ts';
import { hitRatio } from '../../store/tally.ts';
import type { Counts } from '../../store/tally.ts';
import { Hint } from '../common/hint.tsx';
import { useSession, useT, useTrace } from '../inspector-context.tsx';
import { exposure } from './exposure.ts';
import { RateCharts } from './rate-charts.tsx';
import './status-bar.css';

/** Totals of what is recorded, and how the connection and the recording stand. */
export function StatusBar(): ReactElement {
  return (
    <footer className="status-bar">
      <Totals />
      <RateCharts />
      <span className="status-bar-gap" />
      <ExposureState />
      <RecordingState />
      <ConnectionState />
    </footer>
  );
}

function Totals(): ReactElement {
  const t = useT();
  const counts = useTrace((state) => state.counts);
  const shown = useTrace((state) => state.shown);
  const evicted = useTrace((state) => state.evicted);
  const { total, running, errors, bytes, savedBytes, savedMs } = counts;
  return (
    <>
      <Fact hint={t('statusBar.shownHint')}>
        {shown === total ? t('statusBar.all', { count: total }) : t('statusBar.some', { shown, total })}
      </Fact>
      <HitRatio counts={counts} />
      <Fact hint={t('statusBar.sentHint')}>
        <span className="fact-name">{t('statusBar.sent')}</span> {formatBytes(bytes)}
      </Fact>
      {savedBytes > 0 && (
        <Fact hint={t('statusBar.savedHint', { bytes: formatBytes(savedBytes) })}>
          <span className="fact-name">{t('statusBar.saved')}</span> {formatBytes(savedBytes)}
          {savedMs >= 1 && <span className="fact-aside"> ≈ {formatDuration(savedMs)}</span>}
        </Fact>
      )}
      {running > 0 && <Fact hint={t('statusBar.runningHint')}>{t('statusBar.running', { count: running })}</Fact>}
      {errors > 0 && (
        <Fact hint={t('statusBar.errorsHint')} tone="bad">
          {t('statusBar.errors', { count: errors })}
        </Fact>
      )}
      {evicted > 0 && (
        <Fact hint={t('statusBar.droppedHint')} tone="warn">
          {t('statusBar.dropped', { count: evicted })}
        </Fact>
      )}
    </>
  );
}

/** By requests, and by bytes. Nothing before the cache was asked for anything. */
function HitRatio({ counts }: { readonly counts: Counts }): ReactElement | null {
  const t = useT();
  const { hits, asked } = hitRatio(counts);
  if (asked === 0) return null;
  const bytes = formatShare(counts.savedBytes, counts.bytes);
  return (
    <Fact hint={t('statusBar.hitHint', { hits, asked, bytes })}>
      <span className="fact-name">{t('statusBar.hitRatio')}</span>{' '}
      {counts.bytes === 0
        ? formatShare(hits, asked)
        : t('statusBar.hitRatios', { requests: formatShare(hits, asked), bytes })}
    </Fact>
  );
}

interface FactProps {
  readonly hint: string;
  readonly tone?: 'bad' | 'warn';
  readonly children: ReactNode;
}

function Fact({ hint, tone, children }: FactProps): ReactElement {
  return (
    <Hint text={hint} side="top">
      <span className="fact" data-tone={tone}>
        {children}
      </span>
    </Hint>
  );
}

/** Says whether other machines can use the proxy, and what they need for that. */
function ExposureState(): ReactElement | null {
  const t = useT();
  const proxyUrl = useSession((state) => state.status?.proxyUrl);
  const access = useSession((state) => state.settings?.access);
  if (proxyUrl === undefined || access === undefined) return null;
  const { words, hint } = exposure(t, new URL(proxyUrl).hostname.replace(/^\[|\]$/g, ''), access);
  return words === '' ? null : <Fact hint={hint}>{words}</Fact>;
}

function RecordingState(): ReactElement | null {
  const t = useT();
  const record = useSession((state) => state.settings?.record);
  if (record === undefined || (record.level === 'full' && !record.paused)) return null;
  if (record.paused) {
    return (
      <Fact hint={t('statusBar.pausedHint')} tone="warn">
        {t('statusBar.paused')}
      </Fact>
    );
  }
  return record.level === 'head' ? (
    <Fact hint={t('statusBar.headsOnlyHint')}>{t('statusBar.headsOnly')}</Fact>
  ) : (
    <Fact hint={t('statusBar.rowsOnlyHint')}>{t('statusBar.rowsOnly')}</Fact>
  );
}

function ConnectionState(): ReactElement {
  const t = useT();
  const connection = useSession((state) => state.connection);
  const version = useSession((state) => state.status?.version);
  return (
    <span className="fact" role="status" data-tone={connection === 'open' ? undefined : 'warn'}>
      {t(`statusBar.${connection}`)}
      {version !== undefined && connection === 'open' && <span className="fact-aside">Hopscope {version}</span>}
    </span>
  );
}
