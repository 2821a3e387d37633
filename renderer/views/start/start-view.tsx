import { Cable, FlaskConical, Pause, Play, SearchX, Send, Unplug } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { CopyButton } from '../common/copy-button.tsx';
import { EmptyState } from '../common/empty-state.tsx';
import { useInspector, useSession } from '../inspector-context.tsx';
import { EarlierRun } from '../sessions/earlier-run.tsx';
import { ProductMark } from '../top-bar/product-mark.tsx';
import { HopPicture } from './hop-picture.tsx';
import './start-view.css';

/** What stands where the list would: the first steps, or why there is nothing to list. */
export function StartView(): ReactElement {
  const connection = useSession((state) => state.connection);
  const proxyUrl = useSession((state) => state.status?.proxyUrl);
  const known = useSession((state) => state.status !== undefined);
  const paused = useSession((state) => state.settings?.record.paused === true);
  if (connection === 'unreachable' && !known) return <Unreachable />;
  if (!known) {
    return (
      <EmptyState icon={<ProductMark />} title="Connecting to the engine…">
        <p>The list appears as soon as it answers.</p>
      </EmptyState>
    );
  }
  if (paused) return <Paused />;
  return <FirstSteps proxyUrl={proxyUrl} />;
}

function Unreachable(): ReactElement {
  return (
    <EmptyState icon={<Unplug className="icon" />} title="The engine does not answer">
      <p>
        It may have been stopped, or this page was opened with an old address. Open the address that Hopscope printed
        when it started; it contains a fresh token. This page keeps trying.
      </p>
    </EmptyState>
  );
}

function Paused(): ReactElement {
  const { changeSettings } = useInspector();
  return (
    <EmptyState icon={<Pause className="icon" />} title="Recording is paused">
      <p>Traffic still flows through Hopscope; it is not listed.</p>
      <button
        type="button"
        className="button"
        data-kind="primary"
        onClick={() => void changeSettings({ record: { paused: false } })}
      >
        <Play className="icon icon-small" />
        Resume recording
      </button>
    </EmptyState>
  );
}

/** What a filter can be made of, by example. */
const EXAMPLES: readonly (readonly [filter: string, meaning: string])[] = [
  ['users', 'In the URL'],
  ['host:*.example.com', 'The whole host, any characters for the star'],
  ['status:4xx cache:miss', 'Both'],
  ['duration>500ms OR size>1mb', 'Either; brackets group'],
  ['-type:image', 'Not'],
  ['fwd:vary-miss ttl<60', 'Why the cache sent it on, and how long it stays fresh'],
  ['header[set-cookie]:session', 'A field of either message'],
  ['body:"not found"', 'Text in the bodies'],
  ['/\\/v\\d+\\//', 'A regular expression'],
];

/** Nothing passes the filter. */
export function NoMatch(): ReactElement {
  const { ui } = useInspector();
  return (
    <EmptyState icon={<SearchX className="icon" />} title="No request matches the filter">
      <p>Words are looked for in the URL; with a key they are looked for in one place.</p>
      <dl className="filter-keys">
        {EXAMPLES.map(([filter, meaning]) => (
          <div key={filter}>
            <dt>
              <code>{filter}</code>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <button type="button" className="button" onClick={() => ui.setState({ filter: '', timeRange: null })}>
        Clear the filter
      </button>
    </EmptyState>
  );
}

function FirstSteps({ proxyUrl }: { readonly proxyUrl: string | undefined }): ReactElement {
  if (proxyUrl === undefined) {
    return (
      <EmptyState icon={<Unplug className="icon" />} title="The proxy is not listening">
        <p>Its port could not be opened. See the message at the top, change the port, and start Hopscope again.</p>
      </EmptyState>
    );
  }
  return (
    <div className="start">
      <div className="start-content">
        <HopPicture />
        <h2>Waiting for the first request</h2>
        <p className="start-lead">
          Every request that passes through <strong>{proxyUrl}</strong> shows up here, with its timeline and the reason
          why the cache answered as it did.
        </p>
        <EarlierRun />
        <StartButtons />
        <div className="start-cards">
          <Card title="As a proxy" text="Any client that can use an HTTP proxy: browsers, curl, apps, test suites.">
            <Command text={`curl -x ${proxyUrl} http://example.com/`} />
          </Card>
          <ReverseCard proxyUrl={proxyUrl} />
        </div>
      </div>
    </div>
  );
}

function StartButtons(): ReactElement {
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
          {sending ? 'Sending…' : 'Send sample traffic'}
        </button>
        <button type="button" className="button" data-size="large" onClick={() => ui.setState({ connectOpen: true })}>
          <Cable className="icon" />
          Connect a client
        </button>
      </div>
      <span className="start-note">
        <FlaskConical className="icon icon-small" aria-hidden="true" />
        To the built-in demo site; nothing leaves this machine.
      </span>
    </div>
  );
}

function ReverseCard({ proxyUrl }: { readonly proxyUrl: string }): ReactElement {
  const active = useSession((state) => state.settings?.activeUpstream);
  const upstreams = useSession((state) => state.settings?.upstreams);
  const name = active === 'demo' ? 'the demo site' : upstreams?.find((upstream) => upstream.id === active)?.label;
  return (
    <Card
      title="In front of a server"
      text={
        name === undefined
          ? 'Choose an upstream at the top; requests made to Hopscope itself are then sent there.'
          : `Requests made to Hopscope itself are sent to ${name}. Change it at the top.`
      }
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
  return (
    <div className="command">
      <code>{text}</code>
      <CopyButton text={text} label="Copy the command" size="small" />
    </div>
  );
}
