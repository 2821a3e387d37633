import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { sharedChromium } from '../../chromium.ts';
import { Wire } from '../wire.ts';
import { toBrowser } from './addresses.ts';
import type { SchemeAnswer } from './answer-request.ts';
import { answerRequest } from './answer-request.ts';
import type { Delivery } from './preload-world.ts';
import type { WindowPageOptions } from './window-page.ts';
import { WindowPage } from './window-page.ts';

export interface DoubleOptions {
  /** The built main script. */
  readonly main: string;
  readonly args: readonly string[];
  readonly colorScheme?: 'light' | 'dark';
  /** Whether another instance holds the app's lock. */
  readonly secondInstance?: boolean;
  /** Address of a development server's page, as electron-vite gives it. */
  readonly rendererUrl?: string;
  /** The secret of the user's keyring; absent where there is none. */
  readonly keyring?: string;
  /** Further variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the program ends before it opens a window, so that no browser is needed. */
  readonly windowless?: boolean;
  /** The command that starts it, with its first arguments, as in `unshare --net`: it replaces itself by what follows. */
  readonly through?: readonly string[];
  /** Number of the user, and of their group, that it runs as. Only root can choose. */
  readonly user?: number;
}

/** How a permission is answered when it is asked for, when it is looked up, and for a device. */
export interface PermissionAnswers {
  readonly request: boolean;
  readonly check: boolean;
  readonly device: boolean;
}

const register = fileURLToPath(new URL('../main/register.ts', import.meta.url));

/**
 * Runs a built main script under Node with the double of `electron`.
 * @param atEnd registers what ends it: by default when the test finishes.
 */
export async function launchDouble(
  options: DoubleOptions,
  atEnd: (end: () => Promise<void>) => void = onTestFinished,
): Promise<ElectronDouble> {
  const {
    main,
    args,
    colorScheme = 'light',
    secondInstance = false,
    rendererUrl,
    keyring,
    windowless = false,
    through = [],
    user,
    env: further = {},
  } = options;
  const context = windowless ? undefined : await (await sharedChromium()).newContext({ colorScheme });
  const { ELECTRON_RENDERER_URL: _, ...env } = process.env;
  const [command = '', ...words] = [...through, process.execPath, '--import', register, main, ...args];
  const child: ChildProcess = spawn(command, words, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    ...(user === undefined ? {} : { uid: user, gid: user }),
    env: {
      ...env,
      ...(rendererUrl === undefined ? {} : { ELECTRON_RENDERER_URL: rendererUrl }),
      ...(keyring === undefined ? {} : { ELECTRON_DOUBLE_KEYRING: keyring }),
      ELECTRON_DOUBLE_COLOR_SCHEME: colorScheme,
      ELECTRON_DOUBLE_SECOND_INSTANCE: secondInstance ? '1' : '',
      ...further,
    },
  });
  const double = new ElectronDouble(child, context, options);
  atEnd(async () => {
    child.kill('SIGKILL');
    await double.exited;
    await context?.close();
  });
  await double.begin();
  return double;
}

/** A running program whose `electron` is the double, and its windows. */
export class ElectronDouble {
  /** The code the process exited with; null when it was killed. */
  readonly exited: Promise<number | null>;
  /** Addresses that the program had the system's browser open. */
  readonly openedExternally: string[] = [];
  readonly errorBoxes: string[] = [];
  /** Questions that were asked in dialogs. */
  readonly questions: string[] = [];
  /** The files that are chosen in the next dialog for files. */
  chosenFiles: string[] = [];
  readonly #wire: Wire;
  readonly #child: ChildProcess;
  readonly #options: DoubleOptions;
  /** Where windows open; undefined when there are to be none. */
  readonly #context: BrowserContext | undefined;
  readonly #windows = new Map<number, WindowPage>();
  /** The buttons that the test presses in dialogs to come, by position. */
  readonly #answers: number[] = [];
  #loaded: Page[] = [];
  #pageWaiters: (() => void)[] = [];
  #output = '';

  /** Use {@link launchDouble}. */
  constructor(child: ChildProcess, context: BrowserContext | undefined, options: DoubleOptions) {
    this.#child = child;
    this.#options = options;
    this.#context = context;
    this.#wire = new Wire(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    }
    this.exited = once(child, 'close').then(([code]) => {
      this.#wire.close(`the process has ended: ${this.#output}`);
      return code as number | null;
    });
  }

  /** What the process printed so far. */
  get output(): string {
    return this.#output;
  }

  async begin(): Promise<void> {
    const wire = this.#wire;
    wire.handle('page.open', (id: number, options: WindowPageOptions) => {
      if (this.#context === undefined) throw new Error('This test expects no window');
      this.#windows.set(id, new WindowPage(id, wire, this.#context, options));
    });
    wire.handle('page.load', (id: number, url: string, granted: string[]) => this.#load(id, url, granted));
    wire.handle('page.loaded', (id: number) => this.#pageLoaded(this.#windows.get(id)?.page));
    wire.handle('page.close', (id: number) => this.#windows.get(id)?.close());
    wire.handle('page.receive', (id: number, channel: string, args: Delivery['args']) =>
      this.#windows.get(id)?.receive({ channel, args }),
    );
    wire.handle('shell.openExternal', (url: string) => void this.openedExternally.push(url));
    wire.handle('dialog.showErrorBox', (title: string, content: string) => {
      this.errorBoxes.push(`${title}: ${content}`);
    });
    wire.handle('dialog.showMessageBox', ({ message }: { message: string }) => {
      this.questions.push(message);
      const answer = this.#answers.shift();
      if (answer === undefined) throw new Error(`The test has no answer to “${message}”`);
      return answer;
    });
    wire.handle('dialog.showOpenDialog', () => this.chosenFiles);
    await this.#context?.route('**/*', (route) => answerRequest(route, wire, [...this.#windows.values()]));
    this.#context?.on('page', (page) => void this.#admit(page));
    // The main script may end before it is ready; whoever waits for its exit then learns why.
    await wire.call('app.ready').catch(() => this.exited);
  }

  /** The page of a window once it has loaded: of the first one, unless `position` tells another. A crashed page counts no more. */
  async page(position = 0): Promise<Page> {
    for (;;) {
      const page = this.#loaded[position];
      if (page !== undefined) return page;
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#pageWaiters.push(resolve);
        }),
        this.exited.then((code) => Promise.reject(new Error(`No page, but exit code ${code}: ${this.#output}`))),
      ]);
    }
  }

  /** Runs `fn` in the main process, with the double as its `electron`; it sees nothing but its arguments. */
  async evaluate<A, R>(fn: (electron: typeof Electron.CrossProcessExports, arg: A) => R, arg: A): Promise<Awaited<R>> {
    return (await this.#wire.call('main.evaluate', fn.toString(), arg)) as Awaited<R>;
  }

  /** Has the button at a position pressed in the next dialog that has no answer yet. */
  answer(button: number): Promise<void> {
    this.#answers.push(button);
    return Promise.resolve();
  }

  /** Starts it once more, without the lock; what a real lock would hand over reaches the app that runs. */
  async startAgain(words: readonly string[], cwd: string): Promise<{ code: number | null; output: string }> {
    const { args } = this.#options;
    const second = await launchDouble({
      ...this.#options,
      args: [...args, ...words],
      secondInstance: true,
      windowless: true,
    });
    const code = await second.exited;
    await this.evaluate(({ app }, data) => void app.emit('second-instance', {}, [], '', data), { args: words, cwd });
    return { code, output: second.output };
  }

  async crashPage(): Promise<void> {
    const page = await this.page();
    const crashed = page.waitForEvent('crash');
    const devTools = await page.context().newCDPSession(page);
    // The page is gone before it could answer.
    devTools.send('Page.crash').catch(() => undefined);
    await crashed;
  }

  async text(): Promise<string> {
    return (await this.page()).innerText('body');
  }

  look(to: 'elsewhere' | 'here'): Promise<void> {
    return this.evaluate(({ BrowserWindow }, here) => {
      const [window] = BrowserWindow.getAllWindows();
      if (here) window!.focus();
      else window!.blur();
    }, to === 'here');
  }

  calls(): Promise<{ badge: number; notifications: string[] }> {
    return this.evaluate((electron) => {
      const { Notification, app } = electron as unknown as {
        Notification: { shown: { body: string }[] };
        app: { badge: number };
      };
      return { badge: app.badge, notifications: Notification.shown.map(({ body }) => body) };
    }, undefined);
  }

  clickNotification(): Promise<void> {
    return this.evaluate((electron) => {
      const { Notification } = electron as unknown as { Notification: { shown: { emit(event: string): void }[] } };
      Notification.shown[0]!.emit('click');
    }, undefined);
  }

  chooseInTray(label: string): Promise<void> {
    return this.evaluate((electron, wanted) => {
      interface Item {
        label: string;
        submenu?: { items: Item[] };
        click(): void;
      }
      const { Tray } = electron as unknown as { Tray: { all: { menu: { items: Item[] } }[] } };
      const all = (items: Item[]): Item[] => items.flatMap((item) => [item, ...all(item.submenu?.items ?? [])]);
      const item = all(Tray.all[0]!.menu.items).find((one) => one.label === wanted);
      if (item === undefined) throw new Error(`There is no item ${wanted}`);
      item.click();
    }, label);
  }

  /** Sends a request to the main process as a page that was taken over could. */
  async forge(sender: 'gone' | 'embedded' | { readonly url: string }, channel: string): Promise<unknown> {
    const frame = sender === 'gone' ? null : { id: 9_999, url: 'app://hopscope/', isMain: sender !== 'embedded' };
    return this.#wire.call(
      'ipc.invoke',
      1,
      frame && { ...frame, ...(typeof sender === 'object' ? sender : {}) },
      channel,
      [undefined],
    );
  }

  /** What the app's handler for a scheme answers; undefined when the scheme has none. */
  async fetch(url: string, method = 'GET'): Promise<SchemeAnswer | undefined> {
    return (await this.#wire.call('protocol.fetch', url, method)) as SchemeAnswer | undefined;
  }

  /** Whether the app lets pages send a request for `url`. */
  async mayRequest(url: string): Promise<boolean> {
    return (await this.#wire.call('request.ask', url)) as boolean;
  }

  async permission(name: string): Promise<PermissionAnswers> {
    return (await this.#wire.call('permission.ask', name)) as PermissionAnswers;
  }

  /** Quits the app as its menu does; resolves with the process's exit code. */
  async quit(): Promise<number | null> {
    // The process may be gone before it has answered.
    await this.evaluate(({ app }) => app.quit(), undefined).catch(() => undefined);
    return this.exited;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** What a page opens by itself was denied; its empty window, which may come late and between others, goes, too. */
  async #admit(page: Page): Promise<void> {
    const isPopup = (await page.opener()) !== null;
    if (isPopup || ![...this.#windows.values()].some((window) => window.takes())) await page.close();
  }

  async #load(id: number, url: string, granted: string[]): Promise<void> {
    const window = this.#windows.get(id);
    if (window === undefined) throw new Error(`There is no window ${id}`);
    // Chromium takes this as the whole list: what is not granted is denied.
    await this.#context?.grantPermissions(granted, { origin: new URL(toBrowser(url)).origin });
    await window.load(url);
  }

  #pageLoaded(page: Page | undefined): void {
    if (page === undefined || this.#loaded.includes(page)) return;
    this.#loaded.push(page);
    const forget = (): void => {
      this.#loaded = this.#loaded.filter((other) => other !== page);
    };
    page.on('close', forget);
    page.on('crash', forget);
    for (const resolve of this.#pageWaiters) resolve();
    this.#pageWaiters = [];
  }
}
