import { close, open, read, writev } from 'node:fs';

/** Appends are gathered in blocks of this size. */
const BLOCK_BYTES = 256 * 1024;
/** Blocks that wait for their next use: as many as bodies may wait for the disk in, so that streams make no garbage of them. */
const MAX_SPARE_BLOCKS = 64;

/** Memory that records are written into; `numbers` and `bytes` are the same memory. */
export interface Block {
  readonly bytes: Buffer;
  readonly numbers: Int32Array;
}

/** Blocks for all files of a session, handed on from one to the next. */
export class BlockPool {
  readonly #spare: Block[] = [];

  take(bytes: number): Block {
    if (bytes <= BLOCK_BYTES) {
      const spare = this.#spare.pop();
      if (spare !== undefined) return spare;
    }
    // A body's bytes are as many as came; numbers take four each.
    const memory = new ArrayBuffer(Math.max(BLOCK_BYTES, Math.ceil(bytes / 4) * 4));
    return { bytes: Buffer.from(memory), numbers: new Int32Array(memory) };
  }

  give(block: Block): void {
    if (block.bytes.length === BLOCK_BYTES && this.#spare.length < MAX_SPARE_BLOCKS) this.#spare.push(block);
  }
}

/** What an appender tells its owner. */
export interface AppenderEvents {
  /** `bytes` more are on their way to the file (positive) or have arrived there (negative). */
  unwritten(bytes: number): void;
  /** A write succeeded. */
  written(): void;
  /** A write failed; the file is no longer written to. */
  failed(error: NodeJS.ErrnoException): void;
}

/**
 * A file that only grows. Appending is synchronous and fixes the offset at once; writing happens in batches when
 * {@link write} is called. What is appended is built in place in blocks.
 */
export class FileAppender {
  /** Bytes appended so far, and so the offset of the next append. Once a write has failed: those that are in the file. */
  size = 0;
  readonly path: string;
  /** Whether there is a file: it is made by the first write. */
  opened = false;
  readonly #pool: BlockPool;
  readonly #events: AppenderEvents;
  #fd: number | undefined;
  #failure: NodeJS.ErrnoException | undefined;
  #written = 0;
  #writing = false;
  #closing: (() => void) | undefined;
  #readers = 0;
  /** Parts that wait to be written, in file order; the newest block's tail is not among them yet. */
  #parts: Uint8Array[] = [];
  #usedUp: Block[] = [];
  #block: Block | undefined;
  #blockStart = 0;
  #blockEnd = 0;
  #waiting: { readonly upTo: number; readonly done: () => void }[] = [];

  constructor(path: string, pool: BlockPool, events: AppenderEvents) {
    this.path = path;
    this.#pool = pool;
    this.#events = events;
  }

  /** Appends `bytes` (≤ 4 GiB) that the caller fills at once, at offset `start` of the block that is returned. */
  reserve(bytes: number): { block: Block; start: number } {
    let block = this.#block;
    if (block === undefined || this.#blockEnd + bytes > block.bytes.length) {
      this.#useUpBlock();
      block = this.#block = this.#pool.take(bytes);
      this.#blockStart = this.#blockEnd = 0;
    }
    const start = this.#blockEnd;
    this.#blockEnd += bytes;
    this.#grow(bytes);
    return { block, start };
  }

  #grow(bytes: number): void {
    this.size += bytes;
    this.#events.unwritten(bytes);
  }

  #sealBlock(): void {
    if (this.#block === undefined || this.#blockStart === this.#blockEnd) return;
    this.#parts.push(this.#block.bytes.subarray(this.#blockStart, this.#blockEnd));
    this.#blockStart = this.#blockEnd;
  }

  #useUpBlock(): void {
    this.#sealBlock();
    if (this.#block !== undefined) this.#usedUp.push(this.#block);
    this.#block = undefined;
  }

  /** Nothing more will be appended: writes what is left, and gives its memory back. */
  finish(): void {
    this.#useUpBlock();
    if (this.#written === this.size) this.#giveBack();
    else this.write();
  }

  #giveBack(): void {
    for (const block of this.#usedUp) this.#pool.give(block);
    this.#usedUp = [];
  }

  /** Writes what has been appended once the code that now runs is through with it, if writing is not under way. */
  write(): void {
    if (this.#writing || this.#written === this.size) return;
    if (this.#failure !== undefined) return this.#drop();
    this.#writing = true;
    // Not at once: the place that was reserved last may still have to be filled, and a thread takes the bytes from here.
    queueMicrotask(() => this.#begin());
  }

  #begin(): void {
    if (this.#fd !== undefined) return this.#writeParts(this.#fd);
    open(this.path, 'wx+', 0o600, (error, fd) => {
      if (error !== null) return this.#fail(error);
      this.#fd = fd;
      this.opened = true;
      this.#writeParts(fd);
    });
  }

  #writeParts(fd: number): void {
    this.#sealBlock();
    const parts = this.#parts;
    const blocks = this.#usedUp;
    const bytes = this.size - this.#written;
    this.#parts = [];
    this.#usedUp = [];
    const position = this.#written;
    writev(fd, parts, position, (error, count) => {
      for (const block of blocks) this.#pool.give(block);
      if (error !== null) return this.#fail(error);
      this.#written += count;
      this.#events.unwritten(-count);
      if (count !== bytes) {
        return this.#fail(Object.assign(new Error(`only ${count} of ${bytes} bytes were written`), { code: 'ENOSPC' }));
      }
      this.#events.written();
      this.#wrote();
    });
  }

  #wrote(): void {
    this.#writing = false;
    // A block that was used up while its last part was being written.
    if (this.#written === this.size) this.#giveBack();
    if (this.#closing !== undefined) this.#drop();
    this.#wake();
    if (this.#waiting.length > 0) this.write();
    else this.#closeIfIdle();
  }

  #fail(error: NodeJS.ErrnoException): void {
    this.#failure = error;
    this.#drop();
    this.#wrote();
    this.#events.failed(error);
  }

  /** Gives up what was not written; its readers find nothing, and nobody waits for it any longer. */
  #drop(): void {
    const bytes = this.size - this.#written;
    this.size = this.#written;
    this.#parts = [];
    this.#usedUp = [];
    this.#block = undefined;
    this.#events.unwritten(-bytes);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { done } of waiting) done();
  }

  #wake(): void {
    const ready = this.#waiting.filter((waiter) => waiter.upTo <= this.#written);
    if (ready.length === 0) return;
    this.#waiting = this.#waiting.filter((waiter) => waiter.upTo > this.#written);
    for (const waiter of ready) waiter.done();
  }

  /** Resolves when everything appended before the call is in the file, or has been given up. */
  async flushed(): Promise<void> {
    if (this.#written === this.size) return;
    const upTo = this.size;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#waiting.push({ upTo, done: () => resolve(undefined) });
    this.write();
    await promise;
  }

  /** `length` bytes from `offset`, written first if need be; fewer when the file ends, and none when it is closed. */
  async read(offset: number, length: number): Promise<Buffer> {
    // Counted before the first wait, so that the file is not closed under its reader.
    this.#readers++;
    try {
      await this.flushed();
      const fd = this.#fd;
      if (fd === undefined) return Buffer.alloc(0);
      const buffer = Buffer.allocUnsafe(length);
      const count = await new Promise<number>((resolve, reject) => {
        read(fd, buffer, 0, length, offset, (error, bytes) => (error === null ? resolve(bytes) : reject(error)));
      });
      return buffer.subarray(0, count);
    } finally {
      this.#readers--;
      this.#closeIfIdle();
    }
  }

  /** Closes the file when its last write and its last reader are done; what was not being written is given up. */
  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#closing = () => resolve(undefined);
    if (!this.#writing) this.#drop();
    this.#failure ??= new Error('closed');
    this.#closeIfIdle();
    await promise;
  }

  #closeIfIdle(): void {
    if (this.#closing === undefined || this.#writing || this.#readers > 0) return;
    const done = this.#closing;
    this.#closing = undefined;
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd === undefined) return done();
    // Nothing can be done about a failing close of a file that is about to be deleted.
    close(fd, () => done());
  }
}
