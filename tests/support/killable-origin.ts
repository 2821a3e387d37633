import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { testAuthority } from './https-origin.ts';

/** A connection that came to an origin, with the TCP connection below it, which may be ended in any way. */
export interface OriginEnd {
  readonly socket: Duplex;
  readonly tcp: Socket;
}

/** A server that answers nothing by itself and hands out its connections. */
export interface KillableOrigin {
  readonly port: number;
  /** The TCP connections that are open. */
  readonly open: ReadonlySet<Socket>;
  /** The next connection, once its handshake is over. */
  next(): Promise<OriginEnd>;
}

/** Starts one on a free loopback port, with TLS for `localhost` or without; it is gone when the test ends. */
export async function startKillableOrigin(secure: boolean): Promise<KillableOrigin> {
  const queue: OriginEnd[] = [];
  const waiting: ((end: OriginEnd) => void)[] = [];
  const hand = (end: OriginEnd): void => {
    const taker = waiting.shift();
    if (taker === undefined) queue.push(end);
    else taker(end);
  };
  const open = new Set<Socket>();
  const server = secure ? await tlsServer(open, hand) : createServer((tcp) => hand({ socket: tcp, tcp }));
  server.on('connection', (tcp: Socket) => {
    open.add(tcp);
    // A test that kills connections expects their errors.
    tcp.on('error', () => tcp.destroy());
    tcp.on('close', () => open.delete(tcp));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const tcp of open) tcp.destroy();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return {
    ...{ port, open },
    next() {
      const end = queue.shift();
      if (end !== undefined) return Promise.resolve(end);
      return new Promise((resolve) => {
        waiting.push(resolve);
      });
    },
  };
}

async function tlsServer(open: ReadonlySet<Socket>, hand: (end: OriginEnd) => void): Promise<Server> {
  const { signer } = await testAuthority();
  const { certificate } = signer.sign('localhost');
  const server = createTlsServer({ cert: certificate, key: signer.key });
  server.on('tlsClientError', (_error: Error, socket: TLSSocket) => socket.destroy());
  server.on('secureConnection', (socket: TLSSocket) => {
    socket.on('error', () => socket.destroy());
    const tcp = [...open].find(({ remotePort }) => remotePort === socket.remotePort);
    if (tcp !== undefined) hand({ socket, tcp });
  });
  return server;
}
