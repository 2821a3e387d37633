import { checkOptions } from './strict.ts';

interface Template {
  readonly label?: string;
  readonly role?: string;
  readonly type?: string;
  readonly submenu?: readonly Template[];
  readonly click?: () => void;
  readonly checked?: boolean;
  readonly enabled?: boolean;
  readonly accelerator?: string;
  readonly registerAccelerator?: boolean;
}

const known = [
  ...['label', 'role', 'type', 'submenu', 'click', 'checked', 'enabled', 'accelerator', 'registerAccelerator'],
];
/** Electron's accelerators: modifiers, then a key. */
const ACCELERATOR =
  /^(?:(?:CmdOrCtrl|Alt|Shift|Ctrl|Cmd)\+)*(?:[A-Z0-9!-/:-@[-`]|F\d{1,2}|Plus|Delete|Backspace|Enter|Esc|Space|Tab|Home|End|PageUp|PageDown|Up|Down|Left|Right)$/;

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
  readonly checked: boolean;
  readonly enabled: boolean;
  readonly accelerator: string | undefined;
  readonly #click: (() => void) | undefined;

  constructor(template: Template) {
    checkOptions('MenuItem', template, known);
    const { label, role, type, submenu, click, accelerator } = template;
    if (accelerator !== undefined && !ACCELERATOR.test(accelerator)) throw new Error(`No accelerator: ${accelerator}`);
    if (role !== undefined && !roles.includes(role)) throw new Error(`The double knows no menu role "${role}"`);
    if (label === undefined && role === undefined && type !== 'separator') {
      throw new Error('Invalid template for MenuItem: must have either label, role or type');
    }
    this.label = label ?? '';
    this.role = role;
    this.type = type ?? (submenu ? 'submenu' : 'normal');
    this.submenu = submenu && MenuDouble.buildFromTemplate(submenu);
    this.#click = click;
    this.checked = template.checked ?? false;
    this.enabled = template.enabled ?? true;
    this.accelerator = accelerator;
  }

  click(): void {
    if (!this.enabled) throw new Error(`The menu item "${this.label}" is disabled`);
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
