import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { getHeader, headerPairs } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { formatBytes } from '../../format/units.ts';
import { splitUrl } from '../../../shared/url-parts.ts';
import type { Fact } from './conversation.ts';

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
export function requestSentence(view: ExchangeView): string {
  const what = `${view.method} ${shortTarget(view)}`;
  switch (view.kind) {
    case 'malformed':
      return 'Something that is not a request.';
    case 'tunnel':
      return `${what}: a tunnel, please.`;
    case 'websocket':
      return `${what}: may we speak WebSocket?`;
    case 'http':
      break;
  }
  if (view.method === 'HEAD') return `${what}, please: only the head of it.`;
  if (view.requestBytes > 0) return `${what}: here are ${formatBytes(view.requestBytes)}.`;
  return `${what}, please${condition(view.request.headers)}.`;
}

/** What of the request's fields changes what is asked for. */
function condition(headers: HeaderList): string {
  const tag = getHeader(headers, 'if-none-match');
  if (tag !== undefined) return `, unless ${tag} is still right`;
  const since = getHeader(headers, 'if-modified-since');
  if (since !== undefined) return `, if it changed since ${since}`;
  const range = getHeader(headers, 'range');
  if (range !== undefined) return `: ${range} of it`;
  const control = getHeader(headers, 'cache-control') ?? '';
  if (/only-if-cached/i.test(control)) return ', but only if it is stored';
  if (/no-cache|max-age=0\b/i.test(control) || getHeader(headers, 'pragma') === 'no-cache')
    return ', and make sure that it is current';
  return '';
}

/** The request's facts: its line, then its fields. */
export function requestFacts(view: ExchangeView): Fact[] {
  const line: Fact[] = [
    ['URL', view.url],
    ['Protocol', view.version],
  ];
  return [...line, ...fieldFacts(view.request.headers)];
}

/** Header fields as facts. */
export function fieldFacts(headers: HeaderList): Fact[] {
  return [...headerPairs(headers)];
}

/** A status as it is said: `200 OK`. */
export function statusWords(status: number | undefined, reason: string | undefined): string {
  if (status === undefined) return 'No status';
  return reason === undefined || reason === '' ? String(status) : `${status} ${reason}`;
}
