import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { ExchangeError } from '../../errors.ts';
import { addressBytes } from '../../http/address-bytes.ts';
import { formatAddress } from '../../http/format-address.ts';
import type { ProxyServer } from '../routing/route.ts';
import { SocketReader } from './socket-reader.ts';

/** RFC 1928 §6, in the words of its list. */
const REPLIES: Readonly<Record<number, string>> = {
  1: 'general SOCKS server failure',
  2: 'connection not allowed by ruleset',
  3: 'network unreachable',
  4: 'host unreachable',
  5: 'connection refused',
  6: 'TTL expired',
  7: 'command not supported',
  8: 'address type not supported',
};
const NOT_ALLOWED = 2;
const COMMAND_NOT_SUPPORTED = 7;

/**
 * Asks a SOCKS proxy for a connection (RFC 1928, RFC 1929 for credentials; 4a for SOCKS 4). Names are sent as they are:
 * the proxy resolves them. Rejects with an ExchangeError for what the proxy says, with another error for what it breaks.
 */
export async function socksHandshake(
  socket: Socket,
  proxy: ProxyServer,
  target: { readonly hostname: string; readonly port: number },
): Promise<void> {
  const reader = new SocketReader(socket);
  try {
    if (proxy.protocol === 'socks4') await ask4(socket, reader, proxy, target);
    else await ask5(socket, reader, proxy, target);
  } finally {
    reader.release();
  }
}

type Target = Parameters<typeof socksHandshake>[2];

async function ask5(socket: Socket, reader: SocketReader, proxy: ProxyServer, target: Target): Promise<void> {
  const { credentials } = proxy;
  socket.write(credentials === undefined ? Buffer.of(5, 1, 0) : Buffer.of(5, 2, 0, 2));
  const [version, method] = await reader.take(2);
  if (version !== 5) throw new ExchangeError('PROXY_PROTOCOL', 'proxy', `${proxy.label} does not speak SOCKS 5.`);
  if (method === 2 && credentials !== undefined) {
    const [username, password] = [Buffer.from(credentials.username), Buffer.from(credentials.password)];
    socket.write(Buffer.concat([Buffer.of(1, username.length), username, Buffer.of(password.length), password]));
    const [, status] = await reader.take(2);
    if (status !== 0) {
      throw new ExchangeError('PROXY_AUTH', 'proxy', `${proxy.label} refused the user ${credentials.username}.`);
    }
  } else if (method !== 0) {
    const why = credentials === undefined ? 'wants credentials.' : 'takes neither a password nor none.';
    throw new ExchangeError('PROXY_AUTH', 'proxy', `${proxy.label} ${why}`);
  }
  socket.write(Buffer.concat([Buffer.of(5, 1, 0), address5(target.hostname), port(target.port)]));
  const [, reply = 1, , kind] = await reader.take(4);
  if (reply !== 0) throw refusal(proxy, target, reply);
  // The address that the proxy connects from, which nobody needs.
  const length = kind === 1 ? 4 : kind === 4 ? 16 : ((await reader.take(1))[0] ?? 0);
  await reader.take(length + 2);
}

async function ask4(socket: Socket, reader: SocketReader, proxy: ProxyServer, target: Target): Promise<void> {
  const user = Buffer.from(`${proxy.credentials?.username ?? ''}\0`);
  const isV4 = isIP(target.hostname) === 4;
  const address = isV4 ? addressBytes(target.hostname) : Buffer.of(0, 0, 0, 1);
  const name = isV4 ? Buffer.alloc(0) : Buffer.from(`${target.hostname}\0`);
  socket.write(Buffer.concat([Buffer.of(4, 1), port(target.port), address, user, name]));
  const [, reply] = await reader.take(8);
  if (reply === 0x5a) return;
  if (reply === 0x5c || reply === 0x5d) {
    throw new ExchangeError('PROXY_AUTH', 'proxy', `${proxy.label} does not accept this user.`);
  }
  const rejected = formatAddress(target.hostname, target.port);
  throw new ExchangeError('PROXY_ORIGIN_FAILED', 'proxy', `${proxy.label} rejected ${rejected}.`);
}

function refusal(proxy: ProxyServer, { hostname, port: number }: Target, reply: number): ExchangeError {
  const refused = reply === NOT_ALLOWED || reply >= COMMAND_NOT_SUPPORTED;
  const words = REPLIES[reply] ?? `reply ${reply}`;
  return new ExchangeError(
    refused ? 'PROXY_REFUSED' : 'PROXY_ORIGIN_FAILED',
    'proxy',
    `${proxy.label} answered for ${formatAddress(hostname, number)}: ${words}.`,
  );
}

function address5(hostname: string): Buffer {
  const version = isIP(hostname);
  if (version !== 0) return Buffer.concat([Buffer.of(version === 4 ? 1 : 4), addressBytes(hostname)]);
  const name = Buffer.from(hostname);
  if (name.length > 255) throw new ExchangeError('PROXY_REFUSED', 'proxy', 'SOCKS holds names of at most 255 bytes.');
  return Buffer.concat([Buffer.of(3, name.length), name]);
}

function port(number: number): Buffer {
  return Buffer.of(number >> 8, number & 255);
}
