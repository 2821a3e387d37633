import { headerPairs } from '../../shared/headers.ts';
import type { HeaderList } from '../../shared/headers.ts';

/** What fetch sets itself and lets nobody set (Fetch, "forbidden request-header"), apart from prefixes. */
const LEFT_TO_FETCH: ReadonlySet<string> = new Set([
  ...['accept-charset', 'accept-encoding', 'connection', 'content-length', 'cookie', 'date', 'dnt', 'expect', 'host'],
  ...['keep-alive', 'origin', 'proxy-connection', 'referer', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'via'],
]);

/** A call of JavaScript's fetch that makes this request again, without its body and without what fetch decides alone. */
export function fetchCall(method: string, url: string, headers: HeaderList): string {
  const fields = Array.from(headerPairs(headers)).filter(
    ([name]) => !LEFT_TO_FETCH.has(name.toLowerCase()) && !/^(?:proxy|sec)-/i.test(name),
  );
  const options = {
    ...(method === 'GET' ? {} : { method }),
    // Pairs, because a field may be there twice.
    ...(fields.length === 0 ? {} : { headers: fields }),
  };
  const given = Object.keys(options).length === 0 ? '' : `, ${JSON.stringify(options, null, 2)}`;
  return `await fetch(${JSON.stringify(url)}${given});`;
}
