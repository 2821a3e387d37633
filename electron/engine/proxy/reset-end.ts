import type { Http2Stream } from 'node:http2';
import { constants } from 'node:http2';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/**
 * Tells one end of a tunnel through a stream of HTTP/2 that the other broke off (RFC 9113 §8.5): the stream is reset with
 * CONNECT_ERROR, a TCP connection with RST. TLS has no reset of its own; it is closed without a close_notify.
 */
export function resetEnd(end: Duplex): void {
  if (isHttp2(end)) end.close(constants.NGHTTP2_CONNECT_ERROR);
  else resetTcp(end);
}

/** Closes a TCP connection with RST; what else carries bytes, such as TLS, is closed without a word of its own. */
export function resetTcp(end: Duplex): void {
  // After a FIN there is no RST to be had from libuv, which would leave the socket open.
  if (end instanceof Socket && !(end instanceof TLSSocket) && !end.writableEnded) end.resetAndDestroy();
  else end.destroy();
}

/** Whether `end` is a stream of HTTP/2 that its client reset, or lost with the connection. */
export function wasReset(end: Duplex): boolean {
  return isHttp2(end) && end.aborted && end.rstCode !== constants.NGHTTP2_NO_ERROR;
}

/** Whether `end` is a stream of HTTP/2. */
export function isHttp2(end: Duplex): end is Duplex & Http2Stream {
  return 'rstCode' in end;
}
