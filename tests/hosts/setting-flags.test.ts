import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import type { EngineFlags } from '../../electron/host/engine-flags.ts';
import { addEngineFlags, engineOptions } from '../../electron/host/engine-flags.ts';
import { readSetting, writeSetting } from '../../shared/setting-text.ts';
import type { SettingsPatch } from '../../shared/settings.ts';
import { defaultSettings } from '../../shared/settings.ts';
import { settingAt, settingPatch, SETTINGS, settingValue } from '../../shared/settings-list.ts';

/** What a command line changes in the settings. */
function overrides(...args: string[]): SettingsPatch {
  const command = addEngineFlags(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  command.parse(args, { from: 'user' });
  return engineOptions(command.opts<EngineFlags>(), command).overrides;
}

test('every setting of the schema is listed, and has a flag of its own that the hosts take', () => {
  const flags = addEngineFlags(new Command()).options.map(({ flags: text }) => text);
  for (const { flag } of SETTINGS) expect(flags).toContain(flag);
  expect(new Set(SETTINGS.map(({ flag }) => flag)).size).toBe(SETTINGS.length);

  const paths = Object.entries(defaultSettings()).flatMap(([key, value]) =>
    typeof value === 'object' && !Array.isArray(value) ? Object.keys(value).map((inner) => `${key}.${inner}`) : [key],
  );
  expect(SETTINGS.map(({ path }) => path).toSorted()).toEqual(paths.toSorted());
});

test('what a setting is by default can be typed, as a flag or on the page', () => {
  const defaults = defaultSettings();
  for (const setting of SETTINGS) {
    const value = settingValue(defaults, setting.path);
    expect([setting.path, readSetting(setting, writeSetting(setting, value))]).toEqual([
      setting.path,
      { ok: true, value },
    ]);
    expect(
      settingValue({ ...defaults, ...settingPatch(setting.path, value) } as typeof defaults, setting.path),
    ).toEqual(value);
  }
});

test('values, units and lists of flags become settings', () => {
  expect(
    overrides('--cache-size', '1.5G', '--body-cap', '64k', '--connect-timeout', '2s', '--heuristic-cap', '1h').cache,
  ).toEqual({ maxBytes: 1.5 * 2 ** 30, heuristicCap: 3600 });
  expect(overrides('--body-cap', '64k').record).toEqual({ bodyCap: 65_536 });
  expect(overrides('--connect-timeout', '2s', '--head-timeout', '500').timeouts).toEqual({ connect: 2000, head: 500 });
  expect(overrides('--intercept', 'off', '--passthrough', '*.a.test,b.test', '--passthrough', 'c.test').tls).toEqual({
    intercept: false,
    passthrough: ['*.a.test', 'b.test', 'c.test'],
  });
  expect(overrides('--upstream-http2', 'off', '--insecure-upstream', 'a.test').originTls).toEqual({
    http2: false,
    insecureHosts: ['a.test'],
  });
  expect(overrides('--bypass', 'a.test;.b.test  <local>').bypass).toEqual(['a.test', '.b.test', '<local>']);
  expect(overrides('--allow', '10/8', '--auth', 'me:secret').access).toMatchObject({
    allow: ['10.0.0.0/8'],
    users: [{ name: 'me' }],
  });
});

test('a store in memory has all of its size there, unless something else is said', () => {
  expect(overrides('--cache-store', 'memory', '--cache-size', '1M').cache).toMatchObject({ memoryBytes: 2 ** 20 });
  expect(overrides('--cache-store', 'memory', '--cache-size', '1M', '--cache-memory', '2M').cache).toMatchObject({
    memoryBytes: 2 ** 21,
  });
  expect(overrides('--cache-store', 'disk', '--cache-size', '1M').cache).not.toHaveProperty('memoryBytes');
});

test('rules come from a file', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'hopscope-flags-')), 'rules.json');
  writeFileSync(path, '[{ "name": "Pictures", "pattern": "*.png", "minLifetime": 60 }]');
  expect(overrides('--overlays', path).cache?.overlays).toEqual([
    { name: 'Pictures', pattern: '*.png', minLifetime: 60 },
  ]);
  writeFileSync(path, '[{ "name": "Pictures" }]');
  expect(() => overrides('--overlays', path)).toThrow(/pattern/);
  writeFileSync(path, '[{ "name": "Pictures", "pattern": "ftp://a/*" }]');
  expect(() => overrides('--overlays', path)).toThrow(/pattern: no URL matches this/);
  expect(() => overrides('--overlays', `${path}.missing`)).toThrow(/cannot be read: ENOENT/);
});

test('traffic rules come from a file', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'hopscope-flags-')), 'rules.json');
  writeFileSync(path, '[{ "name": "Mock", "when": "path:/a", "action": { "type": "answer", "status": 200 } }]');
  expect(overrides('--rules', path).rules).toMatchObject([
    { name: 'Mock', on: true, action: { status: 200, body: '' } },
  ]);
  writeFileSync(path, '[{ "name": "Mock", "when": "status:404", "action": { "type": "delay", "ms": 1 } }]');
  expect(() => overrides('--rules', path)).toThrow(
    / rules\.0\.when: At character 1: status is not known yet when a request arrives\.$/,
  );
  writeFileSync(path, '[{ "name": "Mock", "when": "(host:a", "action": { "type": "delay", "ms": 1 } }]');
  expect(() => overrides('--rules', path)).toThrow(/ rules\.0\.when: At character 1: This bracket is never closed\.$/);
  writeFileSync(path, '{}');
  expect(() => overrides('--rules', path)).toThrow(/ rules: Invalid type: Expected Array/);
});

test.each([
  [['--cache', 'on'], /It is one of off, shared/],
  [['--cache-size', 'big'], /as in 512M/],
  [['--cache-status', 'yes'], /on or off/],
  [['--connect-timeout', '10 parsecs'], /as in 30s/],
  [['--keep-sessions', '101'], /invalid\. A whole number from 0 to 100\.$/],
  [['--keep-sessions', '-1'], /invalid\. A whole number from 0 to 100\.$/],
  [['--record-size', '1M'], /invalid\. A recording takes 16M at least\.$/],
  [['--heuristic-fraction', '2'], /invalid\. A fraction is a number from 0 to 1\.$/],
  [['--upstream', 'ftp://a/'], /invalid\. An upstream URL is http.* fragment\.$/],
  [['--threads', '0', '--wsgi', 'a:b'], /'--threads <number>' argument '0'.* A whole number from 1 to 64\.$/],
  [['--env', 'A=b'], /--env is about an application/],
  [['--reload'], /--reload is about an application or a handler/],
  [['--wsgi', 'a:b', '--chdir', '/not/there'], /It is no directory/],
  [['--handler', '/not/there.js'], /cannot be read: ENOENT/],
  [['--allow', 'nowhere'], /nowhere: an allowed client is .*CIDR/],
  [['--dns', 'a.test=b'], /invalid\. An address is IPv4 or IPv6/],
  [['--upstream-proxy', 'pac:/not/there.pac'], /ENOENT.*there\.pac/],
  [['--passthrough', 'a.test,http://x/'], /http:\/\/x\/: a host pattern/],
])('%j is refused in a sentence', (args, expected) => {
  expect(() => overrides(...args)).toThrow(expected);
});

test('a setting reads as somebody would type it', () => {
  expect(writeSetting(settingAt('cache.maxBytes'), 4 * 2 ** 30)).toBe('4G');
  expect(writeSetting(settingAt('cache.maxBytes'), 1000)).toBe('1000');
  expect(writeSetting(settingAt('timeouts.head'), 120_000)).toBe('2m');
  expect(writeSetting(settingAt('timeouts.head'), 0)).toBe('0');
  expect(writeSetting(settingAt('cache.heuristicCap'), 86_400)).toBe('1d');
});
