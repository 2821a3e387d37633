import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { closedPort } from './origin.ts';

/** Somebody else may take a port that was free a moment ago. */
const TRIES = 3;

/**
 * Starts a server that cannot choose a port by itself, and waits until it accepts connections; killed when the test ends.
 *
 * @param command what to run for a port: the program and its arguments.
 * @returns the port.
 */
export async function startServerProcess(
  command: (port: number) => readonly string[] | Promise<readonly string[]>,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = await closedPort();
    const [program = '', ...args] = await command(port);
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    onTestFinished(() => kill(child));
    if (await listening(port, child)) return port;
    if (attempt === TRIES) throw new Error(`${program} did not start: ${said}`);
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Resolves when somebody accepts connections on `port`, or, with false, when the process has ended. */
async function listening(port: number, child: ChildProcess): Promise<boolean> {
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  while (!ended()) {
    const socket = connect(port, '127.0.0.1');
    const opened = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (opened) return !ended();
    await pause(30);
  }
  return false;
}
