import { BrowserWindow, nativeTheme } from 'electron';
import type { PageAddress } from './page-address.ts';

export interface MainWindowOptions {
  readonly page: PageAddress;
  /** Absolute path of the built preload script. */
  readonly preload: string;
  readonly developing: boolean;
}

/** The window frame's colour in the user interface's themes, so that nothing flashes before the page is drawn. */
const background = { light: '#f3f4f7', dark: '#13151a' };
/** A page that dies again so soon (ms) after it was loaded anew would only die once more. */
const DIES_TOO_OFTEN = 10_000;

/**
 * Makes the app's window, which shows itself as soon as it has something to show. It loads nothing yet: see {@link loadPage}.
 * @param log told what people at a terminal should know.
 */
export function createMainWindow(options: MainWindowOptions, log: (sentence: string) => void): BrowserWindow {
  const { page, preload, developing } = options;
  const window = new BrowserWindow({
    title: 'Hopscope',
    width: 1360,
    height: 860,
    minWidth: 820,
    minHeight: 520,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      devTools: developing,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  reloadWhenGone(window, page, log);
  return window;
}

/** Loads the user interface; resolves also when the window is closed meanwhile. */
export async function loadPage(window: BrowserWindow, { url }: PageAddress): Promise<void> {
  try {
    await window.loadURL(url);
  } catch (error) {
    if (!window.isDestroyed()) throw error;
  }
}

/** The engine lives on when a page's process crashes, so a new page shows what the old one did. */
function reloadWhenGone(window: BrowserWindow, page: PageAddress, log: (sentence: string) => void): void {
  let loaded = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const now = performance.now();
    const again = now - loaded > DIES_TOO_OFTEN;
    log(`the window's page ended (${reason})${again ? '; it is loaded anew' : ' again; it is left as it is'}`);
    if (!again) return;
    loaded = now;
    loadPage(window, page).catch((error: unknown) => log(`the page could not be loaded: ${String(error)}`));
  });
}
