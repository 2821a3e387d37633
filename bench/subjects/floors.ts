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
  scenarios: ['pass', 'stream'],
  obstacle: () => undefined,
  start: ({ origin }: Setup) => start('bare-proxy.ts', [origin.url]),
};

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
