import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { entryTable, entryText } from '../../electron/host/cache-text.ts';
import { cacheSettingsOf } from '../../electron/engine/handlers/cache-settings.ts';
import { defaultSettings } from '../../shared/settings.ts';
import type { ResponseShape } from '../cache/policy-harness.ts';
import { headOf } from '../cache/store-entries.ts';
import { hopscope } from '../support/hopscope-process.ts';
import { startOrigin } from '../support/origin.ts';
import { temporaryDirectory } from '../support/recorder.ts';

async function run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { ready, ended } = hopscope('cache', ...args);
  // Not every command writes a line.
  await ready.catch(() => '');
  return ended;
}

async function serve(
  directory: string,
  upstream: string,
  ...more: readonly string[]
): Promise<{ proxy: string; stop: (signal: NodeJS.Signals) => Promise<void> }> {
  const flags = [
    '--no-ui',
    '--log-format',
    'json',
    '--port',
    '0',
    '--data-dir',
    directory,
    '--upstream',
    upstream,
    ...more,
  ];
  const { ready, child, ended } = hopscope('serve', ...flags);
  const { proxy } = JSON.parse(await ready) as { proxy: string };
  return {
    proxy,
    stop: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}

describe('hopscope cache', () => {
  // A dozen processes one after the other.
  it(
    'looks at and purges what a running Hopscope stores, and a restart serves the rest',
    { timeout: 120_000 },
    async () => {
      const origin = await startOrigin((request, response) => {
        response.setHeader('Cache-Control', 'max-age=600');
        response.end(`answer to ${request.url ?? ''}`);
      });
      const directory = await temporaryDirectory();
      await writeFile(join(directory, 'settings.json'), '{"cache":{"maxEntries":9}}');
      const first = await serve(directory, origin.url, '--cache-size', '4M');
      const ask = async (proxy: string, path: string): Promise<string> => {
        const response = await fetch(proxy + path);
        await response.text();
        return response.headers.get('cache-status') ?? '';
      };
      for (const path of ['/a', '/b', '/b']) await ask(first.proxy, path);
      // What was delivered is on the disk a little later, where other processes look.
      const listed = async (): Promise<string> => (await run('ls', '--data-dir', directory)).stdout;
      await expect.poll(listed).toMatch(/\/a\b[^]*\/b\b|\/b\b[^]*\/a\b/);

      const purged = await run('purge', `${origin.url}/a`, '--data-dir', directory);
      expect(purged).toEqual({ code: 0, stdout: 'Purged 1 stored response.\n', stderr: '' });
      expect(await ask(first.proxy, '/a')).toContain('fwd=uri-miss');
      const said = (await run('stats', '--data-dir', directory)).stdout;
      expect(said).toMatch(
        /\nat most +9 responses \([12]+\.. % taken\), 4\.0 MiB \(0\.. % taken\), as the running Hopscope has it\n/,
      );
      await first.stop('SIGTERM');

      const second = await serve(directory, origin.url);
      expect(await ask(second.proxy, '/b')).toContain('; hit');
      await second.stop('SIGTERM');

      const { stdout } = await run('ls', '/b', '--json', '--data-dir', directory);
      const { born, ...entry } = JSON.parse(stdout) as { born: number };
      expect(entry).toMatchObject({ hits: 2, bodyLength: 12, head: { uri: `${origin.url}/b` } });
      expect(entry).toMatchObject({ expires: born + 600_000, noCache: false, usable: true });
      const sorted = async (...flags: string[]): Promise<string[]> => {
        const listing = await run('ls', '--data-dir', directory, ...flags);
        return [...listing.stdout.matchAll(/\/([ab])$/gm)].map(([, name]) => name ?? '');
      };
      expect(await sorted('--sort', 'url')).toEqual(['a', 'b']);
      expect(await sorted('--sort', 'hits', '--reverse')).toEqual(['a', 'b']);
      expect(await sorted('--sort', 'hits')).toEqual(['b', 'a']);
      expect(await sorted('--sort', 'ttl', '/a')).toEqual(['a']);
      expect(await sorted('--sort', 'ttl', '--limit', '1')).toHaveLength(1);
      expect((await run('show', `${origin.url}/b`, '--body', '--data-dir', directory)).stdout).toBe('answer to /b');
      expect((await run('show', `${origin.url}/b`, '--data-dir', directory)).stdout).toContain(
        '\nCache-Control: max-age=600\n',
      );
      expect(JSON.parse((await run('stats', '--json', '--data-dir', directory)).stdout)).toMatchObject({
        ...{ entries: 2, hits: 2, maxBytes: 2 ** 32, maxEntries: 9, capsFrom: 'file' },
      });
      expect((await run('purge', '--all', '--data-dir', directory)).stdout).toBe('Purged 2 stored responses.\n');
      expect((await run('ls', '--data-dir', directory)).stdout).toBe('Nothing is stored.\n');
    },
  );

  it('counts and purges what a running Hopscope keeps in memory, and says that it cannot be listed', async () => {
    const origin = await startOrigin((_request, response) => {
      response.setHeader('Cache-Control', 'max-age=600');
      response.end('kept');
    });
    const directory = await temporaryDirectory();
    // This is on disk, from a run before.
    const before = await serve(directory, origin.url);
    await (await fetch(`${before.proxy}/before`)).text();
    await before.stop('SIGTERM');
    const { proxy, stop } = await serve(directory, origin.url, '--cache-store', 'memory', '--cache-size', '4M');
    const ask = async (path: string): Promise<string> => {
      const response = await fetch(proxy + path);
      await response.text();
      return response.headers.get('cache-status') ?? '';
    };
    for (const path of ['/a', '/b', '/b']) await ask(path);

    const there = ['--data-dir', directory];
    expect((await run('stats', ...there)).stdout).toMatch(
      /^stored +2 responses, .*, in the memory of the running Hopscope\nat most +\d+ responses .*, 4\.0 MiB .*\nhits +1\n/,
    );
    expect(JSON.parse((await run('stats', '--json', ...there)).stdout)).toMatchObject({
      ...{ entries: 2, hits: 1, maxBytes: 4 * 1024 ** 2, store: 'memory', capsFrom: 'running' },
    });
    const listed = await run('ls', ...there);
    expect(listed.stdout).toMatch(/\/before\n$/);
    expect(listed.stderr).toBe(
      'hopscope: the running Hopscope keeps its cache in memory, which its page Cache shows; this is what lies on disk\n',
    );
    expect((await run('purge', `${origin.url}/b*`, ...there)).stdout).toBe('Purged 2 stored responses.\n');
    expect([await ask('/b'), await ask('/a')]).toEqual([
      expect.stringContaining('fwd=uri-miss'),
      expect.stringContaining('; hit'),
    ]);
    await stop('SIGTERM');
  });

  it('tells in one line of what is not there', async () => {
    const nothing = await run('show', '7', '--data-dir', await temporaryDirectory());
    expect(nothing).toEqual({ code: 1, stdout: '', stderr: 'hopscope: nothing is stored under 7\n' });
  });

  it('says which settings it goes by when those of the file cannot be used, and leaves them there', async () => {
    const directory = await temporaryDirectory();
    const file = join(directory, 'settings.json');
    await writeFile(file, '{ "cache": { "maxEntries": ');
    const { code, stdout, stderr } = await run('stats', '--json', '--data-dir', directory);
    expect({ code, stats: JSON.parse(stdout) as unknown }).toMatchObject({ code: 0, stats: { capsFrom: 'file' } });
    expect(stderr).toMatch(/^hopscope: settings\.json in .* cannot be used \(.*JSON.*\); the defaults count here\n$/);
    expect(await readFile(file, 'utf8')).toBe('{ "cache": { "maxEntries": ');
  });

  it('names the place of an index that cannot be used, and what to do', async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, 'cache'));
    const file = join(directory, 'cache', 'index.db');
    const trouble = (why: string, remedy: string): { code: number; stdout: string; stderr: string } => ({
      ...{ code: 1, stdout: '' },
      stderr: `hopscope: the cache in ${join(directory, 'cache')} cannot be used (${why}); ${remedy}\n`,
    });
    await writeFile(file, 'no database at all, but long enough to be looked at'.repeat(100));
    const aside = '"hopscope serve" sets it aside and begins a new one';
    expect(await run('ls', '--data-dir', directory)).toEqual(trouble('file is not a database', aside));
    await rm(file);
    await mkdir(file);
    const allowed = 'see that you may write to it';
    expect(await run('ls', '--data-dir', directory)).toEqual(trouble('unable to open database file', allowed));
  });

  it('tells of entries in words that fit their numbers', () => {
    const head = headOf();
    const entry = { id: 1, head, bytes: 9, bytesSaved: 0, bodyLength: 4, lastUsed: head.responseTime };
    const text = (hits: number): string => entryText({ ...entry, hits }, head.responseTime);
    expect([text(0), text(1), text(2)]).toEqual([
      expect.stringMatching(/, not used yet\n/),
      expect.stringMatching(/ ago, 1 hit, 0 B saved\n/),
      expect.stringMatching(/ ago, 2 hits, 0 B saved\n/),
    ]);
    const table = (changes: ResponseShape, seconds: number): string => {
      const changed = { ...entry, hits: 0, head: headOf(changes, { headers: ['Accept-Language: en'] }) };
      const settings = cacheSettingsOf(defaultSettings());
      return entryTable([changed], head.responseTime + seconds * 1000, settings).split('\n')[1] ?? '';
    };
    expect(table({}, 0)).toMatch(/ 0 ms +- +60 s +http\S+$/);
    expect(table({}, 61)).toMatch(/ 61 s +- +stale +http/);
    expect(table({ headers: ['Cache-Control: no-cache', 'ETag: "1"'] }, 0)).toMatch(/ no-cache +http/);
    expect(table({ headers: ['Vary: Accept-Language'] }, 0)).toMatch(/ \[accept-language: en\]$/);
  });

  it.each([
    [['purge']],
    [['purge', '--all', '--id', '1']],
    [['purge', '--id', 'x']],
    [['purge', '']],
    [['purge', ' ']],
    [['purge', '--host', '']],
    [['purge', '--host', 'http://example.test/']],
    [['purge', '--group', '']],
    [['ls', '--limit', '-1']],
    [['ls', '--sort', 'colour']],
    [['sell']],
  ])('refuses %j with one line and exit code 2', async (args) => {
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^hopscope: [^\n]+\n$/)]);
  });
});
