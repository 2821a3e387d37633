import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Exit codes that shells give for a command that is not there, or cannot be run. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
/** What keeps a command from being run, by the system's code. */
const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such command',
  EACCES: 'it is no program, or not one that may be run',
};
const PASSED_ON = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;
/** A terminal sends these to the command itself, too. */
const FROM_TERMINALS = ['SIGINT', 'SIGQUIT'] as const;

/**
 * Runs a command in this terminal, passes on signals, and resolves with its exit code as a shell would give it: 128 and the
 * signal's number for one that a signal ended.
 */
export function runClient(words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [command = '', ...args] = words;
  const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  const leave = (): void => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  };
  for (const signal of PASSED_ON) process.on(signal, passOn);
  for (const signal of FROM_TERMINALS) process.on(signal, leave);
  // After that, because the command may be heard of before this returns. Windows starts .cmd files, which npm and its like
  // are, by its shell only.
  const child = spawn(command, args, { stdio: 'inherit', env, shell: process.platform === 'win32' });
  return new Promise<number>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      const why = WHY[error.code ?? ''] ?? error.message;
      process.stderr.write(`hopscope: ${command} could not be run: ${why}\n`);
      resolve(error.code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE);
    });
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  }).finally(() => {
    for (const signal of PASSED_ON) process.off(signal, passOn);
    for (const signal of FROM_TERMINALS) process.off(signal, leave);
  });
}
