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
