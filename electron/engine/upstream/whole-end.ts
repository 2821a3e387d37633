import type { ClientHttp2Stream } from 'node:http2';
import { Readable } from 'node:stream';

/** The streams whose end was told of while they were open. */
const whole = new WeakSet<Readable>();

/**
 * Watches how `stream` comes to its end, so that {@link endedWhole} can tell. node:http2 ends a stream that was reset with
 * NO_ERROR as it does one whose END_STREAM came; only that it has closed the former by then tells them apart.
 */
export function watchEnd(stream: ClientHttp2Stream): void {
  stream.push = pushWatched;
}

/** Whether the end of a stream that was watched was the other side's END_STREAM (RFC 9113 §8.1). */
export function endedWhole(stream: ClientHttp2Stream): boolean {
  return whole.has(stream);
}

function pushWatched(this: ClientHttp2Stream, chunk: unknown, encoding?: BufferEncoding): boolean {
  // The end may be pushed once more when the stream is closed.
  if (chunk === null && !this.closed) whole.add(this);
  return Readable.prototype.push.call(this, chunk, encoding);
}
