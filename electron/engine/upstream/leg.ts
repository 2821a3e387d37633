import { isIP } from 'node:net';
import type { TargetUrl } from '../http/request-target.ts';
import type { RequestHead } from '../chain/exchange.ts';
import { basicCredentials } from './connect/connect-handshake.ts';
import type { Destination } from './connect/open-options.ts';
import type { Choice, OriginServer, ProxyServer } from './routing/route.ts';

/** One way to a server with the proxy on it, if any: what a connection is opened for and kept by. */
export interface Leg {
  readonly choice: Choice;
  readonly server: TargetUrl | OriginServer;
  readonly proxy: ProxyServer | undefined;
  /** The HTTP proxy is asked for the whole URL (RFC 9112 §3.2.2), instead of for a tunnel. */
  readonly forwarding: boolean;
  /** Connections with the same key are as good as each other. */
  readonly key: string;
}

/** The way that `choice` is for a request, through `proxy`. */
export function legOf(
  choice: Choice,
  { url, upgrade }: Pick<RequestHead, 'url' | 'upgrade'>,
  proxy?: ProxyServer,
): Leg {
  const server = choice.server ?? url;
  // The client's own idea of where the host is leads elsewhere, perhaps.
  const place = 'address' in server ? `${server.origin} at ${server.address}` : server.origin;
  if (proxy === undefined) return { choice, server, proxy, forwarding: false, key: place };
  // An absolute-form target overrides Host, so a Host of the client's own has to go through a tunnel.
  const keepsHost = choice.server?.hostPolicy === 'client';
  // What switches protocols needs a connection of its own all the way (RFC 9110 §7.8).
  const tunnelled = keepsHost || upgrade !== undefined;
  const forwarding = server.scheme === 'http' && !tunnelled && !proxy.protocol.startsWith('socks');
  const through = `${proxy.label} ${basicCredentials(proxy) ?? ''}`;
  return { choice, server, proxy, forwarding, key: forwarding ? through : `${through} ${place}` };
}

/** Where the leg's connections lead. */
export function destinationOf({ server, proxy, forwarding }: Leg): Destination {
  const { hostname, port, scheme } = server;
  const secure = scheme === 'https';
  return {
    ...{ hostname, port, secure, forwarding },
    ...(proxy === undefined ? {} : { proxy }),
    ...('address' in server ? { address: server.address } : {}),
  };
}

/** Who is spoken to, for people. */
export function describeLeg({ server, proxy }: Leg): string {
  return proxy === undefined ? `${server.authority} directly` : proxy.label;
}

/** The URL that an undici client of this leg is made with. */
export function clientUrl({ server, proxy, forwarding }: Leg): string {
  if (!forwarding || proxy === undefined) return server.origin;
  return `http://${isIP(proxy.hostname) === 6 ? `[${proxy.hostname}]` : proxy.hostname}:${proxy.port}`;
}
