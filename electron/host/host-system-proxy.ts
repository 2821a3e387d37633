import { join } from 'node:path';
import { messageOf } from '../../shared/message-of.ts';
import type { Engine } from '../engine/engine.ts';
import { localUrl } from '../launch/launcher.ts';
import type { Command } from '../system-proxy/proxy-system.ts';
import { runCommand } from '../system-proxy/run-command.ts';
import { surroundings, systemHere, systemNamed } from '../system-proxy/system-here.ts';
import type { SystemProxyOptions } from '../system-proxy/system-proxy.ts';
import { SystemProxy } from '../system-proxy/system-proxy.ts';
import { defaultDataDirectory } from './data-directory.ts';

/** What finds, asks and undoes the system's proxy here, without an engine. */
export function systemProxyHere(): Pick<SystemProxyOptions, 'directory' | 'system' | 'find' | 'run'> {
  const here = surroundings();
  return {
    // One for each user, whatever data directory a Hopscope has: so is the setting.
    directory: join(defaultDataDirectory(), 'system-proxy'),
    system: systemHere(here),
    find: (name) => systemNamed(name, here),
    run: runCommand,
  };
}

/** The system's proxy, to be set to an engine. @param watchdog starts what a host has for it. */
export function hostSystemProxy(engine: Engine, watchdog: Command): SystemProxy {
  return new SystemProxy({
    ...systemProxyHere(),
    watchdog,
    proxy: () => (engine.status.proxyUrl === undefined ? undefined : new URL(localUrl(engine.status.proxyUrl)).host),
    bypass: () => engine.settings.systemProxy.bypass,
  });
}

/** Undoes what a run that ended badly left behind, and says so; a failure is worth a line and stops nothing. */
export async function recoverSystemProxy(proxy: SystemProxy, log: (sentence: string) => void): Promise<void> {
  try {
    const undone = await proxy.recover();
    if (undone === 'restored') log('An earlier run ended with the system proxy set to it; it was set back.');
  } catch (error) {
    log(`An earlier run left the system proxy set, and it cannot be set back: ${messageOf(error)}`);
  }
}

/** Sets the system's proxy back before a host ends; a failure is left to the watchdog and the next start. */
export async function releaseSystemProxy(proxy: SystemProxy, log: (sentence: string) => void): Promise<void> {
  try {
    if ((await proxy.turnOff()) === 'left') log('The system proxy was changed by somebody else since; it stays so.');
  } catch (error) {
    log(`The system proxy could not be set back: ${messageOf(error)}; "hopscope system-proxy restore" tries again`);
  }
}
