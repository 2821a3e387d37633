import { statSync } from 'node:fs';
import { KnownEmitter } from './known-emitter.ts';
import type { MenuDouble } from './menu-double.ts';
import { strict } from './strict.ts';

/** A picture, of which only the file matters here. */
export interface ImageDouble {
  readonly path: string;
  isEmpty(): boolean;
}

/** `nativeImage`: like Electron's, it gives an empty picture for a file that it cannot read. */
export const nativeImageDouble = {
  createFromPath(path: string): ImageDouble {
    const readable = /\.(?:png|jpe?g)$/.test(path) && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
    return strict('NativeImage', { path, isEmpty: () => !readable });
  },
};

/** `Tray`: an icon that tests look at and click on. */
export class TrayDouble extends KnownEmitter {
  static readonly all: TrayDouble[] = [];
  tooltip = '';
  menu: MenuDouble | null = null;

  constructor(image: ImageDouble) {
    super('Tray', ['click']);
    if (image.isEmpty()) throw new Error('Nobody would see a tray icon without a picture');
    TrayDouble.all.push(this);
    return strict('Tray', this);
  }

  setToolTip(text: string): void {
    this.tooltip = text;
  }

  setContextMenu(menu: MenuDouble): void {
    this.menu = menu;
  }
}
