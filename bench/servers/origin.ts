// The origin when nginx is not installed: prepared heads and bodies from memory, as cheap as node:http allows.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cacheControl, resources } from '../resources.ts';

const bodies = new Map(
  Object.values(resources).map(({ path, bytes }) => [path as string, Buffer.alloc(bytes, 'hop ')]),
);
let served = 0;

const server = createServer((request, response) => {
  const url = request.url ?? '/';
  if (url === '/served') {
    response.end(String(served));
    return;
  }
  const body = bodies.get(url.split('?', 1)[0] ?? url);
  if (!body) {
    response.writeHead(404).end();
    return;
  }
  served++;
  response.writeHead(200, {
    'Content-Type': 'application/octet-stream',
    'Cache-Control': cacheControl,
    'Content-Length': body.length,
  });
  response.end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
process.on('SIGTERM', () => process.exit(0));
