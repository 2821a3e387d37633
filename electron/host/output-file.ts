import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';

/** Parses a flag that names a file to be written: what is there already is replaced as a whole, so it must be a file. */
export function outputFile(path: string): string {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory() === true) throw new InvalidArgumentError('It is a directory.');
  if (there?.isFile() === false) throw new InvalidArgumentError('It is no file that could be replaced.');
  const directory = dirname(resolve(path));
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true) return path;
  throw new InvalidArgumentError(`There is no directory ${directory}.`);
}
