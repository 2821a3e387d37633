import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { projectEnv, projectRoot } from '../../scripts/project.ts';

const posix = process.platform !== 'win32';

interface Launched {
  readonly child: ChildProcess;
  /** The first line on stdout. */
  readonly firstLine: Promise<string>;
  /** Resolves, when the process has ended, with how and with all that it wrote. */
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** Starts a command in a process group of its own, with a data directory of its own. */
function launch(command: string, args: readonly string[], env: Record<string, string> = {}): Launched {
  const dataDir = mkdtempSync(join(tmpdir(), 'hopscope-test-'));
  const child = spawn(command, [...args, '--data-dir', dataDir], {
    cwd: projectRoot,
    env: projectEnv(env),
    detached: posix,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      if (posix) process.kill(-(child.pid ?? 0), 'SIGKILL');
      else child.kill('SIGKILL');
      await once(child, 'close');
    }
    rmSync(dataDir, { recursive: true, force: true });
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }));
  const lines = createInterface({ input: child.stdout });
  const firstLine = Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    ended.then(({ stderr }) => Promise.reject(new Error(`ended before its first line: ${stderr}`))),
  ]);
  // A test that waits for the end alone has no use for the line, nor for its absence.
  firstLine.catch(() => undefined);
  return { child, firstLine, ended };
}

const serve = ['run', '--silent', 'serve', '--', '--no-ui', '--port', '0', '--log-format', 'json'];

test('npm run serve prints the ready line and nothing else on stdout', async () => {
  const { child, firstLine, ended } = launch('npm', serve);
  const ready = JSON.parse(await firstLine) as Record<string, unknown>;
  expect(ready).toMatchObject({ event: 'ready', proxy: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
  child.kill('SIGTERM');
  expect((await ended).stdout.trim().split('\n')).toHaveLength(1);
});

test.runIf(posix).each(['SIGINT', 'SIGTERM'] as const)('%s to npm stops the host with exit code 0', async (signal) => {
  const { child, firstLine, ended } = launch('npm', serve);
  const { proxy } = JSON.parse(await firstLine) as { proxy: string };
  child.kill(signal);
  expect((await ended).code).toBe(0);
  // The host is npm's own child's process, so nothing is left to listen.
  await expect(fetch(proxy)).rejects.toThrow();
});

test.runIf(posix)('Ctrl-C, which reaches npm and the host both, stops with exit code 0', async () => {
  const { child, firstLine, ended } = launch('npm', serve);
  await firstLine;
  process.kill(-(child.pid ?? 0), 'SIGINT');
  expect((await ended).code).toBe(0);
});

test('npm run serve passes on the exit code of wrong usage', async () => {
  const { ended } = launch('npm', ['run', '--silent', 'serve', '--', '--no-ui', '--port', 'many']);
  const { code, stdout, stderr } = await ended;
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('--port');
});

const electronIsHere = existsSync(join(projectRoot, 'node_modules', 'electron', 'path.txt'));

// With the binary here, npm start would open a window.
test.skipIf(electronIsHere)('npm start without Electron says so in one line and starts the web host', async () => {
  // A mirror that cannot be reached, so that the download fails at once instead of being tried.
  const { child, firstLine, ended } = launch(
    process.execPath,
    [join(projectRoot, 'scripts', 'start.ts'), '--no-sandbox', '--no-ui', '--port', '0', '--log-format', 'json'],
    { ELECTRON_MIRROR: 'http://127.0.0.1:9/' },
  );
  expect(JSON.parse(await firstLine)).toMatchObject({ event: 'ready' });
  child.kill('SIGTERM');
  const { code, stderr } = await ended;
  expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/Electron.*; starting the web host instead$/)]);
  expect(code).toBe(0);
});
