import { execFile } from 'node:child_process';
import type { Command, CommandOutput } from './proxy-system.ts';

/** How long (ms) a system may take to answer. */
const PATIENCE_MS = 15_000;

/** Runs a command to its end, whatever its exit code. Rejects when it is not there or takes too long. */
export function runCommand({ command, args }: Command): Promise<CommandOutput> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { timeout: PATIENCE_MS, windowsHide: true }, (error, stdout, stderr) => {
      if (error === null) resolve({ code: 0, stdout });
      else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
      else reject(new Error(`${command} could not be run: ${error.killed ? 'it takes too long' : error.message}`));
    });
  });
}
