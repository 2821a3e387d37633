// Floor for HTTP/2: a bare node:http2 server with TLS in front of one node:http2 session to the origin. Each stream is forwarded
// as a stream, with backpressure and nothing else.
import { readFileSync } from 'node:fs';
import { connect, createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';

const [upstream = '', certificate = '', key = ''] = process.argv.slice(2);
const origin = connect(upstream, { rejectUnauthorized: false });

const server = createSecureServer({ cert: readFileSync(certificate), key: readFileSync(key) });
server.on('stream', (stream, headers) => {
  const asked = origin.request({ ...headers, ':authority': new URL(upstream).host });
  asked.on('response', (answered) => {
    if (!stream.destroyed) stream.respond(answered);
  });
  asked.pipe(stream);
  if (!stream.endAfterHeaders) stream.pipe(asked);
  stream.on('error', () => asked.destroy());
  asked.on('error', () => stream.destroy());
});
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `https://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
process.on('SIGTERM', () => process.exit(0));
