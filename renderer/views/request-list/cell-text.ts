import type { ExchangeRow } from '../../../shared/exchange-view.ts';
import type { Annotation } from '../../../shared/annotation.ts';
import { splitUrl } from '../../../shared/url-parts.ts';
import { shortType } from '../../format/media-type.ts';
import { formatBytes, formatClock, formatDuration, formatSeconds } from '../../format/units.ts';
import type { Translate } from '../../i18n/translate.ts';
import { statusWord } from '../common/labels.tsx';
import type { ColumnId } from './column.ts';

/** What a column says of a row, as plain text; empty for what is drawn, and for fields, which the row does not know. */
export function cellText(
  t: Translate,
  column: ColumnId,
  row: ExchangeRow,
  note: Annotation | undefined,
  epoch: number,
): string {
  switch (column) {
    case 'id':
      return String(row.id);
    case 'time':
      return formatClock(epoch + row.start);
    case 'method':
      return row.method;
    case 'host':
      return row.kind === 'malformed' ? '' : splitUrl(row.url).host;
    case 'path':
      return row.kind === 'malformed' ? row.url : splitUrl(row.url).path;
    case 'status':
      return statusWord(t, row);
    case 'cache':
      return row.verdict ?? '';
    case 'type':
      return row.kind === 'websocket' ? 'websocket' : shortType(row.contentType);
    case 'size':
      return row.responseBytes > 0 || row.end !== undefined ? formatBytes(row.responseBytes) : '';
    case 'duration':
      return row.end === undefined ? '' : formatDuration(row.end - row.start);
    case 'latency':
      return row.responseAt === undefined ? '' : formatDuration(row.responseAt - row.start);
    case 'ttl':
      return row.ttl === undefined ? '' : formatSeconds(row.ttl);
    case 'age':
      return row.age === undefined ? '' : formatSeconds(row.age);
    case 'saved':
      return row.from === 'cache' ? formatBytes(row.responseBytes) : '';
    case 'upstream':
      return row.upstream ?? '';
    case 'remote':
      return row.remote ?? '';
    case 'protocol':
      return row.version;
    case 'client':
      return row.client;
    case 'requestSize':
      return row.requestBytes > 0 ? formatBytes(row.requestBytes) : '';
    case 'rules':
      return (row.rules ?? []).map(({ name }) => name).join(', ');
    case 'comment':
      return note?.comment ?? '';
    default:
      return '';
  }
}
