import { app, Notification } from 'electron';

export interface AttentionOptions {
  /** Whether somebody looks at the window: what it shows needs no notification then. */
  readonly watched: () => boolean;
  /** Brings the window forward. */
  readonly onClick: () => void;
}

/**
 * Calls for the person when something needs them and they are not looking: with a notification, and with a number at the app's
 * icon where the system has one. Only ever about Hopscope itself, and never about traffic.
 */
export class Attention {
  readonly #options: AttentionOptions;
  readonly #told = new Set<string>();
  #unseen = 0;

  constructor(options: AttentionOptions) {
    this.#options = options;
  }

  /** Tells each of `sentences` once. */
  call(title: string, sentences: readonly string[]): void {
    const fresh = sentences.filter((sentence) => !this.#told.has(sentence));
    for (const sentence of fresh) this.#told.add(sentence);
    if (fresh.length === 0 || this.#options.watched()) return;
    this.#unseen += fresh.length;
    app.setBadgeCount(this.#unseen);
    for (const sentence of fresh) this.#notify(title, sentence);
  }

  /** The person looks at the window. */
  seen(): void {
    if (this.#unseen === 0) return;
    this.#unseen = 0;
    app.setBadgeCount(0);
  }

  #notify(title: string, body: string): void {
    // Where the system has none, or its user wants none, the window's own banner has to do.
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title, body });
    notification.on('click', this.#options.onClick);
    notification.show();
  }
}
