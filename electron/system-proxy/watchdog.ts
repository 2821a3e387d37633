import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from './proxy-system.ts';

/**
 * A process of its own that outlives us, however we die: it waits for the end of its standard input, which the system closes
 * with us, and then undoes what is still to be undone (see {@link parentEnded}).
 */
export class Watchdog {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** @param command what runs it, as told by the host. Rejects when it does not start. */
  static async start({ command, args }: Command): Promise<Watchdog> {
    // Detached, because a terminal's Ctrl-C or hang-up must not take it along.
    const child = spawn(command, args, { detached: true, stdio: ['pipe', 'ignore', 'ignore'], windowsHide: true });
    await once(child, 'spawn');
    // It may be ended from outside; what is written then is lost, and nobody is to fail for it.
    child.stdin.on('error', () => child.stdin.destroy());
    child.unref();
    return new Watchdog(child);
  }

  /** There is nothing left to watch. */
  stop(): void {
    this.#child.stdin?.end();
  }
}

/** Resolves in a watchdog when whoever started it has ended, or needs it no more. */
export async function parentEnded(): Promise<void> {
  process.stdin.resume();
  await once(process.stdin, 'close');
}
