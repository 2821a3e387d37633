import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../support/recorder.ts';
import { rawClient } from '../support/raw-client.ts';
import type { CacheSetup } from './cache-setup.ts';
import { startCache } from './cache-setup.ts';

/** RFC 9111 §3.3: bodies that end early. What comes of them is in tests/conformance/partial.test.ts. */

const text = (length: number): string =>
  Buffer.from(Array.from({ length }, (_, i) => 48 + (i % 75))).toString('latin1');

/** The first answer is sent up to `sent` bytes and left open; ranges are answered from then on. */
async function start(body: string, sent: number, dataDir?: string): Promise<CacheSetup> {
  return startCache(
    (request, response, count) => {
      const fields = { ETag: '"a"', 'Cache-Control': 'max-age=60' };
      const [, first = '0'] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
      const rest = body.slice(Number(first));
      if (count === 1) {
        response.writeHead(200, { ...fields, 'Content-Length': body.length });
        response.write(body.slice(0, sent));
      } else if (rest.length < body.length) {
        response.writeHead(206, { ...fields, 'Content-Range': `bytes ${first}-${body.length - 1}/${body.length}` });
        response.end(rest);
      } else {
        response.writeHead(200, fields);
        response.end(body);
      }
    },
    'shared',
    dataDir,
  );
}

const ranges = (seen: readonly IncomingMessage[]): (string | undefined)[] => seen.map(({ headers }) => headers.range);

describe('a body that ends early', () => {
  it.each([
    ['in memory', 10, 4, false],
    ['on disk', 10, 4, true],
    ['in a file', 300_000, 200_000, true],
  ])('leaves a part %s when the client leaves, and the next one gets the rest with it', async (_, size, sent, disk) => {
    const body = text(size);
    const setup = await start(body, sent, disk ? await temporaryDirectory() : undefined);
    const client = await rawClient(setup.proxy.port);
    client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.until((received) => received.endsWith(`\r\n\r\n${body.slice(0, sent)}`));
    client.socket.resetAndDestroy();
    const { decision } = await setup.proxy.finished();
    expect(decision).toMatchObject({ stored: true, lifetime: 60 });
    expect(decision?.steps.filter(({ decides }) => decides === 'storing').map(({ rule }) => rule)).toEqual([
      'store.left',
    ]);
    const whole = await setup.ask('/');
    expect([whole.status, whole.body === body, ranges(setup.seen)]).toEqual([
      ...[200, true, [undefined, `bytes=${sent}-`]],
    ]);
    expect((await setup.ask('/')).headers['cache-status']).toMatch(/Hopscope; hit/);
    expect(setup.proxy.engine.cache.stats().entries).toBe(1);
  });

  it('says so of an answer to POST that was to be stored for later GETs', async () => {
    const setup = await startCache((_request, response) => {
      const headers = { 'Cache-Control': 'max-age=60', 'Content-Location': '/', 'Content-Length': '10' };
      response.writeHead(200, headers).write('12345', () => response.destroy());
    });
    await expect(setup.ask('/', { method: 'POST', body: 'x' })).rejects.toThrow();
    const { decision } = await setup.proxy.finished();
    expect(decision).toMatchObject({ fwd: 'method', stored: false });
    expect(decision?.steps.at(-1)).toMatchObject({ rule: 'store.broken', effect: 'not stored after all' });
    expect(setup.proxy.engine.cache.stats().entries).toBe(0);
  });
});
