import { FieldNames, getHeader, isHeaderName } from '../../../shared/headers.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Handler } from '../chain/handler.ts';
import { endToEndFields } from '../http/connection-fields.ts';
import { basicCredentials } from '../upstream/connect/connect-handshake.ts';
import type { Leg } from '../upstream/leg.ts';
import { openTunnel } from '../upstream/open-tunnel.ts';
import { pathFor } from '../upstream/routing/router.ts';
import type { UpstreamBody, UpstreamRequest } from '../upstream/request-connection.ts';
import { UpstreamCall } from '../upstream/upstream-call.ts';
import type { UpstreamServices } from '../upstream/upstream-services.ts';

/** RFC 9110 §10.1.1: to be ignored when it comes in HTTP/1.0. */
const NOT_IN_HTTP10 = new FieldNames(['expect']);

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
  const members = { '1.0': `1.0 ${via}`, '1.1': `1.1 ${via}`, '2': `2 ${via}` };
  return {
    name: 'upstream',
    setup: (x) => (x.request.method === 'CONNECT' ? undefined : new UpstreamCall(x, services, members)),
    handle: (x, call) =>
      call === undefined ? openTunnel(x, services, members, mayServe(x)) : call.start((leg) => requestFor(x, leg, via)),
    // A body that nobody read to its end would hold its connection for ever.
    finish: (_x, call) => call?.release(),
  };
}

/** The request as it is written on the way of `leg`, once its connection is there. */
function requestFor(x: Exchange, leg: Leg, via: string): UpstreamRequest {
  const { request, settings, route } = x;
  const { choice, server, proxy, forwarding } = leg;
  const path = pathFor(choice, route, request.url);
  const keepsHost = choice.server?.hostPolicy === 'client';
  const headers = forwardedFields(x, keepsHost ? request.url.authority : server.authority, via);
  if (forwarding && proxy !== undefined) {
    const credentials = basicCredentials(proxy);
    if (credentials !== undefined) headers.push('Proxy-Authorization', credentials);
  }
  return {
    method: request.method,
    // RFC 9112 §3.2.4: the last proxy makes `*` of a URL without a path.
    path: !forwarding ? path : path === '*' ? server.origin : server.origin + path,
    headers,
    body: bodyFor(x),
    headersTimeout: settings.timeouts.head,
    bodyTimeout: settings.timeouts.body,
    ...(request.upgrade === undefined ? {} : { upgrade: request.upgrade.protocols }),
  };
}

function bodyFor({ request, body }: Exchange): UpstreamBody | null {
  if (body === null) return null;
  const { length, stream } = body;
  const awaitsContinue =
    request.version !== '1.0' && getHeader(request.headers, 'expect')?.toLowerCase() === '100-continue';
  // Where the length is known before, nothing follows the body in HTTP/1, unlike in HTTP/2.
  if (length !== undefined && request.version !== '2') return { length, stream, awaitsContinue };
  return { length, stream, awaitsContinue, trailers: () => body.trailers() };
}

/** The fields that go on, with Host where the client had it: in front when it had none (RFC 9110 §7.2). */
function forwardedFields(x: Exchange, host: string, via: string): string[] {
  const headers = x.forwardHeaders ?? x.request.headers;
  const forwarded = endToEndFields(headers, x.request.version === '1.0' ? NOT_IN_HTTP10 : undefined);
  let place = 0;
  while (place < forwarded.length && !isHeaderName(forwarded[place] as string, 'host')) place += 2;
  if (place < forwarded.length) forwarded[place + 1] = host;
  else forwarded.unshift('Host', host);
  // TE is for one hop, but we pass trailers on, so we may ask for them when the client does (RFC 9110 §10.1.4).
  if (getHeader(headers, 'te')?.toLowerCase().includes('trailers') === true) forwarded.push('TE', 'trailers');
  forwarded.push('Via', `${x.request.version} ${via}`);
  return forwarded;
}
