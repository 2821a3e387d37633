import type { CacheRequest } from '../cache/cache-request.ts';
import { varyMismatch } from '../cache/vary.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Flight } from './cache-flights.ts';

/** How long (ms) a request waits for the body of another one's response; then it fetches its own. */
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
    const committed = await Promise.race([news.committed, timeout(BODY_WAIT_MS), gone.promise]);
    if (committed === 'gone') return committed;
    return committed ? 'look' : 'alone';
  } finally {
    forget();
    x.trace.span('handler', 'collapsed', start);
  }
}

function timeout(milliseconds: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), milliseconds).unref();
  });
}
