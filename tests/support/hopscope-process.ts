import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { NOBODY } from './nobody.ts';

/** A `hopscope` process; killed when the test ends. */
export interface HopscopeProcess {
  readonly child: ChildProcess;
  /** The first line on stdout; rejects when the process ends without one. */
  readonly ready: Promise<string>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

const cli = join(import.meta.dirname, '../../electron/cli.ts');

/** Starts the headless host from its source with the given arguments. */
export function hopscope(...args: string[]): HopscopeProcess {
  return hopscopeIn(process.env, ...args);
}

/** Starts it with another environment. */
export function hopscopeIn(env: NodeJS.ProcessEnv, ...args: string[]): HopscopeProcess {
  return start({ env }, args);
}

/** Starts it as {@link NOBODY}, which only root can. */
export function hopscopeAsNobody(...args: string[]): HopscopeProcess {
  return start({ uid: NOBODY, gid: NOBODY }, args);
}

/** Starts it with another file for stderr. */
export function hopscopeSaying(stderr: number, ...args: string[]): HopscopeProcess {
  return start({ stdio: ['ignore', 'pipe', stderr] }, args);
}

function start(options: SpawnOptions, args: readonly string[]): HopscopeProcess {
  const child: ChildProcess = spawn(process.execPath, [cli, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let stdout = '';
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes('\n')) resolve(stdout.slice(0, stdout.indexOf('\n')));
    });
    child.once('exit', () => reject(new Error(`It ended before it was ready: ${stderr}`)));
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  // Tests of failing starts look at `ended` alone.
  ready.catch(() => undefined);
  return { child, ready, ended };
}
