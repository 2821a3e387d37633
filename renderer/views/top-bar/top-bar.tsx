import { ChevronRight, FolderOpen, Trash2 } from 'lucide-react';
import type { ReactElement } from 'react';
import { keysOf } from '../../commands/key-combination.ts';
import { CopyButton } from '../common/copy-button.tsx';
import { Hint } from '../common/hint.tsx';
import { useInspector, useSession, useTrace } from '../inspector-context.tsx';
import { ConnectButton } from '../connect/connect-button.tsx';
import { CacheModeControl } from './cache-mode-control.tsx';
import { PageSwitch } from './page-switch.tsx';
import { ProductMark } from './product-mark.tsx';
import { UpstreamPicker } from './upstream-picker.tsx';
import { ViewMenu } from './view-menu.tsx';
import './top-bar.css';

/** The way a request takes, from left to right: the proxy's address, the cache, the upstream. Then what acts on the list. */
export function TopBar(): ReactElement {
  return (
    <header className="top-bar">
      <h1 className="brand">
        <ProductMark />
        <span className="brand-name">Hopscope</span>
      </h1>
      <PageSwitch />
      <div className="route">
        <ProxyAddress />
        <ChevronRight className="icon route-arrow" aria-hidden="true" />
        <span className="route-label">Cache</span>
        <CacheModeControl />
        <ChevronRight className="icon route-arrow" aria-hidden="true" />
        <span className="route-label">Upstream</span>
        <UpstreamPicker />
      </div>
      <div className="top-bar-actions">
        <RecordButton />
        <ClearButton />
        <SessionsButton />
        <ViewMenu />
      </div>
    </header>
  );
}

function ProxyAddress(): ReactElement {
  const url = useSession((state) => state.status?.proxyUrl);
  const known = useSession((state) => state.status !== undefined);
  const connection = useSession((state) => state.connection);
  const live = connection === 'open' && url !== undefined;
  const text = url?.replace(/^http:\/\//, '') ?? (known ? 'Not listening' : 'Connecting…');
  const meaning = live
    ? `Point clients at this address, as an HTTP proxy or as a server. ${url}`
    : connection === 'open' && known
      ? 'The engine is there, but the proxy is not listening.'
      : 'The interface has no connection to the engine.';
  return (
    <div className="proxy-address" data-live={live}>
      <Hint text={meaning}>
        <span className="proxy-address-text" tabIndex={0} aria-label={`Proxy address ${text}`}>
          <span className="live-dot" aria-hidden="true" />
          {text}
        </span>
      </Hint>
      {url !== undefined && <CopyButton text={url} label="Copy the proxy address" size="small" />}
      <ConnectButton />
    </div>
  );
}

function RecordButton(): ReactElement | null {
  const { changeSettings } = useInspector();
  const paused = useSession((state) => state.settings?.record.paused);
  if (paused === undefined) return null;
  const text = paused ? 'Resume recording' : 'Pause recording. Traffic keeps flowing.';

  return (
    <Hint text={text} keys={keysOf('recording.toggle')}>
      <button
        type="button"
        className="button record-button"
        data-kind="quiet"
        data-paused={paused}
        aria-label={paused ? 'Resume recording' : 'Pause recording'}
        onClick={() => void changeSettings({ record: { paused: !paused } })}
      >
        <span className="record-dot" aria-hidden="true" />
        <span className="record-word">{paused ? 'Paused' : 'Recording'}</span>
      </button>
    </Hint>
  );
}

function SessionsButton(): ReactElement {
  const { ui } = useInspector();
  return (
    <Hint text="Sessions: save what is recorded, open what was" keys={keysOf('recording.sessions')}>
      <button
        type="button"
        className="icon-button"
        aria-label="Sessions"
        onClick={() => ui.setState({ sessionsOpen: true })}
      >
        <FolderOpen className="icon" />
      </button>
    </Hint>
  );
}

function ClearButton(): ReactElement {
  const { clearSession } = useInspector();
  const empty = useTrace((state) => state.counts.total === 0);
  return (
    <Hint text="Clear the list" keys={keysOf('recording.clear')}>
      <button
        type="button"
        className="icon-button"
        aria-label="Clear the list"
        disabled={empty}
        onClick={() => void clearSession()}
      >
        <Trash2 className="icon" />
      </button>
    </Hint>
  );
}
