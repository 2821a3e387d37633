import { describe, expect, it } from 'vitest';
import { gnomeProxy } from '../../electron/system-proxy/gnome-proxy.ts';
import { kdeProxy } from '../../electron/system-proxy/kde-proxy.ts';
import { macosProxy } from '../../electron/system-proxy/macos-proxy.ts';
import type { Command, ProxySystem, Run } from '../../electron/system-proxy/proxy-system.ts';
import { systemHere } from '../../electron/system-proxy/system-here.ts';
import { windowsProxy } from '../../electron/system-proxy/windows-proxy.ts';

const url = 'http://127.0.0.1:40123/0011223344556677/hopscope.pac';
const registryKey = String.raw`HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings`;

/** A command as one line, with what an encoded command stands for. */
function line({ command, args }: Command): string {
  const at = args.indexOf('-EncodedCommand');
  const shown = at < 0 ? args : [...args.slice(0, at), '…'];
  return [command, ...shown].map((word) => (/[\s'"]/.test(word) ? `<${word}>` : word)).join(' ');
}

/** Answers commands from a table of lines; one that is not in it exits with 1. */
function answering(answers: Readonly<Record<string, string>>): { run: Run; asked: string[] } {
  const asked: string[] = [];
  const run: Run = (command) => {
    asked.push(line(command));
    const stdout = answers[line(command)];
    return Promise.resolve(stdout === undefined ? { code: 1, stdout: '' } : { code: 0, stdout });
  };
  return { run, asked };
}

/** The commands that set `url` and those that take it back, for a system that answers so. */
async function roundTrip(system: ProxySystem, answers: Readonly<Record<string, string>>) {
  const { run, asked } = answering(answers);
  const before = await system.read(run);
  const ours = system.withScript(before, url);
  expect(system.uses(ours, url)).toBe(true);
  expect(system.uses(before, url)).toBe(false);
  expect(system.withScript(ours, url)).toEqual(ours);
  return { asked, on: system.write(before, ours).map(line), off: system.write(ours, before).map(line) };
}

describe('GNOME', () => {
  const schema = 'org.gnome.system.proxy';

  it('gets the address before the mode, and loses the mode before the address', async () => {
    const commands = await roundTrip(gnomeProxy, {
      [`gsettings get ${schema} mode`]: "'none'\n",
      [`gsettings get ${schema} autoconfig-url`]: "''\n",
    });
    expect(commands).toEqual({
      asked: [`gsettings get ${schema} mode`, `gsettings get ${schema} autoconfig-url`],
      on: [`gsettings set ${schema} autoconfig-url <'${url}'>`, `gsettings set ${schema} mode <'auto'>`],
      off: [`gsettings set ${schema} mode <'none'>`, `gsettings set ${schema} autoconfig-url <''>`],
    });
  });

  it('goes back to another script by its address alone', async () => {
    const { off } = await roundTrip(gnomeProxy, {
      [`gsettings get ${schema} mode`]: "'auto'\n",
      [`gsettings get ${schema} autoconfig-url`]: "'http://corp.example/proxy.pac'\n",
    });
    expect(off).toEqual([`gsettings set ${schema} autoconfig-url <'http://corp.example/proxy.pac'>`]);
  });

  it('tells of the proxy that was set by hand', async () => {
    const manual = {
      [`gsettings get ${schema} mode`]: "'manual'\n",
      [`gsettings get ${schema}.http host`]: "'corp.example'\n",
      [`gsettings get ${schema}.http port`]: '3128\n',
    };
    expect(await gnomeProxy.manualProxy(answering(manual).run)).toBe('corp.example:3128');
    const none = { ...manual, [`gsettings get ${schema} mode`]: "'none'\n" };
    expect(await gnomeProxy.manualProxy(answering(none).run)).toBeUndefined();
  });
});

describe('KDE', () => {
  const where = '--file kioslaverc --group <Proxy Settings> --key';
  const tell = 'dbus-send --type=signal /KIO/Scheduler org.kde.KIO.Scheduler.reparseSlaveConfiguration string:';

  it.each([5, 6] as const)('%i is set by its own programs, and told', async (generation) => {
    const write = `kwriteconfig${generation} ${where}`;
    const { on, off } = await roundTrip(kdeProxy(generation), {
      [`kreadconfig${generation} ${where} ProxyType`]: '0\n',
      [`kreadconfig${generation} ${where} <Proxy Config Script>`]: '\n',
    });
    expect(on).toEqual([`${write} <Proxy Config Script> ${url}`, `${write} ProxyType 2`, tell]);
    expect(off).toEqual([`${write} ProxyType 0`, `${write} <Proxy Config Script> --delete`, tell]);
  });

  it.each([
    ['http://corp.example 3128', 'corp.example:3128'],
    ['http://corp.example:3128', 'corp.example:3128'],
    ['', undefined],
  ])('tells of the proxy that was set by hand: %s', async (text, address) => {
    const { run } = answering({
      [`kreadconfig6 ${where} ProxyType`]: '1\n',
      [`kreadconfig6 ${where} httpProxy`]: `${text}\n`,
    });
    expect(await kdeProxy(6).manualProxy(run)).toBe(address);
  });
});

describe('Windows', () => {
  const refresh = 'powershell -NoProfile -NonInteractive …';
  const value = (name: string, type: string, data: string): string =>
    `\r\n${registryKey}\r\n    ${name}    ${type}    ${data}\r\n\r\n`;

  it('has one value in the registry, and running programs are told', async () => {
    const { asked, on, off } = await roundTrip(windowsProxy, {});
    expect(asked).toEqual([`reg query <${registryKey}> /v AutoConfigURL`]);
    expect(on).toEqual([`reg add <${registryKey}> /v AutoConfigURL /t REG_SZ /d ${url} /f`, refresh]);
    expect(off).toEqual([`reg delete <${registryKey}> /v AutoConfigURL /f`, refresh]);
  });

  it('goes back to another script', async () => {
    const corp = 'http://corp.example/proxy.pac';
    const { off } = await roundTrip(windowsProxy, {
      [`reg query <${registryKey}> /v AutoConfigURL`]: value('AutoConfigURL', 'REG_SZ', corp),
    });
    expect(off).toEqual([`reg add <${registryKey}> /v AutoConfigURL /t REG_SZ /d ${corp} /f`, refresh]);
  });

  it('tells running programs by the two options of WinINet', () => {
    const last = windowsProxy.write({}, {}).at(-1);
    const script = Buffer.from(last?.args.at(-1) ?? '', 'base64').toString('utf16le');
    expect(script).toContain('InternetSetOption(0, 39, 0, 0)');
    expect(script).toContain('InternetSetOption(0, 37, 0, 0)');
  });

  it.each([
    ['corp.example:3128', 'corp.example:3128'],
    ['http=corp.example:3128;https=other.example:80', 'corp.example:3128'],
  ])('tells of the proxy that was set by hand: %s', async (server, address) => {
    const { run } = answering({
      [`reg query <${registryKey}> /v ProxyEnable`]: value('ProxyEnable', 'REG_DWORD', '0x1'),
      [`reg query <${registryKey}> /v ProxyServer`]: value('ProxyServer', 'REG_SZ', server),
    });
    expect(await windowsProxy.manualProxy(run)).toBe(address);
  });
});

describe('macOS', () => {
  const list =
    'An asterisk (*) denotes that a network service is disabled.\nWi-Fi\n*Bluetooth PAN\nThunderbolt Ethernet\n';

  it('is set for every network service in use', async () => {
    const commands = await roundTrip(macosProxy, {
      'networksetup -listallnetworkservices': list,
      'networksetup -getautoproxyurl Wi-Fi': 'URL: (null)\nEnabled: No\n',
      'networksetup -getautoproxyurl <Thunderbolt Ethernet>': 'URL: http://corp.example/a.pac\nEnabled: Yes\n',
    });
    expect(commands.on).toEqual([
      `networksetup -setautoproxyurl Wi-Fi ${url}`,
      `networksetup -setautoproxyurl <Thunderbolt Ethernet> ${url}`,
    ]);
    expect(commands.off).toEqual([
      'networksetup -setautoproxystate Wi-Fi off',
      'networksetup -setautoproxyurl <Thunderbolt Ethernet> http://corp.example/a.pac',
    ]);
  });

  it('keeps an address that was there and switched off', async () => {
    const { off } = await roundTrip(macosProxy, {
      'networksetup -listallnetworkservices': 'Note\nWi-Fi\n',
      'networksetup -getautoproxyurl Wi-Fi': 'URL: http://corp.example/a.pac\nEnabled: No\n',
    });
    expect(off).toEqual([
      'networksetup -setautoproxyurl Wi-Fi http://corp.example/a.pac',
      'networksetup -setautoproxystate Wi-Fi off',
    ]);
  });

  it('tells of the proxy that was set by hand', async () => {
    const { run } = answering({
      'networksetup -listallnetworkservices': list,
      'networksetup -getwebproxy Wi-Fi': 'Enabled: No\nServer: old.example\nPort: 1\nAuthenticated Proxy Enabled: 0\n',
      'networksetup -getwebproxy <Thunderbolt Ethernet>': 'Enabled: Yes\nServer: corp.example\nPort: 3128\n',
    });
    expect(await macosProxy.manualProxy(run)).toBe('corp.example:3128');
  });
});

describe('the system', () => {
  const here = (platform: NodeJS.Platform, desktop: string | undefined, ...programs: string[]) =>
    systemHere({ platform, env: { XDG_CURRENT_DESKTOP: desktop }, has: (name) => programs.includes(name) })?.name;

  it.each([
    ['darwin', undefined, [], 'macos'],
    ['win32', undefined, [], 'windows'],
    ['linux', 'ubuntu:GNOME', ['gsettings'], 'gnome'],
    ['linux', undefined, ['gsettings'], 'gnome'],
    ['linux', 'KDE', ['gsettings', 'kwriteconfig6'], 'kde'],
    ['linux', 'KDE', ['gsettings'], 'gnome'],
    ['linux', 'KDE', [], undefined],
    ['freebsd', 'GNOME', ['gsettings'], undefined],
  ] as const)('on %s with desktop %s and %j is %s', (platform, desktop, programs, name) => {
    expect(here(platform, desktop, ...programs)).toBe(name);
  });
});
