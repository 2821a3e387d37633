import { CircleAlert, CircleCheck, Hourglass, Info, TriangleAlert, Unplug } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import type { ExchangeNote } from '../../../shared/trace-event.ts';
import { closeCodeMeaning } from '../../../shared/websocket.ts';
import { formatBytes, formatCount, formatDateTime, formatDuration } from '../../format/units.ts';
import { engineNow } from '../../store/trace-store.ts';
import { CopyButton } from '../common/copy-button.tsx';
import { RawText } from '../common/raw-text.tsx';
import { saveFile } from '../conversation/save-file.ts';
import { useInspector, useSession } from '../inspector-context.tsx';
import { CausedExchanges } from './caused-exchanges.tsx';
import { ConnectionSection } from './connection-section.tsx';
import { CriticalPathLine } from './critical-path-line.tsx';
import { RefusedCertificate } from './refused-certificate.tsx';
import { TimeBreakdown } from './time-breakdown.tsx';
import { TimelineChart } from './timeline-chart.tsx';
import { buildTimeline } from './timeline-model.ts';
import type { TimelineModel } from './timeline-model.ts';
import { timelineSvg } from './timeline-svg.ts';
import { timelineText } from './timeline-text.ts';
import { phaseLabel } from './phases.ts';
import './timeline.css';

/** How often the chart of a running exchange grows. */
const GROWTH_MS = 100;

/** The life of an exchange: how it ended, where the time went, and every phase on one axis. */
export function TimelineTab({ view }: { readonly view: ExchangeView }): ReactElement {
  const now = useEngineTime(view.end === undefined);
  const model = useMemo(() => buildTimeline(view, now), [view, now]);
  return (
    <>
      <div className="section">
        <div className="timeline-top">
          <OutcomeLine view={view} />
          <TimeBreakdown model={model} />
        </div>
        <TimelineChart key={view.id} model={model} />
        <CriticalPathLine model={model} />
        <TimelineExports view={view} model={model} />
      </div>
      <CausedExchanges view={view} now={now} />
      {view.notes.length > 0 && <Notes view={view} />}
      <ConnectionSection view={view} />
      <Facts view={view} />
    </>
  );
}

/** The timeline for an issue or a message: as text, and as a picture. */
function TimelineExports({
  view,
  model,
}: {
  readonly view: ExchangeView;
  readonly model: TimelineModel;
}): ReactElement {
  const title = `${view.method} ${view.url}`;
  return (
    <div className="timeline-exports">
      <CopyButton text={() => timelineText(title, model)} label="Copy the timeline as text" size="small">
        Text
      </CopyButton>
      <CopyButton text={() => timelineSvg(title, model)} label="Copy the timeline as SVG" size="small">
        SVG
      </CopyButton>
      <button
        type="button"
        className="button"
        data-size="small"
        onClick={() => saveFile(`timeline-${view.id}.svg`, 'image/svg+xml', timelineSvg(title, model))}
      >
        Save as SVG
      </button>
    </div>
  );
}

/** Engine time, moving while `running`. */
function useEngineTime(running: boolean): number {
  const { trace } = useInspector();
  const [now, setNow] = useState(() => engineNow(trace.getState()));
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(engineNow(trace.getState())), GROWTH_MS);
    return () => clearInterval(timer);
  }, [running, trace]);
  return now;
}

function OutcomeLine({ view }: { readonly view: ExchangeView }): ReactElement {
  const { outcome, open } = view;
  if (outcome === undefined) {
    return (
      <p className="callout">
        <Hourglass className="icon" />
        <span>Running{open.length > 0 && <> in {open.map((phase) => phase.replace('.', ' · ')).join(' → ')}</>}.</span>
      </p>
    );
  }
  if (outcome.kind === 'completed') {
    return (
      <p className="callout" data-tone="good">
        <CircleCheck className="icon" />
        <span>{completedSentence(view)}</span>
      </p>
    );
  }
  return (
    <p className="callout" data-tone={outcome.kind === 'failed' ? 'bad' : 'warn'}>
      {outcome.kind === 'failed' ? <CircleAlert className="icon" /> : <Unplug className="icon" />}
      <span>
        <strong>
          {outcome.kind === 'failed'
            ? 'Failed'
            : `Aborted by ${outcome.by === 'hopscope' ? 'Hopscope' : `the ${outcome.by}`}`}
        </strong>{' '}
        during {phaseLabel(outcome.phase)}: <RawText text={outcome.message} limit={1000} />{' '}
        {outcome.kind === 'failed' && <span className="callout-code">{outcome.code}</span>}
        {outcome.kind === 'failed' && outcome.code === 'CERTIFICATE_REFUSED' && <RefusedCertificate view={view} />}
      </span>
    </p>
  );
}

function completedSentence(view: ExchangeView): string {
  if (view.kind === 'tunnel') {
    const inside = view.notes.find(({ code }) => code === 'INTERCEPTED' || code === 'INSPECTED');
    if (inside !== undefined) return 'Tunnel opened: the requests inside of it are rows of their own.';
    const bytes = `${formatBytes(view.requestBytes)} sent, ${formatBytes(view.responseBytes)} received`;
    return `Tunnel closed: ${bytes}. Tunnelled bytes are not inspectable.`;
  }
  if (view.close !== undefined) {
    const { sent, received } = view.messages ?? { sent: 0, received: 0 };
    const frames = `${formatCount(sent)} frames sent, ${formatCount(received)} received`;
    const by = view.close.by === 'hopscope' ? 'Hopscope' : `the ${view.close.by}`;
    return `WebSocket closed by ${by} with ${view.close.code}, ${closeCodeMeaning(view.close.code)}: ${frames}.`;
  }
  const total = formatDuration((view.end ?? view.start) - view.start);
  if (view.from === 'cache') return `Completed in ${total}, answered from the cache.`;
  return `Completed in ${total}: the response was delivered to its last byte.`;
}

const NOTE_ICONS = { info: Info, warning: TriangleAlert, error: CircleAlert } as const;
const NOTE_TONES = { info: undefined, warning: 'warn', error: 'bad' } as const;

function Notes({ view }: { readonly view: ExchangeView }): ReactElement {
  return (
    <div className="section">
      <h3 className="section-title">Notes</h3>
      <ul className="notes">
        {view.notes.map((note) => (
          <NoteLine key={note.seq} note={note} start={view.start} />
        ))}
      </ul>
    </div>
  );
}

function NoteLine({ note, start }: { readonly note: ExchangeNote; readonly start: number }): ReactElement {
  const Icon = NOTE_ICONS[note.level];
  return (
    <li className="callout" data-tone={NOTE_TONES[note.level]}>
      <Icon className="icon" aria-label={note.level} />
      <span>
        <RawText text={note.text} limit={2000} /> <span className="callout-code">{note.code}</span>{' '}
        <span className="section-note">after {formatDuration(note.at - start)}</span>
      </span>
    </li>
  );
}

function Facts({ view }: { readonly view: ExchangeView }): ReactElement {
  const { ui } = useInspector();
  const epoch = useSession((state) => state.status?.epoch ?? 0);
  const { parent } = view;
  return (
    <div className="section">
      <h3 className="section-title">Facts</h3>
      <dl className="facts">
        <dt>Request</dt>
        <dd>#{view.id}</dd>
        {view.session !== undefined && (
          <>
            <dt>Recorded</dt>
            <dd>
              by an earlier run; opened from <RawText text={view.session} limit={200} />
            </dd>
          </>
        )}
        <dt>Began</dt>
        <dd>{formatDateTime(epoch + view.start)}</dd>
        <dt>Client</dt>
        <dd>
          <RawText text={view.client} limit={200} />, connection {view.connection}, request {view.nth} on it
        </dd>
        <dt>Protocol</dt>
        <dd>
          <RawText text={view.version} limit={40} />
        </dd>
        {view.upstream !== undefined && (
          <>
            <dt>Upstream</dt>
            <dd>
              <RawText text={view.upstream} limit={300} />
            </dd>
          </>
        )}
        <dt>Bodies</dt>
        <dd>
          {formatBytes(view.requestBytes)} request, {formatBytes(view.responseBytes)} response
        </dd>
        {parent !== undefined && (
          <>
            <dt>Caused by</dt>
            <dd>
              <button type="button" className="link-button" onClick={() => ui.setState({ selectedId: parent })}>
                request {parent}
              </button>
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}
