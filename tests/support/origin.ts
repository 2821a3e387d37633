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
  await new Promise<void>((resolve) => server.listen({ host, port: 0 }, resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port, sockets };
}

/** A port that nobody listens on (it was free a moment ago). */
export async function closedPort(): Promise<number> {
  const server = createRawServer();
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
