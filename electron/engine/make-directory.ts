import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory and what is missing above it, unless it is there. Node's own `recursive` never ends, and takes the whole
 * thread with it, where the system says of a name below an existing directory that there is no such directory, as in `/proc`.
 *
 * @param mode of each directory that is made, as for `mkdir`
 * @throws the system's error when it cannot be made
 */
export function makeDirectory(path: string, mode?: number): void {
  try {
    mkdirSync(path, mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(path) !== path) {
      makeDirectory(dirname(path), mode);
      // Once more, and no further: what is above it is there now.
      mkdirSync(path, mode);
    } else if (!isDirectory(path)) {
      throw error;
    }
  }
}

/** Follows links; systems differ in what they say of a directory that is there, so it is looked at. */
function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
