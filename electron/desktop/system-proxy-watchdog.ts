import { app } from 'electron';
import { systemProxyHere } from '../host/host-system-proxy.ts';
import type { Command } from '../system-proxy/proxy-system.ts';
import { undoLeftover } from '../system-proxy/system-proxy.ts';
import { parentEnded } from '../system-proxy/watchdog.ts';

const FLAG = '--watch-system-proxy';

/** What starts a watchdog of the desktop app: the app again, which then shows nothing. It cannot run as plain Node. */
export function desktopWatchdog(): Command {
  const program = app.isPackaged ? [] : [...process.execArgv, app.getAppPath()];
  return { command: process.execPath, args: [...program, FLAG] };
}

/** Whether this process was started to be a watchdog. */
export function isWatchdog(argv: readonly string[]): boolean {
  return argv.includes(FLAG);
}

/** Waits for the end of the app that started this process, and undoes what that left behind. */
export async function watch(): Promise<void> {
  // Neither an icon nor a process for graphics: it has nothing to show.
  app.disableHardwareAcceleration();
  app.dock?.hide();
  await parentEnded();
  await undoLeftover(systemProxyHere());
}
