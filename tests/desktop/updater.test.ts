import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { updateObstacle } from '../../electron/desktop/update-obstacle.ts';
import type { UpdateEngine } from '../../electron/desktop/updater.ts';
import { Updater } from '../../electron/desktop/updater.ts';
import type { UpdateStatus } from '../../shared/app-contract.ts';
import { projectRoot } from '../../scripts/project.ts';

/** electron-updater without releases to look at: what it would find is given. */
class ScriptedEngine extends EventEmitter implements UpdateEngine {
  autoDownload = true;
  autoInstallOnAppQuit = true;
  allowDowngrade = true;
  logger: unknown = console;
  readonly calls: string[] = [];
  readonly #newest: string | Error;

  constructor(newest: string | Error) {
    super();
    this.#newest = newest;
  }

  checkForUpdates(): ReturnType<UpdateEngine['checkForUpdates']> {
    this.calls.push('check');
    const newest = this.#newest;
    if (newest instanceof Error) {
      this.emit('error', newest);
      return Promise.reject(newest);
    }
    return Promise.resolve({ isUpdateAvailable: newest !== '1.0.0', updateInfo: { version: newest } });
  }

  downloadUpdate(): Promise<void> {
    this.calls.push('download');
    this.emit('download-progress', { percent: 41.7 });
    return Promise.resolve();
  }

  quitAndInstall(): void {
    this.calls.push('install');
  }
}

function updater(newest: string | Error): { engine: ScriptedEngine; updater: Updater; states: UpdateStatus[] } {
  const engine = new ScriptedEngine(newest);
  const states: UpdateStatus[] = [];
  const load = (): Promise<UpdateEngine> => Promise.resolve(engine);
  return {
    engine,
    states,
    updater: new Updater({ obstacle: undefined, load, onChange: (status) => states.push(status) }),
  };
}

describe('updates', () => {
  it('are looked for, and neither loaded nor started before the person says so', async () => {
    const { engine, updater: one, states } = updater('1.1.0');
    expect(await one.install()).toEqual({ state: 'unknown' });
    expect(await one.download()).toEqual({ state: 'unknown' });
    expect(await one.check()).toEqual({ state: 'available', version: '1.1.0' });
    expect(engine).toMatchObject({ autoDownload: false, autoInstallOnAppQuit: false, allowDowngrade: false });
    expect(engine.calls).toEqual(['check']);
    expect(await one.download()).toEqual({ state: 'ready', version: '1.1.0' });
    expect(await one.check()).toEqual({ state: 'ready', version: '1.1.0' });
    await one.install();
    expect(engine.calls).toEqual(['check', 'download', 'install']);
    expect(states).toEqual([
      { state: 'checking' },
      { state: 'available', version: '1.1.0' },
      { state: 'downloading', version: '1.1.0', percent: 0 },
      { state: 'downloading', version: '1.1.0', percent: 41 },
      { state: 'ready', version: '1.1.0' },
    ]);
  });

  it('are none when this is the newest version, or when there is no network: then it can be tried again', async () => {
    expect(await updater('1.0.0').updater.check()).toEqual({ state: 'current' });
    const offline = updater(new Error('net::ERR_INTERNET_DISCONNECTED'));
    const failed = { state: 'failed', reason: 'net::ERR_INTERNET_DISCONNECTED' };
    expect(await offline.updater.check()).toEqual(failed);
    expect(await offline.updater.check()).toEqual(failed);
    expect(offline.engine.calls).toEqual(['check', 'check']);
  });

  it('are not even loaded where something else updates Hopscope', async () => {
    const load = (): Promise<UpdateEngine> => Promise.reject(new Error('loaded'));
    const off = new Updater({ obstacle: 'package-manager', load, onChange: () => expect.unreachable() });
    expect(await off.check()).toEqual({ state: 'off', why: 'package-manager' });
  });

  it('are for builds that know their releases and are files of their user', () => {
    const linux = { packaged: true, configured: true, platform: 'linux', appImage: undefined, env: {} } as const;
    const image = { ...linux, appImage: '/home/me/Hopscope.AppImage' };
    expect(updateObstacle(image)).toBeUndefined();
    expect(updateObstacle(linux)).toBe('package-manager');
    expect(updateObstacle({ ...image, packaged: false })).toBe('development');
    expect(updateObstacle({ ...image, configured: false })).toBe('unconfigured');
    expect(updateObstacle({ ...linux, platform: 'darwin' })).toBeUndefined();
    const portable = { PORTABLE_EXECUTABLE_FILE: 'C:\\Hopscope.exe' };
    expect(updateObstacle({ ...linux, platform: 'win32', env: portable })).toBe('portable');
  });

  it('have their signatures checked: no package is configured not to', () => {
    const config = readFileSync(join(projectRoot, 'electron-builder.yml'), 'utf8');
    expect(config).not.toMatch(/verifyUpdateCodeSignature|forceCodeSigning: false|identity: null/);
    expect(config).toMatch(/hardenedRuntime: true/);
  });
});
