import type { Annotation } from '../../../shared/annotation.ts';
import type { ExchangeRow } from '../../../shared/exchange-view.ts';
import { formatClock, formatDuration } from '../../format/units.ts';
import type { Translate } from '../../i18n/translate.ts';
import { visibleLines, visibleText } from '../../format/visible-text.ts';

/** What a cell tells on hover beyond what it shows; empty when there is nothing. */
export function cellTitle(
  t: Translate,
  column: string | undefined,
  row: ExchangeRow,
  note: Annotation | undefined,
  epoch: number,
): string {
  switch (column) {
    case 'path':
      // Its comment is no more than an icon there.
      return [visibleText(row.url.slice(0, 2000)), visibleLines(note?.comment ?? '')].filter(Boolean).join('\n\n');
    case 'comment':
      return visibleLines(note?.comment ?? '');
    case 'host':
      return visibleText(row.url.slice(0, 2000));
    case 'status':
      return row.outcome === undefined || row.outcome.kind === 'completed'
        ? ''
        : visibleText(t.said(row.outcome.message));
    case 'rules':
      return (row.rules ?? []).map(({ name }) => visibleText(name)).join('\n');
    case 'type':
      return row.contentType === undefined ? '' : visibleText(row.contentType);
    case 'waterfall':
      return timing(t, row, epoch);
    default:
      return '';
  }
}

function timing(t: Translate, row: ExchangeRow, epoch: number): string {
  const parts = [t('list.began', { time: formatClock(epoch + row.start) })];
  if (row.responseAt !== undefined) {
    parts.push(t('list.responseAfter', { time: formatDuration(row.responseAt - row.start) }));
  }
  parts.push(
    row.end === undefined
      ? t('list.stillRunning')
      : t('list.endedAfter', { time: formatDuration(row.end - row.start) }),
  );
  return parts.join(' · ');
}
