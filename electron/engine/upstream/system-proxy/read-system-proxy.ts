import { execFile } from 'node:child_process';
import type { SystemProxySettings } from './system-settings.ts';
import { fromEnvironment, fromGsettings, fromRegistry, fromScutil } from './system-settings.ts';

const INTERNET_SETTINGS = String.raw`HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings`;

/** How each system is asked. */
const SOURCES: Readonly<
  Record<
    string,
    readonly [command: string, args: readonly string[], parse: (output: string) => SystemProxySettings | undefined]
  >
> = {
  linux: ['gsettings', ['list-recursively', 'org.gnome.system.proxy'], fromGsettings],
  darwin: ['scutil', ['--proxy'], fromScutil],
  win32: ['reg', ['query', INTERNET_SETTINGS], fromRegistry],
};

/** The proxy settings of the environment or, where it has none, of the desktop; undefined when there are none. */
export async function readSystemProxy(): Promise<SystemProxySettings | undefined> {
  const environment = fromEnvironment(process.env);
  const source = SOURCES[process.platform];
  if (environment !== undefined || source === undefined) return environment;
  const [command, args, parse] = source;
  return parse(await output(command, args));
}

/** What a command prints; nothing when it is not there, as gsettings is not on a server. */
function output(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: 3_000 }, (error, stdout) => resolve(error === null ? stdout : ''));
  });
}
