import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page, Request, Route } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { launchChromium } from '../../chromium.ts';
import { Wire } from '../wire.ts';
import { fromBrowser, toBrowser } from './addresses.ts';
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
}

/** How a permission is answered when it is asked for, when it is looked up, and for a device. */
export interface PermissionAnswers {
  readonly request: boolean;
  readonly check: boolean;
  readonly device: boolean;
}

const register = fileURLToPath(new URL('../main/register.ts', import.meta.url));

/** Runs a built main script under Node with the double of `electron`. It is ended when the test finishes. */
export async function launchDouble(options: DoubleOptions): Promise<ElectronDouble> {
  const { main, args, colorScheme = 'light', secondInstance = false } = options;
  const browser = await launchChromium();
  const context = await browser.newContext({ colorScheme });
  const { ELECTRON_RENDERER_URL: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--import', register, main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    env: {
      ...env,
      ELECTRON_DOUBLE_COLOR_SCHEME: colorScheme,
      ELECTRON_DOUBLE_SECOND_INSTANCE: secondInstance ? '1' : '',
    },
  });
  const double = new ElectronDouble(child, context);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await double.exited;
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
  readonly #wire: Wire;
  readonly #child: ChildProcess;
  readonly #context: BrowserContext;
  readonly #windows = new Map<number, WindowPage>();
  readonly #loaded: Page[] = [];
  #pageWaiters: ((page: Page) => void)[] = [];
  #output = '';

  /** Use {@link launchDouble}. */
  constructor(child: ChildProcess, context: BrowserContext) {
    this.#child = child;
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
      this.#windows.set(id, new WindowPage(id, wire, this.#context, options));
    });
    wire.handle('page.load', (id: number, url: string, granted: string[]) => this.#load(id, url, granted));
    wire.handle('page.close', (id: number) => this.#windows.get(id)?.close());
    wire.handle('page.receive', (id: number, channel: string, args: Delivery['args']) =>
      this.#windows.get(id)?.receive({ channel, args }),
    );
    wire.handle('shell.openExternal', (url: string) => void this.openedExternally.push(url));
    wire.handle('dialog.showErrorBox', (title: string, content: string) => {
      this.errorBoxes.push(`${title}: ${content}`);
    });
    await this.#context.route('**/*', (route) => this.#route(route));
    this.#context.on('page', (page) => void this.#closePopup(page));
    // The main script may end before it is ready; whoever waits for its exit then learns why.
    await wire.call('app.ready').catch(() => this.exited);
  }

  /** The page of the first window, or of the one that replaced it, once it has loaded. */
  page(): Promise<Page> {
    const [page] = this.#loaded;
    if (page !== undefined) return Promise.resolve(page);
    return Promise.race([
      new Promise<Page>((resolve) => {
        this.#pageWaiters.push(resolve);
      }),
      this.exited.then((code) => Promise.reject(new Error(`No page, but exit code ${code}: ${this.#output}`))),
    ]);
  }

  /** Runs `fn` in the main process, with the double as its `electron`; it sees nothing but its arguments. */
  async evaluate<A, R>(fn: (electron: typeof Electron.CrossProcessExports, arg: A) => R, arg: A): Promise<Awaited<R>> {
    return (await this.#wire.call('main.evaluate', fn.toString(), arg)) as Awaited<R>;
  }

  /** Sends a message to the main process as a page that was taken over could: from any frame, or from one that is gone. */
  async forge(
    frame: { readonly url: string; readonly isMain: boolean } | null,
    channel: string,
    params?: unknown,
  ): Promise<unknown> {
    const report = frame === null ? null : { id: 9_999, ...frame };
    return this.#wire.call('ipc.invoke', 1, report, channel, [params]);
  }

  async permission(name: string): Promise<PermissionAnswers> {
    return (await this.#wire.call('permission.ask', name)) as PermissionAnswers;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async #load(id: number, url: string, granted: string[]): Promise<void> {
    const window = this.#windows.get(id);
    if (window === undefined) throw new Error(`There is no window ${id}`);
    // Chromium takes this as the whole list: what is not granted is denied.
    await this.#context.grantPermissions(granted, { origin: new URL(toBrowser(url)).origin });
    const page = await window.load(url);
    if (this.#loaded.includes(page)) return;
    this.#loaded.push(page);
    page.on('close', () => this.#loaded.splice(this.#loaded.indexOf(page), 1));
    for (const resolve of this.#pageWaiters) resolve(page);
    this.#pageWaiters = [];
  }

  async #route(route: Route): Promise<void> {
    const request = route.request();
    const url = fromBrowser(request.url());
    const allowed =
      (!request.isNavigationRequest() || (await this.#mayNavigate(request))) &&
      ((await this.#wire.call('request.ask', url)) as boolean);
    if (!allowed) return route.abort('aborted');
    if (url === request.url()) return route.continue();
    const answer = (await this.#wire.call('protocol.fetch', url, request.method())) as
      { status: number; headers: [string, string][]; body: Uint8Array } | undefined;
    if (answer === undefined) return route.abort('failed');
    const { status, headers, body } = answer;
    return route.fulfill({ status, headers: Object.fromEntries(headers), body: Buffer.from(body) });
  }

  /** Asks the main process about a navigation, or about the new window that one takes place in. */
  async #mayNavigate(request: Request): Promise<boolean> {
    const page = pageOf(request);
    const window = [...this.#windows.values()].find((candidate) => candidate.page === page);
    if (page !== undefined && window !== undefined) {
      return window.mayNavigate(request.url(), request.frame().parentFrame() === null);
    }
    await this.#askForOpening(fromBrowser(request.url()));
    return false;
  }

  async #askForOpening(url: string): Promise<void> {
    const [opener] = this.#windows.keys();
    const action = await this.#wire.call('opening.ask', opener, url);
    if (action !== 'deny') throw new Error('The double opens no windows but those of the main process');
  }

  async #closePopup(page: Page): Promise<void> {
    const opener = await page.opener();
    if (opener !== null) await page.close();
  }
}

/** The page a request belongs to; undefined for a new window's first one, which has none yet. */
function pageOf(request: Request): Page | undefined {
  try {
    return request.frame().page();
  } catch {
    return undefined;
  }
}
