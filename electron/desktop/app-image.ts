/** What an AppImage's runtime tells of the file that it has mounted. zsh, for one, starts every command under the name in ARGV0. */
const RUNTIME: readonly string[] = ['APPIMAGE', 'APPDIR', 'ARGV0', 'OWD'];
/** Lists of directories that electron-builder's AppRun puts some of the mounted ones into. */
const LISTS: readonly string[] = ['PATH', 'XDG_DATA_DIRS', 'LD_LIBRARY_PATH', 'GSETTINGS_SCHEMA_DIR'];

type Environment = Readonly<Record<string, string | undefined>>;

/** The AppImage that a program runs from; undefined for other programs, such as one that was started by an AppImage's. */
export function appImageOf(env: Environment, program: string): string | undefined {
  return runsFrom(env['APPDIR'], program) ? env['APPIMAGE'] : undefined;
}

/**
 * The environment of a program as it was before its AppImage added to it: what other programs are to be started with, which
 * would else load its libraries, or take themselves for that AppImage.
 */
export function withoutAppImage(env: Environment, program: string): Record<string, string> {
  const directory = env['APPDIR'];
  const variables = Object.entries(env).filter(isSet);
  if (!runsFrom(directory, program)) return Object.fromEntries(variables);
  const isOurs = (entry: string): boolean => entry === directory || runsFrom(directory, entry);
  const before = variables
    .filter(([name]) => !RUNTIME.includes(name))
    .map(([name, value]): [string, string] => {
      if (!LISTS.includes(name)) return [name, value];
      return [
        name,
        value
          .split(':')
          .filter((entry) => !isOurs(entry))
          .join(':'),
      ];
    });
  return Object.fromEntries(before.filter(([name, value]) => value !== '' || !LISTS.includes(name)));
}

function runsFrom(directory: string | undefined, path: string): boolean {
  return directory !== undefined && path.startsWith(`${directory}/`);
}

function isSet(variable: [string, string | undefined]): variable is [string, string] {
  return variable[1] !== undefined;
}

/** The AppImage that this process was started from, if any. */
export const appImage = appImageOf(process.env, process.execPath);

/** Has what this process starts from now on get the environment that it was itself started with; see {@link appImage}. */
export function leaveAppImage(): void {
  const { env } = process;
  const before = withoutAppImage(env, process.execPath);
  for (const name of Object.keys(env)) {
    if (!(name in before)) Reflect.deleteProperty(env, name);
  }
  Object.assign(env, before);
}
