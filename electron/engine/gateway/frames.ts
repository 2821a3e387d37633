/**
 * The frames between Hopscope and an application's worker: a byte for the kind, four bytes for the payload's length
 * (big-endian), the payload. What each kind means stands at the top of assets/wsgi-worker.py.
 */
const HEADER_BYTES = 5;
const PIECE = 'D'.charCodeAt(0);

/** What a {@link FrameReader} finds. */
export interface FrameListener {
  /** A whole frame, of any kind but `D`. */
  onFrame(kind: string, payload: Buffer): void;
  /** Bytes of a `D` frame as they arrive, whether or not the frame is complete. */
  onPiece(bytes: Buffer): void;
}

/** A frame's header, one character per byte, to be written as latin1 together with what follows it. */
export function frameHeader(kind: string, length: number): string {
  return kind + String.fromCharCode((length >>> 24) & 255, (length >>> 16) & 255, (length >>> 8) & 255, length & 255);
}

/** Takes a stream of bytes apart into frames. Pieces of bodies are passed on without being copied or collected. */
export class FrameReader {
  readonly #listener: FrameListener;
  /** The beginning of a header, or of a payload, that the last bytes ended in. */
  #held: Buffer | undefined;
  /** Payload bytes of the running frame that are still to come; none runs when `#kind` is 0. */
  #kind = 0;
  #left = 0;

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  feed(received: Buffer): void {
    let bytes = received;
    if (this.#held !== undefined) {
      bytes = Buffer.concat([this.#held, received]);
      this.#held = undefined;
    }
    let at = 0;
    while (at < bytes.length || (this.#kind !== 0 && this.#left === 0)) {
      if (this.#kind === 0) {
        if (bytes.length - at < HEADER_BYTES) break;
        this.#kind = bytes[at] as number;
        this.#left = bytes.readUInt32BE(at + 1);
        at += HEADER_BYTES;
      }
      const used = this.#payload(bytes, at);
      if (used < 0) break;
      at += used;
    }
    if (at < bytes.length) this.#held = bytes.subarray(at);
  }

  /** Passes on what there is of the running frame's payload; −1 when the rest has to come first. */
  #payload(bytes: Buffer, at: number): number {
    const available = Math.min(this.#left, bytes.length - at);
    if (this.#kind === PIECE) {
      this.#left -= available;
      if (this.#left === 0) this.#kind = 0;
      if (available > 0) this.#listener.onPiece(bytes.subarray(at, at + available));
      return available;
    }
    if (available < this.#left) return -1;
    const kind = String.fromCharCode(this.#kind);
    this.#kind = 0;
    this.#left = 0;
    this.#listener.onFrame(kind, bytes.subarray(at, at + available));
    return available;
  }
}
