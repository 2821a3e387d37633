import { describe, expect, it } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { ask, openSession } from '../support/http2-origin.ts';
import { startOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';
import {
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  head,
  HEADERS,
  PING,
  resets,
  RST_STREAM,
  SETTINGS,
} from './http2-frames.ts';

/** A field of 3,900 bytes that goes into the dynamic table (RFC 7541 §6.2.1), as its first: 62. */
const LARGE_FIELD = Buffer.concat([Buffer.of(0x40, 1, 0x78, 0x7f, 0xbd, 0x1d), Buffer.alloc(3_900, 'y')]);
const SAME_AGAIN = 0x80 | 62;

const times = (count: number, make: (i: number) => Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, i) => make(i)));

const floods: readonly (readonly [string, (host: string) => Buffer])[] = [
  [
    'rapid resets',
    (host) =>
      times(1_500, (i) =>
        Buffer.concat([
          frame(HEADERS, END_STREAM | END_HEADERS, 2 * i + 1, head('GET', host)),
          frame(RST_STREAM, 0, 2 * i + 1, Buffer.of(0, 0, 0, 8)),
        ]),
      ),
  ],
  [
    'continuations without end',
    (host) =>
      Buffer.concat([frame(HEADERS, END_STREAM, 1, head('GET', host)), times(200, () => frame(CONTINUATION, 0, 1))]),
  ],
  ['settings', () => times(20_000, () => frame(SETTINGS, 0, 0, Buffer.of(0, 3, 0, 0, 0, 9)))],
  ['pings', () => times(50_000, () => frame(PING, 0, 0, Buffer.alloc(8)))],
  [
    'empty DATA',
    (host) =>
      Buffer.concat([frame(HEADERS, END_HEADERS, 1, head('POST', host)), times(5_000, () => frame(DATA, 0, 1))]),
  ],
  [
    'requests without a method',
    () => times(3_000, (i) => frame(HEADERS, END_STREAM | END_HEADERS, 2 * i + 1, Buffer.of(0x86, 0x84))),
  ],
];

describe('floods of HTTP/2 frames', () => {
  it.each(floods)('of %s end their connection, and no other', async (_name, flood) => {
    // It waits for bodies, which never end here.
    const origin = await startOrigin((request, response) => {
      request.resume().on('end', () => response.end('fine'));
    });
    const test = await startEngine({ upstream: origin.url });
    const other = await openSession(test.url);
    const client = await rawClient(test.port);
    client.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    client.send(frame(SETTINGS, 0, 0));
    client.send(flood(new URL(test.url).host));
    await client.ended();
    const row = await test.event(
      ({ type, ...event }) => type === 'exchange.finished' && JSON.stringify(event).includes('BAD_FRAMES'),
    );
    expect(await test.event(({ type, id }) => type === 'exchange.started' && id === row.id)).toMatchObject({
      kind: 'malformed',
    });
    expect((await ask(other, { ':path': '/' })).body.toString()).toBe('fine');
  });

  it('do not unpack fields without end: such requests are reset, and others on the connection are answered', async () => {
    const origin = await startOrigin((_request, response) => response.end('fine'));
    const test = await startEngine({ upstream: origin.url });
    const { host } = new URL(test.url);
    const client = await rawClient(test.port);
    const request = (stream: number, more: Uint8Array): Buffer =>
      frame(HEADERS, END_STREAM | END_HEADERS, stream, Buffer.concat([head('GET', host), more]));
    client.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    client.send(frame(SETTINGS, 0, 0));
    client.send(request(1, LARGE_FIELD));
    // 62 MB each.
    for (let stream = 3; stream <= 101; stream += 2) client.send(request(stream, Buffer.alloc(16_000, SAME_AGAIN)));
    client.send(request(103, Buffer.alloc(0)));
    await client.until((text) => resets(text).length === 50 && text.split('fine').length === 3);
    // ENHANCE_YOUR_CALM (RFC 9113 §7).
    expect(new Set(resets(client.received()))).toEqual(new Set([0x0b]));
  });

  it('are not taken for a head that is just too large, which is answered and recorded', async () => {
    const origin = await startOrigin((_request, response) => response.end('fine'));
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    client.send(frame(SETTINGS, 0, 0));
    const fields = Buffer.concat([head('GET', new URL(test.url).host), LARGE_FIELD, Buffer.alloc(17, SAME_AGAIN)]);
    client.send(frame(HEADERS, END_STREAM | END_HEADERS, 1, fields));
    await client.until(/HEAD_TOO_LARGE/);
    expect((await test.finished()).outcome).toMatchObject({ kind: 'failed', code: 'HEAD_TOO_LARGE' });
    client.send(frame(HEADERS, END_STREAM | END_HEADERS, 3, head('GET', new URL(test.url).host)));
    await client.until(/fine/);
  });
});
