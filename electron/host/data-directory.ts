import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { makeDirectory } from '../engine/make-directory.ts';
import { whyNotWritten } from '../engine/write-trouble.ts';
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
 * Parses a flag that names a directory. It becomes absolute: programs that run elsewhere are told of the files in it, and
 * Electron takes nothing else.
 */
export function directory(path: string): string {
  if (path === '') throw new InvalidArgumentError('A directory needs a name.');
  return resolve(path);
}

/** The flags that choose where something is kept. */
type DirectoryFlag = '--data-dir' | '--ca-dir';

/** Why a name can be no directory's, by the system's code, as the end of a sentence. */
const NO_DIRECTORY: Readonly<Record<string, string>> = {
  EEXIST: 'it is no directory',
  ENOTDIR: 'a part of its path is no directory',
  ENOENT: 'no directory can be made there',
  ENAMETOOLONG: 'its name is too long',
};

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

/**
 * Looks whether a directory for data can be one, for commands that make none: nothing there yet is as good as an empty one.
 * @throws {UsageError} for a name that leads to something else; an error for what this user may not look into.
 */
export function checkDataDirectory(directory: string): void {
  let code: string | undefined;
  try {
    if (!statSync(directory).isDirectory()) code = 'EEXIST';
    else accessSync(directory, constants.R_OK | constants.X_OK);
  } catch (error) {
    ({ code } = error as NodeJS.ErrnoException);
  }
  if (code === 'EACCES') {
    throw new Error(`Hopscope may not look into ${directory} (EACCES); choose another directory with --data-dir`);
  }
  const reason = code === 'ENOENT' ? undefined : NO_DIRECTORY[code ?? ''];
  if (reason !== undefined) throw noDirectory(directory, reason, '--data-dir');
}

/**
 * The error for what could not be written to `directory`, which `flag` chooses: its sentence says what to do instead. A name
 * that no directory can have is wrong usage; a disk that takes nothing is not.
 */
export function nothingKept(directory: string, cause: unknown, flag: DirectoryFlag = '--data-dir'): Error {
  const wrongName = NO_DIRECTORY[(cause as NodeJS.ErrnoException).code ?? ''];
  if (wrongName !== undefined) return noDirectory(directory, wrongName, flag, cause);
  return new Error(sentenceFor(directory, whyNotWritten(cause), flag), { cause });
}

function noDirectory(directory: string, reason: string, flag: DirectoryFlag, cause?: unknown): UsageError {
  return new UsageError(sentenceFor(directory, reason, flag), { cause });
}

function sentenceFor(directory: string, reason: string, flag: DirectoryFlag): string {
  return `nothing can be kept in ${directory}: ${reason}; change that, or choose another directory with ${flag}`;
}
