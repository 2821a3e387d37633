import { homedir } from 'node:os';
import { join } from 'node:path';
import { makeDirectory } from '../engine/make-directory.ts';
import { isWriteTrouble, whyNotWritten } from '../engine/write-trouble.ts';
import { UsageError } from './usage-error.ts';

/** Where settings and sessions live unless told otherwise: the place each system has for an application's data. */
export function defaultDataDirectory(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): string {
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Hopscope');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Hopscope');
  // The XDG base directory rules: a relative path is to be ignored.
  const config = env['XDG_CONFIG_HOME'];
  return join(config?.startsWith('/') === true ? config : join(homedir(), '.config'), 'hopscope');
}

/**
 * Makes a directory for data, which `flag` chooses, unless it is there.
 * @throws an error whose sentence says what to do instead.
 */
export function makeDataDirectory(directory: string, flag?: DirectoryFlag): void {
  try {
    makeDirectory(directory);
  } catch (error) {
    throw nothingKept(directory, error, flag);
  }
}

/** The flags that choose where something is kept. */
export type DirectoryFlag = '--data-dir' | '--ca-dir';

/**
 * The error for what could not be written to `directory`, which `flag` chooses: its sentence says what to do instead. A name
 * that no directory can have is wrong usage; a disk that takes nothing is not.
 */
export function nothingKept(directory: string, cause: unknown, flag: DirectoryFlag = '--data-dir'): Error {
  const { code = '' } = cause as NodeJS.ErrnoException;
  const why = NO_DIRECTORY[code] ?? whyNotWritten(cause);
  const message = `nothing can be kept in ${directory || '""'}: ${why}; change that, or choose another directory with ${flag}`;
  return isWriteTrouble(cause) ? new Error(message, { cause }) : new UsageError(message, { cause });
}

const NO_DIRECTORY: Readonly<Record<string, string>> = {
  EEXIST: 'it is no directory',
  ENOTDIR: 'a part of its path is no directory',
  ENOENT: 'no directory can be made there',
};
