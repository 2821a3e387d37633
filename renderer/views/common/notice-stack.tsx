import { CircleAlert, Info, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { keyWords } from '../../commands/key-combination.ts';
import { dismissNotice } from '../../store/session-store.ts';
import type { Notice } from '../../store/session-store.ts';
import { useInspector, useSession, useT } from '../inspector-context.tsx';
import './notice-stack.css';

/** News goes by itself; errors stay until they are put away. */
const INFO_SHOWN_MS = 4000;
/** Time to read what can be undone, and to get there with the keyboard. */
const ACTION_SHOWN_MS = 12_000;

/** Short messages in the corner. None goes while the pointer or the keyboard is on one. */
export function NoticeStack(): ReactElement {
  const t = useT();
  const notices = useSession((state) => state.notices);
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  // What is put away under the pointer or the keyboard does not tell that these have left.
  const held = notices.length > 0 && (pointed || focused);
  if (notices.length === 0 && (pointed || focused)) {
    setPointed(false);
    setFocused(false);
  }
  return (
    <div
      className="notice-stack"
      role="region"
      data-region="notices"
      aria-label={t('common.messages')}
      aria-live="polite"
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} held={held} />
      ))}
    </div>
  );
}

function NoticeCard({ notice, held }: { readonly notice: Notice; readonly held: boolean }): ReactElement {
  const t = useT();
  const { session } = useInspector();
  const { id, tone, text, action, done } = notice;

  useEffect(() => {
    if (tone !== 'info' || held) return;
    const shown = action === undefined ? INFO_SHOWN_MS : ACTION_SHOWN_MS;
    const timer = setTimeout(() => dismissNotice(session, id), shown);
    return () => clearTimeout(timer);
  }, [session, id, tone, action, held]);

  return (
    <div className="notice floating" data-tone={tone} role={tone === 'error' ? 'alert' : undefined}>
      {tone === 'error' ? <CircleAlert className="icon" /> : <Info className="icon" />}
      <p>
        {text}
        {done !== undefined && (
          <span className="notice-progress">
            <progress value={done} aria-label={text} />
            {/* Else every step of it would be read out. */}
            <span aria-hidden="true">{Math.floor(done * 100)} %</span>
          </span>
        )}
      </p>
      {action !== undefined && (
        <button
          type="button"
          className="link-button"
          onClick={() => {
            dismissNotice(session, id);
            action.run();
          }}
        >
          {action.label}
          {action.undoes === true && (
            <kbd className="kbd" aria-hidden="true">
              {keyWords('Mod+z')}
            </kbd>
          )}
        </button>
      )}
      <button
        type="button"
        className="icon-button"
        data-size="small"
        aria-label={t('common.dismiss')}
        onClick={() => dismissNotice(session, id)}
      >
        <X className="icon icon-small" />
      </button>
    </div>
  );
}
