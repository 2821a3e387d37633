import type { ConnectionPools } from './connection-pools.ts';
import type { ProxyFinder } from './find-proxies.ts';

/** What sending a request takes: connections, and who knows the proxies on the way. */
export interface UpstreamServices {
  readonly pools: ConnectionPools;
  readonly finder: ProxyFinder;
}
