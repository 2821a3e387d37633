import { ChevronRight, FolderOpen, Search, Settings } from 'lucide-react';
import type { ReactElement } from 'react';
import { keysOf } from '../../commands/key-combination.ts';
import { CopyButton } from '../common/copy-button.tsx';
import { Hint } from '../common/hint.tsx';
import { useInspector, useSession, useT, useUi } from '../inspector-context.tsx';
import { HealthButton } from '../health/health-button.tsx';
import { ConnectButton } from '../connect/connect-button.tsx';
import { CacheModeControl } from './cache-mode-control.tsx';
import { ClearButtons } from './clear-buttons.tsx';
import { PageSwitch } from './page-switch.tsx';
import { ProductMark } from './product-mark.tsx';
import { UpstreamPicker } from './upstream-picker.tsx';
import { ViewMenu } from './view-menu.tsx';
import './top-bar.css';

/** The way a request takes, from left to right: the proxy's address, the cache, the upstream. Then what acts on the list. */
export function TopBar(): ReactElement {
  const t = useT();
  return (
    <header className="top-bar">
      <h1 className="brand" aria-label="Hopscope">
        <ProductMark />
        <span className="brand-name">Hopscope</span>
      </h1>
      <PageSwitch />
      <div className="route">
        <ProxyAddress />
        <ChevronRight className="icon route-arrow" aria-hidden="true" />
        <span className="route-label">{t('topBar.cache')}</span>
        <CacheModeControl />
        <ChevronRight className="icon route-arrow" aria-hidden="true" />
        <span className="route-label">{t('topBar.upstream')}</span>
        <UpstreamPicker />
      </div>
      <div className="top-bar-actions">
        <RecordButton />
        <ClearButtons />
        <SessionsButton />
        <FindButton />
        <SettingsButton />
        <HealthButton />
        <ViewMenu />
      </div>
    </header>
  );
}

function ProxyAddress(): ReactElement {
  const t = useT();
  const url = useSession((state) => state.status?.proxyUrl);
  const known = useSession((state) => state.status !== undefined);
  const connection = useSession((state) => state.connection);
  const live = connection === 'open' && url !== undefined;
  const text = url?.replace(/^http:\/\//, '') ?? (known ? t('topBar.notListening') : t('topBar.connecting'));
  const meaning = live
    ? t('topBar.addressHint', { url })
    : connection === 'open' && known
      ? t('topBar.notListeningHint')
      : t('topBar.noEngineHint');
  return (
    <div className="proxy-address" data-live={live}>
      <Hint text={meaning}>
        <span className="proxy-address-text" tabIndex={0} aria-label={t('topBar.proxyAddress', { address: text })}>
          <span className="live-dot" aria-hidden="true" />
          {text}
        </span>
      </Hint>
      {url !== undefined && <CopyButton text={url} label={t('topBar.copyAddress')} size="small" />}
      <ConnectButton />
    </div>
  );
}

function RecordButton(): ReactElement | null {
  const t = useT();
  const { changeSettings } = useInspector();
  const paused = useSession((state) => state.settings?.record.paused);
  if (paused === undefined) return null;
  const text = paused ? t('topBar.resume') : t('topBar.pauseHint');

  return (
    <Hint text={text} keys={keysOf('recording.toggle')}>
      <button
        type="button"
        className="button record-button"
        data-kind="quiet"
        data-paused={paused}
        aria-label={paused ? t('topBar.pausedResume') : t('topBar.pause')}
        onClick={() => void changeSettings({ record: { paused: !paused } })}
      >
        <span className="record-dot" aria-hidden="true" />
        <span className="record-word">{paused ? t('topBar.paused') : t('topBar.recording')}</span>
      </button>
    </Hint>
  );
}

function SessionsButton(): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  return (
    <Hint text={t('topBar.sessionsHint')} keys={keysOf('recording.sessions')}>
      <button
        type="button"
        className="icon-button"
        aria-label={t('topBar.sessions')}
        onClick={() => ui.setState({ sessionsOpen: true })}
      >
        <FolderOpen className="icon" />
      </button>
    </Hint>
  );
}

function FindButton(): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  return (
    <Hint text={t('topBar.find')} keys={keysOf('go.palette')}>
      <button
        type="button"
        className="icon-button"
        aria-label={t('topBar.find')}
        onClick={() => ui.setState({ paletteOpen: true })}
      >
        <Search className="icon" />
      </button>
    </Hint>
  );
}

function SettingsButton(): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  const shown = useUi((state) => state.page === 'settings');
  return (
    <Hint text={t('topBar.settings')} keys={keysOf('go.settings')}>
      <button
        type="button"
        className="icon-button"
        aria-label={t('topBar.settings')}
        aria-current={shown ? 'page' : undefined}
        onClick={() => ui.setState({ page: 'settings' })}
      >
        <Settings className="icon" />
      </button>
    </Hint>
  );
}
