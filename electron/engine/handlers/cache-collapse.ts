import type { CacheRequest } from '../cache/cache-request.ts';
import { varyMismatch } from '../cache/vary.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Flight } from './cache-flights.ts';

/** How long (ms) after its head a body may take for others to wait for it; then they fetch their own. */
const BODY_WAIT_MS = 1_000;

/**
 * Waits for a request to the same key that is on its way (RFC 9111 §4).
 *
 * @returns `look` when the store may answer now, or when the one who was waited for left; `alone` when the response is
 *   of no use to this request, as soon as its head shows that; `gone` when the waiting client leaves
 */
export async function awaitFlight(
  flight: Flight,
  x: Exchange,
  request: CacheRequest,
): Promise<'look' | 'alone' | 'gone'> {
  const start = x.trace.now();
  const gone = Promise.withResolvers<'gone'>();
  const forget = x.onAbort(() => gone.resolve('gone'));
  try {
    const news = await Promise.race([flight.head, gone.promise]);
    if (news === 'gone') return news;
    if (news.kind === 'abandoned') return 'look';
    if (news.kind === 'not-reusable') return 'alone';
    // The response is for other selecting fields than ours: nothing to wait for.
    if (varyMismatch(news.head.selecting, request.headers) !== undefined) return 'alone';
    const committed = await Promise.race([news.committed, timeout(bodyWait(flight)), gone.promise]);
    if (committed === 'gone') return committed;
    return committed ? 'look' : 'alone';
  } finally {
    forget();
    x.trace.span('handler', 'collapsed', start);
  }
}

/** What is left of the time, so that a slow body does not delay each newcomer by all of it. */
function bodyWait({ landed }: Flight): number {
  return landed === undefined ? BODY_WAIT_MS : Math.max(0, landed + BODY_WAIT_MS - Date.now());
}

function timeout(milliseconds: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), milliseconds).unref();
  });
}
