import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { projectEnv } from '../scripts/project.ts';

/** Milliseconds that a server may take to start, and to stop before it is killed. */
const startLimit = 20_000;
const stopLimit = 5_000;

const alive = new Set<ChildProcess>();
// Servers with workers take these along when they are asked to end, and leave them behind when they are killed.
process.on('exit', () => {
  for (const child of alive) child.kill('SIGTERM');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

/** A child process whose last words on stderr are kept for error messages. */
export interface Launched {
  readonly pid: number;
  readonly child: ChildProcess;
  /** The end of what it wrote to stderr. */
  lastWords(): string;
  /** Asks it to end, and kills it when it does not. */
  readonly stop: () => Promise<void>;
}

/** Starts a child process; its stdout is piped, its stderr kept. */
export function launch(command: string, args: readonly string[], env: Record<string, string> = {}): Launched {
  const child = spawn(command, args, { env: projectEnv(env), stdio: ['ignore', 'pipe', 'pipe'] });
  alive.add(child);
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-2_000)));
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      words += error.message;
      alive.delete(child);
      resolve();
    });
    child.on('exit', () => {
      alive.delete(child);
      resolve();
    });
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), stopLimit);
    await ended;
    clearTimeout(killer);
  };
  return { pid: child.pid ?? 0, child, lastWords: () => words.trim(), stop };
}

/** Starts a Node program and reads the JSON object that it prints as its first line when it is ready. */
export async function launchNode(
  args: readonly string[],
): Promise<{ launched: Launched; ready: Record<string, unknown> }> {
  const launched = launch(process.execPath, args);
  const { stdout } = launched.child;
  if (!stdout) throw new Error('the child has no stdout');
  const lines = createInterface({ input: stdout });
  const line = await Promise.race([
    once(lines, 'line').then(([text]) => String(text)),
    once(launched.child, 'exit').then(([code]) => fail(launched, `ended with ${String(code)} before it was ready`)),
    pause(startLimit, undefined, { ref: false }).then(() => fail(launched, 'was not ready in time')),
  ]);
  // The rest of its output must not fill the pipe.
  stdout.resume();
  return { launched, ready: JSON.parse(line) as Record<string, unknown> };
}

/** Starts a server that is told its port, and waits until it listens there. */
export async function launchOnPort(command: string, args: readonly string[], port: number): Promise<Launched> {
  const launched = launch(command, args);
  launched.child.stdout?.resume();
  const deadline = performance.now() + startLimit;
  while (!(await accepts(port))) {
    if (launched.child.exitCode !== null) fail(launched, `ended with ${launched.child.exitCode} before it listened`);
    if (performance.now() > deadline) {
      await launched.stop();
      fail(launched, 'did not listen in time');
    }
    await pause(50);
  }
  return launched;
}

function fail(launched: Launched, what: string): never {
  throw new Error(`${launched.child.spawnargs.slice(0, 3).join(' ')} ${what}: ${launched.lastWords()}`);
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const connected = await new Promise<boolean>((resolve) => {
    socket.on('connect', () => resolve(true));
    // Refused while the server starts; the caller has a deadline.
    socket.on('error', () => resolve(false));
  });
  socket.destroy();
  return connected;
}

/** A loopback port that was free a moment ago, for servers that cannot choose one themselves. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Whether a command is on PATH or in the system's own folders. */
export function hasCommand(name: string): boolean {
  return commandPath(name) !== undefined;
}

/** The path of a command, also of daemons that an ordinary user's PATH leaves out. */
export function commandPath(name: string): string | undefined {
  const { stdout, status } = spawnSync('sh', ['-c', `PATH="$PATH:/usr/sbin:/sbin" command -v ${name}`], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : undefined;
}
