import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { kdeProxy } from '../../electron/system-proxy/kde-proxy.ts';
import { runCommand } from '../../electron/system-proxy/run-command.ts';
import { SystemProxy } from '../../electron/system-proxy/system-proxy.ts';
import { hasCommand } from '../support/run-command.ts';

const generation = ([6, 5] as const).find((number) => hasCommand(`kwriteconfig${number}`, '--version'));

/** A KDE user's settings: a home of its own, whose kioslaverc holds `lines`, and a proxy that is set there. */
async function settingsOf(lines: readonly string[]): Promise<{ proxy: SystemProxy; text: () => Promise<string> }> {
  const home = await mkdtemp(join(tmpdir(), 'hopscope-kde-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  vi.stubEnv('HOME', home);
  vi.stubEnv('XDG_CONFIG_HOME', home);
  onTestFinished(() => void vi.unstubAllEnvs());
  const file = join(home, 'kioslaverc');
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  const system = kdeProxy(generation ?? 5);
  const proxy = new SystemProxy({
    ...{ directory: join(home, 'system-proxy'), system, find: () => system, run: runCommand, bypass: () => [] },
    proxy: () => '127.0.0.1:9000',
    // It ends with its input, as a watchdog does.
    watchdog: { command: 'cat', args: [] },
  });
  onTestFinished(async () => {
    await proxy.turnOff();
  });
  return { proxy, text: () => readFile(file, 'utf8') };
}

describe.skipIf(generation === undefined)("KDE's own programs", () => {
  it.each([
    ['nothing', []],
    ['a proxy by hand', ['[Proxy Settings]', 'ProxyType=1', 'httpProxy=http://corp.example 3128']],
    ['another script', ['[Proxy Settings]', 'Proxy Config Script=file:///home/me/größer als.pac', 'ProxyType=2']],
  ])('set the proxy, and set back %s', async (_what, lines) => {
    const { proxy, text } = await settingsOf(lines);
    const settings = (all: string): string[] =>
      all
        .split('\n')
        .filter((line) => line.includes('='))
        .sort();
    await proxy.turnOn();
    expect(await proxy.status()).toMatchObject({ state: 'on' });
    expect(settings(await text())).toEqual(
      expect.arrayContaining([
        'ProxyType=2',
        expect.stringMatching(/^Proxy Config Script=http:\/\/127\.0\.0\.1:\d+\//),
      ]),
    );
    const [, address = ''] = /^Proxy Config Script=(.*)$/m.exec(await text()) ?? [];
    const script = await (await fetch(address)).text();
    expect(script).toContain(
      lines.some((line) => line.includes('corp')) ? 'PROXY corp.example:3128; DIRECT' : 'DIRECT',
    );
    expect(await proxy.turnOff()).toBe('restored');
    expect(settings(await text())).toEqual(settings(lines.join('\n')));
  });

  it('leave what an administrator has locked, and say so', async () => {
    const lines = ['[Proxy Settings][$i]', 'ProxyType=0'];
    const { proxy, text } = await settingsOf(lines);
    await expect(proxy.turnOn()).rejects.toThrow(/kwriteconfig\d .* failed with exit code/);
    expect(await text()).toBe(`${lines.join('\n')}\n`);
    expect(await proxy.status()).toMatchObject({ state: 'off' });
  });
});
