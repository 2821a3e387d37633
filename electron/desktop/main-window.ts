import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { PageAddress } from './page-address.ts';
import { boundsFor, SMALLEST } from './window-bounds.ts';
import type { WindowState } from './window-bounds.ts';
import type { WindowStateFile } from './window-state-file.ts';

export interface MainWindowOptions {
  /** Absolute path of the built preload script. */
  readonly preload: string;
  readonly developing: boolean;
  readonly state: WindowStateFile;
}

/** The window frame's colour in the user interface's themes, so that nothing flashes before the page is drawn. */
const background = { light: '#f3f4f7', dark: '#13151a' };

/** Makes the app's window where it was last; it shows itself as soon as it has something to show. See {@link loadPage}. */
export function createMainWindow({ preload, developing, state }: MainWindowOptions): BrowserWindow {
  const saved = state.read();
  const window = new BrowserWindow({
    title: 'Hopscope',
    ...boundsFor(saved, workAreas()),
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
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
  window.once('ready-to-show', () => {
    if (saved?.maximized === true) window.maximize();
    window.show();
  });
  window.on('close', () => state.write(stateOf(window)));
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

function stateOf(window: BrowserWindow): WindowState {
  return { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
}

/** Of the displays, less bars and docks; the main display's first. */
function workAreas(): WindowState['bounds'][] {
  const main = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== main.id);
  return [main, ...others].map(({ workArea }) => workArea);
}
