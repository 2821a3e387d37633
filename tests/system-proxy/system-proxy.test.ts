import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { gnomeProxy } from '../../electron/system-proxy/gnome-proxy.ts';
import { readJournal } from '../../electron/system-proxy/journal.ts';
import type { Run } from '../../electron/system-proxy/proxy-system.ts';
import { SystemProxy } from '../../electron/system-proxy/system-proxy.ts';

/** A desktop's values, which `deaf` keys never take. */
function desktop(values: Record<string, string>, deaf: readonly string[] = []): { run: Run; commands: string[] } {
  const commands: string[] = [];
  const run: Run = ({ args: [verb = '', , key = '', value = ''] }) => {
    commands.push(`${verb} ${key}`);
    if (verb === 'set' && !deaf.includes(key)) values[key] = value;
    return Promise.resolve({ code: 0, stdout: values[key] ?? '' });
  };
  return { run, commands };
}

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hopscope-proxy-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return join(directory, 'system-proxy');
}

function systemProxy(directory: string, run: Run, listens = true): SystemProxy {
  const made = new SystemProxy({
    ...{
      directory,
      run,
      system: gnomeProxy,
      find: () => gnomeProxy,
      bypass: () => [],
      proxy: () => (listens ? '127.0.0.1:9000' : undefined),
    },
    // It ends with its input, as a watchdog does.
    watchdog: { command: 'cat', args: [] },
  });
  onTestFinished(async () => {
    await made.turnOff();
  });
  return made;
}

it('changes nothing while the proxy does not listen', async () => {
  const { run, commands } = desktop({ mode: "'none'", 'autoconfig-url': "''" });
  await expect(systemProxy(await temporaryDirectory(), run, false).turnOn()).rejects.toThrow('does not listen');
  expect(commands).toEqual([]);
});

it('takes back what a system did not take in full, and says so', async () => {
  const values = { mode: "'none'", 'autoconfig-url': "''" };
  const directory = await temporaryDirectory();
  const { run } = desktop(values, ['mode']);
  await expect(systemProxy(directory, run).turnOn()).rejects.toThrow('did not take the proxy');
  expect(values).toEqual({ mode: "'none'", 'autoconfig-url': "''" });
  expect(await readJournal(directory)).toBeUndefined();
});

it('sets back what a VPN has set while it was still getting ready', async () => {
  const values = { mode: "'none'", 'autoconfig-url': "''" };
  const directory = await temporaryDirectory();
  const { run, commands } = desktop(values);
  const corp = "'http://corp.example/proxy.pac'";
  const interrupted: Run = async (command) => {
    const output = await run(command);
    // Between the first look and the first change.
    if (commands.length === 3) Object.assign(values, { mode: "'auto'", 'autoconfig-url': corp });
    return output;
  };
  const proxy = systemProxy(directory, interrupted);
  await proxy.turnOn();
  expect(await proxy.status()).toMatchObject({ state: 'on' });
  expect(await proxy.turnOff()).toBe('restored');
  expect(values).toEqual({ mode: "'auto'", 'autoconfig-url': corp });
});

it.skipIf(process.platform === 'win32')('says where nothing can be noted, and then changes nothing', async () => {
  const values = { mode: "'none'", 'autoconfig-url': "''" };
  const { run, commands } = desktop(values);
  const directory = await temporaryDirectory();
  await writeFile(directory, 'no directory');
  await expect(systemProxy(directory, run).turnOn()).rejects.toThrow(
    /^The system's proxy was not set, because what it was cannot be kept in .*system-proxy: /,
  );
  expect(commands.filter((command) => command.startsWith('set'))).toEqual([]);
});

it('belongs to one Hopscope at a time, and goes on to the next', async () => {
  const values = { mode: "'none'", 'autoconfig-url': "''" };
  const directory = await temporaryDirectory();
  const { run } = desktop(values);
  const [first, second] = [systemProxy(directory, run), systemProxy(directory, run)];
  await first.turnOn();
  expect(await second.status()).toMatchObject({ state: 'elsewhere' });
  expect(await second.recover()).toBeUndefined();
  await expect(second.turnOn()).rejects.toThrow(/^Another Hopscope \(process \d+\)/);
  expect(await first.turnOff()).toBe('restored');
  await second.turnOn();
  expect(await second.status()).toMatchObject({ state: 'on' });
  // Switched on anew, because somebody has switched it off by hand.
  values.mode = "'none'";
  expect(await second.status()).toMatchObject({ state: 'replaced' });
  await second.turnOn();
  expect(await second.status()).toMatchObject({ state: 'on' });
  expect(await second.turnOff()).toBe('restored');
  expect(values).toEqual({ mode: "'none'", 'autoconfig-url': "''" });
});
