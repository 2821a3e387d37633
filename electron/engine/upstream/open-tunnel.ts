import type { Exchange } from '../chain/exchange.ts';
import type { Reply } from '../chain/reply.ts';
import { openRoute } from './open-route.ts';
import type { UpstreamServices } from './upstream-services.ts';

/** Opens the far end of a CONNECT tunnel (RFC 9110 §9.3.6). Rejects with an {@link ExchangeError}. */
export async function openTunnel(x: Exchange, services: UpstreamServices): Promise<Reply> {
  const { socket } = await openRoute(x, services, { secure: false, alpn: [], halfOpen: true });
  const head = { status: 200, reason: 'Connection Established', headers: [], body: null };
  return { ...head, from: 'hopscope', upstream: x.request.url.authority, tunnel: socket };
}
