import type { StoredHead } from '../cache/stored-response.ts';

/** Bytes that are kept for readers that come or read later than the bytes. */
const KEPT_BYTES = 4 * 1024 * 1024;
/** A body of up to so many bytes stays there from its beginning to its end. */
export const COMPARABLE_BYTES = KEPT_BYTES;

/** What a reader gets next: bytes, the end of the whole body, or the news that no more will come from here. */
export type SharedPiece = Uint8Array | 'whole' | 'lost';

const NOBODY: readonly SharedReader[] = [];

/**
 * A body that other exchanges read while it arrives for the one that asked for it. Chunks are shared, not copied. Nobody
 * waits for a slow reader: one that falls behind by more than is kept loses its place.
 */
export class SharedBody {
  #chunks: Uint8Array[] = [];
  /** How many chunks have been forgotten. */
  #forgotten = 0;
  #bytes = 0;
  #end: 'whole' | 'lost' | undefined;
  // Nobody reads along in most.
  #readers: Set<SharedReader> | undefined;
  /** Who fetches more when a reader has read all that there is. */
  source: { pullAhead(): void } | undefined;

  /** Adds the next bytes. */
  push(chunk: Uint8Array): void {
    if (this.#end !== undefined) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    while (this.#bytes > KEPT_BYTES && this.#chunks.length > 0) {
      this.#bytes -= (this.#chunks.shift() as Uint8Array).length;
      this.#forgotten++;
    }
    // Nobody reads along, and nobody can begin to any more.
    if (this.#forgotten > 0 && !this.#isRead) this.end('lost');
    this.#wake();
  }

  /** The body is complete, or nobody will go on with it. */
  end(how: 'whole' | 'lost'): void {
    if (this.#end !== undefined) return;
    this.#end = how;
    if (how === 'lost' && !this.#isRead) this.#chunks = [];
    this.#wake();
  }

  /** Begins to read from the start; undefined when that is no longer there. */
  join(): SharedReader | undefined {
    if (this.#forgotten > 0 || this.#end === 'lost') return undefined;
    const reader = new SharedReader(this);
    (this.#readers ??= new Set()).add(reader);
    return reader;
  }

  leave(reader: SharedReader): void {
    this.#readers?.delete(reader);
  }

  /** @returns undefined when it has not arrived yet */
  piece(index: number): SharedPiece | undefined {
    if (index < this.#forgotten) return 'lost';
    return this.#chunks[index - this.#forgotten] ?? this.#end;
  }

  /** The first `length` bytes in one piece; undefined when they are no longer there. */
  prefix(length: number): Uint8Array | undefined {
    if (this.#forgotten > 0 || this.#bytes < length) return undefined;
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const chunk of this.#chunks) {
      const taken = chunk.subarray(0, length - at);
      bytes.set(taken, at);
      at += taken.length;
      if (at === length) break;
    }
    return bytes;
  }

  get #isRead(): boolean {
    return this.#readers !== undefined && this.#readers.size > 0;
  }

  #wake(): void {
    for (const reader of this.#readers ?? NOBODY) reader.wake();
  }
}

/** One exchange's place in a {@link SharedBody}. */
export class SharedReader {
  readonly body: SharedBody;
  #index = 0;
  #waiting: ((piece: SharedPiece) => void) | undefined;

  constructor(body: SharedBody) {
    this.body = body;
  }

  next(): Promise<SharedPiece> {
    const piece = this.#take();
    if (piece !== undefined) return Promise.resolve(piece);
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.body.source?.pullAhead();
    });
  }

  wake(): void {
    if (this.#waiting === undefined) return;
    const piece = this.#take();
    if (piece === undefined) return;
    const resolve = this.#waiting;
    this.#waiting = undefined;
    resolve(piece);
  }

  /** Reads no further. */
  leave(): void {
    this.body.leave(this);
    this.#waiting?.('lost');
    this.#waiting = undefined;
  }

  #take(): SharedPiece | undefined {
    const piece = this.body.piece(this.#index);
    if (piece instanceof Uint8Array) this.#index++;
    return piece;
  }
}

/** A reusable response that is arriving for another request. */
export interface Arriving {
  readonly head: StoredHead;
  readonly body: SharedBody;
  /** The moment of the invalidations at which it was asked for. */
  readonly mark: number;
  /** Bytes of the whole body, when its head told. */
  readonly length: number | undefined;
}
