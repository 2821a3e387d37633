import { isIP, Socket } from 'node:net';
import { ExchangeError } from '../../errors.ts';
import { formatAddress } from '../../http/format-address.ts';
import { pooledReads } from '../read-memory.ts';
import { upstreamError } from '../upstream-error.ts';
import type { Destination, OpenContext } from './open-options.ts';
import { makePatient } from './patient-socket.ts';
import { READ_AHEAD_BYTES } from './read-ahead.ts';

/** Opens a TCP connection and reports the spans `dns` and `connect`. Rejects with an ExchangeError. */
export function openTcp(
  { hostname, port, address: given }: Pick<Destination, 'hostname' | 'port' | 'address'>,
  who: string,
  context: OpenContext,
): Promise<Socket> {
  const { environment, policy, report } = context;
  const override = isIP(hostname) === 0 ? policy.addressFor(hostname) : undefined;
  const host = override ?? given ?? hostname;
  let started = environment.now();
  return new Promise((resolve, reject) => {
    const reads = context.reusesMemory ? pooledReads() : undefined;
    const socket = new Socket({
      ...{ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 },
      ...{ allowHalfOpen: context.halfOpen === true, highWaterMark: READ_AHEAD_BYTES },
      ...(reads === undefined ? {} : { onread: reads.onread }),
    });
    makePatient(socket);
    reads?.attach(socket);
    socket.connect({ host, port });
    context.holds(socket);
    const fail = (error: Error): void => {
      socket.off('close', closed);
      const known = upstreamError(error, 'connect');
      report(known.phase === 'dns' ? 'dns' : 'connect', started, { error: known.message });
      socket.destroy();
      reject(known);
    };
    const closed = (): void => fail(new Error('It was closed before it was open.'));
    let resolved = isIP(host) !== 0;
    socket.on('lookup', (error: Error | null) => {
      if (resolved || error !== null) return;
      resolved = true;
      report('dns', started, {});
      started = environment.now();
    });
    socket.once('error', fail);
    socket.once('close', closed);
    socket.once('connect', () => {
      socket.off('close', closed);
      const { remoteAddress = '', remotePort = 0 } = socket;
      if (environment.isOwnAddress(remoteAddress, remotePort)) {
        fail(new ExchangeError('LOOP', 'connect', `It is ${formatAddress(remoteAddress, remotePort)}.`));
        return;
      }
      socket.off('error', fail);
      const overridden =
        override !== undefined
          ? ` (DNS override for ${hostname})`
          : given === undefined
            ? ''
            : ` (the address that the client asked for)`;
      const address = formatAddress(remoteAddress, remotePort);
      report('connect', started, { detail: `${who}${address}${overridden}, connection ${context.id}` });
      resolve(socket);
    });
  });
}
