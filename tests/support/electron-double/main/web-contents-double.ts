import { KnownEmitter } from './known-emitter.ts';
import type { Wire } from '../wire.ts';
import type { SessionDouble } from './session-double.ts';

/** A frame of a page, the same object for as long as the frame lives. */
export interface FrameDouble {
  url: string;
}

/** What the test tells of the frame that something comes from. */
export interface FrameReport {
  readonly id: number;
  readonly url: string;
  readonly isMain: boolean;
}

type WindowOpenHandler = (details: { url: string }) => { action: string };

/** `webContents`: the page of a window, as the main process sees it. */
export class WebContentsDouble extends KnownEmitter {
  readonly id: number;
  readonly mainFrame: FrameDouble = { url: '' };
  readonly #wire: Wire;
  readonly #session: SessionDouble;
  readonly #frames = new Map<number, FrameDouble>();
  #windowOpenHandler: WindowOpenHandler | undefined;
  #destroyed = false;

  constructor(id: number, wire: Wire, session: SessionDouble) {
    super('WebContents', [
      ...['destroyed', 'did-finish-load', 'render-process-gone'],
      ...['will-frame-navigate', 'will-redirect', 'will-attach-webview'],
    ]);
    this.id = id;
    this.#wire = wire;
    this.#session = session;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  getURL(): string {
    return this.mainFrame.url;
  }

  /** Sends to the page's preload script. Like Electron, this throws for a page that is gone and for what cannot be cloned. */
  send(channel: string, ...args: unknown[]): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
    this.#wire.call('page.receive', this.id, channel, structuredClone(args)).catch(() => {
      // The test has ended; Electron drops such messages, too.
    });
  }

  async loadURL(url: string): Promise<void> {
    await this.#wire.call('page.load', this.id, url, await this.#session.granted());
    this.mainFrame.url = url;
    this.emit('did-finish-load');
    // Only now has the app seen all of it, and the test may look at what it did.
    await this.#wire.call('page.loaded', this.id);
  }

  reload(): void {
    void this.loadURL(this.mainFrame.url);
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#windowOpenHandler = handler;
  }

  /** Whether the page may go where it wants to. */
  mayNavigate(url: string, isMainFrame: boolean): boolean {
    return this.emitCancelable('will-frame-navigate', { url, isMainFrame });
  }

  /** What is to become of a window that the page opens. Without a handler Electron lets it open. */
  openingOf(url: string): string {
    return this.#windowOpenHandler?.({ url }).action ?? 'allow';
  }

  /** The frame that a message comes from. */
  frame({ id, url, isMain }: FrameReport): FrameDouble {
    const frame = isMain ? this.mainFrame : (this.#frames.get(id) ?? { url });
    frame.url = url;
    if (!isMain) this.#frames.set(id, frame);
    return frame;
  }

  destroy(): void {
    this.#destroyed = true;
    this.emit('destroyed');
  }
}
