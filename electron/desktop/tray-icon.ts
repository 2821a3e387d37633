import { execFile } from 'node:child_process';
import { Menu, nativeImage, Tray } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';
import type { TrayEntry, TrayState } from './tray-template.ts';
import { trayTemplate } from './tray-template.ts';

/** Milliseconds that the session bus may take to answer. */
const BUS_LIMIT = 2_000;

/**
 * Whether this desktop shows icons of a tray. Under Linux some do and some do not, and Electron cannot tell: the one that shows
 * them owns a name on the session bus (StatusNotifierItem specification of freedesktop.org).
 */
export function hasTray(): Promise<boolean> {
  if (process.platform !== 'linux') return Promise.resolve(true);
  const bus = ['call', '--session', '--dest', 'org.freedesktop.DBus', '--object-path', '/org/freedesktop/DBus'];
  const question = ['--method', 'org.freedesktop.DBus.NameHasOwner', 'org.kde.StatusNotifierWatcher'];
  return new Promise((resolve) => {
    execFile('gdbus', [...bus, ...question], { timeout: BUS_LIMIT }, (error, answer) => {
      // No bus, no gdbus: no tray either.
      resolve(error === null && answer.trim() === '(true,)');
    });
  });
}

export interface TrayIconOptions {
  /** The picture's file; there is one with twice the pixels beside it, called `@2x`. */
  readonly picture: string;
  readonly run: (action: NonNullable<TrayEntry['action']>) => void;
}

/** The app's icon at the tray. */
export class TrayIcon {
  readonly #tray: Tray;
  readonly #run: TrayIconOptions['run'];
  #shown = '';

  constructor({ picture, run }: TrayIconOptions) {
    this.#run = run;
    this.#tray = new Tray(nativeImage.createFromPath(picture));
    this.#tray.setToolTip('Hopscope');
    this.#tray.on('click', () => run('show'));
  }

  show(state: TrayState): void {
    const template = trayTemplate(state);
    const described = JSON.stringify(template);
    if (described === this.#shown) return;
    this.#shown = described;
    this.#tray.setContextMenu(Menu.buildFromTemplate(template.map((entry) => this.#item(entry))));
  }

  #item({ action, submenu, ...rest }: TrayEntry): MenuItemConstructorOptions {
    return {
      ...rest,
      ...(submenu === undefined ? {} : { submenu: submenu.map((entry) => this.#item(entry)) }),
      ...(action === undefined ? {} : { click: () => this.#run(action) }),
    };
  }
}
