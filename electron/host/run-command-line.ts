import { CommanderError } from 'commander';
import { messageOf } from '../../shared/message-of.ts';
import { commandLine } from './command-line.ts';
import { exitCodeOf } from './hopscope-command.ts';
import { endWithReader } from './output-reader.ts';
import type { OwnProgram } from './own-program.ts';
import { withoutSecrets } from './without-secrets.ts';

/** The commands that {@link commandLine} has, for those who only want to know whether there is one. */
export const COMMAND_NAMES: readonly string[] = [
  ...['serve', 'run', 'env', 'open', 'ca', 'cache', 'sessions', 'system-proxy', 'help'],
];

/** Runs `hopscope` with `words`; resolves with its exit code, having told of what went wrong in one line on stderr. */
export async function runCommandLine(words: readonly string[], program?: OwnProgram): Promise<number> {
  // Help is written before any command begins.
  endWithReader();
  try {
    await commandLine(program).parseAsync(words, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander has printed its own errors already, in one line.
    if (!(error instanceof CommanderError)) {
      const message = messageOf(error);
      process.stderr.write(`hopscope: ${withoutSecrets(message)}\n`);
    }
    return exitCodeOf(error);
  }
}
