import type { Socket } from 'node:net';
import { connect, isIP } from 'node:net';
import type { Exchange } from '../chain/exchange.ts';
import type { Reply } from '../chain/reply.ts';
import { ExchangeError } from '../errors.ts';
import { formatAddress } from '../http/format-address.ts';
import type { ConnectionEnvironment } from './upstream-connection.ts';
import { upstreamError } from './upstream-error.ts';

/** Opens the far end of a CONNECT tunnel (RFC 9110 §9.3.6). Rejects with an {@link ExchangeError}. */
export function openTunnel(x: Exchange, environment: ConnectionEnvironment): Promise<Reply> {
  const { hostname, port, authority } = x.request.url;
  const { trace, settings } = x;
  let dialled = trace.now();
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ host: hostname, port, allowHalfOpen: true, noDelay: true });
    const fail = (error: Error): void => {
      const known = upstreamError(error, 'connect');
      trace.span('upstream', known.phase === 'dns' ? 'dns' : 'connect', dialled, { error: known.message });
      socket.destroy();
      reject(known);
    };
    const forget = x.onAbort((abort) => fail(new ExchangeError('CLIENT_GONE', 'connect', abort.message)));
    socket.once('error', fail);
    if (settings.timeouts.connect > 0) {
      socket.setTimeout(settings.timeouts.connect, () => fail(new ExchangeError('CONNECT_TIMEOUT', 'connect')));
    }
    socket.once('lookup', () => {
      if (isIP(hostname) !== 0) return;
      trace.span('upstream', 'dns', dialled);
      dialled = trace.now();
    });
    socket.once('connect', () => {
      forget();
      const { remoteAddress = '', remotePort = 0 } = socket;
      if (environment.isOwnAddress(remoteAddress, remotePort)) {
        fail(new ExchangeError('LOOP', 'connect', `It is ${remoteAddress}:${remotePort}.`));
        return;
      }
      socket.setTimeout(0);
      socket.removeListener('error', fail);
      trace.span('upstream', 'connect', dialled, { detail: formatAddress(remoteAddress, remotePort) });
      const head = { status: 200, reason: 'Connection Established', headers: [], body: null };
      resolve({ ...head, from: 'hopscope', upstream: authority, tunnel: socket });
    });
  });
}
