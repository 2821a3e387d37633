import { Database, DatabaseZap, Send } from 'lucide-react';
import type { ReactElement } from 'react';
import { CopyButton } from '../common/copy-button.tsx';
import { EmptyState } from '../common/empty-state.tsx';
import { useInspector, useSession, useT } from '../inspector-context.tsx';

/** Why nothing is stored, and the next step. */
export function NothingStored(): ReactElement {
  const t = useT();
  const { changeSettings, sendSamples, ui } = useInspector();
  const mode = useSession((state) => state.settings?.cache.mode);
  const proxyUrl = useSession((state) => state.status?.proxyUrl);
  const active = useSession((state) => state.settings?.activeUpstream);
  if (mode === 'off' || mode === 'offline') {
    return (
      <EmptyState icon={<DatabaseZap className="icon" />} title={t(mode === 'off' ? 'cache.off' : 'cache.offline')}>
        <p>{t(mode === 'off' ? 'cache.offNote' : 'cache.offlineNote')}</p>
        <button
          type="button"
          className="button"
          data-kind="primary"
          onClick={() => void changeSettings({ cache: { mode: 'shared' } })}
        >
          {t('cache.switchShared')}
        </button>
      </EmptyState>
    );
  }
  const command = `curl -x ${proxyUrl ?? 'http://127.0.0.1:9000'} http://example.com/`;
  return (
    <EmptyState icon={<Database className="icon" />} title={t('cache.nothing')}>
      <p>{t('cache.nothingNote')}</p>
      {active === 'demo' ? (
        <button type="button" className="button" data-kind="primary" onClick={() => void sendSamples()}>
          <Send className="icon icon-small" />
          {t('start.sendSample')}
        </button>
      ) : (
        <div className="command">
          <code>{command}</code>
          <CopyButton text={command} label={t('common.copyCommand')} size="small" />
        </div>
      )}
      <button type="button" className="link-button" onClick={() => ui.setState({ page: 'traffic' })}>
        {t('cache.goToTraffic')}
      </button>
    </EmptyState>
  );
}
