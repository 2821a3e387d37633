import { once } from 'node:events';
import type { Socket } from 'node:net';
import { constants } from 'node:http2';
import { expect, it } from 'vitest';
import type { TestEngine } from '../support/engine.ts';
import { startEngine } from '../support/engine.ts';
import { startRawOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';
import * as http2 from './http2-frames.ts';

/** What a client may be sent before it says more (RFC 9113 §6.9.2). */
const WINDOW = 65_535;

/** A client's tunnel on stream 1, in frames, and the server's end of it. */
async function openTunnel(test: TestEngine) {
  const { promise: reached, resolve } = Promise.withResolvers<Socket>();
  const { port } = await startRawOrigin(resolve);
  const client = await rawClient(test.port);
  client.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  client.send(http2.frame(http2.SETTINGS, 0, 0));
  const authority = `127.0.0.1:${port}`;
  const method = Buffer.concat([Buffer.of(0x02, 7), Buffer.from('CONNECT')]);
  const fields = Buffer.concat([method, Buffer.of(0x01, authority.length), Buffer.from(authority)]);
  client.send(http2.frame(http2.HEADERS, http2.END_HEADERS, 1, fields));
  client.send(http2.frame(http2.DATA, 0, 1, Buffer.of(0)));
  const server = await reached;
  await once(server, 'data');
  return { client, server };
}

const ended = (received: string): boolean =>
  http2.frames(received).some(({ type, flags }) => type === http2.DATA && (flags & http2.END_STREAM) !== 0);

it('a tunnel over HTTP/2 ends when its server does', async () => {
  const { client, server } = await openTunnel(await startEngine());
  server.end('bye');
  const received = await client.until(ended);
  expect(http2.dataBytes(received)).toBe(3);
  expect(http2.resets(received)).toEqual([]);
});

it('a tunnel over HTTP/2 whose server breaks off is reset and does not look ended (RFC 9113 §8.5)', async () => {
  const { client, server } = await openTunnel(await startEngine());
  server.write('half');
  await client.until((text) => http2.dataBytes(text) === 4);
  server.resetAndDestroy();
  const received = await client.until((text) => http2.resets(text).length > 0);
  expect(http2.resets(received)).toEqual([constants.NGHTTP2_CONNECT_ERROR]);
  expect(ended(received)).toBe(false);
});

it('a slow client over HTTP/2 gets what its server said before it broke off, and then the reset', async () => {
  const { client, server } = await openTunnel(await startEngine());
  server.write(Buffer.alloc(WINDOW - 1));
  await client.until((text) => http2.dataBytes(text) === WINDOW - 1);
  server.write(Buffer.alloc(1_000));
  await client.until((text) => http2.dataBytes(text) === WINDOW);
  server.resetAndDestroy();
  await once(server, 'close');
  // The answer comes after the reset was seen.
  client.send(http2.frame(http2.PING, 0, 0, Buffer.alloc(8)));
  await client.until((text) => http2.frames(text).some(({ type }) => type === http2.PING));
  for (const stream of [0, 1]) client.send(http2.frame(http2.WINDOW_UPDATE, 0, stream, Buffer.of(0, 1, 0, 0)));
  const received = await client.until((text) => http2.resets(text).length > 0);
  expect(http2.dataBytes(received)).toBe(WINDOW - 1 + 1_000);
  expect(http2.resets(received)).toEqual([constants.NGHTTP2_CONNECT_ERROR]);
  expect(ended(received)).toBe(false);
});
