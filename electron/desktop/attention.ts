import { Notification } from 'electron';
import type { Badge } from './badge.ts';

export interface AttentionOptions {
  /** Whether somebody looks at the window: what it shows needs no notification then. */
  readonly watched: () => boolean;
  readonly badge: Pick<Badge, 'show'>;
  /** Brings the window forward. */
  readonly onClick: () => void;
}

/**
 * Calls for the person when something needs them and they are not looking: with a notification, and with a badge at the app's
 * icon. Only ever about Hopscope itself, and never about traffic.
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
    this.#options.badge.show(this.#unseen, title);
    for (const sentence of fresh) this.#notify(title, sentence);
  }

  /** The person looks at the window. */
  seen(): void {
    if (this.#unseen === 0) return;
    this.#unseen = 0;
    this.#options.badge.show(0, '');
  }

  #notify(title: string, body: string): void {
    // Where the system has none, or its user wants none, the window's own banner has to do.
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title, body });
    notification.on('click', this.#options.onClick);
    notification.show();
  }
}
