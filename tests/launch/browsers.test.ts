import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeAuthority } from '../../electron/engine/tls/make-authority.ts';
import { browserArguments, firefoxPreferences } from '../../electron/launch/browser-profile.ts';
import { findBrowsers } from '../../electron/launch/browsers.ts';
import { localUrl } from '../../electron/launch/launcher.ts';
import { openBrowser } from '../../electron/launch/open-browser.ts';
import { temporaryDirectory } from '../support/recorder.ts';

const start = {
  proxy: 'http://127.0.0.1:9000',
  spki: 'AAAA=',
  profile: '/tmp/profile',
  url: 'https://example.com/',
  root: false,
};

describe('browsers are found', () => {
  const find = (platform: NodeJS.Platform, env: Record<string, string>, ...files: string[]) =>
    findBrowsers({ platform, env, exists: (path) => files.includes(path) }).map(({ id, program }) => [id, program]);

  it('on PATH under Linux, the usual name first', () => {
    const files = ['/a/chromium-browser', '/b/chromium', '/b/firefox-esr', '/a/google-chrome-stable'];
    expect(find('linux', { PATH: '/a:relative:/b' }, ...files)).toEqual([
      ['chromium', '/b/chromium'],
      ['chrome', '/a/google-chrome-stable'],
      ['firefox', '/b/firefox-esr'],
    ]);
  });

  it("among everybody's and one's own applications under macOS", () => {
    const chrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    const brave = '/Users/ann/Applications/Brave Browser.app/Contents/MacOS/Brave Browser';
    expect(find('darwin', { HOME: '/Users/ann' }, chrome, brave)).toEqual([
      ['chrome', chrome],
      ['brave', brave],
    ]);
  });

  it('in the folders for programs under Windows', () => {
    const edge = String.raw`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`;
    const firefox = String.raw`C:\Program Files\Mozilla Firefox\firefox.exe`;
    const env = { PROGRAMFILES: 'C:\\Program Files', 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' };
    expect(find('win32', env, edge, firefox)).toEqual([
      ['edge', edge],
      ['firefox', firefox],
    ]);
  });
});

describe('a browser is started', () => {
  it('by the arguments that Chromium and its kin take', () => {
    const args = browserArguments({ family: 'chromium' }, start);
    expect(args).toEqual([
      '--user-data-dir=/tmp/profile',
      '--proxy-server=http://127.0.0.1:9000',
      '--proxy-bypass-list=<-loopback>',
      '--ignore-certificate-errors-spki-list=AAAA=',
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-background-networking',
      '--disable-sync',
      '--disable-component-update',
      '--disable-default-apps',
      '--disable-quic',
      '--disable-features=OptimizationHints,MediaRouter,Translate',
      'https://example.com/',
    ]);
    // Chromium has no sandbox for root, and does not start without being told so.
    expect(browserArguments({ family: 'chromium' }, { ...start, root: true }).at(-2)).toBe('--no-sandbox');
  });

  it('by a profile that Firefox reads', () => {
    expect(browserArguments({ family: 'firefox' }, start)).toEqual([
      ...['-no-remote', '-profile', '/tmp/profile', 'https://example.com/'],
    ]);
    const preferences = firefoxPreferences(start);
    for (const line of [
      'user_pref("network.proxy.type", 1);',
      'user_pref("network.proxy.ssl", "127.0.0.1");',
      'user_pref("network.proxy.ssl_port", 9000);',
      'user_pref("network.proxy.allow_hijacking_localhost", true);',
      'user_pref("dom.push.connection.enabled", false);',
      'user_pref("services.settings.server", "data:,#remote-settings-dummy/v1");',
      'user_pref("telemetry.fog.test.localhost_port", -1);',
      'user_pref("browser.safebrowsing.malware.enabled", false);',
    ])
      expect(preferences.split('\n')).toContain(line);
  });

  it.skipIf(process.platform === 'win32')('with the variable without which Firefox asks for its settings', async () => {
    const directory = await temporaryDirectory();
    const program = join(directory, 'firefox');
    const seen = join(directory, 'seen');
    await writeFile(program, `#!/bin/sh\necho "$MOZ_REMOTE_SETTINGS_DEVTOOLS $HOME" > '${seen}'\n`, { mode: 0o755 });
    const { certificate } = await makeAuthority();
    const certificateFile = join(directory, 'ca.pem');
    await writeFile(certificateFile, certificate);
    const proxy = { url: start.proxy, certificate, certificateFile };
    const browser = { id: 'firefox', name: 'Firefox', family: 'firefox', program } as const;
    const { ended } = await openBrowser(browser, proxy, start.url);
    expect(await ended).toBe(0);
    expect(await readFile(seen, 'utf8')).toBe(`1 ${process.env['HOME'] ?? ''}\n`);
  });
});

it.each([
  ['http://0.0.0.0:9000', 'http://127.0.0.1:9000'],
  ['http://[::]:9000', 'http://[::1]:9000'],
  ['http://192.168.1.5:9000', 'http://192.168.1.5:9000'],
  ['http://127.0.0.1', 'http://127.0.0.1:80'],
])('a proxy at %s is reached from here at %s', (listening, local) => expect(localUrl(listening)).toBe(local));
