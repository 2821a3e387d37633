import { app, Menu } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';

/** Gives the app its menu: what the system expects, and nothing that could reload or inspect the installed app. */
export function setApplicationMenu(developing: boolean): void {
  const template: MenuItemConstructorOptions[] = [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    { label: 'File', submenu: [process.platform === 'darwin' ? { role: 'close' } : { role: 'quit' }] },
    { role: 'editMenu' },
    { label: 'View', submenu: viewItems(developing) },
    { role: 'windowMenu' },
    { role: 'help', submenu: [{ label: 'About Hopscope', click: () => app.showAboutPanel() }] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function viewItems(developing: boolean): MenuItemConstructorOptions[] {
  const forDevelopers: MenuItemConstructorOptions[] = [
    { role: 'reload' },
    { role: 'toggleDevTools' },
    { type: 'separator' },
  ];
  return [
    ...(developing ? forDevelopers : []),
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
}
