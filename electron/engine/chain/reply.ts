import type { Duplex } from 'node:stream';
import type { HeaderList } from '../../../shared/headers.ts';
import type { ReplyFraming } from '../http/response-head.ts';
import type { ResponseSource } from '../../../shared/trace-event.ts';
import type { TunnelWatch } from './tunnel-watch.ts';

/**
 * A message body: nothing, bytes at hand, or a stream that is read once. Chunks are never copied nor changed by whoever
 * passes them on. Leaving the stream's iteration early (`return()`) tells its source that nobody reads on.
 */
export type Body = null | Uint8Array | AsyncIterable<Uint8Array>;

/** A reply's head, ready to be sent. */
export interface FramedHead {
  readonly framing: ReplyFraming;
  readonly headers: HeaderList;
  readonly text: string;
}

/** The connection at the far end of a tunnel. */
export interface FarEnd {
  readonly socket: Duplex;
  /**
   * Leaves the socket, on which nothing has been said, to requests that come out of the tunnel. Unless one of them takes
   * it, it is closed with `client`.
   */
  readonly leave?: (client: Duplex) => void;
}

/** Connects to a far end that turns out to be wanted; rejects with an ExchangeError. */
export type LateFarEnd = () => Promise<FarEnd>;

/** A handler's answer to an exchange. `headers` are the end-to-end fields; framing belongs to each connection. */
export interface Reply {
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderList;
  readonly body: Body;
  /** Trailer fields; complete once the body has been read to its end. */
  readonly trailers?: () => HeaderList;
  readonly from: ResponseSource;
  /** Whom the request was sent to by name: a server as in `example.com:80`, a proxy, an application; absent when to none. */
  readonly upstream?: string;
  /** The address at the other end of the connection that it went on, as in `192.0.2.1:80`: the server's or the proxy's. */
  readonly remote?: string;
  /** On a reply that may be sent many times: room for delivery to keep the head it made of it. */
  readonly memo?: { head?: FramedHead };
  /** For CONNECT and for a switch of protocols: the other end of the tunnel that opens after this head. */
  readonly tunnel?: FarEnd | LateFarEnd;
  /** Sees what passes through the tunnel. */
  readonly watch?: TunnelWatch;
}
