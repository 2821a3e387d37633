import type { HeaderList } from '../../../shared/headers.ts';
import { getHeader } from '../../../shared/headers.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Handler } from '../chain/handler.ts';
import type { Reply } from '../chain/reply.ts';
import { ExchangeError } from '../errors.ts';
import { endToEndFields } from '../http/connection-fields.ts';
import { openTunnel } from '../upstream/open-tunnel.ts';
import { UpstreamCall } from '../upstream/upstream-call.ts';
import type { ConnectionEnvironment } from '../upstream/upstream-connection.ts';
import type { UpstreamPools } from '../upstream/upstream-pools.ts';

// undici writes Host and Content-Length itself, from the origin and from the body's length. Expect has been answered
// by our own 100 (Continue), because undici cannot pass it on.
const OWN_FIELDS = new Set(['host', 'expect']);

/**
 * The last handler: sends the request to where its URL points and answers with what comes back.
 *
 * @param via the name this proxy adds to Via (RFC 9110 §7.6.3).
 */
export function upstreamHandler(
  pools: UpstreamPools,
  environment: ConnectionEnvironment,
  via: string,
): Handler<UpstreamCall | undefined> {
  return {
    name: 'upstream',
    setup: (x) => (x.request.method === 'CONNECT' ? undefined : new UpstreamCall(x, `1.1 ${via}`)),
    handle: (x, call) => (call === undefined ? openTunnel(x, environment) : send(x, call, pools, via)),
    // A body that nobody read to its end would hold its connection for ever.
    finish: (_x, call) => call?.release(),
  };
}

function send(x: Exchange, call: UpstreamCall, pools: UpstreamPools, via: string): Promise<Reply> {
  const { method, url } = x.request;
  if (url.path === '*') {
    const why = 'A server-wide OPTIONS cannot be forwarded yet; ask for a path.';
    return Promise.reject(new ExchangeError('NOT_FORWARDABLE', 'send', why));
  }
  const host = url.hostname.includes(':') ? `[${url.hostname}]` : url.hostname;
  const { timeouts } = x.settings;
  const options = {
    ...{ method, path: url.path, headers: requestHeaders(x, via), body: x.body === null ? null : x.body.stream },
    ...{ headersTimeout: timeouts.head, bodyTimeout: timeouts.body },
    // Without this undici closes the connection after every HEAD.
    reset: false,
  };
  return call.start(() => {
    pools.dispatch(`${url.scheme}://${host}:${url.port}`, timeouts.connect, options as never, call);
  });
}

function requestHeaders(x: Exchange, via: string): string[] {
  const received = x.forwardHeaders ?? x.request.headers;
  const headers = [...endToEndFields(received, OWN_FIELDS)];
  // TE is for one hop, but we pass trailers on, so we may ask for them when the client does (RFC 9110 §10.1.4).
  if (acceptsTrailers(received)) headers.push('TE', 'trailers');
  headers.push('Via', `1.${x.request.minor} ${via}`);
  return headers;
}

function acceptsTrailers(headers: HeaderList): boolean {
  return getHeader(headers, 'te')?.toLowerCase().includes('trailers') === true;
}
