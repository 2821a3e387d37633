import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { expect, it, vi } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { startRawOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';

/** What the kernel waits for on the proxy's side of a client's connection: 02 is the time to ask whether it is there. */
async function timerOf({ localPort = 0, remotePort = 0 }: Socket): Promise<string | undefined> {
  const [here, there] = [remotePort, localPort].map(
    (port) => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`,
  );
  const table = (await readFile('/proc/net/tcp', 'latin1')).split('\n').map((line) => line.trim().split(/\s+/));
  return table.find(([, local, remote]) => local === here && remote === there)?.[5]?.slice(0, 2);
}

it.runIf(process.platform === 'linux')(
  'a client that says nothing in its tunnel is asked whether it is there',
  async () => {
    const origin = await startRawOrigin((socket) => void socket.pipe(socket));
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\n\0`);
    await client.until(/\0$/);
    await vi.waitFor(async () => expect(await timerOf(client.socket)).toBe('02'));
  },
);
