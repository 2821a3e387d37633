import { Cable, FlaskConical, KeyRound, Pause, Play, SearchX, Send, Unplug } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { Rich } from '../../i18n/rich.tsx';
import type { PlainKey } from '../../i18n/translate.ts';
import { CopyButton } from '../common/copy-button.tsx';
import { EmptyState } from '../common/empty-state.tsx';
import { NewAddress } from '../common/new-address.tsx';
import { useInspector, useSession, useT, useUi } from '../inspector-context.tsx';
import { EarlierRun } from '../sessions/earlier-run.tsx';
import { ProductMark } from '../top-bar/product-mark.tsx';
import { HopPicture } from './hop-picture.tsx';
import './start-view.css';

/** What stands where the list would: the first steps, or why there is nothing to list. */
export function StartView(): ReactElement {
  const t = useT();
  const connection = useSession((state) => state.connection);
  const proxyUrl = useSession((state) => state.status?.proxyUrl);
  const known = useSession((state) => state.status !== undefined);
  const paused = useSession((state) => state.settings?.record.paused === true);
  if (connection === 'unreachable' && !known) return <Unreachable />;
  if (connection === 'refused' && !known) return <Refused />;
  if (!known) {
    return (
      <EmptyState icon={<ProductMark />} title={t('start.connecting')}>
        <p>{t('start.connectingNote')}</p>
      </EmptyState>
    );
  }
  if (paused) return <Paused />;
  return <FirstSteps proxyUrl={proxyUrl} />;
}

function Unreachable(): ReactElement {
  const t = useT();
  return (
    <EmptyState icon={<Unplug className="icon" />} title={t('start.unreachable')}>
      <p>{t('start.unreachableNote')}</p>
    </EmptyState>
  );
}

function Refused(): ReactElement {
  const t = useT();
  return (
    <EmptyState icon={<KeyRound className="icon" />} title={t('start.refused')}>
      <p>{t('start.refusedNote')}</p>
      <NewAddress />
    </EmptyState>
  );
}

function Paused(): ReactElement {
  const t = useT();
  const { changeSettings } = useInspector();
  return (
    <EmptyState icon={<Pause className="icon" />} title={t('start.paused')}>
      <p>{t('start.pausedNote')}</p>
      <button
        type="button"
        className="button"
        data-kind="primary"
        onClick={() => void changeSettings({ record: { paused: false } })}
      >
        <Play className="icon icon-small" />
        {t('start.resume')}
      </button>
    </EmptyState>
  );
}

/** What a filter can be made of, by example. */
const EXAMPLES: readonly (readonly [filter: string, meaning: PlainKey])[] = [
  ['users', 'start.exampleWord'],
  ['host:*.example.com', 'start.exampleHost'],
  ['status:4xx cache:miss', 'start.exampleBoth'],
  ['duration>500ms OR size>1mb', 'start.exampleEither'],
  ['-type:image', 'start.exampleNot'],
  ['fwd:vary-miss ttl<60', 'start.exampleCache'],
  ['header[set-cookie]:session', 'start.exampleField'],
  ['body:"not found"', 'start.exampleBody'],
  ['/\\/v\\d+\\//', 'start.exampleRegex'],
];

/** Nothing passes the filter, or nothing happened in the chosen time. */
export function NoMatch(): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  const filtered = useUi((state) => state.filter !== '');
  const timed = useUi((state) => state.timeRange !== null);
  const showTimes = (
    <button type="button" className="button" onClick={() => ui.setState({ timeRange: null })}>
      {t('overview.clear')}
    </button>
  );
  if (timed && !filtered) {
    return (
      <EmptyState icon={<SearchX className="icon" />} title={t('start.noneThen')}>
        <p>{t('start.noneThenNote')}</p>
        {showTimes}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<SearchX className="icon" />} title={t(timed ? 'start.noMatchThen' : 'start.noMatch')}>
      <p>{t('start.noMatchNote')}</p>
      <dl className="filter-keys">
        {EXAMPLES.map(([filter, meaning]) => (
          <div key={filter}>
            <dt>
              <code>{filter}</code>
            </dt>
            <dd>{t(meaning)}</dd>
          </div>
        ))}
      </dl>
      <div className="start-buttons">
        <button type="button" className="button" onClick={() => ui.setState({ filter: '' })}>
          {t('start.clearFilter')}
        </button>
        {timed && showTimes}
      </div>
    </EmptyState>
  );
}

function FirstSteps({ proxyUrl }: { readonly proxyUrl: string | undefined }): ReactElement {
  const t = useT();
  if (proxyUrl === undefined) {
    return (
      <EmptyState icon={<Unplug className="icon" />} title={t('start.notListening')}>
        <p>{t('start.notListeningNote')}</p>
      </EmptyState>
    );
  }
  return (
    <div className="start">
      <div className="start-content">
        <HopPicture />
        <h2>{t('start.waiting')}</h2>
        <p className="start-lead">
          <Rich of="start.lead" with={{ proxy: <strong>{proxyUrl}</strong> }} />
        </p>
        <EarlierRun />
        <StartButtons />
        <div className="start-cards">
          <Card title={t('start.asProxy')} text={t('start.asProxyNote')}>
            <Command text={`curl -x ${proxyUrl} http://example.com/`} />
          </Card>
          <ReverseCard proxyUrl={proxyUrl} />
        </div>
      </div>
    </div>
  );
}

function StartButtons(): ReactElement {
  const t = useT();
  const { sendSamples, ui } = useInspector();
  const [sending, setSending] = useState(false);
  return (
    <div className="start-sample">
      <div className="start-buttons">
        <button
          type="button"
          className="button"
          data-kind="primary"
          data-size="large"
          disabled={sending}
          onClick={() => {
            setSending(true);
            void sendSamples().finally(() => setSending(false));
          }}
        >
          <Send className="icon" />
          {sending ? t('start.sending') : t('start.sendSample')}
        </button>
        <button type="button" className="button" data-size="large" onClick={() => ui.setState({ connectOpen: true })}>
          <Cable className="icon" />
          {t('start.connectClient')}
        </button>
      </div>
      <span className="start-note">
        <FlaskConical className="icon icon-small" aria-hidden="true" />
        {t('start.sampleNote')}
      </span>
    </div>
  );
}

function ReverseCard({ proxyUrl }: { readonly proxyUrl: string }): ReactElement {
  const t = useT();
  const active = useSession((state) => state.settings?.activeUpstream);
  const upstreams = useSession((state) => state.settings?.upstreams);
  const name = active === 'demo' ? t('start.demoSite') : upstreams?.find((upstream) => upstream.id === active)?.label;
  return (
    <Card
      title={t('start.inFront')}
      text={name === undefined ? t('start.inFrontOfNone') : t('start.inFrontOf', { upstream: name })}
    >
      <Command text={`curl ${proxyUrl}/`} />
    </Card>
  );
}

interface CardProps {
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}

function Card({ title, text, children }: CardProps): ReactElement {
  return (
    <section className="start-card">
      <h3>{title}</h3>
      <p>{text}</p>
      {children}
    </section>
  );
}

function Command({ text }: { readonly text: string }): ReactElement {
  const t = useT();
  return (
    <div className="command">
      <code>{text}</code>
      <CopyButton text={text} label={t('common.copyCommand')} size="small" />
    </div>
  );
}
