import type { ReactElement } from 'react';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import type { GatewayEvent, GatewayOutput } from '../../../shared/trace-event.ts';
import { formatDuration } from '../../format/units.ts';
import { Rich } from '../../i18n/rich.tsx';
import { CopyButton } from '../common/copy-button.tsx';
import { RawText } from '../common/raw-text.tsx';
import { HeadersTable } from '../message/headers-table.tsx';
import '../message/message.css';
import { useT } from '../inspector-context.tsx';
import './gateway.css';

const STREAMS: Readonly<Record<GatewayOutput['stream'], string>> = {
  errors: 'wsgi.errors',
  stdout: 'stdout',
  stderr: 'stderr',
  traceback: 'traceback',
};

/** What passed between the gateway and an application: the environ, its answer, what it wrote, and what it raised. */
export function GatewayTab({ view }: { readonly view: ExchangeView }): ReactElement {
  const events = view.gateway ?? [];
  const called = events.find((event) => event.type === 'gateway.called');
  const outputs = events.filter((event) => event.type === 'gateway.output');
  const written = outputs.filter(({ stream }) => stream !== 'traceback');
  return (
    <div className="gateway">
      {called !== undefined && (
        <section className="section gateway-summary">
          <Rich
            of="gateway.called"
            with={{ application: <strong>{called.application}</strong>, worker: called.worker }}
          />
        </section>
      )}
      {outputs
        .filter(({ stream }) => stream === 'traceback')
        .map(({ seq, text }) => (
          <Traceback key={seq} text={text} />
        ))}
      {events
        .filter((event) => event.type === 'gateway.answered')
        .map(({ seq, status, headers }) => (
          <section key={seq} className="section">
            <HeadersTable title={`start_response: ${status}`} headers={headers} />
          </section>
        ))}
      <Framework view={view} events={events} />
      {written.length > 0 && <Written view={view} outputs={written} />}
      {called !== undefined && (
        <section className="section">
          <HeadersTable title="environ" headers={called.environ} />
        </section>
      )}
    </div>
  );
}

function Traceback({ text }: { readonly text: string }): ReactElement {
  const t = useT();
  return (
    <section className="section" aria-label={t('gateway.traceback')}>
      <h3 className="section-title">
        {t('gateway.traceback')}
        <span className="section-actions">
          <CopyButton text={() => text} label={t('gateway.copyTraceback')} size="small" />
        </span>
      </h3>
      <pre className="gateway-text" data-tone="bad">
        <Lines text={text} />
      </pre>
    </section>
  );
}

/** Text whose line ends are meant. */
function Lines({ text }: { readonly text: string }): ReactElement {
  return (
    <>
      {text
        .trimEnd()
        .split('\n')
        .map((line, index) => (
          <div key={index}>
            <RawText text={line} limit={2_000} />
          </div>
        ))}
    </>
  );
}

interface WrittenProps {
  readonly view: ExchangeView;
  readonly outputs: readonly GatewayOutput[];
}

function Written({ view, outputs }: WrittenProps): ReactElement {
  const t = useT();
  return (
    <section className="section" aria-label={t('gateway.output')}>
      <h3 className="section-title">{t('gateway.output')}</h3>
      <div className="gateway-output" role="log">
        {outputs.map(({ seq, at, stream, text }) => (
          <div key={seq} className="gateway-line">
            <span className="gateway-time">{formatDuration(at - view.start)}</span>
            <span className="gateway-stream">{STREAMS[stream]}</span>
            <span className="gateway-written">
              <Lines text={text} />
            </span>
          </div>
        ))}
      </div>
    </section>
  );
}

interface FrameworkProps {
  readonly view: ExchangeView;
  readonly events: readonly GatewayEvent[];
}

/** What a framework's middleware told; signals with their times. */
function Framework({ view, events }: FrameworkProps): ReactElement | null {
  const t = useT();
  const facts = events
    .filter((event) => event.type === 'gateway.framework')
    .flatMap(({ at, facts: told }) =>
      told[0] === 'signal'
        ? ['signal', t('gateway.after', { signal: told[1] ?? '', time: formatDuration(at - view.start) })]
        : told.flatMap((text, place) =>
            place % 2 === 1 && told[place - 1] === 'middleware' ? text.split('\n').join(' → ') : text,
          ),
    );
  if (facts.length === 0) return null;
  return (
    <section className="section">
      <HeadersTable title={t('gateway.framework')} headers={facts} />
    </section>
  );
}
