import type { Handler } from '../chain/handler.ts';
import { tunnelToNobody } from '../chain/tunnel-to-nobody.ts';

/**
 * Opens tunnels while the cache is offline without going anywhere: the requests inside are answered from what is stored,
 * which the host at the far end, that perhaps is not there, has no part in.
 */
export function offlineTunnelHandler(): Handler {
  return {
    name: 'offline-tunnel',
    handle({ request, settings }, _state, next) {
      if (request.method !== 'CONNECT' || settings.cache.mode !== 'offline') return next();
      return tunnelToNobody('Hopscope is offline: only what is stored can be had.');
    },
  };
}
