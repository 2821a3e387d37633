import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { KnownEmitter } from './known-emitter.ts';

/** A window as the app sees it. */
export interface AppWindow {
  /** Asks the window to close; it is gone when this returns, unless its listeners objected. */
  close(): void;
  destroy(): void;
}

/** `app`: readiness, quitting in Electron's order of events, and the few settings that need checking. */
export class AppDouble extends KnownEmitter {
  /** Whether it is an installed app, as the test says: then Electron tells where its resources are. */
  readonly isPackaged = process.env['ELECTRON_DOUBLE_RESOURCES'] !== undefined;
  readonly windows = new Set<AppWindow>();
  /** What {@link setBadgeCount} was last told. */
  badge = 0;
  /** Whether every page there will ever be is sandboxed. */
  sandboxed = false;
  readonly #paths = new Map<string, string>();
  #ready = false;
  #quitting = false;

  constructor() {
    super('app', [
      ...['ready', 'before-quit', 'will-quit', 'quit', 'window-all-closed', 'activate', 'second-instance'],
      ...['web-contents-created', 'open-file', 'open-url'],
    ]);
    if (this.isPackaged) Object.assign(process, { resourcesPath: process.env['ELECTRON_DOUBLE_RESOURCES'] });
    // As Electron does, which turns the signals that end a program into a request to quit, unless the program has put a
    // listener of its own in the place of that.
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (process.listenerCount(signal) === 1) this.quit();
      });
    }
  }

  isReady(): boolean {
    return this.#ready;
  }

  whenReady(): Promise<void> {
    if (this.#ready) return Promise.resolve();
    return new Promise((resolve) => {
      this.once('ready', resolve);
    });
  }

  /** The test starts Electron's clock once the main module has been evaluated. */
  becomeReady(): void {
    this.#ready = true;
    this.emit('ready');
  }

  /** As on Linux and Windows. */
  readonly dock = undefined;

  /** What Electron was given to run. */
  getAppPath(): string {
    return process.argv[1] ?? '';
  }

  disableHardwareAcceleration(): void {
    this.#mustBeEarly('disableHardwareAcceleration');
  }

  setName(_name: string): void {
    this.#mustBeEarly('setName');
  }

  setPath(name: string, path: string): void {
    this.#mustBeEarly('setPath');
    if (!isAbsolute(path)) throw new Error('Path must be absolute');
    if (!statSync(path).isDirectory()) throw new Error(`Failed to set path: ${path} is no directory`);
    this.#paths.set(name, path);
  }

  getPath(name: string): string {
    const path = this.#paths.get(name);
    if (path === undefined) throw new Error(`Failed to get '${name}' path`);
    return path;
  }

  enableSandbox(): void {
    this.#mustBeEarly('enableSandbox');
    this.sandboxed = true;
  }

  /**
   * The lock is not a real one: the test says whether another instance has it. As in Electron, it is refused no less where
   * nothing can be written, because the lock is a file.
   */
  requestSingleInstanceLock(data: object): boolean {
    // It crosses to another process.
    JSON.stringify(data);
    const userData = this.#paths.get('userData');
    try {
      if (userData !== undefined) accessSync(userData, constants.W_OK);
    } catch {
      return false;
    }
    return process.env['ELECTRON_DOUBLE_SECOND_INSTANCE'] !== '1';
  }

  getLocale(): string {
    if (!this.#ready) throw new Error('app.getLocale() is known only when the app is ready');
    return process.env['ELECTRON_DOUBLE_LOCALE'] ?? 'en-US';
  }

  setBadgeCount(count: number): boolean {
    if (!this.#ready) throw new Error('app.setBadgeCount() needs an app that is ready');
    if (process.platform === 'win32') throw new Error('app.setBadgeCount() does nothing on Windows');
    this.badge = count;
    return true;
  }

  setAboutPanelOptions(_options: object): void {
    if (!this.#ready) throw new Error('The about panel needs an app that is ready');
  }

  /** Closes all windows and ends the process, unless a listener of `before-quit`, `will-quit` or a window objects. */
  quit(): void {
    if (!this.emitCancelable('before-quit')) return;
    this.#quitting = true;
    for (const window of [...this.windows]) window.close();
    if (this.windows.size === 0) this.#endUnlessPrevented();
    else this.#quitting = false;
  }

  exit(code = 0): void {
    for (const window of [...this.windows]) window.destroy();
    this.emit('quit', {}, code);
    process.exit(code);
  }

  windowClosed(window: AppWindow): void {
    this.windows.delete(window);
    if (this.windows.size > 0 || this.#quitting) return;
    // Without a listener Electron quits by itself.
    if (!this.emit('window-all-closed')) this.quit();
  }

  #endUnlessPrevented(): void {
    if (this.emitCancelable('will-quit')) this.exit(0);
    else this.#quitting = false;
  }

  #mustBeEarly(method: string): void {
    if (this.#ready) throw new Error(`app.${method}() counts only before the app is ready`);
  }
}
