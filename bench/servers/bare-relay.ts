// Floor for WebSockets: a bare `ws` server that opens a `ws` client for each of its own and passes messages between them,
// with backpressure and nothing else.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

const [upstream = ''] = process.argv.slice(2);

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (client, request) => {
  const origin = new WebSocket(upstream.replace(/^http/, 'ws') + (request.url ?? ''), { perMessageDeflate: false });
  client.pause();
  origin.on('open', () => client.resume());
  relay(client, origin);
  relay(origin, client);
});

function relay(from: WebSocket, to: WebSocket): void {
  from.on('message', (data, binary) => {
    to.send(data, { binary }, () => from.resume());
    if (to.bufferedAmount > 65_536) from.pause();
  });
  from.on('close', () => to.close());
  from.on('error', () => to.terminate());
}

server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
process.on('SIGTERM', () => process.exit(0));
