import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { createGunzip, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { TransferDecoder } from '../../electron/engine/upstream/transfer-decoder.ts';
import { startEngine } from '../support/engine.ts';
import type { TestEngine } from '../support/engine.ts';
import { startRawOrigin } from '../support/origin.ts';
import { sendRaw } from '../support/raw-client.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const TEXT = 'told in a transfer coding';
const GZIPPED = gzipSync(TEXT);

function chunk(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

/** An engine that caches the answers of an origin, which are in the transfer codings `codings`; `send` sends their bodies. */
async function startCoded(
  codings: string,
  send: (socket: Socket) => void,
): Promise<{ readonly test: TestEngine; readonly asked: () => number }> {
  let asked = 0;
  const origin = await startRawOrigin((socket) => {
    socket.on('data', () => {
      asked++;
      socket.write(
        `HTTP/1.1 200 OK\r\nETag: "1"\r\nCache-Control: max-age=60\r\nTransfer-Encoding: ${codings}\r\n\r\n`,
      );
      send(socket);
    });
  });
  const test = await startEngine({ upstream: origin.url, settings: { cache: { mode: 'shared' } } });
  return { test, asked: () => asked };
}

describe('an answer in a transfer coding that nobody asked for (RFC 9112 §7)', () => {
  it.each([
    ['gzip, chunked', GZIPPED],
    ['x-gzip, chunked', GZIPPED],
    ['deflate, chunked', deflateSync(TEXT)],
    ['gzip', GZIPPED],
  ])('of %s is passed on and stored without it', async (codings, body) => {
    const chunked = codings.endsWith('chunked');
    const { test, asked } = await startCoded(codings, (socket) => {
      if (!chunked) socket.end(body);
      else for (const piece of [body.subarray(0, 5), body.subarray(5)]) socket.write(chunk(piece));
      if (chunked) socket.write('0\r\nX-Sum: 42\r\n\r\n');
    });
    const first = await sendRaw(test.port, GET);
    expect(first).toMatch(/\r\nTransfer-Encoding: chunked\r\n/);
    expect(first).toMatch(chunked ? /\r\n0\r\nX-Sum: 42\r\n\r\n$/ : /\r\n0\r\n\r\n$/);
    expect(first.replace(/\r\n[\da-f]+\r\n/g, '')).toContain(TEXT);
    expect(await test.finished()).toMatchObject({ responseBytes: TEXT.length, outcome: { kind: 'completed' } });
    expect(await sendRaw(test.port, GET)).toContain(`\r\n\r\n${TEXT}`);
    expect(asked()).toBe(1);
  });

  it.each([
    ['ends early', chunk(GZIPPED.subarray(0, -3))],
    ['has a wrong checksum', chunk(Buffer.concat([GZIPPED.subarray(0, -8), Buffer.alloc(8, 1)]))],
    ['is none', chunk(Buffer.from(TEXT))],
    ['has no bytes', Buffer.alloc(0)],
  ])('whose coding %s is broken off, and nothing of it is stored', async (_what, body) => {
    const { test } = await startCoded('gzip, chunked', (socket) => {
      socket.write(body);
      socket.write('0\r\n\r\n');
    });
    expect(await sendRaw(test.port, GET)).not.toMatch(/\r\n0\r\n\r\n$/);
    const { outcome, decision } = await test.finished();
    expect(outcome).toMatchObject({ kind: 'failed', code: 'TRANSFER_CODING', phase: 'receive' });
    expect(decision?.steps.at(-1)).toMatchObject({ rule: 'store.damaged', effect: 'not stored after all' });
    expect(test.engine.cache.stats().entries).toBe(0);
  });

  it('that is damaged is given up at once', async () => {
    const closed = Promise.withResolvers<boolean>();
    const { test } = await startCoded('gzip, chunked', (socket) => {
      socket.on('close', closed.resolve).on('end', () => socket.end());
      socket.write(chunk(Buffer.from(TEXT)));
    });
    await sendRaw(test.port, GET);
    await closed.promise;
    const { spans } = await test.finished();
    expect(spans.find(({ name }) => name === 'receive')?.error).toMatch(/transfer coding.* gzip: /);
  });

  it('that is complete as its coding, but not as a message, is broken off (RFC 9112 §8)', async () => {
    const { test } = await startCoded('gzip, chunked', (socket) => {
      socket.write(chunk(GZIPPED), () => socket.destroy());
    });
    expect(await sendRaw(test.port, GET)).not.toMatch(/\r\n0\r\n\r\n$/);
    expect((await test.finished()).outcome).toMatchObject({
      kind: 'failed',
      code: expect.not.stringMatching('CODING'),
    });
  });

  it('that grows much is undone no faster than it is read', async () => {
    const member = gzipSync(Buffer.alloc(4 * 1024 * 1024));
    const bomb = Buffer.concat(Array.from({ length: 20 }, () => member));
    let resumed = 0;
    const decoder = new TransferDecoder('gzip', {
      resume: () => resumed++,
      cancel: () => undefined,
      giveUp: () => undefined,
    });
    expect(decoder.push(bomb)).toBe(false);
    await decoder.decoded.next();
    // In the time in which somebody who reads has read all of it.
    for await (const _part of Readable.from([bomb]).pipe(createGunzip({ chunkSize: 64 * 1024 })));
    expect(resumed).toBe(0);
    decoder.end();
    let length = 0;
    for await (const part of decoder.decoded) length += part.length;
    expect(length).toBeGreaterThan(79 * 1024 * 1024);
    expect(resumed).toBeGreaterThan(0);
  });

  it.each(['compress, chunked', 'gzip, foo', 'chunked, gzip'])('of %s is refused with the reason', async (codings) => {
    const { test } = await startCoded(codings, (socket) => socket.end(chunk(Buffer.from('ok'))));
    const answer = await sendRaw(test.port, GET);
    expect(answer).toMatch(/^HTTP\/1\.1 502 /);
    expect(answer).toContain(`Its Transfer-Encoding is "${codings}".`);
    expect((await test.finished()).outcome).toMatchObject({ code: 'TRANSFER_CODING', phase: 'wait' });
    expect(test.engine.cache.stats().entries).toBe(0);
  });

  it.each(['foo', 'foo, chunked'])(
    'of the unknown name %s is taken as it came, stored, and told of',
    async (codings) => {
      const { test, asked } = await startCoded(codings, (socket) => {
        socket.end(codings === 'foo' ? TEXT : Buffer.concat([chunk(Buffer.from(TEXT)), Buffer.from('0\r\n\r\n')]));
      });
      expect(await sendRaw(test.port, GET)).toContain(TEXT);
      const { notes } = await test.finished();
      expect(notes).toMatchObject([{ level: 'warning', code: 'UNKNOWN_CODING' }]);
      expect(notes[0]?.text).toContain(`"${codings}"`);
      const again = await sendRaw(test.port, GET);
      expect(again).toContain(`\r\n\r\n${TEXT}`);
      expect(again).not.toMatch(/Transfer-Encoding/i);
      expect(asked()).toBe(1);
    },
  );
});
