// The origin when nginx is not installed, or is to wait before it answers, so many milliseconds as the first argument says:
// prepared heads and bodies from memory, as cheap as node:http allows. With the files of a certificate and its key behind it,
// it speaks TLS on a second port: HTTP/1.1, and with `h2` behind them HTTP/2 as well.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { cacheControl, resources } from '../resources.ts';

const bodies = new Map(
  Object.values(resources).map(({ path, bytes }) => [path as string, Buffer.alloc(bytes, 'hop ')]),
);
let served = 0;

const answer = (request: IncomingMessage, response: ServerResponse): void => {
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
  const send = (): void => {
    response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      'Cache-Control': cacheControl,
      'Content-Length': body.length,
    });
    response.end(body);
  };
  if (distance === 0) send();
  else setTimeout(send, distance);
};

const [milliseconds, certificate, key, http2] = process.argv.slice(2);
const distance = Number(milliseconds);
const server = createServer(answer);
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1');
await once(server, 'listening');
let securePort: number | undefined;
if (certificate !== undefined && key !== undefined) {
  const secrets = {
    cert: readFileSync(certificate),
    key: readFileSync(key),
    allowHTTP1: true,
    ALPNProtocols: [...(http2 === 'h2' ? ['h2'] : []), 'http/1.1'],
  };
  // The compatible interface is the same as far as it is used here.
  const secure = createSecureServer(secrets, (request, response) =>
    answer(request as unknown as IncomingMessage, response as unknown as ServerResponse),
  );
  secure.listen(0, '127.0.0.1');
  await once(secure, 'listening');
  securePort = (secure.address() as AddressInfo).port;
}
console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, securePort }));
process.on('SIGTERM', () => process.exit(0));
