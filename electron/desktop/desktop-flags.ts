import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { EngineFlags } from '../host/engine-flags.ts';
import { addEngineFlags, engineOptions } from '../host/engine-flags.ts';
import { hopscopeCommand } from '../host/hopscope-command.ts';
import type { HostOptions } from '../host/start-host.ts';

/**
 * Reads the app's flags from `args`, which lack the program's own path.
 * @throws {CommanderError} after one line on stderr, for a wrong one.
 */
export function desktopFlags(args: readonly string[]): Omit<HostOptions, 'version'> {
  // Chromium takes switches from the same arguments, and a system may add what it opens: neither is ours to refuse.
  const command: Command = addEngineFlags(hopscopeCommand()).allowUnknownOption().allowExcessArguments();
  command.parse(args, { from: 'user' });
  const options = engineOptions(command.opts<EngineFlags>(), command);
  // Electron takes absolute paths only.
  const caDir = options.caDir === undefined ? {} : { caDir: resolve(options.caDir) };
  return { ...options, dataDir: resolve(options.dataDir), ...caDir };
}
