import type { ReactElement } from 'react';
import type { Verdict } from '../../../shared/decision.ts';
import type { ExchangeRow } from '../../../shared/exchange-view.ts';
import { visibleText } from '../../format/visible-text.ts';

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
export function statusWord(row: ExchangeRow): string {
  if (row.outcome?.kind === 'aborted') return row.status === undefined ? 'aborted' : `${row.status}`;
  if (row.status !== undefined) return String(row.status);
  if (row.outcome?.kind === 'failed') return 'failed';
  if (row.kind === 'tunnel') return row.end === undefined ? 'open' : 'tunnel';
  return row.end === undefined ? 'pending' : '–';
}

/** Which colour a status is shown in: the first digit, or `failed`, or empty. */
export function statusClass(row: Pick<ExchangeRow, 'status' | 'outcome'>): string {
  if (row.status !== undefined) return String(row.status).charAt(0);
  return row.outcome?.kind === 'failed' ? 'failed' : '';
}

export function StatusLabel({ row }: { readonly row: ExchangeRow }): ReactElement {
  return (
    <span className="status" data-class={statusClass(row)}>
      {statusWord(row)}
    </span>
  );
}
