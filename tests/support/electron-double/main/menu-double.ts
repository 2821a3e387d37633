import { checkOptions } from './strict.ts';

interface Template {
  readonly label?: string;
  readonly role?: string;
  readonly type?: string;
  readonly submenu?: readonly Template[];
  readonly click?: () => void;
}

const roles: readonly string[] = [
  ...['reload', 'toggleDevTools', 'resetZoom', 'zoomIn', 'zoomOut', 'togglefullscreen', 'help', 'about', 'quit'],
  ...['appMenu', 'editMenu', 'windowMenu'],
];

/** An item of a {@link MenuDouble}. */
export class MenuItemDouble {
  readonly label: string;
  readonly role: string | undefined;
  readonly type: string;
  readonly submenu: MenuDouble | undefined;
  readonly #click: (() => void) | undefined;

  constructor(template: Template) {
    checkOptions('MenuItem', template, ['label', 'role', 'type', 'submenu', 'click']);
    const { label, role, type, submenu, click } = template;
    if (role !== undefined && !roles.includes(role)) throw new Error(`The double knows no menu role "${role}"`);
    if (label === undefined && role === undefined && type !== 'separator') {
      throw new Error('Invalid template for MenuItem: must have either label, role or type');
    }
    this.label = label ?? '';
    this.role = role;
    this.type = type ?? (submenu ? 'submenu' : 'normal');
    this.submenu = submenu && MenuDouble.buildFromTemplate(submenu);
    this.#click = click;
  }

  click(): void {
    if (this.#click === undefined)
      throw new Error(`The menu item "${this.label || String(this.role)}" does nothing here`);
    this.#click();
  }
}

/** `Menu`, which is looked at and clicked on by tests alone. */
export class MenuDouble {
  static #application: MenuDouble | null = null;
  readonly items: readonly MenuItemDouble[];

  constructor(items: readonly MenuItemDouble[]) {
    this.items = items;
  }

  static buildFromTemplate(template: readonly Template[]): MenuDouble {
    return new MenuDouble(template.map((item) => new MenuItemDouble(item)));
  }

  static setApplicationMenu(menu: MenuDouble | null): void {
    MenuDouble.#application = menu;
  }

  static getApplicationMenu(): MenuDouble | null {
    return MenuDouble.#application;
  }
}
