import type { ReactElement, ReactNode } from 'react';
import { formatBytes, formatCount, formatShare } from '../../format/units.ts';
import { hitRatio } from '../../store/tally.ts';
import { Hint } from '../common/hint.tsx';
import { useSession, useTrace } from '../inspector-context.tsx';
import { exposure } from './exposure.ts';
import './status-bar.css';

/** Totals of what is listed, and how the connection and the recording stand. */
export function StatusBar(): ReactElement {
  const counts = useTrace((state) => state.counts);
  const shown = useTrace((state) => state.shown);
  const evicted = useTrace((state) => state.evicted);
  const { hits, asked } = hitRatio(counts);
  return (
    <footer className="status-bar">
      <Fact hint="Requests listed">
        {shown === counts.total ? formatCount(shown) : `${formatCount(shown)} of ${formatCount(counts.total)}`}{' '}
        {counts.total === 1 ? 'request' : 'requests'}
      </Fact>
      {asked > 0 && (
        <Fact
          hint={`${formatCount(hits)} of ${formatCount(asked)} requests that the cache was asked for were answered from the store: HIT, REVALIDATED or STALE.`}
        >
          <span className="fact-name">Hit ratio</span> {formatShare(hits, asked)}
        </Fact>
      )}
      <Fact hint={`Response bodies sent to clients; ${formatBytes(counts.savedBytes)} of them came from the cache.`}>
        <span className="fact-name">Sent</span> {formatBytes(counts.bytes)}
        {counts.savedBytes > 0 && <span className="fact-aside"> ({formatBytes(counts.savedBytes)} from cache)</span>}
      </Fact>
      {counts.running > 0 && <Fact hint="Requests that have not ended">{formatCount(counts.running)} running</Fact>}
      {counts.errors > 0 && (
        <Fact hint="Failed, aborted, or answered with 500 or more" tone="bad">
          {formatCount(counts.errors)} {counts.errors === 1 ? 'error' : 'errors'}
        </Fact>
      )}
      {evicted > 0 && (
        <Fact hint="Older requests were dropped because the list is full" tone="warn">
          {formatCount(evicted)} dropped
        </Fact>
      )}
      <span className="status-bar-gap" />
      <ExposureState />
      <RecordingState />
      <ConnectionState />
    </footer>
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
  const proxyUrl = useSession((state) => state.status?.proxyUrl);
  const access = useSession((state) => state.settings?.access);
  if (proxyUrl === undefined || access === undefined) return null;
  const { words, hint } = exposure(new URL(proxyUrl).hostname.replace(/^\[|\]$/g, ''), access);
  return words === '' ? null : <Fact hint={hint}>{words}</Fact>;
}

function RecordingState(): ReactElement | null {
  const record = useSession((state) => state.settings?.record);
  if (record === undefined || (record.level === 'full' && !record.paused)) return null;
  if (record.paused)
    return (
      <Fact hint="Traffic flows, but nothing new is listed" tone="warn">
        Recording paused
      </Fact>
    );
  return record.level === 'head' ? (
    <Fact hint="Bodies are not kept">Recording heads only</Fact>
  ) : (
    <Fact hint="Neither heads nor bodies are kept">Recording rows only</Fact>
  );
}

const CONNECTION_WORDS = {
  connecting: 'Connecting…',
  open: 'Connected',
  lost: 'Reconnecting…',
  unreachable: 'Not connected',
} as const;

function ConnectionState(): ReactElement {
  const connection = useSession((state) => state.connection);
  const version = useSession((state) => state.status?.version);
  return (
    <span className="fact" role="status" data-tone={connection === 'open' ? undefined : 'warn'}>
      {CONNECTION_WORDS[connection]}
      {version !== undefined && connection === 'open' && <span className="fact-aside"> · Hopscope {version}</span>}
    </span>
  );
}
