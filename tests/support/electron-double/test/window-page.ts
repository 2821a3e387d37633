import type { BrowserContext, Frame, Page } from 'playwright-core';
import type { FrameReport } from '../main/web-contents-double.ts';
import type { Wire } from '../wire.ts';
import { fromBrowser, toBrowser } from './addresses.ts';
import type { Delivery, PageMessage } from './preload-world.ts';
import { carryName, preloadScript } from './preload-world.ts';

export interface WindowPageOptions {
  readonly width: number;
  readonly height: number;
  /** Source of the preload script. */
  readonly preload: string;
}

/** The page of one window: it runs the preload script and carries its messages. */
export class WindowPage {
  readonly id: number;
  readonly #wire: Wire;
  readonly #context: BrowserContext;
  readonly #options: WindowPageOptions;
  readonly #frameIds = new WeakMap<Frame, number>();
  #lastFrameId = 0;
  #page: Page | undefined;
  /** Whether a new page of the browser will be this window's. */
  #expecting = false;
  #closing = false;
  /** Address that the main process loads; any other navigation is the page's own idea. */
  #loading: string | undefined;
  /** Messages for the page that it has not taken yet, and how to give it some. */
  #waiting: Delivery[] = [];
  #taker: ((deliveries: readonly Delivery[]) => void) | undefined;

  constructor(id: number, wire: Wire, context: BrowserContext, options: WindowPageOptions) {
    this.id = id;
    this.#wire = wire;
    this.#context = context;
    this.#options = options;
  }

  get page(): Page | undefined {
    return this.#page;
  }

  /** Whether a page that has just appeared was opened for this window. */
  takes(): boolean {
    const expected = this.#expecting;
    this.#expecting = false;
    return expected;
  }

  /** Loads `url` as the main process asked; after a crash in a new page. */
  async load(url: string): Promise<void> {
    const page = this.#page ?? (await this.#open());
    this.#loading = toBrowser(url);
    await page.goto(this.#loading, { waitUntil: 'load' });
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#page?.close();
  }

  /** A message from the main process. */
  receive(delivery: Delivery): void {
    this.#waiting.push(delivery);
    this.#deliver();
  }

  /** Whether a navigation to `url` (the browser's) in one of this page's frames may go on. */
  async mayNavigate(url: string, isMainFrame: boolean): Promise<boolean> {
    if (isMainFrame && url === this.#loading) {
      this.#loading = undefined;
      return true;
    }
    return (await this.#wire.call('navigation.ask', this.id, fromBrowser(url), isMainFrame)) as boolean;
  }

  async #open(): Promise<Page> {
    const { width, height, preload } = this.#options;
    this.#expecting = true;
    const page = await this.#context.newPage();
    this.#page = page;
    page.on('close', () => this.#closed(page));
    page.on('crash', () => this.#crashed(page));
    await page.setViewportSize({ width, height });
    await page.exposeBinding(carryName, ({ frame }, message: PageMessage) => this.#carry(frame, message));
    await page.addInitScript({ content: preloadScript(preload) });
    return page;
  }

  #carry(frame: Frame, message: PageMessage): unknown {
    switch (message.kind) {
      case 'invoke':
        return this.#invoke(this.#report(frame), message.channel, message.args);
      case 'hello':
        this.#waiting = [];
        this.#taker = undefined;
        return undefined;
      case 'receive':
        return new Promise<readonly Delivery[]>((resolve) => {
          this.#taker = resolve;
          this.#deliver();
        });
    }
  }

  async #invoke(frame: FrameReport, channel: string, args: readonly unknown[]): Promise<object> {
    try {
      return { ok: true, value: await this.#wire.call('ipc.invoke', this.id, frame, channel, args) };
    } catch (error) {
      return { ok: false, message: error instanceof Error ? error.message : String(error) };
    }
  }

  #report(frame: Frame): FrameReport {
    const id = this.#frameIds.get(frame) ?? ++this.#lastFrameId;
    this.#frameIds.set(frame, id);
    return { id, url: fromBrowser(frame.url()), isMain: frame.parentFrame() === null };
  }

  #deliver(): void {
    if (this.#taker === undefined || this.#waiting.length === 0) return;
    this.#taker(this.#waiting);
    this.#taker = undefined;
    this.#waiting = [];
  }

  #closed(page: Page): void {
    if (this.#closing || this.#page !== page) return;
    this.#closing = true;
    this.#tell('page.closed');
  }

  #crashed(page: Page): void {
    this.#page = undefined;
    page.close().catch(() => {
      // A page that crashed may be beyond closing.
    });
    this.#tell('page.crashed');
  }

  #tell(name: string): void {
    this.#wire.call(name, this.id).catch(() => {
      // The process may end in answer to this.
    });
  }
}
