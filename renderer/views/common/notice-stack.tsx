import { CircleAlert, Info, X } from 'lucide-react';
import { useEffect } from 'react';
import type { ReactElement } from 'react';
import { dismissNotice } from '../../store/session-store.ts';
import type { Notice } from '../../store/session-store.ts';
import { useInspector, useSession } from '../inspector-context.tsx';
import './notice-stack.css';

/** Errors stay until they are put away; the rest goes by itself. */
const INFO_SHOWN_MS = 4000;

/** Short messages in the corner. */
export function NoticeStack(): ReactElement {
  const notices = useSession((state) => state.notices);
  return (
    <div className="notice-stack" role="region" aria-label="Messages" aria-live="polite">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeCard({ notice }: { readonly notice: Notice }): ReactElement {
  const { session } = useInspector();
  const { id, tone, text } = notice;

  useEffect(() => {
    if (tone === 'error') return;
    const timer = setTimeout(() => dismissNotice(session, id), INFO_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [session, id, tone]);

  return (
    <div className="notice floating" data-tone={tone} role={tone === 'error' ? 'alert' : undefined}>
      {tone === 'error' ? <CircleAlert className="icon" /> : <Info className="icon" />}
      <p>{text}</p>
      <button
        type="button"
        className="icon-button"
        data-size="small"
        aria-label="Dismiss"
        onClick={() => dismissNotice(session, id)}
      >
        <X className="icon icon-small" />
      </button>
    </div>
  );
}
