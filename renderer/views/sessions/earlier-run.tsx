import { History } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { Rich } from '../../i18n/rich.tsx';
import { useInspector, useT, useUi } from '../inspector-context.tsx';
import { openSession } from './open-session.ts';
import { timeSpan } from './session-words.ts';
import { useSessions } from './use-sessions.ts';
import './earlier-run.css';

/** Offers what the run before this one has left, while nothing is listed. */
export function EarlierRun(): ReactElement | null {
  const t = useT();
  const inspector = useInspector();
  const { list } = useSessions();
  const dismissed = useUi((state) => state.dismissedRun);
  const [opening, setOpening] = useState(false);
  const run =
    list.state === 'ready'
      ? list.sessions.find(({ kind, problem }) => kind === 'run' && problem === undefined)
      : undefined;
  if (run === undefined || run.id === dismissed) return null;

  const open = (): void => {
    setOpening(true);
    void openSession(inspector, run, 'open').finally(() => setOpening(false));
  };

  return (
    <section className="earlier-run" aria-label={t('sessions.earlier')}>
      <History className="icon" aria-hidden="true" />
      <p>
        <Rich
          of="sessions.stillThere"
          with={{
            requests: <strong>{t('sessions.requests', { count: run.exchanges ?? 0 })}</strong>,
            time: timeSpan(t, run.startedAt ?? run.endedAt, run.endedAt),
          }}
        />
      </p>
      <button type="button" className="button" disabled={opening} onClick={open}>
        {opening ? t('sessions.opening') : t('sessions.open')}
      </button>
      <button
        type="button"
        className="button"
        data-kind="quiet"
        onClick={() => inspector.ui.setState({ dismissedRun: run.id })}
      >
        {t('common.dismiss')}
      </button>
    </section>
  );
}
