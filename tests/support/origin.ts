import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createRawServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server to be proxied to. */
export interface TestOrigin {
  readonly url: string;
  readonly port: number;
  readonly sockets: ReadonlySet<Socket>;
  readonly server: Server;
}

/** A Node HTTP server on a free loopback port; closed when the test ends. */
export function startOrigin(listener: RequestListener, host = '127.0.0.1'): Promise<TestOrigin> {
  const server = createServer((request, response) => {
    // A test that kills connections expects writes to fail.
    response.on('error', () => request.socket.destroy());
    listener(request, response);
  });
  return listen(server, host);
}

/** A TCP server that answers with exactly the bytes the test writes. */
export function startRawOrigin(listener: (socket: Socket) => void): Promise<TestOrigin> {
  return listen(createRawServer({ allowHalfOpen: true }, listener), '127.0.0.1');
}

async function listen(server: Server, host: string): Promise<TestOrigin> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    // A test that kills connections expects their errors.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen({ host, port: 0 });
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port, sockets, server };
}

/** A port that nobody listens on (it was free a moment ago). */
export async function closedPort(): Promise<number> {
  const server = createRawServer();
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
