import type { ReactElement } from 'react';
import { useT } from '../inspector-context.tsx';

interface ListActionsProps {
  readonly changed: boolean;
  readonly refusal: string;
  readonly onDiscard: () => void;
}

/** The way out of an edited list: what the engine has against it, and the buttons while there is something to save. */
export function ListActions({ changed, refusal, onDiscard }: ListActionsProps): ReactElement | null {
  const t = useT();
  if (!changed) return null;
  return (
    <div className="routing-actions">
      <p className="field-error" role="alert">
        {t.said(refusal)}
      </p>
      <button type="button" className="button" onClick={onDiscard}>
        {t('routing.discard')}
      </button>
      <button type="submit" className="button" data-kind="primary">
        {t('common.save')}
      </button>
    </div>
  );
}
