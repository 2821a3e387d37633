import type { BrowserWindow, WebContents } from 'electron';
import { messageOf } from '../../shared/message-of.ts';
import { FailureLimit } from './failure-limit.ts';
import type { MainWindowOptions } from './main-window.ts';
import { createMainWindow, loadPage } from './main-window.ts';
import type { PageAddress } from './page-address.ts';

export interface AppWindowOptions extends MainWindowOptions {
  readonly page: PageAddress;
  readonly log: (sentence: string) => void;
  /** A window was made; its page is not loaded yet. */
  readonly onOpen: (contents: WebContents) => void;
  /** Somebody looks at the window. */
  readonly onFocus: () => void;
  /** The page listens no longer: it is being loaded anew, or its window was closed. */
  readonly onPageGone: () => void;
  /** The page's process ended, and a new page takes its place. */
  readonly onPageRestarted: () => void;
  /** It ended again, right after that: is it to be tried once more? */
  readonly shouldTryAgain: () => Promise<boolean>;
}

/** The app's one window, which comes and goes while the app stays. */
export class AppWindow {
  readonly #options: AppWindowOptions;
  readonly #failures = new FailureLimit();
  #window: BrowserWindow | undefined;

  constructor(options: AppWindowOptions) {
    this.#options = options;
  }

  /** Whether somebody looks at it. */
  get isWatched(): boolean {
    return this.#window?.isFocused() === true;
  }

  get current(): BrowserWindow | undefined {
    return this.#window;
  }

  /** Brings the window forward, or makes it; resolves when its page is loaded. */
  async open(): Promise<void> {
    const window = this.#window;
    if (window === undefined) return this.#make();
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  async #make(): Promise<void> {
    const { page, onOpen, onFocus, onPageGone } = this.#options;
    const window = createMainWindow(this.#options);
    this.#window = window;
    window.on('focus', onFocus);
    window.once('closed', () => {
      this.#window = undefined;
      onPageGone();
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit') void this.#pageDied(window, reason);
    });
    onOpen(window.webContents);
    await loadPage(window, page);
  }

  /** The engine lives on when a page's process ends, so a new page shows what the old one did. */
  async #pageDied(window: BrowserWindow, reason: string): Promise<void> {
    const { page, log, onPageGone, onPageRestarted, shouldTryAgain } = this.#options;
    const next = this.#failures.failed();
    onPageGone();
    log(`the window's page ended (${reason})${next === 'restart' ? '; it is loaded anew' : ' again'}`);
    try {
      if (next === 'ask' && !(await shouldTryAgain())) return;
      onPageRestarted();
      await loadPage(window, page);
    } catch (error) {
      log(`the page could not be loaded: ${messageOf(error)}`);
    }
  }
}
