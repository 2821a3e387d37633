import type { Socket } from 'node:net';
import type { TlsFacts } from '../../../../shared/tls-facts.ts';
import { messageOf } from '../../../../shared/message-of.ts';
import { ExchangeError } from '../../errors.ts';
import { formatAddress } from '../../http/format-address.ts';
import type { ProxyServer } from '../routing/route.ts';
import { upstreamError } from '../upstream-error.ts';
import type { Destination, OpenContext, OpenedSocket, OpenOptions } from './open-options.ts';
import { connectHandshake } from './connect-handshake.ts';
import { openTcp } from './open-tcp.ts';
import { secureSocket } from './secure-socket.ts';
import { socksHandshake } from './socks-handshake.ts';

/**
 * Opens a connection to `destination`: TCP, the proxy's handshake, TLS. Rejects with an {@link ExchangeError} whose phase
 * says how far it came; whatever had been opened is closed then.
 */
export async function openSocket(destination: Destination, options: OpenOptions): Promise<OpenedSocket> {
  const { signal, timeout } = options;
  const sockets: Socket[] = [];
  let reason: ExchangeError | undefined;
  const giveUp = (why: ExchangeError): void => {
    reason ??= why;
    for (const socket of sockets) socket.destroy(why);
  };
  const holds = (socket: Socket): void => {
    sockets.push(socket);
    // Each step listens for errors itself; this is for the moments between steps, and for sockets given up.
    socket.on('error', () => undefined);
    if (reason !== undefined) socket.destroy(reason);
  };
  const onAbort = (): void => giveUp(abortReason(signal));
  if (signal.aborted) throw abortReason(signal);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = timeout === 0 ? undefined : setTimeout(() => giveUp(late(destination, timeout)), timeout);
  try {
    return await open(destination, { ...options, holds, reusesMemory: isPlainHttp(destination, options) });
  } catch (error) {
    for (const socket of sockets) socket.destroy();
    throw reason ?? upstreamError(error, 'connect');
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

async function open(destination: Destination, context: OpenContext): Promise<OpenedSocket> {
  const { hostname, port, secure, forwarding } = destination;
  const wire = context.wire === undefined ? await openWire(destination, context) : takeOver(context.wire, context);
  if (!secure || forwarding === true) return wire;
  const secured = await startTls(wire.socket, { hostname, port }, '', context.alpn, context);
  return { ...wire, socket: secured.socket, tls: secured.facts };
}

/** TCP and, where there is a proxy, its handshake. */
async function openWire(destination: Destination, context: OpenContext): Promise<OpenedSocket> {
  const { hostname, port, proxy, forwarding } = destination;
  const socket = proxy === undefined ? await openTcp(destination, '', context) : await reachProxy(proxy, context);
  // Asked now, because a socket that the other side closes meanwhile no longer knows.
  const address = formatAddress(socket.remoteAddress, socket.remotePort);
  if (proxy !== undefined && forwarding !== true) {
    await passProxy(socket, proxy, { hostname: destination.address ?? hostname, port }, context);
  }
  return { socket, id: context.id, address, tls: undefined };
}

function takeOver(wire: OpenedSocket, { holds, report, environment }: OpenContext): OpenedSocket {
  const { id, address, socket } = wire;
  holds(socket);
  report('connection', environment.now(), { detail: `connection ${id} to ${address}, opened for the tunnel` });
  return wire;
}

/** Connects to the proxy, with TLS where it is an HTTPS proxy. */
async function reachProxy(proxy: ProxyServer, context: OpenContext): Promise<Socket> {
  try {
    const tcp = await openTcp(proxy, 'proxy ', context);
    if (proxy.protocol !== 'https') return tcp;
    return (await startTls(tcp, proxy, 'proxy: ', ['http/1.1'], context)).socket;
  } catch (error) {
    const known = upstreamError(error, 'connect');
    if (known.code === 'LOOP') throw known;
    throw new ExchangeError('PROXY_UNREACHABLE', 'proxy', `${proxy.label}: ${known.message}`, known);
  }
}

/** Has the proxy connect to the destination. */
async function passProxy(
  socket: Socket,
  proxy: ProxyServer,
  target: Pick<Destination, 'hostname' | 'port'>,
  context: OpenContext,
): Promise<void> {
  const start = context.environment.now();
  const asHttp = proxy.protocol === 'http' || proxy.protocol === 'https';
  const facts = { detail: `${proxy.label} to ${formatAddress(target.hostname, target.port)}` };
  try {
    await (asHttp ? connectHandshake(socket, proxy, target, context.via) : socksHandshake(socket, proxy, target));
    context.report('proxy', start, facts);
  } catch (error) {
    const known =
      error instanceof ExchangeError
        ? error
        : new ExchangeError('PROXY_PROTOCOL', 'proxy', `${proxy.label}: ${messageOf(error)}.`, error);
    context.report('proxy', start, { ...facts, error: known.message });
    throw known;
  }
}

async function startTls(
  socket: Socket,
  { hostname, port }: { readonly hostname: string; readonly port: number },
  who: string,
  alpn: readonly string[],
  { environment, policy, report, holds }: OpenContext,
): Promise<{ readonly socket: Socket; readonly facts: TlsFacts }> {
  const start = environment.now();
  try {
    const { secured, facts } = await secureSocket(socket, {
      hostname,
      port,
      alpn,
      policy: policy.tls,
      sessions: policy.sessions,
    });
    holds(secured);
    report('tls', start, { detail: who + describeTls(facts) });
    return { socket: secured, facts };
  } catch (error) {
    const known = upstreamError(error, 'tls');
    report('tls', start, { ...(who === '' ? {} : { detail: who.trimEnd() }), error: known.message });
    throw known;
  }
}

/** What is read from TCP is what its reader gets: nothing is decrypted on the way, and nobody else takes the socket over. */
function isPlainHttp({ secure, proxy }: Destination, { halfOpen }: OpenOptions): boolean {
  return !secure && halfOpen !== true && proxy === undefined;
}

function describeTls({ version, cipher, alpn, resumed, problem }: TlsFacts): string {
  const facts = [`${version} ${cipher}`];
  if (alpn !== undefined) facts.push(alpn);
  if (resumed) facts.push('session resumed');
  if (problem !== undefined) facts.push(`not verified: ${problem}`);
  return facts.join(', ');
}

function late({ proxy, hostname, port }: Destination, timeout: number): ExchangeError {
  const where = formatAddress(hostname, port);
  if (proxy === undefined) return new ExchangeError('CONNECT_TIMEOUT', 'connect', `${where}: ${timeout} ms.`);
  return new ExchangeError(
    'PROXY_UNREACHABLE',
    'proxy',
    `${proxy.label}: no connection to ${where} within ${timeout} ms.`,
  );
}

function abortReason(signal: AbortSignal): ExchangeError {
  const reason: unknown = signal.reason;
  return reason instanceof ExchangeError ? reason : new ExchangeError('CLIENT_GONE', 'connect');
}
