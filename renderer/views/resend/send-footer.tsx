import type { ReactElement } from 'react';
import { CheckRow } from '../common/form-rows.tsx';
import { useT } from '../inspector-context.tsx';

interface SendFooterProps {
  readonly icon: ReactElement;
  readonly pastCache: boolean;
  readonly onPastCache: (pastCache: boolean) => void;
  /** What the engine has against the request; empty when it has nothing. */
  readonly refusal: string;
  readonly onCancel: () => void;
}

/** How every form that sends a request again ends: whether the cache is asked, and the buttons. */
export function SendFooter({ icon, pastCache, onPastCache, refusal, onCancel }: SendFooterProps): ReactElement {
  const t = useT();
  return (
    <>
      <CheckRow label={t('resend.pastCache')} note={t('resend.pastCacheNote')} on={pastCache} onChange={onPastCache} />
      <p className="field-error" role="alert">
        {refusal}
      </p>
      <footer className="sheet-actions">
        <button type="button" className="button" onClick={onCancel}>
          {t('common.cancel')}
        </button>
        <button type="submit" className="button" data-kind="primary">
          {icon}
          {t('resend.send')}
        </button>
      </footer>
    </>
  );
}
