import { CloudOff, Pause, TriangleAlert, X } from 'lucide-react';
import type { ReactElement } from 'react';
import { dismissWarning } from '../../store/session-store.ts';
import { useInspector, useSession, useT, useTrace } from '../inspector-context.tsx';
import { HeldBanner } from '../held/held-banner.tsx';
import { NewAddress } from './new-address.tsx';
import './banners.css';

const NONE: readonly string[] = [];

/** What everyone should know right now, above the list. */
export function Banners(): ReactElement {
  const t = useT();
  const { session } = useInspector();
  const connection = useSession((state) => state.connection);
  const known = useSession((state) => state.status !== undefined);
  const warnings = useSession((state) => state.status?.warnings ?? NONE);
  const dismissed = useSession((state) => state.dismissed);
  return (
    <div className="banners" role="region" aria-label={t('common.warnings')} aria-live="polite">
      {(connection === 'lost' || (connection === 'unreachable' && known)) && (
        <div className="banner" data-tone="warn">
          <CloudOff className="icon" />
          <span>
            {t('common.connectionLost')} <strong>{t('common.reconnecting')}</strong>{' '}
            {connection === 'lost' ? t('common.mayBeOld') : t('common.openNewAddress')}
          </span>
        </div>
      )}
      {connection === 'refused' && known && (
        <div className="banner" data-tone="warn">
          <CloudOff className="icon" />
          <span>
            <strong>{t('common.startedAnew')}</strong> {t('common.startedAnewNote')}
          </span>
          <NewAddress />
        </div>
      )}
      <HeldBanner />
      <PausedBanner />
      {warnings
        .filter((warning) => !dismissed.includes(warning))
        .map((warning) => (
          <div key={warning} className="banner" data-tone="warn">
            <TriangleAlert className="icon" />
            <span>{t.said(warning)}</span>
            <button
              type="button"
              className="icon-button"
              data-size="small"
              aria-label={t('common.dismissWarning')}
              onClick={() => dismissWarning(session, warning)}
            >
              <X className="icon icon-small" />
            </button>
          </div>
        ))}
    </div>
  );
}

function PausedBanner(): ReactElement | null {
  const t = useT();
  const { changeSettings } = useInspector();
  const paused = useSession((state) => state.settings?.record.paused === true && state.connection === 'open');
  const listed = useTrace((state) => state.counts.total > 0);
  if (!paused || !listed) return null;
  return (
    <div className="banner" data-tone="info">
      <Pause className="icon" />
      <span>{t('common.paused')}</span>
      <button type="button" className="link-button" onClick={() => void changeSettings({ record: { paused: false } })}>
        {t('common.resume')}
      </button>
    </div>
  );
}
