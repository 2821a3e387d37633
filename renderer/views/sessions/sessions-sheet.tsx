import { FolderOpen } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import type { SessionProgress } from '../../../shared/session-contract.ts';
import { EmptyState } from '../common/empty-state.tsx';
import { Sheet } from '../common/sheet.tsx';
import { useInspector } from '../inspector-context.tsx';
import { SaveSession } from './save-session.tsx';
import { SessionRow } from './session-row.tsx';
import { progressText } from './session-words.ts';
import { useSessions } from './use-sessions.ts';
import './sessions-sheet.css';

/** Saves what is recorded, and opens what was recorded before. */
export function SessionsSheet(): ReactElement {
  const { api, ui } = useInspector();
  const { list, reload } = useSessions();
  const [progress, setProgress] = useState<SessionProgress | null>(null);
  useEffect(() => api.on('sessions.progress', setProgress), [api]);
  const close = (): void => ui.setState({ sessionsOpen: false });

  return (
    <Sheet title="Sessions" open onClose={close}>
      <SaveSession />
      <h3 className="sessions-title">Recorded before</h3>
      {list.state === 'loading' && (
        <p className="section-note" aria-busy="true">
          Looking for sessions…
        </p>
      )}
      {list.state === 'failed' && (
        <p className="sessions-failed" role="alert">
          {list.message}{' '}
          <button type="button" className="link-button" onClick={reload}>
            Try again
          </button>
        </p>
      )}
      {list.state === 'ready' && list.sessions.length === 0 && (
        <EmptyState icon={<FolderOpen className="icon" />} title="No session yet">
          <p>
            What this run records is listed here after the next start, even if it crashes. Save it to keep it for good.
          </p>
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
          ? progressText(progress)
          : list.state === 'ready' && (
              <>
                <code>.hopscope</code> and HAR files in <code>{list.folder}</code> are listed too.
              </>
            )}
      </p>
    </Sheet>
  );
}
