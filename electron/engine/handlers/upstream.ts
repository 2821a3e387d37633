import { getHeader } from '../../../shared/headers.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Handler } from '../chain/handler.ts';
import type { Reply } from '../chain/reply.ts';
import { ExchangeError } from '../errors.ts';
import { byLength, endToEndFields } from '../http/connection-fields.ts';
import type { ConnectionPools } from '../upstream/connection-pools.ts';
import type { Choice } from '../upstream/routing/route.ts';
import { pathFor } from '../upstream/routing/router.ts';
import { openTunnel } from '../upstream/open-tunnel.ts';
import { UpstreamCall } from '../upstream/upstream-call.ts';
import type { ConnectionEnvironment } from '../upstream/upstream-connection.ts';

// undici writes Host and Content-Length itself, from the origin and from the body's length. Expect has been answered
// by our own 100 (Continue), because undici cannot pass it on.
const OWN_FIELDS = byLength(['host', 'expect']);

/**
 * The last handler: sends the request to where its URL points and answers with what comes back.
 *
 * @param via the name this proxy adds to Via (RFC 9110 §7.6.3).
 */
export function upstreamHandler(
  pools: ConnectionPools,
  environment: ConnectionEnvironment,
  via: string,
): Handler<UpstreamCall | undefined> {
  const responseVia = `1.1 ${via}`;
  return {
    name: 'upstream',
    setup: (x) => (x.request.method === 'CONNECT' ? undefined : new UpstreamCall(x, pools, responseVia)),
    handle: (x, call) => (call === undefined ? openTunnel(x, environment) : send(x, call, via)),
    // A body that nobody read to its end would hold its connection for ever.
    finish: (_x, call) => call?.release(),
  };
}

function send(x: Exchange, call: UpstreamCall, via: string): Promise<Reply> {
  const { method, url, minor, upgrade } = x.request;
  const choice = x.route.choices[0] as Choice;
  if (choice.via.type !== 'direct') {
    const why = `Requests cannot be sent through ${choice.upstream} yet.`;
    return Promise.reject(new ExchangeError('NOT_FORWARDABLE', 'send', why));
  }
  const path = pathFor(choice, x.route, url);
  if (path === '*') {
    const why = 'A server-wide OPTIONS cannot be forwarded yet; ask for a path.';
    return Promise.reject(new ExchangeError('NOT_FORWARDABLE', 'send', why));
  }
  const headers = x.forwardHeaders ?? x.request.headers;
  const forwarded = endToEndFields(headers, OWN_FIELDS);
  // TE is for one hop, but we pass trailers on, so we may ask for them when the client does (RFC 9110 §10.1.4).
  if (getHeader(headers, 'te')?.toLowerCase().includes('trailers') === true) forwarded.push('TE', 'trailers');
  forwarded.push('Via', `1.${minor} ${via}`);
  if (choice.server?.hostPolicy === 'client') forwarded.unshift('Host', url.authority);
  const { timeouts } = x.settings;
  return call.start(choice.server?.origin ?? url.origin, {
    // undici's typings know only the common methods; it sends any token.
    method,
    path,
    headers: forwarded,
    body: (x.body === null ? null : x.body.stream) as null,
    headersTimeout: timeouts.head,
    bodyTimeout: timeouts.body,
    // Without this undici closes the connection after every HEAD.
    reset: false,
    // undici writes Connection and Upgrade itself, too, and gives the connection away after a 101.
    upgrade: upgrade?.protocols ?? null,
  });
}
