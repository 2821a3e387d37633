import type { OnReadOpts, Socket } from 'node:net';

/** What Node reads at most at once. */
const PART_BYTES = 65_536;
/** Less than this is copied into a slot, so that a chunk which is kept does not keep many times its size. */
const SLOT_BYTES = PART_BYTES / 4;
/** Less than this is copied into memory of its size: looking up whose it was is not worth it. */
const MIN_RECYCLED_BYTES = 4_096;

/** Memory of one size, to be used again. */
class Spares {
  readonly #size: number;
  readonly #max: number;
  readonly #free: Uint8Array[] = [];

  /** @param max how many wait for their next use; more than these are left to the garbage collector. */
  constructor(size: number, max: number) {
    this.#size = size;
    this.#max = max;
  }

  take(): Uint8Array {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#size);
  }

  give(bytes: Uint8Array): void {
    if (this.#free.length < this.#max) this.#free.push(bytes);
  }
}

const parts = new Spares(PART_BYTES, 128);
const slots = new Spares(SLOT_BYTES, 256);
/** Memory that was handed out, and how many bytes were read into it. */
const lent = new WeakMap<ArrayBufferLike, number>();

/**
 * How a socket reads into memory that is used again. Node allocates each read anew, and V8 collects such buffers only once
 * some 64 MiB of them are dead, at the price of marking its whole heap: streaming 10 MiB bodies to 32 clients, that was
 * half of the CPU time and twice the memory.
 *
 * Give `onread` to `net.connect` and its socket to `attach`. The socket is read like any other; whoever is done with a
 * chunk may give it back with {@link recycle}, and chunks that nobody gives back are ordinary garbage.
 */
export function pooledReads(): { readonly onread: OnReadOpts; attach(socket: Socket): void } {
  let reader: Socket | undefined;
  let part: Uint8Array | undefined;
  const onread: OnReadOpts = {
    buffer: () => (part ??= parts.take()),
    callback(length, bytes) {
      if (reader === undefined) return false;
      if (length < SLOT_BYTES) return reader.push(copyOf(bytes, length));
      part = undefined;
      return reader.push(lend(bytes, length));
    },
  };
  return { onread, attach: (socket) => void (reader = socket) };
}

function copyOf(bytes: Uint8Array, length: number): Buffer {
  const read = bytes.subarray(0, length);
  if (length < MIN_RECYCLED_BYTES) return Buffer.from(read);
  const slot = slots.take();
  slot.set(read);
  return lend(slot, length);
}

function lend(bytes: Uint8Array, length: number): Buffer {
  lent.set(bytes.buffer, length);
  return Buffer.from(bytes.buffer, bytes.byteOffset, length);
}

/**
 * Takes the memory of `chunk` back if it was read with {@link pooledReads} and is the last of what was read into it: what
 * came before it there is a head, or chunks of the same body, which its reader was done with earlier.
 */
export function recycle(chunk: Uint8Array): void {
  const { buffer } = chunk;
  // Most chunks did not come from here.
  if (buffer.byteLength < SLOT_BYTES || lent.get(buffer) !== chunk.byteOffset + chunk.length) return;
  lent.delete(buffer);
  (buffer.byteLength === SLOT_BYTES ? slots : parts).give(new Uint8Array(buffer));
}
