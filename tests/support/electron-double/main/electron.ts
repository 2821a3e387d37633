// The `electron` module as the main process sees it, for a program that runs under plain Node. Its windows are pages of a real
// Chromium, which the test at the other end of the wire opens and drives. What is not here does not exist: an import of another
// name, another method, option or event is an error.
import { Wire } from '../wire.ts';
import { AppDouble } from './app-double.ts';
import { BrowserWindowDouble } from './browser-window-double.ts';
import { IpcMainDouble } from './ipc-main-double.ts';
import { MenuDouble } from './menu-double.ts';
import { NotificationDouble } from './notification-double.ts';
import { SafeStorageDouble } from './safe-storage-double.ts';
import { serveTest } from './serve-test.ts';
import { SessionDouble } from './session-double.ts';
import { strict } from './strict.ts';
import { nativeImageDouble, TrayDouble } from './tray-double.ts';

const wire = new Wire(process);
const appDouble = new AppDouble();
const ipcMainDouble = new IpcMainDouble();
const sessionDouble = new SessionDouble();
BrowserWindowDouble.surroundings = { wire, app: appDouble, session: sessionDouble };

export const app = strict('app', appDouble);
export const ipcMain = strict('ipcMain', ipcMainDouble);
export const safeStorage = strict('safeStorage', new SafeStorageDouble(appDouble));
export const session = strict('session', { defaultSession: strict('Session', sessionDouble) });
export const BrowserWindow = strict('BrowserWindow', BrowserWindowDouble);
export const Menu = strict('Menu', MenuDouble);

export const Tray = strict('Tray', TrayDouble);
export const Notification = strict('Notification', NotificationDouble);
export const nativeImage = strict('nativeImage', nativeImageDouble);

/** A main display with a bar at its top, and another one at its right, which the test may have taken away. */
export const screen = strict('screen', {
  getPrimaryDisplay: () => ({ id: 1, workArea: { x: 0, y: 30, width: 1920, height: 1050 } }),
  getAllDisplays: () => [
    { id: 2, workArea: { x: 1920, y: 0, width: 2560, height: 1440 } },
    { id: 1, workArea: { x: 0, y: 30, width: 1920, height: 1050 } },
  ],
});

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(schemes: readonly { scheme: string; privileges: Record<string, boolean> }[]) {
    if (appDouble.isReady()) throw new Error('registerSchemesAsPrivileged counts only before the app is ready');
    for (const { scheme, privileges } of schemes) sessionDouble.privileged.set(scheme, privileges);
  },
});

export const nativeTheme = strict('nativeTheme', {
  shouldUseDarkColors: process.env['ELECTRON_DOUBLE_COLOR_SCHEME'] === 'dark',
});

export const shell = strict('shell', {
  async openExternal(url: string): Promise<void> {
    await wire.call('shell.openExternal', url);
  },
});

export const dialog = strict('dialog', {
  showErrorBox(title: string, content: string): void {
    void wire.call('dialog.showErrorBox', title, content);
  },
  /** The test answers; a question that it does not expect fails. */
  async showMessageBox(options: { message: string; detail: string; buttons: readonly string[] }): Promise<object> {
    return { response: await wire.call('dialog.showMessageBox', options), checkboxChecked: false };
  },
  async showOpenDialog(options: object): Promise<object> {
    return { filePaths: await wire.call('dialog.showOpenDialog', options), canceled: false };
  },
});

const electron = {
  ...{ app, BrowserWindow, dialog, ipcMain, Menu, nativeImage, nativeTheme, Notification, protocol, safeStorage },
  ...{ screen, session, shell, Tray },
};
serveTest({ wire, app: appDouble, ipcMain: ipcMainDouble, session: sessionDouble, electron });
