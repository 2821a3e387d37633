import type { UpdateStatus } from '../../shared/app-contract.ts';
import { messageOf } from '../../shared/message-of.ts';

/** The part of electron-updater that this needs. It checks the hash of what it has loaded, and the system's signature of it. */
export interface UpdateEngine {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  allowDowngrade: boolean;
  logger: unknown;
  checkForUpdates(): Promise<{
    readonly isUpdateAvailable: boolean;
    readonly updateInfo: { readonly version: string };
  } | null>;
  downloadUpdate(): Promise<unknown>;
  quitAndInstall(): void;
  on(event: 'download-progress', listener: (progress: { readonly percent: number }) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface UpdaterOptions {
  /** Why there are no updates here; undefined when there are. */
  readonly obstacle: Extract<UpdateStatus, { state: 'off' }>['why'] | undefined;
  /** Loads what does the work; called when there is some. */
  readonly load: () => Promise<UpdateEngine>;
  /** Told how it stands whenever that changes. */
  readonly onChange: (status: UpdateStatus) => void;
}

/** Looks for newer versions, and takes one only when the person says so: first to load it, then to start it. */
export class Updater {
  readonly #options: UpdaterOptions;
  #engine: Promise<UpdateEngine> | undefined;
  #status: UpdateStatus;

  constructor(options: UpdaterOptions) {
    this.#options = options;
    this.#status = options.obstacle === undefined ? { state: 'unknown' } : { state: 'off', why: options.obstacle };
  }

  get status(): UpdateStatus {
    return this.#status;
  }

  /** Asks whether there is a newer version. What goes wrong is a status: without a network, say, there is no answer. */
  async check(): Promise<UpdateStatus> {
    if (!['unknown', 'current', 'failed'].includes(this.#status.state)) return this.#status;
    return this.#attempt({ state: 'checking' }, async (engine) => {
      const found = await engine.checkForUpdates();
      if (found?.isUpdateAvailable !== true) return { state: 'current' };
      return { state: 'available', version: found.updateInfo.version };
    });
  }

  /** Loads the version that was found. */
  async download(): Promise<UpdateStatus> {
    if (this.#status.state !== 'available') return this.#status;
    const { version } = this.#status;
    return this.#attempt({ state: 'downloading', version, percent: 0 }, async (engine) => {
      await engine.downloadUpdate();
      return { state: 'ready', version };
    });
  }

  /** Quits, and starts the version that was loaded. */
  async install(): Promise<UpdateStatus> {
    if (this.#status.state === 'ready') (await this.#load()).quitAndInstall();
    return this.#status;
  }

  async #attempt(during: UpdateStatus, work: (engine: UpdateEngine) => Promise<UpdateStatus>): Promise<UpdateStatus> {
    this.#become(during);
    try {
      this.#become(await work(await this.#load()));
    } catch (error) {
      this.#become({ state: 'failed', reason: messageOf(error) });
    }
    return this.#status;
  }

  #load(): Promise<UpdateEngine> {
    this.#engine ??= this.#options.load().then((engine) => {
      engine.autoDownload = false;
      engine.autoInstallOnAppQuit = false;
      engine.allowDowngrade = false;
      engine.logger = null;
      engine.on('download-progress', ({ percent }) => this.#progressed(percent));
      // The same error rejects what was asked for; without a listener it would end the process.
      engine.on('error', ({ message }) => this.#become({ state: 'failed', reason: message }));
      return engine;
    });
    return this.#engine;
  }

  #progressed(percent: number): void {
    if (this.#status.state === 'downloading') this.#become({ ...this.#status, percent: Math.floor(percent) });
  }

  #become(status: UpdateStatus): void {
    if (JSON.stringify(status) === JSON.stringify(this.#status)) return;
    this.#status = status;
    this.#options.onChange(status);
  }
}
