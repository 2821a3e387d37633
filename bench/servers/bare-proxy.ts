// Floor for proxying: a bare node:http server in front of undici's dispatch. It forwards heads and bodies with backpressure and
// does nothing else: no recording, no cache, no handlers, no hop-by-hop care beyond what keeps the messages whole.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { forwarder } from './forward.ts';

const [upstream = ''] = process.argv.slice(2);
const pool = new Pool(upstream, { connections: 128 });

const server = createServer(forwarder(pool));
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
process.on('SIGTERM', () => process.exit(0));
