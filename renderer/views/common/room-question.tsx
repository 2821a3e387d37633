import { useId, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import type { CacheSummary } from '../../../shared/cache-contract.ts';
import { formatBytes } from '../../format/units.ts';
import { useInspector, useT } from '../inspector-context.tsx';
import { useModal } from './use-modal.ts';
import './form-rows.css';
import './room-question.css';

/** Asks before stored responses have to go, because less room is left to them. */
export interface RoomQuestion {
  /** Whether a setting of the cache may have this value: at once where everything stored has room, else as the person answers. */
  readonly allows: (name: string, value: unknown) => Promise<boolean>;
  readonly dialog: ReactElement | null;
}

interface Asked {
  readonly stored: CacheSummary;
  readonly everything: boolean;
  readonly answer: (yes: boolean) => void;
}

export function useRoomQuestion(): RoomQuestion {
  const { api } = useInspector();
  const [asked, setAsked] = useState<Asked>();
  const allows: RoomQuestion['allows'] = async (name, value) => {
    if ((name !== 'maxBytes' && name !== 'maxEntries') || typeof value !== 'number') return true;
    const stats = await api.request('cache.stats', undefined);
    // Where the engine does not answer, it says so when it is given the value.
    if (!stats.ok) return true;
    const stored = stats.value;
    if (value >= (name === 'maxBytes' ? stored.bytes : stored.entries)) return true;
    return new Promise((answer) => {
      setAsked({ stored, everything: value === 0, answer });
    });
  };
  const close = (yes: boolean): void => {
    asked?.answer(yes);
    setAsked(undefined);
  };
  return { allows, dialog: asked === undefined ? null : <RoomDialog asked={asked} onClose={close} /> };
}

function RoomDialog({
  asked,
  onClose,
}: {
  readonly asked: Asked;
  readonly onClose: (yes: boolean) => void;
}): ReactElement {
  const t = useT();
  const dialog = useRef<HTMLDialogElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const agreed = useRef(false);
  const id = useId();
  useModal(dialog, cancel);
  const { entries, bytes } = asked.stored;
  const stored = { count: entries, size: formatBytes(bytes) };
  return (
    <dialog
      ref={dialog}
      className="sheet room-dialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onClose={() => onClose(agreed.current)}
    >
      <div className="sheet-content">
        <header className="sheet-head">
          <h2 id={`${id}-title`}>{t('cacheRules.lessRoom')}</h2>
        </header>
        <p id={`${id}-text`} className="room-meaning">
          {t(asked.everything ? 'cacheRules.lessRoomNone' : 'cacheRules.lessRoomNote', stored)}
        </p>
        <footer className="sheet-actions">
          <button ref={cancel} type="button" className="button" onClick={() => dialog.current?.close()}>
            {t('common.cancel')}
          </button>
          <button
            type="button"
            className="button"
            data-kind="danger"
            onClick={() => {
              agreed.current = true;
              dialog.current?.close();
            }}
          >
            {t('cacheRules.lessRoomYes')}
          </button>
        </footer>
      </div>
    </dialog>
  );
}
