import { FolderOpen, FolderInput } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import type { SessionProgress } from '../../../shared/session-contract.ts';
import { keysOf } from '../../commands/key-combination.ts';
import { Rich } from '../../i18n/rich.tsx';
import { EmptyState } from '../common/empty-state.tsx';
import { Hint } from '../common/hint.tsx';
import { Sheet } from '../common/sheet.tsx';
import { useInspector, useT } from '../inspector-context.tsx';
import { chooseFiles } from './choose-files.ts';
import { SaveSession } from './save-session.tsx';
import { SessionRow } from './session-row.tsx';
import { progressText } from './session-words.ts';
import { useSessions } from './use-sessions.ts';
import './sessions-sheet.css';

/** Saves what is recorded, and opens what was recorded before. */
export function SessionsSheet(): ReactElement {
  const t = useT();
  const inspector = useInspector();
  const { api, ui } = inspector;
  const { list, reload } = useSessions();
  const [progress, setProgress] = useState<SessionProgress | null>(null);
  useEffect(() => api.on('sessions.progress', setProgress), [api]);
  const close = (): void => ui.setState({ sessionsOpen: false });

  return (
    <Sheet title={t('sessions.sessions')} open onClose={close}>
      <SaveSession />
      <div className="sessions-head">
        <h3 className="sessions-title">{t('sessions.before')}</h3>
        <Hint text={t('sessions.openFileHint')} keys={keysOf('recording.openFile')}>
          <button type="button" className="button" onClick={() => chooseFiles(inspector)}>
            <FolderInput className="icon icon-small" />
            {t('sessions.openFile')}
          </button>
        </Hint>
      </div>
      {list.state === 'loading' && (
        <p className="section-note" aria-busy="true">
          {t('sessions.looking')}
        </p>
      )}
      {list.state === 'failed' && (
        <p className="sessions-failed" role="alert">
          {list.message}{' '}
          <button type="button" className="link-button" onClick={reload}>
            {t('common.tryAgain')}
          </button>
        </p>
      )}
      {list.state === 'ready' && list.sessions.length === 0 && (
        <EmptyState icon={<FolderOpen className="icon" />} title={t('sessions.none')}>
          <p>{t('sessions.noneNote')}</p>
        </EmptyState>
      )}
      {list.state === 'ready' && list.sessions.length > 0 && (
        <ul className="sessions">
          {list.sessions.map((entry) => (
            <SessionRow key={entry.id} entry={entry} busy={progress !== null} onOpened={close} />
          ))}
        </ul>
      )}
      <p className="section-note" role="status">
        {progress !== null
          ? progressText(t, progress)
          : list.state === 'ready' && (
              <Rich
                of="sessions.folder"
                with={{ extension: <code>.hopscope</code>, folder: <code>{list.folder}</code> }}
              />
            )}
      </p>
    </Sheet>
  );
}
