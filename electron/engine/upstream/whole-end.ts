import type { ClientHttp2Stream } from 'node:http2';
import { Readable } from 'node:stream';

/** How a stream came to its end. */
export interface WatchedEnd {
  /** Whether that was the other side's END_STREAM (RFC 9113 §8.1). */
  whole: boolean;
}

/**
 * Watches how `stream` comes to its end. node:http2 ends a stream that was reset with NO_ERROR as it does one whose END_STREAM
 * came; only that it has closed the former by then tells them apart.
 */
export function watchEnd(stream: ClientHttp2Stream): WatchedEnd {
  const end: WatchedEnd = { whole: false };
  stream.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    // The end may be pushed once more when the stream is closed.
    if (chunk === null && !stream.closed) end.whole = true;
    return Readable.prototype.push.call(stream, chunk, encoding);
  };
  return end;
}
