import type { OnReadOpts, Socket } from 'node:net';

/** What Node reads at most at once. */
const PART_BYTES = 65_536;
/** Less than this is copied out of the part, so that a chunk which is kept does not keep many times its size. */
const COPY_BELOW_BYTES = PART_BYTES / 4;
/** Looking up the part of a smaller chunk is not worth it. */
const MIN_RECYCLED_BYTES = 4_096;
/** Parts that wait for their next use; more than this many are left to the garbage collector. */
const MAX_SPARE = 128;

const spare: Uint8Array[] = [];
/** Parts that were handed out, and how many bytes were read into each. */
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
    buffer: () => (part ??= spare.pop() ?? Buffer.allocUnsafeSlow(PART_BYTES)),
    callback(length, bytes) {
      if (reader === undefined) return false;
      const read = Buffer.from(bytes.buffer, bytes.byteOffset, length);
      if (length < COPY_BELOW_BYTES) return reader.push(Buffer.from(read));
      part = undefined;
      lent.set(bytes.buffer, length);
      return reader.push(read);
    },
  };
  return { onread, attach: (socket) => void (reader = socket) };
}

/**
 * Takes the memory of `chunk` back if it was read with {@link pooledReads} and is the last of what was read into its part:
 * what came before it there is a head, or chunks of the same body, which its reader was done with earlier.
 */
export function recycle(chunk: Uint8Array): void {
  // Most chunks are too small to have come from here.
  if (chunk.length < MIN_RECYCLED_BYTES || lent.get(chunk.buffer) !== chunk.byteOffset + chunk.length) return;
  lent.delete(chunk.buffer);
  if (spare.length < MAX_SPARE) spare.push(new Uint8Array(chunk.buffer));
}
