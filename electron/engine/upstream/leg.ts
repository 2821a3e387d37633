import { getHeader } from '../../../shared/headers.ts';
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
  /** `offer`: by ALPN, where the settings let us; `only`: by prior knowledge (RFC 9113 §3.3), without TLS. */
  readonly http2: 'never' | 'offer' | 'only';
  /** Connections with the same key are as good as each other. */
  readonly key: string;
}

/** The way that `choice` is for a request, through `proxy`. */
export function legOf(
  choice: Choice,
  request: Pick<RequestHead, 'url' | 'upgrade' | 'version' | 'headers'>,
  proxy?: ProxyServer,
): Leg {
  const { url, upgrade } = request;
  const server = choice.server ?? url;
  const secure = server.scheme === 'https';
  // What switches protocols needs an HTTP/1.1 connection.
  const http2 = upgrade !== undefined ? 'never' : secure ? 'offer' : isGrpc(request) ? 'only' : 'never';
  const origin = http2 === 'only' ? `h2c ${server.origin}` : server.origin;
  // The client's own idea of where the host is leads elsewhere, perhaps.
  const place = 'address' in server ? `${origin} at ${server.address}` : origin;
  if (proxy === undefined) return { choice, server, proxy, forwarding: false, http2, key: place };
  // An absolute-form target overrides Host, so a Host of the client's own has to go through a tunnel.
  const keepsHost = choice.server?.hostPolicy === 'client';
  // What switches protocols needs a connection of its own all the way (RFC 9110 §7.8).
  const tunnelled = keepsHost || upgrade !== undefined || http2 === 'only';
  const forwarding = !secure && !tunnelled && !proxy.protocol.startsWith('socks');
  const through = `${proxy.label} ${basicCredentials(proxy) ?? ''}`;
  return { choice, server, proxy, forwarding, http2, key: forwarding ? through : `${through} ${place}` };
}

/** gRPC is HTTP/2 alone, so a server that is asked for it in the clear speaks that by prior knowledge. */
function isGrpc({ version, headers }: Pick<RequestHead, 'version' | 'headers'>): boolean {
  return version === '2' && /^application\/grpc(?:[+;]|$)/i.test(getHeader(headers, 'content-type') ?? '');
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

/** Who is spoken to: the server as in `example.com:80`, or the proxy. */
export function legName({ server, proxy }: Leg): string {
  return proxy?.label ?? server.authority;
}

/** The same in a sentence about which way is taken. */
export function describeLeg(leg: Leg): string {
  return leg.proxy === undefined ? `${legName(leg)} directly` : legName(leg);
}
