import type { Duplex } from 'node:stream';
import type { HeaderList } from '../../../shared/headers.ts';
import type { TlsFacts } from '../../../shared/tls-facts.ts';
import type { SpanFacts } from '../chain/exchange-trace.ts';
import type { HttpVersion } from '../http/request-head.ts';
import type { ConnectPolicy } from './connect/connect-policy.ts';

/** A request as it goes out on one connection. */
export interface UpstreamRequest {
  readonly method: string;
  /** The request-target. */
  readonly path: string;
  /** End-to-end fields, Host among them. */
  readonly headers: HeaderList;
  readonly body: UpstreamBody | null;
  /** The protocols to switch to (RFC 9110 §7.8). */
  readonly upgrade?: string;
  /** ms to wait for the head of the response, and for each part of its body; 0 waits for ever. */
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
}

export interface UpstreamBody {
  /** Bytes, where they are known before. */
  readonly length: number | undefined;
  readonly stream: AsyncIterable<Uint8Array>;
  /** Trailer fields, known once the stream has been read to its end; absent when there cannot be any. */
  readonly trailers?: () => HeaderList;
  /** The client waits for 100 (Continue) before it sends the body (RFC 9110 §10.1.1), which it gets when that is read. */
  readonly awaitsContinue: boolean;
}

/** What can be done about a request that is under way. */
export interface RequestControl {
  /** Gives it up; its receiver hears nothing more. */
  abort(reason: Error): void;
  /** Lets the body of the response wait. */
  pause(): void;
  resume(): void;
}

/** What only HTTP/1 has to tell of a response. */
export interface ResponseForm {
  readonly version: HttpVersion;
  /** The transfer coding that the body is in, besides chunked, and that can be undone (RFC 9112 §7.2). */
  readonly coding?: string;
  /** The Transfer-Encoding, where it names codings that nobody knows. */
  readonly unknownCoding?: string;
}

/** Whoever has sent a request is told of all that becomes of it, in this order. */
export interface ResponseReceiver {
  /** It is about to be sent, with these fields. */
  onRequestStart(control: RequestControl, fields: HeaderList): void;
  /** All of it has been handed to the connection. */
  onRequestSent(): void;
  /** A head came: any number of interim ones (1xx), then the final one. @param form of a final one that HTTP/1 carries. */
  onResponseStart(status: number, reason: string, fields: HeaderList, form?: ResponseForm): void;
  onResponseData(chunk: Buffer): void;
  onResponseEnd(trailers: HeaderList): void;
  /** Instead of the rest: it failed. */
  onResponseError(error: Error): void;
  /** Instead of a response: 101, after which the connection is the receiver's alone. */
  onRequestUpgrade(status: number, fields: HeaderList, socket: Duplex): void;
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
  /** Sends a request. Throws an ExchangeError for what cannot be sent. */
  dispatch(request: UpstreamRequest, receiver: ResponseReceiver): void;
}
