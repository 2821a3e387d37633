import type { Socket } from 'node:net';
import type { TlsFacts } from '../../../../shared/tls-facts.ts';
import type { SpanFacts } from '../../chain/exchange-trace.ts';
import type { ProxyServer } from '../routing/route.ts';
import type { ConnectPolicy } from './connect-policy.ts';

/** Where a connection is to lead. */
export interface Destination {
  readonly hostname: string;
  readonly port: number;
  /** Where the host is; looked up when absent. A DNS override goes before it. */
  readonly address?: string;
  /** Whether TLS is spoken with the server at its end. */
  readonly secure: boolean;
  /** The proxy on the way. */
  readonly proxy?: ProxyServer;
  /** The connection ends at the HTTP proxy, which is asked for whole URLs, instead of going through it as a tunnel. */
  readonly forwarding?: boolean;
}

/** What every connection needs of its surroundings. */
export interface ConnectionEnvironment {
  now(): number;
  /** Says whether a connection to this address would lead back to this proxy. */
  isOwnAddress(address: string, port: number): boolean;
}

/** How a connection is opened. */
export interface OpenOptions {
  readonly environment: ConnectionEnvironment;
  readonly policy: ConnectPolicy;
  /** ms for all of it; 0 waits for ever. */
  readonly timeout: number;
  /** Protocols to offer to the server by ALPN. */
  readonly alpn: readonly string[];
  /** The Via field of what asks a proxy for a tunnel (RFC 9110 §7.6.3): it tells a loop of proxies, which no tunnel does. */
  readonly via: string;
  /** Gives up when it fires. */
  readonly signal: AbortSignal;
  /** The connection's number, to be shown with the step `connect`. */
  readonly id: number;
  /** Lets either side end on its own, for tunnels. */
  readonly halfOpen?: boolean;
  /** A connection that is there already, through the proxy if there is one: what is left to do is TLS. */
  readonly wire?: OpenedSocket;
  /** Told of every step when it ends: `dns`, `connect`, `proxy` and `tls`, with when it began. */
  readonly report: (step: string, start: number, facts: SpanFacts) => void;
}

/** A connection, ready to be written to. Errors on it are its owner's from now on. */
export interface OpenedSocket {
  readonly socket: Socket;
  /** Its number. */
  readonly id: number;
  /** The address at the other end of the TCP connection: the server's or the proxy's. */
  readonly address: string;
  /** What was agreed with the server, if it is secured. */
  readonly tls: TlsFacts | undefined;
}

/** For the steps of opening: what they share. */
export interface OpenContext extends Omit<OpenOptions, 'signal' | 'timeout'> {
  /** Takes note of the socket that has to be closed when opening is given up. */
  readonly holds: (socket: Socket) => void;
  /** What arrives is read into memory that is used again; see read-memory.ts. */
  readonly reusesMemory: boolean;
}
