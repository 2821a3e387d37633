import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { TestEngine } from '../support/engine.ts';
import { startEngine } from '../support/engine.ts';
import { startRawOrigin } from '../support/origin.ts';
import type { RawClient } from '../support/raw-client.ts';
import { rawClient } from '../support/raw-client.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const LAST = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

interface Asked {
  readonly test: TestEngine;
  readonly client: RawClient;
  /** The origin's end, which has been asked. */
  readonly origin: Socket;
  /** Resolves once a client that gave up in this moment has been taken for gone. */
  readonly graceOver: () => Promise<void>;
}

/** A client whose request has reached its origin, and which sends no more if it `ends` with it. */
async function ask(request: string, ends: boolean): Promise<Asked> {
  const asked: Socket[] = [];
  const server = await startRawOrigin((socket) => void socket.once('data', () => server.server.emit('asked', socket)));
  server.server.on('asked', (socket: Socket) => asked.push(socket));
  const test = await startEngine({ upstream: server.url, limits: { halfCloseGrace: 200 } });
  const client = await rawClient(test.port);
  if (ends) client.socket.end(request);
  else client.send(request);
  const [origin] = (await once(server.server, 'asked')) as [Socket];
  const graceOver = async (): Promise<void> => {
    const other = await rawClient(test.port);
    other.socket.end(GET);
    await test.finished(({ outcome }) => outcome?.kind === 'aborted');
  };
  return { test, client, origin, graceOver };
}

describe('a client that closes its sending side', () => {
  it.each([
    ['a request that says close', LAST],
    ['HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n'],
    ['several requests, the last of which says close', `${GET}${LAST}`],
  ])('with %s gets its answer, however long that takes', async (_what, request) => {
    const { test, client, origin, graceOver } = await ask(request, true);
    if (request.startsWith(GET)) {
      origin.write(OK);
      await once(origin, 'data');
      await test.finished();
    }
    await graceOver();
    await graceOver();
    origin.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nla');
    await client.until(/la$/);
    await graceOver();
    await graceOver();
    origin.write('te');
    expect(await client.ended()).toMatch(/late$/);
    expect(await test.finished()).toMatchObject({ outcome: { kind: 'completed' } });
  });

  it('and then the connection is taken for gone once its system resets it, though the origin is silent', async () => {
    const { test, client, origin } = await ask(LAST, true);
    client.socket.destroy();
    // Its system resets what it gets for a socket that is not there any more.
    origin.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\npart');
    expect((await test.finished()).outcome).toMatchObject({ kind: 'aborted', by: 'client' });
  });

  it('later than with its last request is given up', async () => {
    const { test, client, graceOver } = await ask(LAST, false);
    await graceOver();
    client.socket.end();
    expect((await test.finished()).outcome).toMatchObject({ kind: 'aborted', by: 'client' });
  });
});
