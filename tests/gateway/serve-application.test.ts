import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { HopscopeProcess } from '../support/hopscope-process.ts';
import { hopscope } from '../support/hopscope-process.ts';
import { apps } from './gateway-setup.ts';

async function serve(...flags: string[]): Promise<HopscopeProcess & { readonly url: string }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hopscope-test-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const started = hopscope('serve', '--port', '0', '--no-ui', '--log-format', 'json', '--data-dir', dataDir, ...flags);
  const { proxy } = JSON.parse(await started.ready) as { proxy: string };
  return { ...started, url: proxy };
}

const text = async (url: string): Promise<string> => (await fetch(url)).text();

test('the line that says that all is ready names the applications with their URLs', async () => {
  const flags = [
    '--chdir',
    apps,
    '--wsgi',
    'rules:hello',
    '--app',
    join(apps, 'javascript-rules.ts'),
    '--mount',
    '/js',
  ];
  const { ready } = await serve(...flags);
  const { proxy, applications } = JSON.parse(await ready) as { proxy: string; applications: unknown };
  expect(applications).toEqual([
    { label: 'rules:hello', url: `${proxy}/` },
    { label: 'javascript-rules.ts', url: `${proxy}/js` },
  ]);
});

test('a module that cannot be loaded is told on stderr with its traceback and the interpreter', async () => {
  const { url, child, ended } = await serve('--python', 'python3', '--chdir', apps, '--wsgi', 'missing:application');
  expect(await text(url)).toContain("No module named 'missing'");
  child.kill('SIGTERM');
  const { stderr } = await ended;
  expect(stderr).toMatch(/"text":"Python 3\.\d+\.\d+, [^"]*python[^"]*No module named 'missing'/);
  expect(stderr).toContain('missing:application could not be loaded.');
});

test('serve mounts applications side by side; flags are about the application before them', async () => {
  const { url } = await serve(
    ...['--python', 'python3', '--chdir', apps],
    ...['--wsgi', 'rules:show_environ', '--mount', '/shop', '--threads', '2', '--workers', '1'],
    ...['--wsgi', 'rules:variable', '--mount', '/blog', '--env', 'SHOP_COLOUR=blue'],
    ...['--wsgi', 'rules:hello'],
  );
  expect(JSON.parse(await text(`${url}/shop/x`))).toMatchObject({
    ...{ SCRIPT_NAME: '/shop', PATH_INFO: '/x', multithread: true, multiprocess: false },
  });
  expect(await text(`${url}/blog`)).toBe('blue');
  expect(await text(`${url}/anything`)).toBe('Hello');
});

test.each([
  [['--wsgi', 'a:b', '--workers', 'many'], /workers/],
  [['--wsgi', 'a:b', '--mount', 'shop'], /A mount is a path such as \/shop/],
  [['--wsgi', 'a:b', '--env', 'x'], /name=value/],
  [['--wsgi', 'a:b', '--wsgi', 'c:d'], /only one of/],
  [['--wsgi', 'a:b', '--upstream', 'http://127.0.0.1:1'], /only one of/],
])('%j ends with one line and exit code 2', async (flags, sentence) => {
  const { code, stdout, stderr } = await hopscope('serve', ...flags).ended;
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(sentence);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('what the application writes goes to stderr', async () => {
  const { url, child, ended } = await serve('--python', 'python3', '--chdir', apps, '--wsgi', 'rules:prints');
  await text(url);
  child.kill('SIGTERM');
  const { stderr } = await ended;
  const lines = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; text: string });
  expect(lines.map((line) => line.text).join('')).toContain('on stdout');
  expect(lines.every(({ event }) => event === 'output')).toBe(true);
});

test.skipIf(process.platform !== 'linux')('a download of 100 MB leaves memory flat in both processes', async () => {
  const { url, child } = await serve(
    ...['--python', 'python3', '--chdir', apps, '--wsgi', 'rules:application', '--workers', '1'],
  );
  const worker = Number(await text(`${url}/pid`));
  const download = async (megabytes: number): Promise<number> => {
    let size = 0;
    const response = await fetch(`${url}/megabytes?${megabytes}`);
    for await (const piece of response.body ?? []) size += (piece as Uint8Array).length;
    return size / 1_048_576;
  };
  // As much as is measured, in parts: the host's garbage has come to its usual size by then, and no part is as large.
  for (let i = 0; i < 5; i++) expect(await download(20)).toBe(20);
  const before = [await peakMemory(worker), await peakMemory(child.pid ?? 0)];
  expect(await download(100)).toBe(100);
  const after = [await peakMemory(worker), await peakMemory(child.pid ?? 0)];
  expect((after[0] ?? 0) - (before[0] ?? 0)).toBeLessThan(4);
  expect((after[1] ?? 0) - (before[1] ?? 0)).toBeLessThan(40);
});

/** The most memory (MiB) that a process has ever had. */
async function peakMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'no worker outlives a host that ends with %s',
  async (signal) => {
    const { url, child, ended } = await serve(
      ...['--python', 'python3', '--chdir', apps, '--wsgi', 'rules:application', '--threads', '3'],
    );
    const pid = Number(await text(`${url}/pid`));
    // One of its threads is busy for ever.
    const hanging = Promise.allSettled([fetch(`${url}/hang`)]);
    expect(Number(await text(`${url}/pid`))).toBe(pid);
    child.kill(signal);
    await ended;
    await hanging;
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  },
  60_000,
);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
