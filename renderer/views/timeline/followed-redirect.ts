import type { ExchangeRow, ExchangeView } from '../../../shared/exchange-view.ts';
import { getHeader } from '../../../shared/headers.ts';

/** Statuses whose Location a client follows by itself (RFC 9110 §15.4). */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** How many exchanges, and how many milliseconds, later a client's next request is still taken for one that follows. */
const REACH = 500;
const PATIENCE = 30_000;

/**
 * The request that followed a redirection: the same client's next one for the address that Location named. Nothing in HTTP
 * says so; the address and the times tell.
 */
export function followedRedirect(
  view: ExchangeView,
  rowOf: (id: number) => ExchangeRow | undefined,
): ExchangeRow | undefined {
  const { status, response, end, id, client } = view;
  const location = getHeader(response?.headers ?? [], 'location');
  if (status === undefined || !REDIRECTS.has(status) || location === undefined || end === undefined) return undefined;
  const target = withoutFragment(URL.parse(location, view.url));
  if (target === undefined) return undefined;
  for (let next = id + 1; next <= id + REACH; next++) {
    const row = rowOf(next);
    if (row === undefined || row.start < (view.responseAt ?? end) || addressOf(row.client) !== addressOf(client))
      continue;
    if (row.start - end > PATIENCE) return undefined;
    if (withoutFragment(URL.parse(row.url)) === target) return row;
  }
  return undefined;
}

function withoutFragment(url: URL | null): string | undefined {
  if (url === null) return undefined;
  url.hash = '';
  return url.href;
}

/** A client without its port, which is another one with every connection. */
function addressOf(client: string): string {
  return client.replace(/:\d+$/, '');
}
