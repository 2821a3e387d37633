import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { ServerOptions } from 'ws';
import { WebSocket, WebSocketServer } from 'ws';

export interface WebSocketOrigin {
  /** `http://` URL, for upstreams. */
  readonly url: string;
  readonly port: number;
  readonly server: WebSocketServer;
}

/** A `ws` server on a free loopback port; it and its connections are closed when the test ends. */
export async function startWebSocketOrigin(
  onConnection: (socket: WebSocket) => void,
  options: Omit<ServerOptions, 'port' | 'host'> = {},
): Promise<WebSocketOrigin> {
  const server = new WebSocketServer({ ...options, host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => {
    // A test that breaks connections expects their errors.
    socket.on('error', () => socket.terminate());
    onConnection(socket);
  });
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of server.clients) socket.terminate();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, server };
}

/** Sends every message back as it came. */
export function echo(socket: WebSocket): void {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
}

/** A `ws` client, open; it is terminated when the test ends. */
export async function openWebSocket(
  url: string,
  options: ConstructorParameters<typeof WebSocket>[2] = {},
): Promise<WebSocket> {
  const socket = new WebSocket(url, [], options);
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  return socket;
}
