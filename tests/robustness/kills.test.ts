import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { TestEngine } from '../support/engine.ts';
import { startEngine } from '../support/engine.ts';
import type { OriginEnd } from '../support/killable-origin.ts';
import { startKillableOrigin } from '../support/killable-origin.ts';
import { openSockets, outcomes, tcpDeaths } from '../support/outcomes.ts';
import { rawClient } from '../support/raw-client.ts';
import { openTunnel, tlsThrough } from '../support/tls-client.ts';

/** A client's end of a connection through the proxy. */
interface ClientEnd {
  readonly socket: Duplex;
  readonly tcp: Socket;
  /** What stands before the path in a request. */
  readonly base: string;
}

interface Way {
  readonly name: string;
  readonly secure: boolean;
  readonly open: (test: TestEngine, port: number) => Promise<ClientEnd>;
}

const ways: readonly Way[] = [
  {
    ...{ name: 'HTTP/1.1', secure: false },
    async open(test, port) {
      const { socket } = await rawClient(test.port);
      return { socket, tcp: socket, base: `http://127.0.0.1:${port}` };
    },
  },
  {
    ...{ name: 'a tunnel', secure: false },
    async open(test, port) {
      const { socket } = await openTunnel(test, `127.0.0.1:${port}`);
      return { socket, tcp: socket, base: '' };
    },
  },
  {
    ...{ name: 'intercepted TLS', secure: true },
    async open(test, port) {
      const { secured, tcp } = await tlsThrough(test, `localhost:${port}`);
      return { socket: secured, tcp, base: '' };
    },
  },
  {
    ...{ name: 'SOCKS 5', secure: false },
    async open(test, port) {
      const client = await rawClient(test.port);
      client.send(Buffer.of(5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, port >> 8, port & 255));
      await client.until((text) => text.length >= 12);
      return { socket: client.socket, tcp: client.socket, base: '' };
    },
  },
];

/** Resolves when `text` has come on `socket`. */
async function seen(socket: Duplex, text: string): Promise<void> {
  let all = '';
  while (!all.includes(text)) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    all += chunk.toString('latin1');
  }
}

function written(socket: Duplex, text: string): Promise<unknown> {
  return new Promise((resolve) => {
    socket.write(text, resolve);
  });
}

interface Stage {
  readonly name: string;
  /** Brings both ends there; without the origin's when it has not been asked. */
  readonly reach: (client: ClientEnd, next: () => Promise<OriginEnd>) => Promise<OriginEnd | undefined>;
}

const asked = async (client: ClientEnd, next: () => Promise<OriginEnd>, request: string): Promise<OriginEnd> => {
  client.socket.write(request.replace(' /', ` ${client.base}/`));
  const origin = await next();
  await seen(origin.socket, '\r\n\r\n');
  return origin;
};
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const UPGRADE =
  'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
const SWITCHED =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n\r\n';

const stages: readonly Stage[] = [
  { name: 'before a request', reach: () => Promise.resolve(undefined) },
  {
    name: 'in the middle of a head',
    async reach(client) {
      await written(client.socket, `GET ${client.base}/ HTTP/1.1\r\nHost: a\r\nX-Ha`);
      return undefined;
    },
  },
  {
    name: "in the middle of a request's body",
    async reach(client, next) {
      const origin = await asked(client, next, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\npart');
      return origin;
    },
  },
  { name: 'while the answer is awaited', reach: (client, next) => asked(client, next, GET) },
  {
    name: "in the middle of an answer's head",
    async reach(client, next) {
      const origin = await asked(client, next, GET);
      await written(origin.socket, 'HTTP/1.1 200 OK\r\nContent-Le');
      return origin;
    },
  },
  {
    name: "in the middle of an answer's body",
    async reach(client, next) {
      const origin = await asked(client, next, GET);
      origin.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\npart');
      await seen(client.socket, 'part');
      return origin;
    },
  },
  {
    name: 'in the middle of a frame of a WebSocket',
    async reach(client, next) {
      const origin = await asked(client, next, UPGRADE);
      origin.socket.write(SWITCHED);
      await seen(client.socket, '\r\n\r\n');
      client.socket.write(Buffer.of(0x81, 0x90, 0, 0, 0, 0, 0x70));
      await seen(origin.socket, 'p');
      return origin;
    },
  },
];

function expected(stage: string, who: 'client' | 'origin'): object {
  if (who === 'client') return { kind: 'aborted', by: 'client' };
  if (stage.includes('WebSocket')) return { kind: 'aborted', by: 'upstream', phase: 'websocket' };
  return { kind: 'failed', phase: expect.stringMatching(/^(?:send|wait|receive)$/) as string };
}

describe.each(ways)('a connection by $name', ({ secure, open }) => {
  it.each(stages)('that dies $name leaves one outcome and no socket', async ({ name, reach }) => {
    const origin = await startKillableOrigin(secure);
    const test = await startEngine({ limits: { halfCloseGrace: 20 } });
    const settled = outcomes(test);
    const before = openSockets();
    for (const [how, kill] of Object.entries(tcpDeaths)) {
      for (const who of ['client', 'origin'] as const) {
        const client = await open(test, origin.port);
        const there = await reach(client, () => origin.next());
        if (who === 'origin' && there === undefined) {
          kill(client.tcp);
          continue;
        }
        kill(who === 'client' || there === undefined ? client.tcp : there.tcp);
        const found = await settled();
        if (there !== undefined) expect(found.at(-1), `${who} ${how}`).toMatchObject(expected(name, who));
        client.tcp.destroy();
      }
    }
    await settled();
    while (origin.open.size > 0) await once([...origin.open][0] as Socket, 'close');
    // Whoever else had a socket for it lets go of it as well; if not, this waits until the test is given up.
    while (openSockets() > before) await setImmediate();
  });
});
