import type { ExchangeView } from '../../shared/exchange-view.ts';
import { headerPairs } from '../../shared/headers.ts';
import type { HeaderList } from '../../shared/headers.ts';

/** The request's head as text, as the client sent it: a line, and one for each field. */
export function requestHead({ method, target, url, version, request }: ExchangeView): string {
  return headText(`${method} ${target ?? url} ${version}`, request.headers);
}

/** The response's head as the client got it; undefined when it got none. */
export function responseHead({ status, version, response }: ExchangeView): string | undefined {
  if (status === undefined || response === undefined) return undefined;
  return headText(`${version} ${status} ${response.reason}`.trimEnd(), response.headers);
}

function headText(start: string, headers: HeaderList): string {
  return [start, ...Array.from(headerPairs(headers), ([name, value]) => `${name}: ${value}`)].join('\n');
}
