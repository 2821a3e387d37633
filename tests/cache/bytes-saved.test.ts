import { expect, it } from 'vitest';
import { temporaryDirectory } from '../support/recorder.ts';
import { startCache } from './cache-setup.ts';

it.each(['memory', 'disk'])(
  'what an answer has saved in a store in %s: the bytes that it took of the body',
  async (kind) => {
    const { proxy, ask } = await startCache(
      (_request, response) => {
        response.setHeader('Cache-Control', 'max-age=60');
        response.setHeader('ETag', '"1"');
        response.end('x'.repeat(1_000));
      },
      'shared',
      kind === 'disk' ? await temporaryDirectory() : undefined,
    );
    await ask('/');
    const saved = async (...options: Parameters<typeof ask>): Promise<number> => {
      const before = proxy.engine.cache.stats().savedBytes;
      await ask(...options);
      return proxy.engine.cache.stats().savedBytes - before;
    };
    expect(await saved('/')).toBe(1_000);
    expect(await saved('/', { headers: { Range: 'bytes=100-299' } })).toBe(200);
    expect(await saved('/', { headers: { Range: 'bytes=0-9,500-519' } })).toBe(30);
    expect(await saved('/', { headers: { Range: 'bytes=5000-' } })).toBe(0);
    expect(await saved('/', { headers: { 'If-None-Match': '"1"' } })).toBe(0);
    expect(await saved('/', { method: 'HEAD' })).toBe(0);
    const { rows } = await proxy.engine.cache.entries({ offset: 0, limit: 9 });
    expect(rows).toMatchObject([{ hits: 6, savedBytes: 1_230 }]);
  },
);
