// Floor for proxying: a bare node:http server in front of undici's dispatch. It forwards heads and bodies with backpressure and
// does nothing else: no recording, no cache, no handlers, no hop-by-hop care beyond what keeps the messages whole.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import type { Dispatcher } from 'undici';

const [upstream = ''] = process.argv.slice(2);
const pool = new Pool(upstream, { connections: 128 });

const server = createServer((request, response) => {
  const bodied = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined;
  const options: Dispatcher.DispatchOptions = {
    path: request.url ?? '/',
    method: request.method ?? 'GET',
    headers: withoutConnectionFields(request.rawHeaders),
    body: bodied ? request : null,
  };
  pool.dispatch(options, {
    onRequestStart(controller) {
      response.on('close', () => {
        if (!response.writableFinished) controller.abort(new Error('the client has gone'));
      });
    },
    onResponseStart(controller, status) {
      response.writeHead(status, withoutConnectionFields(controller.rawHeaders as Buffer[]));
    },
    onResponseData(controller, chunk) {
      if (response.write(chunk)) return;
      controller.pause();
      response.once('drain', () => controller.resume());
    },
    onResponseEnd() {
      response.end();
    },
    onResponseError() {
      response.destroy();
    },
  });
});

function withoutConnectionFields(raw: readonly (string | Buffer)[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = String(raw[i]);
    const lower = name.toLowerCase();
    if (lower === 'connection' || lower === 'keep-alive' || lower === 'transfer-encoding') continue;
    kept.push(name, String(raw[i + 1]));
  }
  return kept;
}

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
process.on('SIGTERM', () => process.exit(0));
