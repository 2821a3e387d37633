import { realpathSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { isDiskFull } from '../engine/write-trouble.ts';
import { NotWritten } from '../engine/write-whole.ts';

/** Parses a flag that names a file to be written: what is there already is replaced as a whole, so it must be a file. */
export function outputFile(path: string): string {
  if (path === '') throw new InvalidArgumentError('A file needs a name.');
  const there = lookAt(path);
  if (there?.isDirectory() === true) throw new InvalidArgumentError('It is a directory; name a file in it.');
  if (there?.isFile() === false) throw new InvalidArgumentError('It is no file that could be replaced.');
  const directory = dirname(resolve(path));
  const parent = lookAt(directory);
  if (parent === undefined || parent?.isDirectory() === false) {
    throw new InvalidArgumentError(`There is no directory ${directory}; make it first.`);
  }
  return path;
}

/** Undefined for nothing, null for what this user may not look at: whoever writes there learns why not. */
function lookAt(path: string): Stats | undefined | null {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENAMETOOLONG') throw new InvalidArgumentError('Its name is too long.');
    if (code === 'ELOOP') throw new InvalidArgumentError('Its links lead in a circle.');
    return null;
  }
}

/**
 * Has `write` write a command's output to `path`, whose sentence for people says what to do when that fails. Whoever ends the
 * command meanwhile ends it as ever, but nothing half written is left.
 */
export async function writeOutput<T>(
  path: string,
  write: (path: string, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  let signal: NodeJS.Signals | undefined;
  const end = (name: NodeJS.Signals): void => {
    signal = name;
    abort.abort();
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  try {
    return await write(linkedFile(path), abort.signal);
  } catch (error) {
    if (!(error instanceof NotWritten)) throw error;
    const help = `${isDiskFull(error.cause) ? 'make room, or ' : ''}choose another file with --output`;
    throw new Error(`${path} was not written: ${error.reason}; ${help}`, { cause: error });
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
    // By now nobody listens to it any more.
    if (signal !== undefined) process.kill(process.pid, signal);
  }
}

/** The file that a link leads to: the link is not what is to be replaced. */
function linkedFile(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // There is nothing yet, or nothing that could be written; which of them shows in writing it.
    return resolve(path);
  }
}
