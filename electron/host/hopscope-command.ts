import { Command, CommanderError } from 'commander';
import { ValiError } from 'valibot';
import type { LogFormat } from './log-format.ts';
import { logLine } from './log-format.ts';
import { UsageError } from './usage-error.ts';
import { version } from './version.ts';
import { withoutSecrets } from './without-secrets.ts';

/** The program's command without its flags: it tells of wrong usage in one line on stderr and then throws. */
export function hopscopeCommand(format: LogFormat = 'text'): Command {
  return (
    new Command('hopscope')
      .description('A proxy inspector with an HTTP cache that explains itself.')
      .version(version())
      .showSuggestionAfterError(false)
      // What follows "run COMMAND" belongs to the command.
      .enablePositionalOptions()
      // A wrong flag is quoted, and may be an address with a login; in CI, what is printed is kept.
      .configureOutput({
        outputError: (text, write) => write(logLine(format, 'error', withoutSecrets(sentenceOf(text)))),
      })
      .exitOverride()
  );
}

/** What commander, or a command of ours by it, has to say, as a bare sentence. */
function sentenceOf(text: string): string {
  return text.replace(/^(?:error|hopscope): /, '').trimEnd();
}

/** The exit code for what a command threw: 2 for wrong usage, of which commander has told already. */
export function exitCodeOf(error: unknown): number {
  // Flags that are valid alone may not go together, or not with the settings file.
  if (error instanceof ValiError || error instanceof UsageError) return 2;
  if (!(error instanceof CommanderError)) return 1;
  return error.exitCode === 0 ? 0 : 2;
}
