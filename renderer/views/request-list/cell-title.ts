import type { ExchangeRow } from '../../../shared/exchange-view.ts';
import { formatClock, formatDuration } from '../../format/units.ts';
import { visibleText } from '../../format/visible-text.ts';

/** What a cell tells on hover beyond what it shows; empty when there is nothing. */
export function cellTitle(column: string | undefined, row: ExchangeRow, epoch: number): string {
  switch (column) {
    case 'path':
    case 'host':
      return visibleText(row.url.slice(0, 2000));
    case 'status':
      return row.outcome === undefined || row.outcome.kind === 'completed' ? '' : visibleText(row.outcome.message);
    case 'type':
      return row.contentType === undefined ? '' : visibleText(row.contentType);
    case 'waterfall':
      return timing(row, epoch);
    default:
      return '';
  }
}

function timing(row: ExchangeRow, epoch: number): string {
  const parts = [`Began ${formatClock(epoch + row.start)}`];
  if (row.responseAt !== undefined) parts.push(`response after ${formatDuration(row.responseAt - row.start)}`);
  parts.push(row.end === undefined ? 'still running' : `ended after ${formatDuration(row.end - row.start)}`);
  return parts.join(', ');
}
