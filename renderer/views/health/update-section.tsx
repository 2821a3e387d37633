import type { ReactElement } from 'react';
import type { UpdateStatus } from '../../../shared/app-contract.ts';
import type { PlainKey, Translate } from '../../i18n/translate.ts';
import { notify } from '../../store/session-store.ts';
import { useApp, useInspector, useSession, useT } from '../inspector-context.tsx';

type Step = 'check' | 'download' | 'install';

const LABELS: Readonly<Record<Step, PlainKey>> = {
  check: 'health.updateCheck',
  download: 'health.updateDownload',
  install: 'health.updateInstall',
};

/** The version, and how it stands with a newer one: it is the person who says that it is loaded, and that it is started. */
export function UpdateSection(): ReactElement {
  const { api, app, session } = useInspector();
  const t = useT();
  const version = useSession((state) => state.status?.version ?? '');
  const update = useApp((state) => state.update);
  const step = nextStep(update);

  const take = async (next: Step): Promise<void> => {
    const answer = await api.request('app.update', { step: next });
    if (answer.ok) app.setState({ update: answer.value });
    else notify(session, 'error', answer.error.message);
  };
  return (
    <div className="health-update">
      <p>
        <strong>{t('health.version', { version })}</strong> {words(t, update)}
      </p>
      {step !== undefined && (
        <button type="button" className="button" onClick={() => void take(step)}>
          {t(LABELS[step])}
        </button>
      )}
    </div>
  );
}

function nextStep({ state }: UpdateStatus): Step | undefined {
  if (state === 'unknown' || state === 'current' || state === 'failed') return 'check';
  if (state === 'available') return 'download';
  return state === 'ready' ? 'install' : undefined;
}

function words(t: Translate, update: UpdateStatus): string {
  switch (update.state) {
    case 'off':
      return update.why === 'package-manager' ? t('health.updateManaged') : t('health.updateOff');
    case 'unknown':
      return '';
    case 'checking':
      return t('health.updateChecking');
    case 'current':
      return t('health.updateCurrent');
    case 'available':
      return t('health.updateAvailable', { version: update.version });
    case 'downloading':
      return t('health.updateLoading', { version: update.version, percent: update.percent });
    case 'ready':
      return t('health.updateReady', { version: update.version });
    case 'failed':
      return t('health.updateFailed', { reason: update.reason });
  }
}
