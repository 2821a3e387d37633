import { BrowserWindow, nativeTheme } from 'electron';

export interface MainWindowOptions {
  /** Address of the user interface. */
  readonly url: string;
  /** Absolute path of the built preload script. */
  readonly preload: string;
  readonly developing: boolean;
}

/** The window frame's colour in the user interface's themes, so that nothing flashes before the page is drawn. */
const background = { light: '#f3f4f7', dark: '#13151a' };

/** Makes the app's window, hidden until it has something to show. It loads nothing yet. */
export function createMainWindow({ preload, developing }: Omit<MainWindowOptions, 'url'>): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Hopscope',
    width: 1360,
    height: 860,
    minWidth: 820,
    minHeight: 520,
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
  window.once('ready-to-show', () => window.show());
  return window;
}
