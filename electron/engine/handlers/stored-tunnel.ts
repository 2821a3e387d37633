import type { CacheStore } from '../cache/cache-store.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Answer, Handler } from '../chain/handler.ts';
import type { Reply } from '../chain/reply.ts';
import { tunnelToNobody } from '../chain/tunnel-to-nobody.ts';
import { toExchangeError } from '../errors.ts';

/**
 * Opens tunnels to hosts that are not there where the requests inside may be answered from what is stored: all of them
 * while the cache is offline, which then goes nowhere, and else those that could not be connected.
 *
 * @param mayServe whether what a tunnel carries may be read at all.
 */
export function storedTunnelHandler(store: Pick<CacheStore, 'entries'>, mayServe: (x: Exchange) => boolean): Handler {
  return {
    name: 'stored-tunnel',
    handle(x, _state, next) {
      const { mode } = x.settings.cache;
      if (mode === 'off') return next();
      if (mode === 'offline') return tunnelToNobody('Hopscope is offline: only what is stored can be had.');
      return mayServe(x) ? orFromStore(x, store, next) : next();
    },
  };
}

async function orFromStore(x: Exchange, store: Pick<CacheStore, 'entries'>, next: () => Answer): Promise<Reply> {
  try {
    return await next();
  } catch (thrown) {
    const error = toExchangeError(thrown, 'connect');
    if (error.code === 'LOOP' || x.aborted !== undefined || !(await mayAnswer(x, store))) throw error;
    const why = 'Its tunnel is opened all the same, because the requests inside may be answered from what is stored.';
    x.trace.note('warning', 'STORED_TUNNEL', `${error.message} ${why}`);
    return tunnelToNobody(error);
  }
}

/** Whether something is stored of the origin that the tunnel leads to. */
async function mayAnswer({ request, settings }: Exchange, store: Pick<CacheStore, 'entries'>): Promise<boolean> {
  // The paths of a snapshot may be those of any host.
  if (settings.cache.mode === 'snapshot') return true;
  const { port, authority } = request.url;
  const host = port === 443 ? authority.replace(/:443$/, '') : authority;
  const { total } = await store.entries({ search: `://${host}/`, offset: 0, limit: 1 });
  return total > 0;
}
