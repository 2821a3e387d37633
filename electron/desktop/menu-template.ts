import type { CommandId, CommandSection } from '../../shared/commands.ts';
import { COMMAND_IDS, commandFacts } from '../../shared/commands.ts';
import type { CacheMode } from '../../shared/decision.ts';
import type { DesktopWords } from './desktop-words.ts';

/** What an item of a menu does; {@link MenuEntry.role} does what the system has for it instead. */
export type MenuAction =
  | { readonly kind: 'command'; readonly id: CommandId }
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'open-file' | 'restart-engine' | 'check-update' };

/** An item, as data: Electron's template but for what a click does. */
export interface MenuEntry {
  readonly label?: string;
  readonly role?: 'appMenu' | 'editMenu' | 'windowMenu' | 'help' | 'about' | 'quit' | ViewRole;
  readonly type?: 'separator' | 'checkbox' | 'radio';
  readonly checked?: boolean;
  readonly enabled?: boolean;
  readonly accelerator?: string;
  /** False: the accelerator is shown, and the page takes the keys itself. */
  readonly registerAccelerator?: false;
  readonly submenu?: readonly MenuEntry[];
  readonly action?: MenuAction;
}

type ViewRole = 'reload' | 'toggleDevTools' | 'resetZoom' | 'zoomIn' | 'zoomOut' | 'togglefullscreen';

/** What the menu depends on. */
export interface MenuState {
  readonly platform: NodeJS.Platform;
  readonly words: DesktopWords;
  /** The page's own titles of its commands, in the language it speaks; English ones where it has told none. */
  readonly titles: Readonly<Partial<Record<CommandId, string>>>;
  /** Whether pages can be reloaded and looked into. */
  readonly developing: boolean;
  /** Whether this build can update itself. */
  readonly updates: boolean;
  /** Undefined while there is no engine. */
  readonly engine: { readonly recording: boolean; readonly cacheMode: CacheMode } | undefined;
}

const separator: MenuEntry = { type: 'separator' };

/** The application's menu: what each system expects in it, every command of the page, and the standards that the cache goes by. */
export function menuTemplate(state: MenuState): MenuEntry[] {
  const { platform, words } = state;
  const mac = platform === 'darwin';
  const commands = (section: CommandSection): MenuEntry[] => commandsOf(section, state);
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    { label: words.menu.file, submenu: fileItems(state) },
    { role: 'editMenu' },
    { label: words.menu.go, submenu: commands('go') },
    { label: words.menu.list, submenu: [...commands('list'), separator, ...commands('filter')] },
    { label: words.menu.details, submenu: commands('details') },
    { label: words.menu.rules, submenu: commands('rules') },
    { label: words.menu.recording, submenu: commands('recording') },
    { label: words.menu.cache, submenu: commands('cache') },
    { label: words.menu.view, submenu: [...commands('view'), separator, ...viewItems(state)] },
    { role: 'windowMenu' },
    { role: 'help', submenu: [...commands('help'), separator, ...standards(), ...(mac ? [] : [separator, about])] },
  ];
}

const about: MenuEntry = { role: 'about' };

function fileItems({ platform, words, updates, engine }: MenuState): MenuEntry[] {
  return [
    {
      label: words.menu.open,
      accelerator: 'CmdOrCtrl+O',
      enabled: engine !== undefined,
      action: { kind: 'open-file' },
    },
    separator,
    { label: words.menu.restart, action: { kind: 'restart-engine' } },
    ...(updates ? [{ label: words.menu.update, action: { kind: 'check-update' } } as const] : []),
    ...(platform === 'darwin' ? [] : [separator, { role: 'quit' } as const]),
  ];
}

function viewItems({ developing }: MenuState): MenuEntry[] {
  return [
    ...(developing ? ([{ role: 'reload' }, { role: 'toggleDevTools' }, separator] as const) : []),
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    separator,
    { role: 'togglefullscreen' },
  ];
}

function commandsOf(section: CommandSection, state: MenuState): MenuEntry[] {
  // Files are opened by the item of the menu of files, which needs no page.
  const ids = COMMAND_IDS.filter((id) => id !== 'recording.openFile' && commandFacts(id).section === section);
  return ids.map((id) => commandItem(id, state));
}

function commandItem(id: CommandId, { platform, titles, engine }: MenuState): MenuEntry {
  const { title, keys } = commandFacts(id);
  return {
    label: escapeMnemonic(titles[id] ?? title),
    ...acceleratorOf(keys, platform),
    ...(engine === undefined ? {} : stateOf(id, engine)),
    action: { kind: 'command', id },
  };
}

/** What is on or off is shown so. */
function stateOf(id: CommandId, { recording, cacheMode }: NonNullable<MenuState['engine']>): Partial<MenuEntry> {
  if (id === 'recording.toggle') return { type: 'checkbox', checked: !recording };
  if (id.startsWith('cache.')) return { type: 'radio', checked: id === `cache.${cacheMode}` };
  return {};
}

/** An ampersand in a label would underline what follows. */
function escapeMnemonic(label: string): string {
  return label.replaceAll('&', '&&');
}

/** What Electron calls the keys whose names differ from those of `KeyboardEvent.key`. */
const KEY_NAMES: Readonly<Record<string, string>> = {
  Mod: 'CmdOrCtrl',
  ArrowDown: 'Down',
  ArrowUp: 'Up',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Escape: 'Esc',
  '+': 'Plus',
};

/**
 * The first key of a command that a menu can show. The page has all of them already, so that none is registered. macOS registers
 * whatever it shows: there, only keys with Command or of functions are shown, since others would be taken from whoever types.
 */
function acceleratorOf(keys: readonly string[], platform: NodeJS.Platform): Partial<MenuEntry> {
  const shown = platform === 'darwin' ? keys.find((key) => /^Mod\+|(?:^|\+)F\d+$/.test(key)) : keys[0];
  if (shown === undefined) return {};
  const accelerator = shown
    .split('+')
    .map((name) => KEY_NAMES[name] ?? (name.length === 1 ? name.toUpperCase() : name));
  return { accelerator: accelerator.join('+'), ...(platform === 'darwin' ? {} : { registerAccelerator: false }) };
}

function standards(): MenuEntry[] {
  const link = (label: string, url: string): MenuEntry => ({ label, action: { kind: 'link', url } });
  return [
    link('HTTP Caching (RFC 9111)', 'https://www.rfc-editor.org/rfc/rfc9111.html'),
    link('HTTP Semantics (RFC 9110)', 'https://www.rfc-editor.org/rfc/rfc9110.html'),
    link('Cache-Status (RFC 9211)', 'https://www.rfc-editor.org/rfc/rfc9211.html'),
  ];
}
