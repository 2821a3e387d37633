import { join } from 'node:path';
import { app } from 'electron';
import type { OwnProgram } from '../host/own-program.ts';
import { commandFor, realPathHere } from '../host/own-program.ts';
import { COMMAND_NAMES } from '../host/command-names.ts';
import { runCommandLine } from '../host/run-command-line.ts';
import { appImage } from './app-image.ts';
import { passingDirectory } from './chromium-directory.ts';

/** What shells report of a program that a SIGTERM has ended. */
const TERMINATED = 143;

/** The words of a `hopscope` command; undefined when the app itself is to start. @param args without the program's own path. */
export function commandIn(args: readonly string[]): readonly string[] | undefined {
  // In development the first word is what Electron was given to run. The system hands files over by absolute paths.
  const given = app.isPackaged ? args : args.slice(1);
  // An AppImage's AppRun puts this before everything else where namespaces cannot be had.
  const words = given[0] === '--no-sandbox' ? given.slice(1) : given;
  return COMMAND_NAMES.includes(words[0] ?? '') ? words : undefined;
}

/** Runs a command of {@link commandIn} as the npm package's program does, without becoming an application; gives its exit code. */
export async function runCommand(words: readonly string[]): Promise<number> {
  showNothing();
  // Electron installs its own answers to signals before it is ready, and commands put theirs over them.
  await app.whenReady();
  // A signal that the command does not listen to has Electron quit.
  app.on('before-quit', () => app.exit(TERMINATED));
  const code = await runCommandLine(words, ownProgram());
  await Promise.all([process.stdout, process.stderr].map(written));
  return code;
}

/** For starts of the app that show nothing: no graphics, no icon, and what Chromium keeps is gone afterwards. */
export function showNothing(): void {
  app.disableHardwareAcceleration();
  app.dock?.hide();
  app.setPath('userData', passingDirectory('hopscope-command-'));
}

/** How the app is called as a command. */
export function ownProgram(): OwnProgram {
  if (!app.isPackaged) return { command: 'hopscope', args: [...process.execArgv, app.getAppPath()] };
  const { platform, execPath, env, resourcesPath } = process;
  // An AppImage runs from where it is mounted. On Windows, a shell waits for a script but not for an application.
  const file = appImage ?? (platform === 'win32' ? join(resourcesPath, 'bin', 'hopscope.cmd') : execPath);
  return { command: commandFor({ file, platform, path: env['PATH'], realPath: realPathHere }), args: [] };
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}
