import type { Command, ProxySystem, Run } from './proxy-system.ts';
import { changedKeys } from './proxy-system.ts';

const KEY = String.raw`HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings`;
const GROUP = 'Internet Settings';
const SCRIPT = 'AutoConfigURL';

// INTERNET_OPTION_SETTINGS_CHANGED (39) and INTERNET_OPTION_REFRESH (37): without them running programs go on as before.
const REFRESH_SCRIPT = [
  String.raw`$wininet = Add-Type -Name WinInet -Namespace Hopscope -PassThru -MemberDefinition '[DllImport("wininet.dll")] public static extern bool InternetSetOption(System.IntPtr handle, int option, System.IntPtr buffer, int length);'`,
  '[void]$wininet::InternetSetOption(0, 39, 0, 0)',
  '[void]$wininet::InternetSetOption(0, 37, 0, 0)',
].join('; ');

const REFRESH: Command = {
  command: 'powershell',
  // Encoded, because no two programs on Windows agree about quotes.
  args: ['-NoProfile', '-NonInteractive', '-EncodedCommand', Buffer.from(REFRESH_SCRIPT, 'utf16le').toString('base64')],
  optional: true,
};

/** Windows: the user's internet settings in the registry. A script goes before the proxy by hand, which stays as it is. */
export const windowsProxy: ProxySystem = {
  name: 'windows',
  label: "Windows' internet settings",
  address: SCRIPT,
  async read(run) {
    return { [GROUP]: { [SCRIPT]: await value(run, SCRIPT) } };
  },
  async manualProxy(run) {
    if (Number(await value(run, 'ProxyEnable')) !== 1) return undefined;
    const server = (await value(run, 'ProxyServer')) ?? '';
    // Either one for all, or a list as in "http=a:80;https=b:80".
    return /(?:^|;)(?:http=)?(?:http:\/\/)?([^=;/]+:\d+)/.exec(server)?.[1];
  },
  withScript: (_state, url) => ({ [GROUP]: { [SCRIPT]: url } }),
  uses: (state, url) => state[GROUP]?.[SCRIPT] === url,
  write(from, to) {
    const commands = changedKeys(from[GROUP], to[GROUP] ?? {}).map(([key, text]) => ({
      command: 'reg',
      args:
        text === null ? ['delete', KEY, '/v', key, '/f'] : ['add', KEY, '/v', key, '/t', 'REG_SZ', '/d', text, '/f'],
    }));
    return [...commands, REFRESH];
  },
};

/** A value of the registry; null when it is not there, which `reg` says by exit code 1. */
async function value(run: Run, name: string): Promise<string | null> {
  const { code, stdout } = await run({ command: 'reg', args: ['query', KEY, '/v', name] });
  if (code === 1) return null;
  if (code !== 0) throw new Error(`reg query failed with exit code ${code}`);
  return /^\s+\w+\s+REG_\w+[ \t]+(.*?)\s*$/m.exec(stdout)?.[1] ?? null;
}
