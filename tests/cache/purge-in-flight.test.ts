import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import type { PurgeTarget } from '../../shared/cache-contract.ts';
import { hopscope } from '../support/hopscope-process.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { startCache } from './cache-setup.ts';

/** A person's purge counts for what was asked for before it, too: the origin may have changed since. */
it.each<[string, boolean, (origin: string) => PurgeTarget]>([
  ['everything', true, () => ({ everything: true })],
  ['its key', true, (origin) => ({ key: `${origin}/page` })],
  ['its host', true, (origin) => ({ host: new URL(origin).host })],
  ['a pattern that it matches', true, (origin) => ({ pattern: `${origin}/p*` })],
  ['its group', true, () => ({ group: 'g' })],
  ['another pattern', false, (origin) => ({ pattern: `${origin}/q*` })],
])('what was asked for before a purge of %s, and comes after it: not kept %s', async (_what, gone, target) => {
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

it.each<[string, boolean, (origin: string) => string[]]>([
  ['everything', true, () => ['--all']],
  ['a pattern that it matches', true, (origin) => [`${origin}/p*`]],
  ['its group', true, () => ['--group', 'g']],
  ['another pattern', false, (origin) => [`${origin}/q*`]],
])('what was asked for before another process purges %s, and ends after it: not kept %s', async (_what, gone, args) => {
  const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
  const directory = await temporaryDirectory();
  const { origin, ask } = await startCache(
    (_request, response, count) => {
      response.setHeader('Cache-Control', 'max-age=60');
      response.setHeader('Cache-Groups', '"g"');
      if (count > 1) {
        response.end('new');
        return;
      }
      response.write('o');
      resolve(response);
    },
    'shared',
    directory,
  );
  const first = ask('/page');
  const answer = await asked;
  const purged = await hopscope('cache', 'purge', ...args(origin.url), '--data-dir', directory).ended;
  expect(purged).toEqual({ code: 0, stdout: 'Purged 0 stored responses.\n', stderr: '' });
  answer.end('ld');
  expect((await first).body).toBe('old');
  expect((await ask('/page')).body).toBe(gone ? 'new' : 'old');
});
