import type { HeaderList } from '../../../shared/headers.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { HttpVersion } from '../http/request-head.ts';
import type { TargetUrl } from '../http/request-target.ts';
import type { Upgrade } from '../http/upgrade.ts';
import type { Route } from '../upstream/routing/route.ts';
import type { ExchangeTrace } from './exchange-trace.ts';

/** The request's head as it came from the client; `headers` still hold the fields meant for this hop. */
export interface RequestHead {
  readonly method: string;
  /** The request-target as received. */
  readonly target: string;
  readonly url: TargetUrl;
  readonly version: HttpVersion;
  readonly headers: HeaderList;
  /** What a tunnel was asked for in, where that is not HTTP: `SOCKS5`. */
  readonly protocol?: string;
  /** The protocols that the origin is asked to switch to. */
  readonly upgrade?: Upgrade;
}

/** The request's body: read once, with backpressure. */
export interface RequestBody {
  /** Bytes announced by Content-Length; `undefined` when chunked. */
  readonly length: number | undefined;
  readonly stream: AsyncIterable<Uint8Array>;
  /** Trailer fields; complete once the stream has ended. */
  trailers(): HeaderList;
}

/** Why an exchange must stop early. */
export interface Abort {
  readonly by: 'client' | 'hopscope';
  readonly message: string;
}

/** What goes through the rest of the chain instead of what came from the client. */
export type ReplacedRequest = Pick<Exchange, 'request' | 'body' | 'route'>;

/** One request and its response on the way through the chain. */
export interface Exchange {
  readonly id: number;
  /** As the chain sees it: {@link replaceRequest} makes it another one than its client sent. */
  readonly request: RequestHead;
  /** As its client sent it, which is what the answer is framed for. */
  readonly received: RequestHead;
  readonly body: RequestBody | null;
  /** The client's address and port, as in `127.0.0.1:50000`; `Hopscope` for what the cache asks on its own. */
  readonly client: string;
  /** Where it goes, as the settings said when it arrived or was replaced. */
  readonly route: Route;
  /** The settings when the request arrived; a change applies to the next exchange. */
  readonly settings: Settings;
  readonly trace: ExchangeTrace;
  /** `revalidation` for a request that the cache makes on its own (RFC 5861 §3): the chain runs without a client. */
  readonly purpose: 'client' | 'revalidation';
  /** Fires when the client is gone or Hopscope stops. Made on first use; {@link onAbort} is cheaper. */
  readonly signal: AbortSignal;
  readonly aborted: Abort | undefined;
  /** The fields to send on instead of the client's, e.g. with the conditions that the cache adds; undefined for the client's. */
  forwardHeaders: HeaderList | undefined;
  /** Calls `listener` once on abort, at once if that has happened; returns the function that forgets it. */
  onAbort(listener: (abort: Abort) => void): () => void;
  /** From here on the chain sees another request, which may go another way. Who leaves a body out lets go of it. */
  replaceRequest(by: ReplacedRequest): void;
  /** Ends it without an answer: its client's connection is closed, or of HTTP/2 its stream. */
  drop(message: string): void;
  /** Passes an interim (1xx) response on to the client; does nothing when the client's HTTP version forbids it. */
  inform(status: number, headers: HeaderList): void;
  /** Starts a child exchange for `request` that runs the whole chain in the background and whose body is discarded. */
  spawn(purpose: 'revalidation', request: RequestHead): void;
}
