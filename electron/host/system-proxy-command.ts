import type { Command } from 'commander';
import { SystemProxy, undoLeftover } from '../system-proxy/system-proxy.ts';
import { parentEnded } from '../system-proxy/watchdog.ts';
import { systemProxyHere } from './host-system-proxy.ts';
import { resultOfRunning } from './control-channel.ts';
import { defaultDataDirectory, directory } from './data-directory.ts';
import type { OwnProgram } from './own-program.ts';
import { npmProgram } from './own-program.ts';

interface Place {
  readonly dataDir: string;
}

const WATCH = 'watch';

/** What starts a watchdog of the headless host: this program again, in the same way. */
export function headlessWatchdog({ args }: OwnProgram): { readonly command: string; readonly args: readonly string[] } {
  return { command: process.execPath, args: [...args, 'system-proxy', WATCH] };
}

/** Adds `hopscope system-proxy …`: the system's proxy from a terminal. */
export function addSystemProxyCommand(program: Command): void {
  const proxy = program.command('system-proxy').description("the system's proxy setting").exitOverride();
  withPlace(proxy.command('on'), 'have the running Hopscope set it to itself').action(({ dataDir }: Place) =>
    set(dataDir, true),
  );
  withPlace(proxy.command('off'), 'have the running Hopscope set it back').action(({ dataDir }: Place) =>
    set(dataDir, false),
  );
  withPlace(proxy.command('status'), 'say how it stands').action(tell);
  withPlace(proxy.command('restore'), 'set it back after a run that ended badly').action(restore);
  proxy.command(WATCH, { hidden: true }).action(async () => {
    await parentEnded();
    await undoLeftover(systemProxyHere());
  });
}

function withPlace(command: Command, description: string): Command {
  return command
    .description(description)
    .option('--data-dir <directory>', "the running Hopscope's data directory", directory, defaultDataDirectory())
    .allowExcessArguments(false);
}

async function set(dataDir: string, on: boolean): Promise<void> {
  if ((await resultOfRunning(dataDir, 'systemProxy.set', { on })) === undefined)
    throw new Error(`no Hopscope runs on ${dataDir}; "hopscope serve --system-proxy" starts one that sets it`);
  await tell();
}

const SENTENCES = {
  on: 'The system proxy is set to Hopscope.',
  off: 'The system proxy is not set to Hopscope.',
  replaced: 'The system proxy was set to Hopscope, and somebody has set another one since.',
  elsewhere: 'The system proxy is set to Hopscope.',
  unsupported: 'Hopscope does not know how the proxy of this system is set.',
} as const;

async function tell(): Promise<void> {
  const { state, system } = await here().status();
  process.stdout.write(`${SENTENCES[state]}${system === undefined ? '' : ` It is kept in ${system}.`}\n`);
}

async function restore(): Promise<void> {
  const undone = await here().recover();
  const words = {
    restored: 'The system proxy is as it was before Hopscope.',
    left: 'The system proxy was changed by somebody else since; it stays so.',
    nothing: 'There is nothing to set back, or a running Hopscope has it.',
  };
  process.stdout.write(`${words[undone ?? 'nothing']}\n`);
}

/** The system's proxy as something to look at and to set back, without an engine to set it to. */
function here(): SystemProxy {
  return new SystemProxy({
    ...systemProxyHere(),
    watchdog: headlessWatchdog(npmProgram),
    proxy: () => undefined,
    bypass: () => [],
  });
}
