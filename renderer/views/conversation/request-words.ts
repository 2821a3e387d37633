import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { getHeader, headerPairs } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { formatBytes } from '../../format/units.ts';
import { splitUrl } from '../../../shared/url-parts.ts';
import type { Fact } from './conversation.ts';
import type { Translate } from '../../i18n/translate.ts';

/** Longer paths are cut in sentences; the facts hold all of it. */
const LONGEST_PATH = 48;

/** What is asked for, short enough for a sentence. A query may hold secrets, and is left to the facts. */
export function shortTarget(view: ExchangeView): string {
  const { host, path } = splitUrl(view.url);
  const query = path.search(/[?#]/);
  const bare = query < 0 ? path : path.slice(0, query);
  const cut = bare.length > LONGEST_PATH ? `${bare.slice(0, LONGEST_PATH)}…` : bare;
  const name = view.method === 'CONNECT' || cut === '' ? host || view.url : cut;
  return query < 0 ? name : `${name}?…`;
}

/** The request as a client would say it: `GET /items, please.` */
export function requestSentence(t: Translate, view: ExchangeView): string {
  const what = `${view.method} ${shortTarget(view)}`;
  switch (view.kind) {
    case 'malformed':
      return t('conversation.notRequest');
    case 'tunnel':
      return t('conversation.askTunnel', { what });
    case 'websocket':
      return t('conversation.askWebSocket', { what });
    case 'http':
      break;
  }
  if (view.method === 'HEAD') return t('conversation.askHead', { what });
  if (view.requestBytes > 0) return t('conversation.askWithBody', { what, size: formatBytes(view.requestBytes) });
  return conditionalSentence(t, what, view.request.headers);
}

/** With what of the request's fields changes what is asked for. */
function conditionalSentence(t: Translate, what: string, headers: HeaderList): string {
  const tag = getHeader(headers, 'if-none-match');
  if (tag !== undefined) return t('conversation.askUnless', { what, tag });
  const since = getHeader(headers, 'if-modified-since');
  if (since !== undefined) return t('conversation.askSince', { what, since });
  const range = getHeader(headers, 'range');
  if (range !== undefined) return t('conversation.askRange', { what, range });
  const control = getHeader(headers, 'cache-control') ?? '';
  if (/only-if-cached/i.test(control)) return t('conversation.askStored', { what });
  if (/no-cache|max-age=0\b/i.test(control) || getHeader(headers, 'pragma') === 'no-cache') {
    return t('conversation.askCurrent', { what });
  }
  return t('conversation.ask', { what });
}

/** The request's facts: its line, then its fields. */
export function requestFacts(t: Translate, view: ExchangeView): Fact[] {
  const line: Fact[] = [
    [t('conversation.factUrl'), view.url],
    [t('conversation.factProtocol'), view.version],
  ];
  return [...line, ...fieldFacts(view.request.headers)];
}

/** Header fields as facts. */
export function fieldFacts(headers: HeaderList): Fact[] {
  return [...headerPairs(headers)];
}

/** A status as it is said: `200 OK`. */
export function statusWords(t: Translate, status: number | undefined, reason: string | undefined): string {
  if (status === undefined) return t('conversation.noStatus');
  return reason === undefined || reason === '' ? String(status) : `${status} ${reason}`;
}
