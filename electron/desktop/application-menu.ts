import { app, Menu } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';
import { openKnownLink } from './policies.ts';

export interface ApplicationMenuOptions {
  readonly version: string;
  /** Whether pages can be reloaded and looked into. */
  readonly developing: boolean;
}

/** Gives the app its menu: what each system expects in it, and the standards that the cache goes by. */
export function setApplicationMenu({ version, developing }: ApplicationMenuOptions): void {
  const mac = process.platform === 'darwin';
  app.setAboutPanelOptions({ applicationName: 'Hopscope', applicationVersion: version });
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: 'appMenu' } as const] : [{ label: '&File', submenu: [{ role: 'quit' } as const] }]),
    { role: 'editMenu' },
    { label: '&View', submenu: viewItems(developing) },
    { role: 'windowMenu' },
    { role: 'help', submenu: [...standards(), ...(mac ? [] : [separator, { role: 'about' } as const])] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

const separator: MenuItemConstructorOptions = { type: 'separator' };

function viewItems(developing: boolean): MenuItemConstructorOptions[] {
  const forDevelopers: MenuItemConstructorOptions[] = [{ role: 'reload' }, { role: 'toggleDevTools' }, separator];
  return [
    ...(developing ? forDevelopers : []),
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    separator,
    { role: 'togglefullscreen' },
  ];
}

function standards(): MenuItemConstructorOptions[] {
  const link = (label: string, url: string): MenuItemConstructorOptions => ({ label, click: () => openKnownLink(url) });
  return [
    link('HTTP Caching (RFC 9111)', 'https://www.rfc-editor.org/rfc/rfc9111.html'),
    link('HTTP Semantics (RFC 9110)', 'https://www.rfc-editor.org/rfc/rfc9110.html'),
    link('Cache-Status (RFC 9211)', 'https://www.rfc-editor.org/rfc/rfc9211.html'),
  ];
}
