// Floor for intercepted HTTPS: node:http for CONNECT, node:https inside of the tunnel, undici's dispatch to the origin by TLS.
// Like the bare proxy it forwards heads and bodies with backpressure and does nothing else; it has one certificate for all hosts.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { forwarder } from './forward.ts';

const [upstream = '', certificate = '', key = ''] = process.argv.slice(2);
const pool = new Pool(upstream, { connections: 128, connect: { rejectUnauthorized: false }, allowH2: false });
const secure = createSecureServer({ cert: readFileSync(certificate), key: readFileSync(key) }, forwarder(pool));
secure.keepAliveTimeout = 60_000;

const server = createServer();
server.on('connect', (_request, socket) => {
  socket.write('HTTP/1.1 200 OK\r\n\r\n');
  secure.emit('connection', socket);
});
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
process.on('SIGTERM', () => process.exit(0));
