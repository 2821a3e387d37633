import { join } from 'node:path';
import { launchNode } from '../launch.ts';
import type { Running, Setup, Subject } from '../subject.ts';

async function start(program: string, args: readonly string[]): Promise<Running> {
  const { launched, ready } = await launchNode([join(import.meta.dirname, '..', 'servers', program), ...args]);
  return { url: String(ready['url']), pid: launched.pid, stop: launched.stop };
}

/** A bare node:http server and undici's dispatch. */
export const bareProxy: Subject = {
  name: 'bare proxy',
  kind: 'floor',
  scenarios: ['pass', 'store', 'stream'],
  obstacle: () => undefined,
  start: ({ origin }: Setup) => start('bare-proxy.ts', [origin.url]),
};

/** The same, which also puts every response into SQLite on a thread, whatever it is: what storing costs at the least. */
export const bareStoringProxy: Subject = {
  name: 'bare storing proxy',
  kind: 'floor',
  scenarios: ['store'],
  obstacle: () => undefined,
  start: ({ origin, folder }: Setup) => start('bare-storing-proxy.ts', [origin.url, join(folder, 'responses.db')]),
};

/** The bare proxy for CONNECT and TLS inside of it, with a TLS connection pool to the origin. */
export const bareTlsProxy: Subject = {
  name: 'bare TLS proxy',
  kind: 'floor',
  scenarios: ['https'],
  obstacle: () => undefined,
  start: (setup) => startSecure('bare-tls-proxy.ts', setup),
};

/** A bare node:http2 server and a node:http2 session. */
export const bareHttp2Proxy: Subject = {
  name: 'bare HTTP/2 proxy',
  kind: 'floor',
  scenarios: ['h2'],
  obstacle: () => undefined,
  start: (setup) => startSecure('bare-http2-proxy.ts', setup),
};

/** The origin without anything in front of it. */
export const originItself: Subject = {
  name: 'origin itself',
  kind: 'floor',
  scenarios: ['first'],
  obstacle: () => undefined,
  start: ({ origin }) =>
    Promise.resolve({ url: origin.tls?.url ?? origin.url, pid: origin.pid, stop: () => Promise.resolve() }),
};

function startSecure(program: string, { origin }: Setup): Promise<Running> {
  if (origin.tls === undefined) throw new Error('the origin does not speak TLS');
  const { url, files } = origin.tls;
  return start(program, [url, files.certificate, files.key]);
}

/** A bare `ws` server with a `ws` client behind each connection. */
export const bareRelay: Subject = {
  name: 'bare relay',
  kind: 'floor',
  scenarios: ['websocket'],
  obstacle: () => undefined,
  start: ({ origin }: Setup) => start('bare-relay.ts', [origin.url]),
};

/** A bare node:http server that answers from memory. */
export const memoryServer: Subject = {
  name: 'in-memory server',
  kind: 'floor',
  scenarios: ['hit'],
  obstacle: () => undefined,
  start: () => start('memory-server.ts', []),
};
