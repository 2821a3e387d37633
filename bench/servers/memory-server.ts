// Floor for cache hits: a bare node:http server that answers from memory.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cacheControl, resources } from '../resources.ts';

const body = Buffer.alloc(resources.hit.bytes, 'hop ');
const headers = [
  'Content-Type',
  'application/octet-stream',
  'Cache-Control',
  cacheControl,
  'Content-Length',
  String(body.length),
];

const server = createServer((_request, response) => {
  response.writeHead(200, headers);
  response.end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
process.on('SIGTERM', () => process.exit(0));
