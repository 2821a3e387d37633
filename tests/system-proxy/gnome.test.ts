import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askRunning } from '../../electron/host/control-channel.ts';
import type { HopscopeProcess } from '../support/hopscope-process.ts';
import { hopscopeIn } from '../support/hopscope-process.ts';
import { startOrigin } from '../support/origin.ts';
import { hasCommand, runCommand } from '../support/run-command.ts';

const SCHEMA = 'org.gnome.system.proxy';
const missing = !hasCommand('gsettings', '--version') || !hasCommand('dbus-daemon', '--version');

/** A session of a desktop: a message bus and a home of its own, in which gsettings keeps what it is told. */
interface DesktopSession {
  readonly env: NodeJS.ProcessEnv;
  get(key: string): Promise<string>;
  set(key: string, value: string): Promise<void>;
  /** Resolves when the setting is `value`. */
  becomes(key: string, value: string): Promise<void>;
  readonly dataDir: string;
  /** Starts a Hopscope without a user interface. */
  start(...args: string[]): HopscopeProcess;
  /** The same, which is killed when it, or its watchdog, is about to change the system for the `nth` time. */
  startToBeKilled(nth: number, ...args: string[]): Promise<HopscopeProcess>;
}

/** Passes on to gsettings, but kills who is about to change something with it the time that $KILL_AT says, as $CALLS counts. */
const KILLER = `#!/bin/sh
[ "$1" = set ] && echo >> "$CALLS" && [ "$(wc -l < "$CALLS")" -eq "$KILL_AT" ] && exec kill -9 "$PPID"
PATH=$REST exec gsettings "$@"
`;

async function startSession(): Promise<DesktopSession> {
  const home = await mkdtemp(join(tmpdir(), 'hopscope-session-'));
  onTestFinished(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  // Settings and what runs keep files of the same names.
  const runtime = join(home, 'run');
  await mkdir(runtime, { mode: 0o700 });
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, XDG_RUNTIME_DIR: runtime },
  });
  onTestFinished(() => void bus.kill());
  const [address] = (await once(createInterface({ input: bus.stdout }), 'line')) as [string];
  const env = {
    ...{ ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_RUNTIME_DIR: runtime, XDG_CURRENT_DESKTOP: 'GNOME' },
    DBUS_SESSION_BUS_ADDRESS: address,
  };
  const dataDir = join(home, 'data');
  const serve = ['serve', '--port', '0', '--no-ui', '--data-dir', dataDir];
  const gsettings = async (...args: string[]): Promise<string> => {
    const { code, stdout } = await runCommand('env', [...pairs(env), 'gsettings', ...args]);
    expect(code).toBe(0);
    return stdout.trim();
  };
  return {
    env,
    get: (key) => gsettings('get', SCHEMA, key),
    async set(key, value) {
      await gsettings('set', SCHEMA, key, value);
    },
    async becomes(key, value) {
      // Asking takes a process each time, which is pause enough.
      while ((await gsettings('get', SCHEMA, key)) !== value);
    },
    dataDir,
    start: (...args) => hopscopeIn(env, ...serve, ...args),
    async startToBeKilled(nth, ...args) {
      const bin = join(home, 'bin');
      await mkdir(bin, { recursive: true });
      await writeFile(join(bin, 'gsettings'), KILLER, { mode: 0o755 });
      const [path = '', calls] = [process.env['PATH'], join(bin, `calls-${nth}`)];
      const killed = { PATH: `${bin}:${path}`, REST: path, CALLS: calls, KILL_AT: String(nth) };
      return hopscopeIn({ ...env, ...killed }, ...serve, ...args);
    },
  };
}

function pairs(env: NodeJS.ProcessEnv): string[] {
  return ['DBUS_SESSION_BUS_ADDRESS', 'HOME', 'XDG_CONFIG_HOME', 'XDG_RUNTIME_DIR'].map((key) => `${key}=${env[key]}`);
}

/** The watchdogs that a process has started. */
async function childrenOf(pid: number | undefined): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

describe.skipIf(missing)("the desktop's proxy, in a real session of GNOME's settings", { timeout: 120_000 }, () => {
  it('is set while Hopscope runs, leads there but not Hopscope to itself, and is back after a clean end', async () => {
    const session = await startSession();
    await session.set('mode', "'manual'");
    const origin = await startOrigin((_request, response) => response.end('from the origin'));
    const { child, ready, ended } = session.start('--system-proxy', '--upstream-proxy', 'system');
    const proxy = (await ready).replace('Hopscope proxy ', '');
    expect(await session.get('mode')).toBe("'auto'");
    const script = await (await fetch((await session.get('autoconfig-url')).slice(1, -1))).text();
    expect(script).toContain(`"PROXY ${new URL(proxy).host}; DIRECT"`);
    const { stdout } = await runCommand('curl', ['-sS', '-x', proxy, `${origin.url}/`]);
    expect(stdout).toBe('from the origin');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
    expect(await session.get('mode')).toBe("'manual'");
    expect(await session.get('autoconfig-url')).toBe("''");
  });

  it('is set back at the next start when nobody was left to do it, and by the watchdog when Hopscope is killed', async () => {
    const session = await startSession();
    const first = session.start('--system-proxy');
    await first.ready;
    for (const pid of await childrenOf(first.child.pid)) process.kill(pid, 'SIGKILL');
    first.child.kill('SIGKILL');
    await first.ended;
    expect(await session.get('mode')).toBe("'auto'");

    const { child, ready, ended } = session.start();
    await ready;
    expect(await session.get('mode')).toBe("'none'");
    const on = await askRunning(session.dataDir, 'systemProxy.set', { on: true });
    expect(on).toMatchObject({ ok: true, value: { state: 'on' } });
    child.kill('SIGKILL');
    await session.becomes('mode', "'none'");
    const { stderr } = await ended;
    expect(stderr).toBe('hopscope: An earlier run ended with the system proxy set to it; it was set back.\n');
  });

  it('is as it was, whichever change Hopscope is killed at while it sets it or sets it back', async () => {
    const session = await startSession();
    const script = "'http://corp.example/proxy.pac'";
    await session.set('autoconfig-url', script);
    for (let nth = 1; ; nth++) {
      const { child, ready, ended } = await session.startToBeKilled(nth, '--system-proxy');
      // It dies on its way there, or on its way back.
      await ready.then(
        () => child.kill('SIGTERM'),
        () => undefined,
      );
      const { code } = await ended;
      await session.becomes('autoconfig-url', script);
      await session.becomes('mode', "'none'");
      if (code === null) continue;
      // It was through before its turn came: address and mode were set, and set back.
      expect([nth, code]).toEqual([5, 0]);
      return;
    }
  });

  it('is switched by commands, and stays what somebody else has set meanwhile', async () => {
    const session = await startSession();
    const { child, ready, ended } = session.start();
    await ready;
    const ask = (on: boolean) => askRunning(session.dataDir, 'systemProxy.set', { on });
    expect(await ask(true)).toMatchObject({ ok: true, value: { state: 'on' } });
    expect(await session.get('mode')).toBe("'auto'");
    const off = hopscopeIn(session.env, 'system-proxy', 'off', '--data-dir', session.dataDir);
    expect(await off.ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/ is not set to Hopscope\./) });
    expect(await session.get('mode')).toBe("'none'");
    expect(await ask(true)).toMatchObject({ ok: true, value: { state: 'on' } });
    await session.set('autoconfig-url', "'http://corp.example/proxy.pac'");
    expect(await askRunning(session.dataDir, 'systemProxy.read', undefined)).toMatchObject({
      ok: true,
      value: { state: 'replaced' },
    });
    child.kill('SIGTERM');
    expect((await ended).stderr).toBe('hopscope: The system proxy was changed by somebody else since; it stays so.\n');
    expect(await session.get('autoconfig-url')).toBe("'http://corp.example/proxy.pac'");
  });
});
