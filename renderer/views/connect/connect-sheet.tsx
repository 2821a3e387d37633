import { Box, Globe, MonitorCog, Smartphone, SquareTerminal } from 'lucide-react';
import { Switch } from 'radix-ui';
import { useEffect } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { Rich } from '../../i18n/rich.tsx';
import { CopyButton } from '../common/copy-button.tsx';
import { Sheet } from '../common/sheet.tsx';
import { useClients, useInspector, useT } from '../inspector-context.tsx';
import { QrCode } from './qr-code.tsx';
import './connect-sheet.css';

/** Every way in which a client gets to the proxy, the shortest first. */
export function ConnectSheet(): ReactElement {
  const t = useT();
  const { ui, clients } = useInspector();

  useEffect(() => void clients.refresh(), [clients]);

  return (
    <Sheet title={t('connect.connect')} open onClose={() => ui.setState({ connectOpen: false })}>
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
  const t = useT();
  const { clients } = useInspector();
  const browsers = useClients((state) => state.browsers);
  return (
    <Way icon={<Globe className="icon" />} title={t('connect.browser')}>
      <p>{t('connect.browserNote')}</p>
      {browsers?.length === 0 && <p className="way-note">{t('connect.noBrowser')}</p>}
      <div className="way-actions">
        {browsers?.map((browser) => (
          <button key={browser.id} type="button" className="button" onClick={() => void clients.openBrowser(browser)}>
            {t('connect.openBrowser', { name: browser.name })}
          </button>
        ))}
      </div>
    </Way>
  );
}

function Terminal(): ReactElement {
  const t = useT();
  const terminal = useClients((state) => state.facts?.terminal);
  return (
    <Way icon={<SquareTerminal className="icon" />} title={t('connect.terminal')}>
      <p>{t('connect.terminalNote')}</p>
      {terminal !== undefined && (
        <>
          <Line command={terminal.here} note={t('connect.thisTerminal')} />
          <Line command={terminal.once} note={t('connect.oneCommand')} />
        </>
      )}
    </Way>
  );
}

function SystemProxy(): ReactElement {
  const t = useT();
  const { clients } = useInspector();
  const status = useClients((state) => state.systemProxy);
  const switching = useClients((state) => state.switching);
  const state = status?.state;
  const impossible = state === undefined || state === 'unsupported' || state === 'elsewhere';
  return (
    <Way icon={<MonitorCog className="icon" />} title={t('connect.system')}>
      <div className="way-switch">
        <Switch.Root
          className="switch"
          aria-label={t('connect.systemProxy')}
          checked={state === 'on'}
          disabled={impossible || switching}
          onCheckedChange={(on) => void clients.setSystemProxy(on)}
        >
          <Switch.Thumb className="switch-thumb" />
        </Switch.Root>
        <p>{state === undefined ? t('connect.asking') : t(`connect.${state}`)}</p>
      </div>
    </Way>
  );
}

function Containers(): ReactElement {
  const t = useT();
  const facts = useClients((state) => state.facts);
  const port = facts === undefined ? '9000' : new URL(facts.url).port;
  const proxy = `http://host.docker.internal:${port}`;
  return (
    <Way icon={<Box className="icon" />} title={t('connect.container')}>
      {facts?.lan.length === 0 && <LoopbackOnly />}
      <Line
        command={`docker run --add-host host.docker.internal:host-gateway -e HTTP_PROXY=${proxy} -e HTTPS_PROXY=${proxy} -e SSL_CERT_FILE=/hopscope.pem -v "${facts?.bundle ?? 'trust.pem'}":/hopscope.pem:ro IMAGE`}
      />
    </Way>
  );
}

function Phones(): ReactElement {
  const t = useT();
  const facts = useClients((state) => state.facts);
  const address = facts?.lan[0];
  return (
    <Way icon={<Smartphone className="icon" />} title={t('connect.phone')}>
      {address === undefined ? (
        <LoopbackOnly />
      ) : (
        <div className="way-phone">
          <QrCode text={`http://${address}/`} label={t('connect.qrCode', { address })} />
          <ol>
            <li>
              <Rich of="connect.phoneScan" with={{ address: <code>{address}</code> }} />
            </li>
            <li>
              <Rich of="connect.phoneProxy" with={{ em: (text) => <em>{text}</em> }} />
            </li>
            <li>
              <Rich of="connect.phoneCertificate" with={{ address: <code>http://hopscope.local/</code> }} />
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
      <Rich
        of="connect.loopbackOnly"
        with={{ flags: <code>--host 0.0.0.0 --allow-remote --auth NAME:PASSWORD</code> }}
      />
    </p>
  );
}

function Line({ command, note }: { readonly command: string; readonly note?: string }): ReactElement {
  const t = useT();
  return (
    <div className="way-line">
      <code>{command}</code>
      {note !== undefined && <span className="way-note">{note}</span>}
      <CopyButton text={command} label={t('common.copyCommand')} size="small" />
    </div>
  );
}
