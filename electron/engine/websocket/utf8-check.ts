/**
 * Says whether bytes that come in pieces are UTF-8 (RFC 3629 §4): a character may be cut anywhere. Makes nothing of them,
 * which is why it is not a TextDecoder.
 */
export class Utf8Check {
  /** False as soon as some byte cannot stand where it does. */
  valid = true;
  /** Continuation bytes that the current character still needs, and the range of the next one. */
  #left = 0;
  #low = 0x80;
  #high = 0xbf;

  /** Whether the text may end here. */
  get whole(): boolean {
    return this.#left === 0;
  }

  push(bytes: Uint8Array): void {
    if (!this.valid) return;
    const { length } = bytes;
    for (let i = 0; i < length; i++) {
      const byte = bytes[i] as number;
      if (this.#left === 0 ? byte >= 0x80 && !this.#begin(byte) : !this.#go(byte)) {
        this.valid = false;
        return;
      }
    }
  }

  /** Forgets everything, for the next text. */
  reset(): void {
    this.valid = true;
    this.#left = 0;
    this.#low = 0x80;
    this.#high = 0xbf;
  }

  #begin(byte: number): boolean {
    if (byte >= 0xc2 && byte <= 0xdf) this.#left = 1;
    else if (byte >= 0xe0 && byte <= 0xef) {
      this.#left = 2;
      // No overlong forms, no surrogates.
      if (byte === 0xe0) this.#low = 0xa0;
      if (byte === 0xed) this.#high = 0x9f;
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      this.#left = 3;
      // No overlong forms, nothing above U+10FFFF.
      if (byte === 0xf0) this.#low = 0x90;
      if (byte === 0xf4) this.#high = 0x8f;
    } else return false;
    return true;
  }

  #go(byte: number): boolean {
    if (byte < this.#low || byte > this.#high) return false;
    this.#left--;
    this.#low = 0x80;
    this.#high = 0xbf;
    return true;
  }
}

/** Says whether `bytes` are UTF-8 as a whole. */
export function isUtf8(bytes: Uint8Array): boolean {
  const check = new Utf8Check();
  check.push(bytes);
  return check.valid && check.whole;
}
