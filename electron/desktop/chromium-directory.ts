import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app } from 'electron';
import { makeDataDirectory } from '../host/data-directory.ts';

/**
 * Has Chromium keep what is its own beside the app's data. Where it may not write there, a directory for this run alone has to
 * do: Electron would take the lock that it cannot make for one that another instance has, and the app would end without a word.
 */
export function placeChromium(dataDir: string): void {
  const directory = join(dataDir, 'window');
  makeDataDirectory(directory);
  app.setPath('userData', takesFiles(directory) ? directory : passingDirectory('hopscope-window-'));
}

/** A directory among the temporary files that is gone when the app is. */
export function passingDirectory(prefix: string): string {
  const directory = mkdtempSync(join(tmpdir(), prefix));
  app.once('quit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Tries it: systems differ in what they say of rights. */
function takesFiles(directory: string): boolean {
  const probe = join(directory, 'probe');
  try {
    closeSync(openSync(probe, 'w'));
    rmSync(probe);
    return true;
  } catch {
    return false;
  }
}
