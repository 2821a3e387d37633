import type { CacheRequest } from '../cache/cache-request.ts';
import type { SelectingField } from '../cache/vary.ts';
import { varyMismatch } from '../cache/vary.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Flight } from './cache-flights.ts';

/** How long (ms) after its head a body may take for others to wait for it, so that they are answered from the store. */
const BODY_WAIT_MS = 100;
/** The same for a body that others cannot read along with: then they fetch their own. */
const CLOSED_BODY_WAIT_MS = 1_000;

/**
 * Waits for a request to the same key that is on its way (RFC 9111 §4).
 *
 * @returns `follow` when its body takes long and can be read while it arrives; `look` when the store may answer now, or when the one who was waited for left; `alone` when the response is
 *   of no use to this request, as soon as its head shows that, or the fields that it was selected by, when these are what
 *   stops it; `gone` when the waiting client leaves
 */
export async function awaitFlight(
  flight: Flight,
  x: Exchange,
  request: CacheRequest,
): Promise<'look' | 'follow' | 'alone' | 'gone' | { readonly selecting: readonly SelectingField[] }> {
  const start = x.trace.now();
  const gone = Promise.withResolvers<'gone'>();
  const forget = x.onAbort(() => gone.resolve('gone'));
  try {
    const news = await Promise.race([flight.head, gone.promise]);
    if (news === 'gone') return news;
    if (news.kind === 'abandoned') return 'look';
    if (news.kind === 'not-reusable') return 'alone';
    // The response is for other selecting fields than ours: nothing to wait for here.
    const { selecting } = news.head;
    if (varyMismatch(selecting, request.headers) !== undefined) return { selecting };
    const committed = await Promise.race([news.committed(), timeout(bodyWait(flight)), gone.promise]);
    if (committed === 'gone') return committed;
    if (committed !== 'late') return committed ? 'look' : 'alone';
    return flight.arriving === undefined ? 'alone' : 'follow';
  } finally {
    forget();
    x.trace.span('handler', 'collapsed', start);
  }
}

/** What is left of the time, so that a slow body does not delay each newcomer by all of it. */
function bodyWait({ landed, arriving }: Flight): number {
  const wait = arriving === undefined ? CLOSED_BODY_WAIT_MS : BODY_WAIT_MS;
  return landed === undefined ? wait : Math.max(0, landed + wait - Date.now());
}

function timeout(milliseconds: number): Promise<'late'> {
  return new Promise((resolve) => {
    setTimeout(() => resolve('late'), milliseconds).unref();
  });
}
