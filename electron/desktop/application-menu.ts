import { Menu } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuAction, MenuEntry, MenuState } from './menu-template.ts';
import { menuTemplate } from './menu-template.ts';

/** The application's menu, built again whenever what it shows has changed. */
export class ApplicationMenu {
  readonly #run: (action: MenuAction) => void;
  #shown = '';

  /** @param run does what an item stands for. */
  constructor(run: (action: MenuAction) => void) {
    this.#run = run;
  }

  show(state: MenuState): void {
    const template = menuTemplate(state);
    const described = JSON.stringify(template);
    if (described === this.#shown) return;
    this.#shown = described;
    Menu.setApplicationMenu(Menu.buildFromTemplate(template.map((entry) => this.#item(entry))));
  }

  #item({ action, submenu, ...rest }: MenuEntry): MenuItemConstructorOptions {
    return {
      ...rest,
      ...(submenu === undefined ? {} : { submenu: submenu.map((entry) => this.#item(entry)) }),
      ...(action === undefined ? {} : { click: () => this.#run(action) }),
    };
  }
}
