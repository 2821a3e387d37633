import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** A TCP relay that keeps every byte of the one connection that passes through it. */
export interface Tap {
  readonly port: number;
  /** What the side that connected has said. */
  forth(): Buffer;
  /** What the other side has said. */
  back(): Buffer;
}

/** Starts a tap in front of a loopback port; it is gone when the test ends. */
export async function startTap(port: number): Promise<Tap> {
  const forth: Buffer[] = [];
  const back: Buffer[] = [];
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    sockets.add(near).add(far);
    near.on('data', (chunk: Buffer) => forth.push(chunk));
    far.on('data', (chunk: Buffer) => back.push(chunk));
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return {
    port: (server.address() as AddressInfo).port,
    forth: () => Buffer.concat(forth),
    back: () => Buffer.concat(back),
  };
}

/** What follows the first head in `bytes`. */
export function behindHead(bytes: Buffer): Buffer {
  return bytes.subarray(bytes.indexOf('\r\n\r\n') + 4);
}
