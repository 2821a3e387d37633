import type { Duplex } from 'node:stream';
import type { Exchange } from '../chain/exchange.ts';
import type { Reply } from '../chain/reply.ts';
import { openRoute } from './open-route.ts';
import type { UpstreamServices } from './upstream-services.ts';

/**
 * Opens a CONNECT tunnel (RFC 9110 §9.3.6). Rejects with an {@link ExchangeError}.
 *
 * @param late connects to the far end only when the tunnel turns out to want it: what is served here, perhaps from the
 * cache, goes to the host on connections of its own or not at all.
 */
export async function openTunnel(x: Exchange, services: UpstreamServices, late: boolean): Promise<Reply> {
  const connect = async (): Promise<Duplex> =>
    (await openRoute(x, services, { secure: false, alpn: [], halfOpen: true })).socket;
  const head = { status: 200, reason: 'Connection Established', headers: [], body: null } as const;
  if (late) return { ...head, from: 'hopscope', tunnel: connect };
  return { ...head, from: 'hopscope', upstream: x.request.url.authority, tunnel: await connect() };
}
