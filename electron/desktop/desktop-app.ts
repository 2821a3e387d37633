import { join } from 'node:path';
import { app, dialog, ipcMain } from 'electron';
import type { AppNotice, UpdateStatus } from '../../shared/app-contract.ts';
import type { CommandId } from '../../shared/commands.ts';
import type { SettingsPatch } from '../../shared/settings.ts';
import { messageOf } from '../../shared/message-of.ts';
import { IpcTransport } from '../bridge/ipc-transport.ts';
import type { Engine } from '../engine/engine.ts';
import type { HostOptions } from '../host/start-host.ts';
import { withOverrides } from '../host/start-host.ts';
import { withoutSecrets } from '../host/without-secrets.ts';
import { parseAppLink } from './app-link.ts';
import { AppWindow } from './app-window.ts';
import { Badge } from './badge.ts';
import { ownProgram } from './command-start.ts';
import { ApplicationMenu } from './application-menu.ts';
import { Attention } from './attention.ts';
import { desktopFlags } from './desktop-flags.ts';
import type { Question } from './desktop-words.ts';
import { desktopWords } from './desktop-words.ts';
import type { RunningEngine } from './engine-service.ts';
import { EngineService } from './engine-service.ts';
import { FailureLimit } from './failure-limit.ts';
import type { LaunchWishes } from './launch-wishes.ts';
import { launchWishes } from './launch-wishes.ts';
import type { MenuAction } from './menu-template.ts';
import { openSessionFile } from './open-session-file.ts';
import type { PageAddress } from './page-address.ts';
import { openKnownLink } from './policies.ts';
import type { SecondStart } from './second-start.ts';
import { desktopWatchdog } from './system-proxy-watchdog.ts';
import { TrayIcon } from './tray-icon.ts';
import type { TrayEntry, TrayState } from './tray-template.ts';
import type { Updater } from './updater.ts';
import { WindowMail } from './window-mail.ts';
import { WindowStateFile } from './window-state-file.ts';

export interface DesktopAppOptions {
  readonly host: HostOptions;
  readonly page: PageAddress;
  /** Absolute path of the built preload script. */
  readonly preload: string;
  /** Absolute path of the pictures that the app shows outside of its page. */
  readonly assets: string;
  readonly developing: boolean;
  /** Whether this desktop shows icons of a tray. */
  readonly tray: boolean;
  readonly updater: Updater;
  readonly log: (sentence: string) => void;
  /** Takes what cannot be gone on from. */
  readonly fail: (error: unknown) => void;
}

/** The application around the engine: its window, menu and tray, and what the system hands it. Needs Electron to be ready. */
export class DesktopApp {
  readonly #options: DesktopAppOptions;
  readonly #mail = new WindowMail();
  readonly #service: EngineService;
  readonly #transport: IpcTransport;
  readonly #window: AppWindow;
  readonly #attention: Attention;
  readonly #menu = new ApplicationMenu((action) => void this.#fromMenu(action).catch(this.#options.fail));
  readonly #engineFailures = new FailureLimit();
  #restarting = false;
  #tray: TrayIcon | undefined;
  #words = desktopWords(app.getLocale());
  #titles: Readonly<Partial<Record<CommandId, string>>> = {};

  constructor(options: DesktopAppOptions) {
    this.#options = options;
    const { host, page, preload, developing, log } = options;
    this.#service = new EngineService({
      ...{ host, log, command: ownProgram().command, watchdog: desktopWatchdog() },
      onChange: (running) => this.#engineChanged(running),
      app: {
        hello: ({ language, titles = {} }) => this.#hello(language, titles),
        onEvent: (listener) => this.#mail.onEvent(listener),
        update: (step) => options.updater[step](),
      },
    });
    this.#transport = new IpcTransport(undefined, { ipc: ipcMain, page, onRefused: log });
    this.#window = new AppWindow({
      ...{ page, preload, developing, log, state: new WindowStateFile(host.dataDir, log) },
      onOpen: (contents) => this.#transport.admit(contents),
      onFocus: () => this.#attention.seen(),
      onPageGone: () => this.#mail.hold(),
      onPageRestarted: () => this.#notice({ code: 'page-restarted' }),
      shouldTryAgain: () => this.#ask(this.#words.pageDiedTwice),
    });
    this.#attention = new Attention({
      watched: () => this.#window.isWatched,
      badge: new Badge({ picture: join(options.assets, 'badge.png'), window: () => this.#window.current }),
      onClick: () => void this.show(),
    });
  }

  /** Starts the engine and opens the window. Rejects when there can be no engine. */
  async start(): Promise<void> {
    await this.#service.start();
    if (this.#options.tray) {
      const picture = join(this.#options.assets, 'tray.png');
      this.#tray = new TrayIcon({ picture, run: (action) => this.#fromTray(action) });
    }
    this.#showState();
    await this.#window.open();
  }

  /** Brings the window forward, or makes it anew. */
  async show(): Promise<void> {
    await this.#window.open();
  }

  /** How it stands with newer versions has changed. */
  updateChanged(update: UpdateStatus): void {
    this.#mail.post({ kind: 'update', update });
  }

  /** Lets running exchanges end before the process does; takes a bounded time. */
  stop(): Promise<void> {
    return this.#service.stop();
  }

  /** Opens files, and has the person asked about links. */
  async open({ files, links }: LaunchWishes): Promise<void> {
    for (const link of links) this.#openLink(link);
    for (const file of files) {
      const running = await this.#service.settled();
      if (running !== undefined) this.#notice(await openSessionFile(running.engine.sessions, file));
    }
  }

  /** Another start of the app: what it was given is done here, as far as an app that runs can. */
  async secondStart(second: SecondStart | undefined): Promise<void> {
    await this.show();
    if (second === undefined) return;
    const { host, words, startOnly } = desktopFlags(second.args);
    if (startOnly.length > 0) this.#notice({ code: 'flags-ignored', flags: startOnly });
    const { upstreams = [], ...others } = host.overrides;
    const engine = (await this.#service.settled())?.engine;
    if (engine !== undefined && (upstreams.length > 0 || Object.keys(others).length > 0)) {
      engine.updateSettings(withOverrides(engine.settings, host.overrides));
    }
    await this.open(launchWishes(words, second.cwd, app.getAppPath()));
  }

  /** Something threw where nobody caught it: the engine's state is not to be trusted any more, the window goes on. */
  async engineFailed(error: unknown): Promise<void> {
    // It is shown and kept, and a message may quote what passed.
    const reason = withoutSecrets(messageOf(error));
    this.#options.log(`the engine failed: ${error instanceof Error ? (error.stack ?? reason) : reason}`);
    // What else the old engine throws on its way out was dealt with already.
    if (this.#restarting) return;
    if (!(await this.#restart(this.#engineFailures.failed() === 'ask'))) return;
    this.#notice({ code: 'engine-restarted', reason });
    this.#attention.call(this.#words.attention, [this.#words.engineRestarted]);
  }

  /** Starts the engine anew, as often as the person wants it tried. False when they do not any more. */
  async #restart(ask: boolean): Promise<boolean> {
    this.#restarting = true;
    try {
      for (let asking = ask; ; asking = true) {
        if (asking && !(await this.#ask(this.#words.engineDiedTwice))) return false;
        try {
          await this.#service.restart();
          return true;
        } catch (error) {
          this.#options.log(`the engine could not be started: ${String(error)}`);
        }
      }
    } finally {
      this.#restarting = false;
    }
  }

  #hello(language: string, titles: Readonly<Record<string, string>>) {
    this.#words = desktopWords(language);
    this.#titles = titles;
    this.#showState();
    return { host: 'desktop', update: this.#options.updater.status, events: this.#mail.open() } as const;
  }

  #engineChanged(running: RunningEngine | undefined): void {
    if (running !== undefined) {
      const { engine } = running;
      engine.onSettings(() => this.#showState());
      engine.onStatus(({ warnings }) => this.#attention.call(this.#words.attention, warnings));
      this.#attention.call(this.#words.attention, engine.status.warnings);
    }
    // The page greets the next engine, and hears then what comes meanwhile.
    this.#mail.hold();
    this.#transport.serve(running?.contract);
    this.#showState();
  }

  #showState(): void {
    const engine = this.#service.running?.engine;
    const switches = engine && { recording: !engine.settings.record.paused, cacheMode: engine.settings.cache.mode };
    const { developing, updater } = this.#options;
    const updates = updater.status.state !== 'off';
    const { platform } = process;
    const [words, titles] = [this.#words, this.#titles];
    this.#menu.show({ platform, words, titles, developing, updates, engine: switches });
    this.#tray?.show({ words, engine: engine && trayFacts(engine) });
  }

  async #fromMenu(action: MenuAction): Promise<void> {
    switch (action.kind) {
      case 'command':
        await this.show();
        return this.#mail.post({ kind: 'command', id: action.id });
      case 'link':
        return openKnownLink(action.url);
      case 'open-file':
        return this.#chooseFile();
      case 'restart-engine':
        if (await this.#restart(false)) this.#notice({ code: 'engine-restarted' });
        return;
      case 'check-update':
        await this.#options.updater.check();
        return this.show();
    }
  }

  #fromTray(action: NonNullable<TrayEntry['action']>): void {
    if (action === 'show') void this.show().catch(this.#options.fail);
    else if (action === 'quit') app.quit();
    else this.#change(action.patch);
  }

  #change(patch: SettingsPatch): void {
    this.#service.running?.engine.updateSettings(patch);
  }

  async #chooseFile(): Promise<void> {
    const { title, sessions } = this.#words.openFile;
    const { filePaths } = await dialog.showOpenDialog({
      title,
      properties: ['openFile'],
      filters: [{ name: sessions, extensions: ['hopscope', 'har'] }],
    });
    await this.open({ files: filePaths, links: [] });
  }

  #openLink(text: string): void {
    const link = parseAppLink(text);
    if (link === undefined) this.#notice({ code: 'unknown-link', link: text.slice(0, 200) });
    else this.#mail.post({ kind: 'link', link });
  }

  #notice(notice: AppNotice): void {
    this.#mail.post({ kind: 'notice', notice });
  }

  /** Whether to go on; quits the app otherwise. */
  async #ask({ message, detail, goOn, stop }: Question): Promise<boolean> {
    const question = { type: 'warning' as const, message, detail, buttons: [goOn, stop], defaultId: 0, cancelId: 1 };
    const { response } = await dialog.showMessageBox(question);
    if (response === 0) return true;
    app.quit();
    return false;
  }
}

function trayFacts({ settings, status }: Engine): TrayState['engine'] {
  const { record, cache, upstreams, activeUpstream } = settings;
  return {
    ...{ recording: !record.paused, cacheMode: cache.mode, upstreams, activeUpstream },
    address: status.proxyUrl?.replace(/^http:\/\//, ''),
  };
}
