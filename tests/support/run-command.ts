import { execFile, spawnSync } from 'node:child_process';

/** How a command ended. */
export interface CommandResult {
  readonly code: number;
  /** latin1 */
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, whatever its exit code; `input` goes to its stdin. */
export function runCommand(command: string, args: readonly string[], input = ''): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const options = { encoding: 'latin1', maxBuffer: 256 * 1024 * 1024, timeout: 25_000 } as const;
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number')
        reject(new Error(`${command} did not end by itself`, { cause: error }));
      else resolve({ code: error === null ? 0 : (error.code as number), stdout, stderr });
    });
    // A command that does not read its input closes it, which is its own business.
    child.stdin?.on('error', () => child.stdin?.destroy());
    child.stdin?.end(input, 'latin1');
  });
}

/** Whether a command is there; says so when it is not, because tests are skipped then. How it likes `args` does not matter. */
export function hasCommand(command: string, ...args: string[]): boolean {
  const { error } = spawnSync(command, args, { stdio: 'ignore' });
  if (error === undefined) return true;
  console.warn(`${command} is not installed: the tests with it are skipped.`);
  return false;
}
