import { constants, inflateRawSync } from 'node:zlib';

/** How far back compressed data may refer (RFC 1951 §2). */
const WINDOW_BYTES = 32_768;
/** A message that is larger after inflating is not inflated: a few kilobytes can claim to be gigabytes. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/**
 * Undoes permessage-deflate in one direction of a connection (RFC 7692 §7.2.2), message by message. Where messages refer
 * back to earlier ones, those are passed as the dictionary: zlib has no stream that is read at once.
 */
export class Inflater {
  readonly #keeps: boolean;
  #window: Uint8Array | undefined;
  #lost = false;

  /** @param keeps whether messages refer back to earlier ones (context takeover, §7.1.1) */
  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  /**
   * The message that `compressed` holds; `unknown` when it is too large or refers to one that was, `damaged` when it is
   * no compressed data.
   */
  inflate(compressed: Uint8Array): Uint8Array | 'unknown' | 'damaged' {
    if (this.#lost) return 'unknown';
    try {
      // The empty block that senders leave out at the end (§7.2.1) only tells where the message ends, which we know.
      const message = inflateRawSync(compressed, {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: MAX_MESSAGE_BYTES,
        ...(this.#window === undefined ? {} : { dictionary: this.#window }),
      });
      if (this.#keeps) this.#slide(message);
      return message;
    } catch (error) {
      this.#lost = this.#keeps;
      return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'unknown' : 'damaged';
    }
  }

  /** A message passed that was not inflated, so later ones may refer to what is not there. */
  skip(): void {
    this.#lost = this.#keeps;
  }

  #slide(message: Uint8Array): void {
    if (message.length === 0) return;
    const before = this.#window;
    if (before === undefined || message.length >= WINDOW_BYTES) {
      this.#window = message.slice(-WINDOW_BYTES);
      return;
    }
    const kept = before.subarray(Math.max(0, before.length + message.length - WINDOW_BYTES));
    const window = new Uint8Array(kept.length + message.length);
    window.set(kept);
    window.set(message, kept.length);
    this.#window = window;
  }
}
