import { CommanderError } from 'commander';
import { messageOf } from '../../shared/message-of.ts';
import { commandLine } from './command-line.ts';
import { exitCodeOf } from './hopscope-command.ts';
import { logFormatOf, logLine } from './log-format.ts';
import { tellOfNodeInJson } from './node-in-json.ts';
import { endWithReader } from './output-reader.ts';
import type { OwnProgram } from './own-program.ts';
import { withoutSecrets } from './without-secrets.ts';

/** Runs `hopscope` with `words`; resolves with its exit code, having told of what went wrong in one line on stderr. */
export async function runCommandLine(words: readonly string[], program?: OwnProgram): Promise<number> {
  // Help is written before any command begins.
  endWithReader();
  const format = logFormatOf(words);
  if (format === 'json') tellOfNodeInJson();
  try {
    await commandLine(program, format).parseAsync(words, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander has printed its own errors already, in one line.
    if (!(error instanceof CommanderError)) {
      process.stderr.write(logLine(format, 'error', withoutSecrets(messageOf(error))));
    }
    return exitCodeOf(error);
  }
}
