import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { whyNotWritten } from '../engine/write-trouble.ts';

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

/** Makes a directory for data unless it is there. @throws an error whose sentence says what to do instead. */
export function makeDataDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw nothingKept(directory, error);
  }
}

/** The error for what could not be written to `directory`, which `flag` chooses: its sentence says what to do instead. */
export function nothingKept(directory: string, cause: unknown, flag = '--data-dir'): Error {
  const sentence = `nothing can be kept in ${directory}: ${whyNotWritten(cause)}`;
  return new Error(`${sentence}; change that, or choose another directory with ${flag}`, { cause });
}
