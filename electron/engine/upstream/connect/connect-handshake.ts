import type { Socket } from 'node:net';
import { ExchangeError } from '../../errors.ts';
import { formatAddress } from '../../http/format-address.ts';
import type { FoundHead } from '../response-head-end.ts';
import { headEnd } from '../response-head-end.ts';
import type { ProxyServer } from '../routing/route.ts';
import { SocketReader } from './socket-reader.ts';

const MAX_HEAD = 65_536;

/**
 * Asks an HTTP proxy for a tunnel (RFC 9110 §9.3.6). Rejects like socksHandshake.
 *
 * @param via the value of the Via field.
 */
export async function connectHandshake(
  socket: Socket,
  proxy: ProxyServer,
  target: { readonly hostname: string; readonly port: number },
  via: string,
): Promise<void> {
  const authority = formatAddress(target.hostname, target.port);
  const authorization = basicCredentials(proxy);
  const field = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`;
  const reader = new SocketReader(socket);
  try {
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\nVia: ${via}\r\n${field}\r\n`, 'latin1');
    for (;;) {
      const { text } = await reader.takeFound(findHead, MAX_HEAD);
      const match = /^HTTP\/1\.\d (\d{3}) ?([^\r\n]*)/.exec(text);
      if (match === null) throw new ExchangeError('PROXY_PROTOCOL', 'proxy', `${proxy.label} does not speak HTTP.`);
      const [, status = '', reason = ''] = match;
      if (status.startsWith('2')) return;
      if (!status.startsWith('1')) throw refusal(proxy, authority, Number(status), reason, text);
    }
  } finally {
    reader.release();
  }
}

/** Nothing is left to wait for when it is no HTTP that comes. */
function findHead(bytes: Buffer, seen: number): FoundHead | undefined {
  const found = headEnd(bytes, seen);
  return found === 'not HTTP' ? { text: '', end: 0 } : found;
}

/** What a proxy's refusal means; `head` is that of its answer. */
function refusal(proxy: ProxyServer, authority: string, status: number, reason: string, head: string): ExchangeError {
  if (status === 407) return unauthenticated(proxy, /^proxy-authenticate: *(.*)$/im.exec(head)?.[1]);
  const unreached = status === 502 || status === 503 || status === 504;
  const said = `${proxy.label} answered the request for a tunnel to ${authority} with ${status} ${reason}`.trim();
  return new ExchangeError(unreached ? 'PROXY_ORIGIN_FAILED' : 'PROXY_REFUSED', 'proxy', `${said}.`);
}

/** A proxy's 407 as an error: it is about our credentials, not the client's (RFC 9110 §15.5.8). */
export function unauthenticated(proxy: ProxyServer, challenge: string | undefined): ExchangeError {
  const who =
    proxy.credentials === undefined ? 'it was given none' : `it was given the user ${proxy.credentials.username}`;
  const wants = challenge === undefined ? '' : ` Its challenge: ${challenge.trim()}.`;
  return new ExchangeError('PROXY_AUTH', 'proxy', `${proxy.label} answered 407; ${who}.${wants}`);
}

/** The proxy's Basic credentials (RFC 7617), if it has any. */
export function basicCredentials({ credentials }: ProxyServer): string | undefined {
  if (credentials === undefined) return undefined;
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
}
