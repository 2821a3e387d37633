import type { Command } from 'commander';
import { Option } from 'commander';
import { addCaCommand } from './ca-command.ts';
import { addCacheCommand } from './cache-command.ts';
import { checkDataDirectory } from './data-directory.ts';
import type { EngineFlags } from './engine-flags.ts';
import { addEngineFlags, engineOptions, port } from './engine-flags.ts';
import { hopscopeCommand } from './hopscope-command.ts';
import type { LogFormat } from './log-format.ts';
import { addOpenCommand } from './open-command.ts';
import { outlastReaders } from './output-reader.ts';
import type { OwnProgram } from './own-program.ts';
import { npmProgram } from './own-program.ts';
import { addRunCommand } from './run-command.ts';
import type { ServeOptions } from './serve.ts';
import { addSessionsCommand } from './sessions-command.ts';
import { addSystemProxyCommand, headlessWatchdog } from './system-proxy-command.ts';

/** The flags of `hopscope serve` as commander gives them. */
type ServeFlags = EngineFlags &
  Pick<ServeOptions, 'ui' | 'uiPort' | 'open' | 'openSession' | 'systemProxy' | 'logFormat'>;

/** Commands that are there for something else than what they print. */
const LASTING: readonly string[] = ['serve', 'run', 'open', 'watch'];

/** The `hopscope` command. Wrong usage throws a CommanderError after one line on stderr. */
export function commandLine(own: OwnProgram = npmProgram, format: LogFormat = 'text'): Command {
  const program = hopscopeCommand(format).hook('preAction', (_program, command) => {
    const { dataDir } = command.opts<{ dataDir?: string }>();
    if (dataDir !== undefined) checkDataDirectory(dataDir);
    if (LASTING.includes(command.name())) outlastReaders();
  });
  const serving = program
    .command('serve', { isDefault: true })
    .description('run the proxy without a window, with its user interface served to a browser');
  addEngineFlags(serving)
    .option('--ui-port <number>', 'port of the user interface (default: the next free one after the proxy)', port)
    .option('--no-ui', 'do not serve the user interface')
    .option('--open', 'open the user interface in a browser', false)
    .option('--open-session <file>', 'a saved session or HAR file to begin with')
    .option('--system-proxy', "set the system's proxy to this one as long as it runs", false)
    .addOption(new Option('--log-format <format>', 'output format').choices(['text', 'json']).default('text'))
    .allowExcessArguments()
    .exitOverride()
    .action(async (flags: ServeFlags, command: Command) => {
      const [word] = command.args;
      // It is what a wrong command's name leads to as well.
      if (word !== undefined) command.error(`hopscope: unknown command '${word}'; "hopscope help" lists them`);
      const idle = flags.open ? '--open' : flags.uiPort === undefined ? undefined : '--ui-port';
      if (!flags.ui && idle !== undefined)
        command.error(`hopscope: ${idle} is about the user interface: leave out --no-ui`);
      const { command: name } = own;
      const options = { ...flags, ...engineOptions(flags, command), command: name, watchdog: headlessWatchdog(own) };
      // The other commands, and a wrong flag, need none of the engine.
      const { serve } = await import('./serve.ts');
      await serve(options);
    });
  addRunCommand(program);
  addOpenCommand(program);
  addCaCommand(program);
  addCacheCommand(program);
  addSessionsCommand(program);
  addSystemProxyCommand(program);
  return program;
}
