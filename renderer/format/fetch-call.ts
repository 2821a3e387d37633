import { headerPairs } from '../../shared/headers.ts';
import type { HeaderList } from '../../shared/headers.ts';
import { base64, exactText } from './body-text.ts';

/** What fetch sets itself and lets nobody set (Fetch, "forbidden request-header"), apart from prefixes. */
const LEFT_TO_FETCH: ReadonlySet<string> = new Set([
  ...['accept-charset', 'accept-encoding', 'connection', 'content-length', 'cookie', 'date', 'dnt', 'expect', 'host'],
  ...['keep-alive', 'origin', 'proxy-connection', 'referer', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'via'],
]);

/** A call of JavaScript's fetch that makes this request again, body included, without what fetch decides alone. */
export function fetchCall(method: string, url: string, headers: HeaderList, body?: Uint8Array): string {
  const fields = Array.from(headerPairs(headers)).filter(
    ([name]) => !LEFT_TO_FETCH.has(name.toLowerCase()) && !/^(?:proxy|sec)-/i.test(name),
  );
  // Pairs of fields, because one may be there twice.
  const options = [
    ...(method === 'GET' ? [] : [`"method": ${JSON.stringify(method)}`]),
    ...(fields.length === 0 ? [] : [`"headers": ${JSON.stringify(fields, null, 2).replaceAll('\n', '\n  ')}`]),
    // Fetch, "Request": these have none.
    ...(body === undefined || method === 'GET' || method === 'HEAD' ? [] : [`"body": ${bodyLiteral(body)}`]),
  ];
  const given = options.length === 0 ? '' : `, {\n  ${options.join(',\n  ')}\n}`;
  return `await fetch(${JSON.stringify(url)}${given});`;
}

function bodyLiteral(body: Uint8Array): string {
  const text = exactText(body);
  if (text !== undefined) return JSON.stringify(text);
  return `Uint8Array.from(atob("${base64(body)}"), (byte) => byte.charCodeAt(0))`;
}
