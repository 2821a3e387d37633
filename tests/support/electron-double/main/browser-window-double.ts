import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { KnownEmitter } from './known-emitter.ts';
import { checkOptions, strict } from './strict.ts';
import type { Wire } from '../wire.ts';
import type { AppDouble } from './app-double.ts';
import type { SessionDouble } from './session-double.ts';
import type { ImageDouble } from './tray-double.ts';
import { WebContentsDouble } from './web-contents-double.ts';

interface WindowOptions {
  readonly width: number;
  readonly height: number;
  readonly x?: number;
  readonly y?: number;
  readonly show?: boolean;
  readonly webPreferences: WebPreferences;
}

interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface WebPreferences {
  readonly preload: string;
  readonly sandbox?: boolean;
  readonly contextIsolation?: boolean;
  readonly nodeIntegration?: boolean;
  readonly webviewTag?: boolean;
  readonly devTools?: boolean;
}

/** What windows are made from. */
export interface Surroundings {
  readonly wire: Wire;
  readonly app: AppDouble;
  readonly session: SessionDouble;
}

const knownOptions = [
  ...[
    'title',
    'width',
    'height',
    'x',
    'y',
    'minWidth',
    'minHeight',
    'show',
    'autoHideMenuBar',
    'backgroundColor',
    'webPreferences',
  ],
];
const knownPreferences = [
  ...['preload', 'sandbox', 'contextIsolation', 'nodeIntegration', 'webviewTag', 'devTools', 'spellcheck'],
];

/** `BrowserWindow`: a page in the test's Chromium. Only the secured kind can be made. */
export class BrowserWindowDouble extends KnownEmitter {
  static surroundings: Surroundings;
  static readonly all = new Map<number, BrowserWindowDouble>();
  readonly webContents: WebContentsDouble;
  readonly preferences: WebPreferences;
  /** What {@link webContents} is to the test. */
  readonly contents: WebContentsDouble;
  #visible: boolean;
  #minimized = false;
  #maximized = false;
  #focused = false;
  #bounds: Bounds;
  /** What {@link setOverlayIcon} was last told. */
  overlay: { readonly picture: string; readonly description: string } | null = null;
  #loaded = false;

  constructor(options: WindowOptions) {
    super('BrowserWindow', ['ready-to-show', 'focus', 'close', 'closed']);
    const { wire, app, session } = BrowserWindowDouble.surroundings;
    checkOptions('BrowserWindow', options, knownOptions);
    checkPreferences(options.webPreferences);
    this.preferences = options.webPreferences;
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    const { width, height, x = 40, y = 30, show = true } = options;
    this.#bounds = { x, y, width, height };
    this.#visible = show;
    this.contents = new WebContentsDouble(BrowserWindowDouble.all.size + 1, wire, session);
    this.webContents = strict('WebContents', this.contents);
    BrowserWindowDouble.all.set(this.contents.id, this);
    app.windows.add(this);
    const preload = readFileSync(options.webPreferences.preload, 'utf8');
    wire.call('page.open', this.contents.id, { width, height, preload }).catch((error: unknown) => {
      process.stderr.write(`electron double: no page could be opened: ${String(error)}\n`);
    });
    app.emit('web-contents-created', {}, this.webContents);
    this.contents.on('did-finish-load', () => this.#show());
    // As in Electron, listeners and users get the checked object.
    return strict('BrowserWindow', this);
  }

  static getAllWindows(): BrowserWindowDouble[] {
    return [...BrowserWindowDouble.all.values()].filter((window) => !window.isDestroyed());
  }

  async loadURL(url: string): Promise<void> {
    await this.contents.loadURL(url);
  }

  show(): void {
    this.#visible = true;
  }

  focus(): void {
    this.#focused = true;
    this.emit('focus');
  }

  /** What the person does who turns to another window. */
  blur(): void {
    this.#focused = false;
  }

  isFocused(): boolean {
    return this.#focused;
  }

  maximize(): void {
    this.#maximized = true;
  }

  isMaximized(): boolean {
    return this.#maximized;
  }

  setBounds(bounds: Bounds): void {
    this.#bounds = bounds;
  }

  /** Where it is, or would be if it were not maximised. */
  getNormalBounds(): Bounds {
    return this.#bounds;
  }

  isVisible(): boolean {
    return this.#visible;
  }

  minimize(): void {
    this.#minimized = true;
  }

  restore(): void {
    this.#minimized = false;
  }

  isMinimized(): boolean {
    return this.#minimized;
  }

  /** Of Windows' taskbar alone; elsewhere Electron takes no notice of it, which would hide a mistake. */
  setOverlayIcon(image: ImageDouble | null, description: string): void {
    if (process.platform !== 'win32') throw new Error('BrowserWindow.setOverlayIcon() does nothing but on Windows');
    if (image?.isEmpty() === true) throw new Error('Nobody would see an overlay without a picture');
    this.overlay = image === null ? null : { picture: image.path, description };
  }

  isDestroyed(): boolean {
    return this.contents.isDestroyed();
  }

  close(): void {
    if (this.emitCancelable('close')) this.destroy();
  }

  destroy(): void {
    if (this.isDestroyed()) return;
    const { wire, app } = BrowserWindowDouble.surroundings;
    this.contents.destroy();
    this.emit('closed');
    wire.call('page.close', this.contents.id).catch(() => {
      // The test has closed its browser already.
    });
    app.windowClosed(this);
  }

  #show(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    this.emit('ready-to-show');
  }
}

/** The double has no page with Node in it and no preload outside a sandbox; asking for one is a mistake here. */
function checkPreferences(preferences: WebPreferences): void {
  checkOptions('BrowserWindow.webPreferences', preferences, knownPreferences);
  const { preload, sandbox, contextIsolation, nodeIntegration, webviewTag } = preferences;
  if (!isAbsolute(preload)) throw new Error('A preload script is named by an absolute path');
  if (sandbox !== true || contextIsolation !== true) throw new Error('The double only has sandboxed, isolated pages');
  if (nodeIntegration === true || webviewTag === true) throw new Error('The double has neither Node nor <webview>');
}
