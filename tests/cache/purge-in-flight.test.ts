import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import type { PurgeTarget } from '../../shared/cache-contract.ts';
import { startCache } from './cache-setup.ts';

/** A person's purge counts for what was asked for before it, too: the origin may have changed since. */
it.each<[string, (origin: string) => PurgeTarget, boolean]>([
  ['everything', () => ({ everything: true }), true],
  ['its key', (origin) => ({ key: `${origin}/page` }), true],
  ['its host', (origin) => ({ host: new URL(origin).host }), true],
  ['a pattern that it matches', (origin) => ({ pattern: `${origin}/p*` }), true],
  ['its group', () => ({ group: 'g' }), true],
  ['another pattern', (origin) => ({ pattern: `${origin}/q*` }), false],
])('what was asked for before a purge of %s, and comes after it: not kept %s', async (_what, target, gone) => {
  const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
  const { proxy, origin, ask, seen } = await startCache((_request, response, count) => {
    response.setHeader('Cache-Control', 'max-age=60');
    response.setHeader('Cache-Groups', '"g"');
    if (count === 1) resolve(response);
    else response.end('new');
  });
  const first = ask('/page');
  const answer = await asked;
  await proxy.engine.cache.purge(target(origin.url));
  answer.end('old');
  expect((await first).body).toBe('old');
  expect((await ask('/page')).body).toBe(gone ? 'new' : 'old');
  expect((await ask('/page')).body).toBe(gone ? 'new' : 'old');
  expect(seen).toHaveLength(gone ? 2 : 1);
});
