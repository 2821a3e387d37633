import { realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { defaultDataDirectory } from './data-directory.ts';

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
  const word = shellWord(file, platform);
  // PowerShell takes a quoted path for a text unless it is called.
  return platform === 'win32' && word !== file ? `& ${word}` : word;
}

/** What a person does in a terminal here, ready for its shell: on Windows PowerShell, with which terminals begin there. */
export interface TerminalLines {
  /** Has all that the terminal starts from then on use the proxy. */
  readonly here: string;
  /** Has one command use it. */
  readonly once: string;
  /** Has the system trust the authority. */
  readonly trust: string;
}

/** @param command see {@link OwnProgram}. @param dataDir is named where commands would look for another one. */
export function terminalLines(command: string, dataDir: string, platform = process.platform): TerminalLines {
  const place = dataDir === defaultDataDirectory(platform) ? '' : ` --data-dir ${shellWord(dataDir, platform)}`;
  const env = `${command} env${place}`;
  return {
    here: platform === 'win32' ? `${env} --shell powershell | Out-String | Invoke-Expression` : `eval "$(${env})"`,
    once: `${command} run${place} -- npm test`,
    trust: `${command} ca install${place}`,
  };
}

function shellWord(text: string, platform: NodeJS.Platform): string {
  if (platform === 'win32') return /^[\w:\\.-]+$/.test(text) ? text : `"${text}"`;
  return /^[\w/.+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
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
