import { Box, Globe, MonitorCog, Smartphone, SquareTerminal } from 'lucide-react';
import { Switch } from 'radix-ui';
import { useEffect } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { SystemProxyStatus } from '../../../shared/clients-contract.ts';
import { CopyButton } from '../common/copy-button.tsx';
import { Sheet } from '../common/sheet.tsx';
import { useClients, useInspector, useUi } from '../inspector-context.tsx';
import { QrCode } from './qr-code.tsx';
import './connect-sheet.css';

/** Every way in which a client gets to the proxy, the shortest first. */
export function ConnectSheet(): ReactElement {
  const { ui, clients } = useInspector();
  const open = useUi((state) => state.connectOpen);

  useEffect(() => {
    if (open) void clients.refresh();
  }, [clients, open]);

  return (
    <Sheet title="Connect a client" open={open} onClose={() => ui.setState({ connectOpen: false })}>
      <div className="ways">
        <Browsers />
        <Terminal />
        <SystemProxy />
        <Containers />
        <Phones />
      </div>
    </Sheet>
  );
}

interface WayProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
}

function Way({ icon, title, children }: WayProps): ReactElement {
  return (
    <section className="way">
      <span className="way-icon" aria-hidden="true">
        {icon}
      </span>
      <div className="way-body">
        <h3>{title}</h3>
        {children}
      </div>
    </section>
  );
}

function Browsers(): ReactElement {
  const { clients } = useInspector();
  const browsers = useClients((state) => state.browsers);
  return (
    <Way icon={<Globe className="icon" />} title="A browser of its own">
      <p>A fresh profile that uses Hopscope and trusts its certificates. Your own profiles are not touched.</p>
      {browsers?.length === 0 && (
        <p className="way-note">No browser was found where Hopscope runs: Chromium, Chrome, Edge, Brave or Firefox.</p>
      )}
      <div className="way-actions">
        {browsers?.map((browser) => (
          <button key={browser.id} type="button" className="button" onClick={() => void clients.openBrowser(browser)}>
            Open {browser.name}
          </button>
        ))}
      </div>
    </Way>
  );
}

function Terminal(): ReactElement {
  return (
    <Way icon={<SquareTerminal className="icon" />} title="A terminal">
      <p>For curl, git, npm, pip, Node, Python, Go, Java and whatever else reads their variables.</p>
      <Line text={'eval "$(hopscope env)"'} note="this terminal" />
      <Line text="hopscope run -- npm test" note="one command" />
    </Way>
  );
}

const STATE_WORDS: Readonly<Record<SystemProxyStatus['state'], string>> = {
  on: 'On until Hopscope ends. Should it end badly, clients go on without it.',
  off: 'Every program that follows the system’s settings. It is set back when Hopscope ends.',
  replaced: 'It was set to Hopscope, and somebody has set another one since. That one stays.',
  elsewhere: 'Another Hopscope has it.',
  unsupported: 'Where Hopscope runs, there is no desktop whose settings it knows.',
};

function SystemProxy(): ReactElement {
  const { clients } = useInspector();
  const status = useClients((state) => state.systemProxy);
  const switching = useClients((state) => state.switching);
  const state = status?.state;
  const impossible = state === undefined || state === 'unsupported' || state === 'elsewhere';
  return (
    <Way icon={<MonitorCog className="icon" />} title="The whole system">
      <div className="way-switch">
        <Switch.Root
          className="switch"
          aria-label="System proxy"
          checked={state === 'on'}
          disabled={impossible || switching}
          onCheckedChange={(on) => void clients.setSystemProxy(on)}
        >
          <Switch.Thumb className="switch-thumb" />
        </Switch.Root>
        <p>{state === undefined ? 'Asking the system…' : STATE_WORDS[state]}</p>
      </div>
    </Way>
  );
}

function Containers(): ReactElement {
  const facts = useClients((state) => state.facts);
  const port = facts === undefined ? '9000' : new URL(facts.url).port;
  const proxy = `http://host.docker.internal:${port}`;
  return (
    <Way icon={<Box className="icon" />} title="A container">
      {facts?.lan.length === 0 && <LoopbackOnly />}
      <Line
        text={`docker run --add-host host.docker.internal:host-gateway -e HTTP_PROXY=${proxy} -e HTTPS_PROXY=${proxy} -e SSL_CERT_FILE=/hopscope.pem -v "${facts?.bundle ?? 'trust.pem'}":/hopscope.pem:ro IMAGE`}
      />
    </Way>
  );
}

function Phones(): ReactElement {
  const facts = useClients((state) => state.facts);
  const address = facts?.lan[0];
  return (
    <Way icon={<Smartphone className="icon" />} title="A phone, or another machine">
      {address === undefined ? (
        <LoopbackOnly />
      ) : (
        <div className="way-phone">
          <QrCode text={`http://${address}/`} label={`QR code of ${address}`} />
          <ol>
            <li>
              Scan the code: a page means that the phone reaches Hopscope at <code>{address}</code>.
            </li>
            <li>
              Set that address as the HTTP proxy of the Wi-Fi network: <em>manual</em> on Android,{' '}
              <em>Configure Proxy</em> on iOS.
            </li>
            <li>
              Open <code>http://hopscope.local/</code> there, and install the certificate as that page says.
            </li>
          </ol>
        </div>
      )}
    </Way>
  );
}

function LoopbackOnly(): ReactElement {
  return (
    <p>
      Hopscope listens on this machine alone. Start it with{' '}
      <code>--host 0.0.0.0 --allow-remote --auth NAME:PASSWORD</code> to be reached from elsewhere.
    </p>
  );
}

function Line({ text, note }: { readonly text: string; readonly note?: string }): ReactElement {
  return (
    <div className="way-line">
      <code>{text}</code>
      {note !== undefined && <span className="way-note">{note}</span>}
      <CopyButton text={text} label="Copy the command" size="small" />
    </div>
  );
}
