// The origin for WebSockets: sends every message back, and tells how many it has sent.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

let served = 0;

const server = createServer((_request, response) => {
  // Counted as nginx counts it: the question is a request, too.
  response.end(String(++served));
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket) => {
  socket.on('message', (data, binary) => {
    served++;
    socket.send(data, { binary });
  });
  socket.on('error', () => socket.terminate());
});
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
process.on('SIGTERM', () => process.exit(0));
