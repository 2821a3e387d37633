import { systemProxyHere } from '../host/host-system-proxy.ts';
import type { Command } from '../system-proxy/proxy-system.ts';
import { undoLeftover } from '../system-proxy/system-proxy.ts';
import { parentEnded } from '../system-proxy/watchdog.ts';
import { appImage } from './app-image.ts';
import { ownProgram, showNothing } from './command-start.ts';

const FLAG = '--watch-system-proxy';

/**
 * What starts a watchdog of the desktop app: the app again, which then shows nothing. It cannot run as plain Node. An AppImage
 * is started as a whole, because what this process runs from is unmounted when it ends.
 */
export function desktopWatchdog(): Command {
  return { command: appImage ?? process.execPath, args: [...ownProgram().args, FLAG] };
}

/** Whether this process was started to be a watchdog. */
export function isWatchdog(argv: readonly string[]): boolean {
  return argv.includes(FLAG);
}

/** Waits for the end of the app that started this process, and undoes what that left behind. */
export async function watch(): Promise<void> {
  showNothing();
  await parentEnded();
  await undoLeftover(systemProxyHere());
}
