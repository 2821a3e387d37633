import { createHash } from 'node:crypto';
import type { HeaderList } from '../../../shared/headers.ts';
import { getHeader, joinedHeader } from '../../../shared/headers.ts';
import { readDeflateAgreement } from '../../../shared/websocket.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { TunnelWatch } from '../chain/tunnel-watch.ts';
import { WebSocketWatch } from './websocket-watch.ts';

/** What every server appends to the client's key (RFC 6455 §1.3). */
const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * Looks at the head of a 101 and returns what reads the bytes behind it; undefined for a protocol that passes as opaque
 * bytes, and when nothing is recorded.
 *
 * @param headers the 101's fields.
 */
export function watchSwitched(x: Exchange, headers: HeaderList): TunnelWatch | undefined {
  const { trace, request } = x;
  const protocol = joinedHeader(headers, 'upgrade') ?? '';
  const wanted = request.upgrade?.protocols ?? '';
  if (!wanted.toLowerCase().split(', ').includes(protocol.toLowerCase())) {
    trace.note('warning', 'UNASKED_PROTOCOL', `The origin switched to "${protocol}", asked for was "${wanted}".`);
  }
  if (protocol.toLowerCase() !== 'websocket') {
    trace.note('info', 'SWITCHED', `Switched to ${protocol === '' ? 'an unnamed protocol' : protocol}.`);
    return undefined;
  }
  const key = getHeader(request.headers, 'sec-websocket-key');
  if (key !== undefined && getHeader(headers, 'sec-websocket-accept') !== acceptFor(key)) {
    const text = "The origin's Sec-WebSocket-Accept does not fit the key: a client must give up (RFC 6455 §4.1).";
    trace.note('warning', 'WRONG_ACCEPT', text);
  }
  const sink = trace.messages();
  if (sink === undefined) return undefined;
  const extensions = joinedHeader(headers, 'sec-websocket-extensions') ?? '';
  const deflate = readDeflateAgreement(extensions);
  const onlyDeflate = extensions.split(',').every((extension) => /^\s*(permessage-deflate\b|$)/i.test(extension));
  // An extension that we do not know may use every reserved bit.
  return new WebSocketWatch(x, sink, deflate, onlyDeflate ? (deflate === undefined ? 0 : 4) : 7);
}

function acceptFor(key: string): string {
  return createHash('sha1').update(`${key}${ACCEPT_SUFFIX}`).digest('base64');
}
