import { existsSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * The interpreter to run an application with.
 *
 * @param wanted an interpreter, or the folder of a virtual environment; relative to `directory`, unless it is a bare
 *   name, which is looked up on PATH. Empty: the environment in `.venv` or `venv`, the active one, or python3 on PATH.
 */
export function findPython(wanted: string, directory: string, env: NodeJS.ProcessEnv = process.env): string {
  if (wanted !== '') {
    if (!/[/\\]/.test(wanted) && !existsSync(resolve(directory, wanted))) return wanted;
    const path = isAbsolute(wanted) ? wanted : resolve(directory, wanted);
    return isDirectory(path) ? interpreterIn(path) : path;
  }
  const environments = [join(directory, '.venv'), join(directory, 'venv'), env['VIRTUAL_ENV'] ?? ''];
  for (const environment of environments) {
    if (environment !== '' && existsSync(interpreterIn(environment))) return interpreterIn(environment);
  }
  return process.platform === 'win32' ? 'python' : 'python3';
}

function interpreterIn(environment: string): string {
  return process.platform === 'win32' ? join(environment, 'Scripts', 'python.exe') : join(environment, 'bin', 'python');
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
