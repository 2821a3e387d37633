import type { Command } from 'commander';
import type { EngineFlags } from '../host/engine-flags.ts';
import { addEngineFlags, engineOptions } from '../host/engine-flags.ts';
import { hopscopeCommand } from '../host/hopscope-command.ts';
import { COMMAND_NAMES } from '../host/command-names.ts';
import type { HostOptions } from '../host/start-host.ts';

/** A command line of the app, read. */
export interface DesktopStart {
  readonly host: Omit<HostOptions, 'version'>;
  /** What is no flag of ours: files, links, and switches that are meant for Chromium. */
  readonly words: readonly string[];
  /** Flags that were given and that count only when the app starts. */
  readonly startOnly: readonly string[];
}

/** Flags that an engine cannot take while it runs. */
const START_ONLY: readonly string[] = ['host', 'port', 'caDir', 'allowRemote'];

/**
 * Reads the app's command line from `args`, which lack the program's own path.
 * @throws {CommanderError} after one line on stderr, for a wrong one.
 */
export function desktopFlags(args: readonly string[]): DesktopStart {
  // Chromium takes switches from the same arguments, and a system may add what it opens: neither is ours to refuse.
  const command: Command = addEngineFlags(hopscopeCommand())
    .usage('[options] [files and hopscope: links…]\n       hopscope <command> …')
    .addHelpText('after', `\nCommands: ${COMMAND_NAMES.join(', ')}; "help <command>" tells of each.`)
    .allowUnknownOption()
    .allowExcessArguments();
  command.parse(args, { from: 'user' });
  return {
    host: engineOptions(command.opts<EngineFlags>(), command),
    words: command.args,
    startOnly: command.options
      .filter((option) => START_ONLY.includes(option.attributeName()))
      .filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli')
      .map((option) => option.long ?? option.flags),
  };
}
