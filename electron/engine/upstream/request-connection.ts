import type { TlsFacts } from '../../../shared/tls-facts.ts';
import type { Dispatcher } from 'undici';
import type { HeaderList } from '../../../shared/headers.ts';
import type { SpanFacts } from '../chain/exchange-trace.ts';
import type { ConnectPolicy } from './connect/connect-policy.ts';

/** A request as it is written on one connection, in the terms of undici. */
export interface UpstreamRequest extends Omit<Dispatcher.DispatchOptions, 'headers' | 'body'> {
  /** `[name, value, …]`; with Host only where it is not the server's own authority. */
  readonly headers: string[];
  readonly body: AsyncIterable<Uint8Array> | null;
  /** Trailer fields, known once the body has been read to its end; absent when there cannot be any. */
  readonly trailers?: () => HeaderList;
}

/** A connection that carries requests: one at a time with HTTP/1.1, many at once with HTTP/2. */
export interface RequestConnection {
  /** Tells connections apart: 1, 2, 3 … */
  readonly id: number;
  readonly version: '1.1' | '2';
  readonly key: string;
  readonly policy: ConnectPolicy;
  /** The remote address, as in `93.184.216.34:443`. */
  readonly address: string;
  /** What the trace says where a request found this connection open. */
  readonly reused: SpanFacts;
  /** Whether a request has been sent on it. */
  used: boolean;
  /** The exchange whose request was the first on it. */
  openedBy: number;
  readonly tls: TlsFacts | undefined;
  /** Sends a request; `handler` is told of all that becomes of it. Throws for what cannot be sent. */
  dispatch(request: UpstreamRequest, handler: Dispatcher.DispatchHandler): void;
}
