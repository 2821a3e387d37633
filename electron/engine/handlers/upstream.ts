import { getHeader } from '../../../shared/headers.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Handler } from '../chain/handler.ts';
import type { Reply } from '../chain/reply.ts';
import { ExchangeError } from '../errors.ts';
import { byLength, endToEndFields } from '../http/connection-fields.ts';
import { basicCredentials } from '../upstream/connect/connect-handshake.ts';
import type { Leg } from '../upstream/leg.ts';
import { openTunnel } from '../upstream/open-tunnel.ts';
import { pathFor } from '../upstream/routing/router.ts';
import type { UpstreamRequest } from '../upstream/request-connection.ts';
import { UpstreamCall } from '../upstream/upstream-call.ts';
import type { UpstreamServices } from '../upstream/upstream-services.ts';

// undici writes Host and Content-Length itself, from the origin and from the body's length. Expect has been answered
// by our own 100 (Continue), because undici cannot pass it on.
const OWN_FIELDS = byLength(['host', 'expect']);

/**
 * The last handler: sends the request to where its URL points and answers with what comes back.
 *
 * @param via the name this proxy adds to Via (RFC 9110 §7.6.3).
 * @param mayServe whether what a tunnel carries may be read and answered here.
 */
export function upstreamHandler(
  services: UpstreamServices,
  via: string,
  mayServe: (x: Exchange) => boolean,
): Handler<UpstreamCall | undefined> {
  const members = { '1.1': `1.1 ${via}`, '2': `2 ${via}` };
  return {
    name: 'upstream',
    setup: (x) => (x.request.method === 'CONNECT' ? undefined : new UpstreamCall(x, services, members)),
    handle: (x, call) => (call === undefined ? openTunnel(x, services, mayServe(x)) : send(x, call, via)),
    // A body that nobody read to its end would hold its connection for ever.
    finish: (_x, call) => call?.release(),
  };
}

function send(x: Exchange, call: UpstreamCall, via: string): Promise<Reply> {
  if (x.request.url.path === '*') {
    const why = 'A server-wide OPTIONS cannot be forwarded yet; ask for a path.';
    return Promise.reject(new ExchangeError('NOT_FORWARDABLE', 'send', why));
  }
  return call.start((leg) => requestFor(x, leg, via));
}

/** The request as it is written on the way of `leg`, once its connection is there. */
function requestFor(x: Exchange, leg: Leg, via: string): UpstreamRequest {
  const { request, settings, route, body } = x;
  const headers = forwardedFields(x, via);
  const { choice, server, proxy, forwarding } = leg;
  const path = pathFor(choice, route, request.url);
  if (choice.server?.hostPolicy === 'client') headers.push('Host', request.url.authority);
  if (forwarding && proxy !== undefined) {
    headers.push('Host', server.authority);
    const credentials = basicCredentials(proxy);
    if (credentials !== undefined) headers.push('Proxy-Authorization', credentials);
  }
  return {
    method: request.method,
    path: forwarding ? server.origin + path : path,
    headers,
    body: body === null ? null : body.stream,
    // Where the length is known before, nothing follows the body in HTTP/1, unlike in HTTP/2.
    ...(body === null || (body.length !== undefined && request.version !== '2')
      ? {}
      : { trailers: () => body.trailers() }),
    headersTimeout: settings.timeouts.head,
    bodyTimeout: settings.timeouts.body,
    // Without this undici closes the connection after every HEAD.
    reset: false,
    // undici writes Connection and Upgrade itself, too, and gives the connection away after a 101.
    upgrade: request.upgrade?.protocols ?? null,
    // Otherwise undici derives it from Host and opens a new connection when that changes.
    ...(server.scheme === 'https' ? { servername: server.hostname } : {}),
  };
}

function forwardedFields(x: Exchange, via: string): string[] {
  const headers = x.forwardHeaders ?? x.request.headers;
  const forwarded = endToEndFields(headers, OWN_FIELDS);
  // TE is for one hop, but we pass trailers on, so we may ask for them when the client does (RFC 9110 §10.1.4).
  if (getHeader(headers, 'te')?.toLowerCase().includes('trailers') === true) forwarded.push('TE', 'trailers');
  forwarded.push('Via', `${x.request.version} ${via}`);
  return forwarded;
}
