import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { HeaderList } from '../../../shared/headers.ts';
import type { Outcome } from '../../../shared/trace-event.ts';
import type { AccessPolicy } from '../access/access-policy.ts';
import type { AccessPeer } from '../access/admission.ts';
import type { ClientTlsFacts } from '../../../shared/tls-facts.ts';
import type { LiveExchange } from '../chain/live-exchange.ts';
import type { Delivery } from '../chain/run-exchange.ts';
import type { FarEnd, LateFarEnd } from '../chain/reply.ts';
import type { TunnelWatch } from '../chain/tunnel-watch.ts';
import type { Framing, Malformed, ParsedHead } from '../http/request-head.ts';
import type { OriginForm, TargetUrl } from '../http/request-target.ts';
import type { ExchangeError } from '../errors.ts';
import type { Interception } from '../tls/interception.ts';
import type { Outbox } from './outbox.ts';
import type { RequestReader } from './request-reader.ts';

/** A client's connection as the listener knows it, whatever is spoken on it. */
export interface ClientConnection {
  readonly id: number;
  /** Called about once a second with the engine's time: closes what has been quiet for too long. */
  check(now: number): void;
  /** Lets what runs on it end, then closes; at once when nothing runs. */
  stop(): void;
  /** Ends it and whatever runs on it. */
  kill(): void;
}

/** A client's TCP connection: everything that is layered inside of it, such as TLS in a tunnel, shares one of these. */
export interface ClientPeer extends AccessPeer {
  /** Number of the connection, for traces. */
  readonly id: number;
  /** The client's address and port. */
  readonly address: string;
  /** Requests so far, those that opened tunnels included. */
  requests: number;
}

/** A client's bytes: a TCP connection, TLS in one, or a stream of an HTTP/2 connection, which knows less of itself. */
export type ClientSocket = Duplex & Partial<Pick<Socket, 'bytesWritten' | 'localAddress' | 'setKeepAlive'>>;

/** What carries a client's bytes to us, and how it was reached. */
export interface ClientTransport {
  readonly peer: ClientPeer;
  readonly socket: ClientSocket;
  /**
   * What targets without an origin are paths of: inside a tunnel, the host that it leads to. Outside, `undefined`: such
   * requests go to the active upstream.
   */
  readonly base: TargetUrl | undefined;
  /** The TLS session that the client's bytes come in; the innermost, if there is TLS in TLS. */
  readonly tls: ClientTlsFacts | undefined;
  /** Whether its user has logged in for all that comes on it: inside of tunnels, and by SOCKS. */
  readonly admitted: boolean;
}

/** What an exchange asks of the connection that its request came on. */
export interface RequestSource {
  /** Sends an interim response, if the client takes it. */
  inform(status: number, headers: HeaderList): void;
  pauseBody(): void;
  resumeBody(): void;
  /** The upstream wants the body: a client that waits for it gets its 100 (Continue). */
  bodyWanted(): void;
  /** Closes without an answer: the connection, or the one stream that the request came on. */
  drop(): void;
}

/** A request head with where and when it came. */
export interface Arrival {
  readonly head: ParsedHead;
  readonly framing: Framing;
  readonly target: TargetUrl | OriginForm;
  readonly transport: ClientTransport;
  readonly nth: number;
  /** When its first byte was seen. */
  readonly start: number;
  /** What the request came in, where that was not HTTP: `SOCKS5`. */
  readonly protocol?: string;
  readonly source: RequestSource;
}

/** A client's attempt to speak TLS to the proxy itself. */
export interface TlsAttempt {
  readonly transport: ClientTransport;
  readonly serverName: string | undefined;
  readonly start: number;
}

/** A tunnel about to open for the exchange that asked for it: by CONNECT (RFC 9110 §9.3.6) or by Upgrade (§7.8). */
export interface TunnelRequest {
  readonly x: LiveExchange;
  readonly transport: ClientTransport;
  readonly other: FarEnd | LateFarEnd;
  /** Reads what passes, where it is known what that is. */
  readonly watch: TunnelWatch | undefined;
}

/** A tunnel whose far end is watched; nothing is read from the client before {@link open}. */
export interface PendingTunnel extends ClientConnection {
  /**
   * The client has been told that the tunnel is open and sent `early` behind its request. The socket is the tunnel's
   * from now on. Resolves with the outcome of the exchange that asked for it.
   */
  open(early: Uint8Array): Promise<Outcome>;
}

/** Limits of one client connection; times in milliseconds. */
export interface ConnectionLimits {
  readonly maxHead: number;
  readonly headTimeout: number;
  readonly idleTimeout: number;
  readonly bodyTimeout: number;
  /**
   * How long a client that closed its sending side may wait for an answer before it counts as gone, unless it did so within
   * this time of a request that it had announced as its last.
   */
  readonly halfCloseGrace: number;
}

/** What connections ask of the engine to turn what they read into exchanges. */
export interface ExchangeHost {
  readonly limits: ConnectionLimits;
  now(): number;
  /** Makes the exchange of a well-formed request; `reader` takes its body, if it has one. */
  open(arrival: Arrival): { x: LiveExchange; reader: RequestReader | undefined };
  /** Makes the exchange of bytes that are no valid request. */
  openMalformed(arrival: Omit<Arrival, 'framing' | 'target' | 'source'>, malformed: Malformed): LiveExchange;
  run(x: LiveExchange, delivery: Delivery): Promise<unknown>;
  /** Who may use the proxy; undefined when everyone may. */
  access(): AccessPolicy | undefined;
  /** Answers the TLS of clients. */
  readonly interception: Interception;
  /** Whether a URL's host and port mean this proxy. */
  isOwnHost(hostname: string, port: number): boolean;
  /** Tells of a TLS handshake that failed outside of any exchange. */
  tlsFailed(attempt: TlsAttempt, error: ExchangeError): void;
}

/** What connections ask of whoever holds them all. */
export interface ConnectionHost extends ExchangeHost {
  /** What they write, together. */
  readonly outbox: Outbox;
  /** Takes what a client says over `transport`, in whatever protocol. */
  receive(transport: ClientTransport): void;
  /** Takes over a client whose tunnel is about to open. */
  tunnel(request: TunnelRequest): PendingTunnel;
  /** `connection` ended, or handed its socket on. */
  closed(connection: ClientConnection): void;
}
