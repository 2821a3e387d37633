import type { ReactElement } from 'react';
import type { Verdict } from '../../../shared/decision.ts';
import type { Translate } from '../../i18n/translate.ts';
import type { ExchangeRow } from '../../../shared/exchange-view.ts';
import { visibleText } from '../../format/visible-text.ts';
import { useT } from '../inspector-context.tsx';

/** The cache's verdict; the word is always there, the colour only helps. */
export function VerdictBadge({ verdict, size }: { readonly verdict: Verdict; readonly size?: 'large' }): ReactElement {
  return (
    <span className="badge" data-verdict={verdict} data-size={size}>
      {verdict}
    </span>
  );
}

export function MethodName({ method }: { readonly method: string }): ReactElement {
  return (
    <span className="method" data-method={method}>
      {visibleText(method)}
    </span>
  );
}

/** What the list's status column says of a row, in one word or number. */
export function statusWord(t: Translate, row: ExchangeRow): string {
  if (row.held !== undefined) return t('common.statusPaused');
  if (row.outcome?.kind === 'aborted') return row.status === undefined ? t('common.statusAborted') : `${row.status}`;
  if (row.status !== undefined) return String(row.status);
  if (row.outcome?.kind === 'failed') return t('common.statusFailed');
  if (row.kind === 'tunnel') return row.end === undefined ? t('common.statusOpen') : t('common.statusTunnel');
  return row.end === undefined ? t('common.statusPending') : '–';
}

/** Which colour a status is shown in: the first digit, or `failed`, `paused`, or empty. */
export function statusClass(row: Pick<ExchangeRow, 'status' | 'outcome' | 'held'>): string {
  if (row.held !== undefined) return 'paused';
  if (row.status !== undefined) return String(row.status).charAt(0);
  return row.outcome?.kind === 'failed' ? 'failed' : '';
}

export function StatusLabel({ row }: { readonly row: ExchangeRow }): ReactElement {
  const t = useT();
  return (
    <span className="status" data-class={statusClass(row)}>
      {statusWord(t, row)}
    </span>
  );
}
