import { describe, expect, it } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { ask, openSession } from '../support/http2-origin.ts';
import { startOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';

/** A frame (RFC 9113 §4.1). */
function frame(type: number, flags: number, stream: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const HEADERS = 1;
const RST_STREAM = 3;
const SETTINGS = 4;
const CONTINUATION = 9;
// GET / over http, by the static table (RFC 7541 Appendix A), without an authority.
const GET = Buffer.of(0x82, 0x86, 0x84);

const floods: readonly (readonly [string, () => Buffer])[] = [
  [
    'rapid resets',
    () =>
      Buffer.concat(
        Array.from({ length: 2_000 }, (_, i) =>
          Buffer.concat([frame(HEADERS, 5, 2 * i + 1, GET), frame(RST_STREAM, 0, 2 * i + 1, Buffer.of(0, 0, 0, 8))]),
        ),
      ),
  ],
  [
    'continuations without end',
    () =>
      Buffer.concat([
        frame(HEADERS, 1, 1, GET),
        ...Array.from({ length: 200 }, () => frame(CONTINUATION, 0, 1, Buffer.alloc(0))),
      ]),
  ],
  [
    'settings',
    () => Buffer.concat(Array.from({ length: 20_000 }, () => frame(SETTINGS, 0, 0, Buffer.of(0, 3, 0, 0, 0, 9)))),
  ],
];

describe('floods of HTTP/2 frames', () => {
  it.each(floods)('of %s end their connection, and no other', async (_name, flood) => {
    const origin = await startOrigin((_request, response) => response.end('fine'));
    const test = await startEngine({ upstream: origin.url });
    const other = await openSession(test.url);
    const client = await rawClient(test.port);
    client.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    client.send(frame(SETTINGS, 0, 0));
    client.send(flood());
    await client.ended();
    const row = await test.finished(({ outcome }) => outcome?.kind === 'failed' && outcome.code === 'BAD_FRAMES');
    expect(row.kind).toBe('malformed');
    expect((await ask(other, { ':path': '/' })).body.toString()).toBe('fine');
  });
});
