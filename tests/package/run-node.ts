import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** A program that runs under plain Node. */
export interface NodeProcess {
  readonly firstLine: string;
  /** Asks it to end, and resolves with its exit code. */
  end(): Promise<number | null>;
}

/** Starts a script and waits for the first line that it prints; killed when the test ends. */
export async function runNode(script: string, ...args: string[]): Promise<NodeProcess> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const line = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const first = await Promise.race([line, ended]);
  if (typeof first[0] !== 'string') throw new Error(`${script} ended with ${first[0]} before it printed anything`);
  return {
    firstLine: first[0],
    async end() {
      child.kill('SIGTERM');
      const [code] = await ended;
      return code;
    },
  };
}
