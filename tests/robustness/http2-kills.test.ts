import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { ClientHttp2Session, ClientHttp2Stream, ServerHttp2Stream } from 'node:http2';
import { connect, constants } from 'node:http2';
import type { Socket } from 'node:net';
import { connect as connectTcp } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startEngine } from '../support/engine.ts';
import type { TestEngine } from '../support/engine.ts';
import { startHttp2Origin } from '../support/http2-origin.ts';
import { startKillableOrigin } from '../support/killable-origin.ts';
import { openSockets, outcomes, tcpDeaths } from '../support/outcomes.ts';

/** An exchange under way between two connections of HTTP/2: the stream at either end, and what carries it. */
interface UnderWay {
  readonly client: ClientHttp2Stream;
  readonly session: ClientHttp2Session;
  readonly tcp: Socket;
  readonly origin: ServerHttp2Stream;
}

/** What has been sent when somebody dies. */
const stages = {
  "in the middle of a request's body": async ({ client, origin }: UnderWay) => {
    client.write('part');
    await once(origin, 'data');
  },
  'while the answer is awaited': async ({ client, origin }: UnderWay) => {
    client.end();
    origin.resume();
    await once(origin, 'end');
  },
  'after an early hint': async ({ client, origin }: UnderWay) => {
    client.end();
    origin.additionalHeaders({ ':status': 103, link: '</a>; rel=preload' });
    await once(client, 'headers');
  },
  "in the middle of an answer's body": async ({ client, origin }: UnderWay) => {
    client.end();
    origin.respond({ ':status': 200 });
    origin.write('part');
    await once(client, 'data');
  },
} as const;

/** Who dies, and how: a stream alone (RFC 9113 §5.4.2), a connection with a GOAWAY (§6.8), or TCP below it. */
const deaths: readonly { name: string; who: 'client' | 'upstream'; kill: (exchange: UnderWay) => void }[] = [
  { name: 'the client cancels', who: 'client', kill: ({ client }) => client.close(constants.NGHTTP2_CANCEL) },
  { name: 'the client says goodbye', who: 'client', kill: ({ session }) => session.destroy() },
  ...Object.entries(tcpDeaths).map(([how, kill]) => ({
    ...{ name: `the client's connection is ${how}`, who: 'client' as const },
    kill: ({ tcp }: UnderWay) => kill(tcp),
  })),
  { name: 'the origin resets', who: 'upstream', kill: ({ origin }) => origin.destroy(new Error('reset')) },
  { name: 'the origin says goodbye', who: 'upstream', kill: ({ origin }) => origin.session?.destroy() },
  {
    ...{ name: "the origin's connection is closed", who: 'upstream' as const },
    kill: ({ origin }) => origin.session?.socket.destroy(),
  },
];

/** Opens a connection of HTTP/2 to the proxy over a socket that can be killed. */
async function openClient(test: TestEngine): Promise<{ session: ClientHttp2Session; tcp: Socket }> {
  const tcp = connectTcp(test.port, '127.0.0.1');
  tcp.on('error', () => tcp.destroy());
  const session = connect(test.url, { createConnection: () => tcp });
  session.on('error', () => session.destroy());
  await once(session, 'remoteSettings');
  return { session, tcp };
}

describe('an exchange from HTTP/2 to HTTP/2', () => {
  it.each(Object.keys(stages) as (keyof typeof stages)[])(
    'that dies %s leaves one outcome and no socket',
    async (stage) => {
      let take = Promise.withResolvers<ServerHttp2Stream>();
      const origin = await startHttp2Origin((stream) => take.resolve(stream));
      const test = await startEngine({ upstream: origin.url });
      const settled = outcomes(test);
      const before = openSockets();
      for (const { name, who, kill } of deaths) {
        take = Promise.withResolvers();
        const { session, tcp } = await openClient(test);
        const client = session.request({ ':method': 'POST', ':path': '/' });
        client.on('error', () => client.destroy());
        const exchange = { client, session, tcp, origin: await take.promise };
        await stages[stage](exchange);
        client.resume();
        kill(exchange);
        const expected = who === 'client' ? { kind: 'aborted', by: 'client' } : { kind: 'failed' };
        expect(await settled(), name).toMatchObject([expected]);
        session.destroy();
        tcp.destroy();
      }
      for (const session of origin.sessions) session.destroy();
      while (openSockets() > before) await setImmediate();
    },
  );

  it('goes on when another on the same connections is cancelled or reset', async () => {
    const streams: ServerHttp2Stream[] = [];
    const origin = await startHttp2Origin((stream) => {
      streams.push(stream);
      stream.respond({ ':status': 200 });
      stream.write('part');
    });
    const test = await startEngine({ upstream: origin.url });
    const { session } = await openClient(test);
    const clients: ClientHttp2Stream[] = [];
    for (const path of ['/kept', '/cancelled', '/reset']) {
      const client = session.request({ ':path': path });
      client.on('error', () => client.destroy());
      await once(client, 'data');
      clients.push(client);
    }
    const [kept, cancelled, reset] = clients;
    cancelled?.close(constants.NGHTTP2_CANCEL);
    await test.finished((view) => view.outcome?.kind === 'aborted');
    streams[2]?.destroy(new Error('reset'));
    reset?.resume();
    await test.finished((view) => view.outcome?.kind === 'failed');
    streams[0]?.end(' and the rest');
    const chunks: Buffer[] = [];
    for await (const chunk of kept ?? []) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe(' and the rest');
    expect(await test.finished()).toMatchObject({ outcome: { kind: 'completed' }, responseBytes: 17 });
    expect(origin.sessions).toHaveLength(1);
    session.destroy();
  });
});

/** What a stream of HTTP/2 can turn into, with what the origin gets and answers before somebody dies in it. */
const switched = {
  'a tunnel': { request: (port: number) => ({ ':method': 'CONNECT', ':authority': `127.0.0.1:${port}` }), answer: '' },
  'a WebSocket': {
    request: (port: number) => ({
      ...{ ':method': 'CONNECT', ':protocol': 'websocket', ':scheme': 'http', ':path': '/' },
      ...{ ':authority': `127.0.0.1:${port}`, 'sec-websocket-version': '13' },
    }),
    answer: 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n',
  },
};

describe.each(Object.entries(switched))('%s on a stream of HTTP/2', (_name, { request, answer }) => {
  it('that dies in the middle of its bytes leaves one outcome and no socket', async () => {
    const origin = await startKillableOrigin(false);
    const test = await startEngine();
    const settled = outcomes(test);
    const before = openSockets();
    const ends: readonly [string, (there: SwitchedStream) => void][] = [
      ['the client cancels', ({ client }) => client.close(constants.NGHTTP2_CANCEL)],
      ['the client says goodbye', ({ session }) => session.destroy()],
      ["the client's connection is reset", ({ tcp }) => tcp.resetAndDestroy()],
      ["the origin's connection is closed", ({ far }) => far.destroy()],
      ["the origin's connection is reset", ({ far }) => far.resetAndDestroy()],
    ];
    for (const [name, kill] of ends) {
      const { session, tcp } = await openClient(test);
      const client = session.request(request(origin.port), { endStream: false });
      client.on('error', () => client.destroy());
      // A tunnel ends when both of its ends have.
      client.on('end', () => client.end());
      const responded = once(client, 'response');
      const { tcp: far } = await origin.next();
      if (answer !== '') far.write(`${answer}Sec-WebSocket-Accept: ${await acceptOf(far)}\r\n\r\n`);
      await responded;
      client.write(Buffer.of(0x81, 0x90, 0, 0, 0, 0, 0x70));
      await once(far, 'data');
      client.resume();
      kill({ client, session, tcp, far });
      expect(await settled(), name).toHaveLength(1);
      session.destroy();
      tcp.destroy();
      far.destroy();
    }
    while (openSockets() > before) await setImmediate();
  });
});

interface SwitchedStream {
  readonly client: ClientHttp2Stream;
  readonly session: ClientHttp2Session;
  readonly tcp: Socket;
  /** The origin's end. */
  readonly far: Socket;
}

/** What an origin has to answer to the key it is asked with (RFC 6455 §4.2.2). */
async function acceptOf(socket: Socket): Promise<string> {
  const [head] = (await once(socket, 'data')) as [Buffer];
  const key = /sec-websocket-key: *(\S+)/i.exec(head.toString('latin1'))?.[1] ?? '';
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}
