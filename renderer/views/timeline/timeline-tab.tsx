import { CircleAlert, CircleCheck, Hourglass, Info, TriangleAlert, Unplug } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import type { ExchangeNote } from '../../../shared/trace-event.ts';
import { closeCodeMeaning } from '../../../shared/websocket.ts';
import { formatBytes, formatCount, formatDateTime, formatDuration } from '../../format/units.ts';
import { Rich } from '../../i18n/rich.tsx';
import type { Translate } from '../../i18n/translate.ts';
import { engineNow } from '../../store/trace-store.ts';
import { CopyButton } from '../common/copy-button.tsx';
import { RawText } from '../common/raw-text.tsx';
import { saveFile } from '../common/save-file.ts';
import { useInspector, useSession, useT } from '../inspector-context.tsx';
import { AppliedRules } from '../rules/applied-rules.tsx';
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
  const t = useT();
  const now = useEngineTime(view.end === undefined);
  const model = useMemo(() => buildTimeline(t, view, now), [t, view, now]);
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
      <AppliedRules view={view} />
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
  const t = useT();
  const title = `${view.method} ${view.url}`;
  return (
    <div className="timeline-exports">
      <CopyButton text={() => timelineText(t, title, model)} label={t('timeline.copyText')} size="small">
        {t('timeline.text')}
      </CopyButton>
      <CopyButton text={() => timelineSvg(title, model)} label={t('timeline.copySvg')} size="small">
        SVG
      </CopyButton>
      <button
        type="button"
        className="button"
        data-size="small"
        onClick={() => saveFile(`timeline-${view.id}.svg`, 'image/svg+xml', timelineSvg(title, model))}
      >
        {t('timeline.saveSvg')}
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
  const t = useT();
  const { outcome, open } = view;
  if (outcome === undefined) {
    return (
      <p className="callout">
        <Hourglass className="icon" />
        <span>
          {open.length === 0
            ? t('timeline.running')
            : t('timeline.runningIn', { phases: open.map((phase) => phase.replace('.', ' · ')).join(' → ') })}
        </span>
      </p>
    );
  }
  if (outcome.kind === 'completed') {
    return (
      <p className="callout" data-tone="good">
        <CircleCheck className="icon" />
        <span>{completedSentence(t, view)}</span>
      </p>
    );
  }
  return (
    <p className="callout" data-tone={outcome.kind === 'failed' ? 'bad' : 'warn'}>
      {outcome.kind === 'failed' ? <CircleAlert className="icon" /> : <Unplug className="icon" />}
      <span>
        <Rich
          of={outcome.kind === 'failed' ? 'timeline.failed' : ABORTED_BY[outcome.by]}
          with={{
            strong: (text: ReactNode) => <strong>{text}</strong>,
            phase: phaseLabel(t, outcome.phase),
            message: <RawText text={t.said(outcome.message)} limit={1000} />,
          }}
        />{' '}
        {outcome.kind === 'failed' && <span className="callout-code">{outcome.code}</span>}
        {outcome.kind === 'failed' && outcome.code === 'CERTIFICATE_REFUSED' && <RefusedCertificate view={view} />}
      </span>
    </p>
  );
}

function completedSentence(t: Translate, view: ExchangeView): string {
  if (view.kind === 'tunnel') {
    const inside = view.notes.find(({ code }) => code === 'INTERCEPTED' || code === 'INSPECTED');
    if (inside !== undefined) return t('timeline.tunnelInspected');
    return t('timeline.tunnelClosed', {
      sent: formatBytes(view.requestBytes),
      received: formatBytes(view.responseBytes),
    });
  }
  if (view.close !== undefined) {
    const { sent, received } = view.messages ?? { sent: 0, received: 0 };
    const { by, code } = view.close;
    const values = { code, meaning: closeCodeMeaning(code), sent: formatCount(sent), received: formatCount(received) };
    return t(CLOSED_BY[by], values);
  }
  const total = formatDuration((view.end ?? view.start) - view.start);
  return view.from === 'cache' ? t('timeline.completedFromCache', { total }) : t('timeline.completed', { total });
}

/** Who aborted an exchange, in words. */
const ABORTED_BY = {
  client: 'timeline.abortedByClient',
  upstream: 'timeline.abortedByUpstream',
  hopscope: 'timeline.abortedByHopscope',
} as const;

/** Who closed a WebSocket, in words. */
const CLOSED_BY = {
  client: 'timeline.closedByClient',
  upstream: 'timeline.closedByUpstream',
  hopscope: 'timeline.closedByHopscope',
} as const;

const NOTE_ICONS = { info: Info, warning: TriangleAlert, error: CircleAlert } as const;
const NOTE_TONES = { info: undefined, warning: 'warn', error: 'bad' } as const;

function Notes({ view }: { readonly view: ExchangeView }): ReactElement {
  const t = useT();
  return (
    <div className="section">
      <h3 className="section-title">{t('timeline.notes')}</h3>
      <ul className="notes">
        {view.notes.map((note) => (
          <NoteLine key={note.seq} note={note} start={view.start} />
        ))}
      </ul>
    </div>
  );
}

function NoteLine({ note, start }: { readonly note: ExchangeNote; readonly start: number }): ReactElement {
  const t = useT();
  const Icon = NOTE_ICONS[note.level];
  return (
    <li className="callout" data-tone={NOTE_TONES[note.level]}>
      <Icon className="icon" aria-label={t(`timeline.${note.level}`)} />
      <span>
        <RawText text={t.said(note.text)} limit={2000} /> <span className="callout-code">{note.code}</span>{' '}
        <span className="section-note">{t('timeline.noteAfter', { time: formatDuration(note.at - start) })}</span>
      </span>
    </li>
  );
}

function Facts({ view }: { readonly view: ExchangeView }): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  const epoch = useSession((state) => state.status?.epoch ?? 0);
  const { parent } = view;
  return (
    <div className="section">
      <h3 className="section-title">{t('timeline.facts')}</h3>
      <dl className="facts">
        <dt>{t('timeline.request')}</dt>
        <dd>#{view.id}</dd>
        {view.session !== undefined && (
          <>
            <dt>{t('timeline.recorded')}</dt>
            <dd>
              <Rich of="timeline.recordedEarlier" with={{ session: <RawText text={view.session} limit={200} /> }} />
            </dd>
          </>
        )}
        <dt>{t('timeline.began')}</dt>
        <dd>{formatDateTime(epoch + view.start)}</dd>
        <dt>{t('timeline.client')}</dt>
        <dd>
          {view.nth === 0 ? (
            <RawText text={view.client} limit={200} />
          ) : (
            <Rich
              of="timeline.clientFact"
              with={{
                client: <RawText text={view.client} limit={200} />,
                connection: String(view.connection),
                nth: String(view.nth),
              }}
            />
          )}
        </dd>
        <dt>{t('timeline.protocol')}</dt>
        <dd>
          <RawText text={view.version} limit={40} />
        </dd>
        {view.upstream !== undefined && (
          <>
            <dt>{t('timeline.upstream')}</dt>
            <dd>
              <RawText text={view.upstream} limit={300} />
            </dd>
          </>
        )}
        {view.remote !== undefined && (
          <>
            <dt>{t('timeline.remote')}</dt>
            <dd>
              <RawText text={view.remote} limit={100} />
            </dd>
          </>
        )}
        <dt>{t('timeline.bodies')}</dt>
        <dd>
          {t('timeline.bodySizes', {
            request: formatBytes(view.requestBytes),
            response: formatBytes(view.responseBytes),
          })}
        </dd>
        {parent !== undefined && (
          <>
            <dt>{t(view.replay === true ? 'timeline.repeats' : 'timeline.causedBy')}</dt>
            <dd>
              <button type="button" className="link-button" onClick={() => ui.setState({ selectedId: parent })}>
                {t('timeline.requestNumber', { id: parent })}
              </button>
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}
