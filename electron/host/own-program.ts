import { realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** How this program is called. */
export interface OwnProgram {
  /** By a person in a terminal here, ready for the shell. */
  readonly command: string;
  /** By itself: what this process's executable is given before the words of a command. */
  readonly args: readonly string[];
}

/** As npm installs it, and as it is started from its sources. */
export const npmProgram: OwnProgram = { command: 'hopscope', args: [process.argv[1] ?? ''] };

export interface InstalledProgram {
  /** Absolute path of what is to be called. */
  readonly file: string;
  readonly platform: NodeJS.Platform;
  /** The PATH of terminals, as far as it is known. */
  readonly path: string | undefined;
  /** Where a path leads when links are followed; undefined where nothing is. */
  readonly realPath: (path: string) => string | undefined;
}

/** How a terminal calls a program: by name where a directory of its PATH has it under that, or else by its quoted path. */
export function commandFor({ file, platform, path = '', realPath }: InstalledProgram): string {
  const target = realPath(file);
  const found = path.split(delimiter).some((directory) => {
    return target !== undefined && directory !== '' && realPath(join(directory, 'hopscope')) === target;
  });
  if (found) return 'hopscope';
  // PowerShell, which is what terminals of Windows begin with, takes a quoted path for a text unless it is called.
  if (platform === 'win32') return /^[\w:\\.-]+$/.test(file) ? file : `& "${file}"`;
  return /^[\w/.+-]+$/.test(file) ? file : `'${file.replaceAll("'", String.raw`'\''`)}'`;
}

/** {@link InstalledProgram.realPath} on this machine. */
export function realPathHere(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    // Whatever keeps it from being looked at keeps a shell from finding it.
    return undefined;
  }
}
