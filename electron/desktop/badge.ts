import type { BrowserWindow } from 'electron';
import { app, nativeImage } from 'electron';

export interface BadgeOptions {
  /** The picture's file for Windows; there is one with twice the pixels beside it, called `@2x`. */
  readonly picture: string;
  readonly window: () => BrowserWindow | undefined;
}

/** What the app's icon shows of things that nobody has seen: their number in a dock, a mark in Windows' taskbar. */
export class Badge {
  readonly #options: BadgeOptions;

  constructor(options: BadgeOptions) {
    this.#options = options;
  }

  /** @param meaning is what a screen reader says of the mark. */
  show(unseen: number, meaning: string): void {
    if (process.platform !== 'win32') {
      app.setBadgeCount(unseen);
      return;
    }
    // Without a window there is no button in the taskbar; whoever opens one sees what there is.
    const { picture, window } = this.#options;
    window()?.setOverlayIcon(unseen === 0 ? null : nativeImage.createFromPath(picture), meaning);
  }
}
