import type { Settings } from '../../../shared/settings.ts';
import type { FarEnd } from '../chain/reply.ts';
import { ExchangeError } from '../errors.ts';
import { HTTP1_ONLY, HTTP2_OR_HTTP1 } from './connect/alpn.ts';
import type { ConnectPolicy } from './connect/connect-policy.ts';
import { ConnectPolicies } from './connect/connect-policy.ts';
import type { ConnectionEnvironment, Destination, OpenedSocket, OpenOptions } from './connect/open-options.ts';
import { openSocket } from './connect/open-socket.ts';
import { Http1Upstream } from './http1-upstream.ts';
import { Http2Upstream } from './http2-upstream.ts';
import type { Leg } from './leg.ts';
import { destinationOf } from './leg.ts';
import type { RequestConnection } from './request-connection.ts';
import { SharedConnections } from './shared-connections.ts';
import { SpareConnections, wireKey } from './spare-connections.ts';

/** Who a connection is opened for. */
export type Opener = Pick<OpenOptions, 'signal' | 'report' | 'via'> & { readonly settings: Settings };

type DialOptions = Opener & Pick<OpenOptions, 'alpn' | 'halfOpen' | 'id' | 'wire'>;

/**
 * Connections to origins and proxies, kept alive between requests. With HTTP/1.1 each carries one request at a time; the
 * one used last is taken first, so that those a busy moment left over can grow old and close. With HTTP/2 requests share
 * one.
 */
export class ConnectionPools {
  readonly #idle = new Map<string, Http1Upstream[]>();
  readonly #all = new Set<Http1Upstream>();
  readonly #shared = new SharedConnections();
  readonly #spare = new SpareConnections();
  readonly #environment: ConnectionEnvironment;
  readonly #policies = new ConnectPolicies();
  #nextId = 1;

  constructor(environment: ConnectionEnvironment) {
    this.#environment = environment;
  }

  /** An open connection of `leg` that can take a request, opened as `settings` want it. Give it back with {@link release}. */
  idle(leg: Leg, settings: Settings): RequestConnection | undefined {
    const policy = this.#policies.for(settings);
    if (leg.http2 !== 'never') {
      const shared = this.#shared.free(leg.key, policy);
      if (shared !== undefined) return shared;
    }
    const idle = this.#idle.get(leg.key);
    if (idle === undefined) return undefined;
    for (;;) {
      const connection = idle.pop();
      if (connection === undefined) return undefined;
      if (connection.policy === policy && connection.free) return connection;
      connection.destroy();
    }
  }

  /** Opens a connection of `leg`. Rejects with an ExchangeError. Give it back with {@link release}. */
  open(leg: Leg, opener: Opener): Promise<RequestConnection> {
    const policy = this.#policies.for(opener.settings);
    const offers = leg.http2 === 'only' || (leg.http2 === 'offer' && policy.http2);
    if (!offers) return this.#openOne(leg, policy, opener, HTTP1_ONLY);
    const open = (): Promise<RequestConnection> => this.#openOne(leg, policy, opener, HTTP2_OR_HTTP1);
    return this.#shared.join(leg.key, policy, opener.signal, open);
  }

  /**
   * Opens a connection for a tunnel, without TLS. Rejects with an ExchangeError. What is left by the tunnel is the
   * connection of the next request that would open one to there.
   */
  async openFarEnd(leg: Leg, opener: Opener): Promise<FarEnd & { readonly remote: string }> {
    const policy = this.#policies.for(opener.settings);
    const destination = { ...destinationOf(leg), secure: false, forwarding: false };
    const options = { ...opener, id: this.#nextId++, alpn: [], halfOpen: true };
    const wire = await this.#dial(destination, policy, options);
    const leave: FarEnd['leave'] = (client) => this.#spare.add(wireKey(destination, policy), wire, client);
    return { socket: wire.socket, remote: wire.address, leave };
  }

  /** The request on `connection` is over; keeps the connection for the next if it is still open. */
  release(connection: RequestConnection): void {
    if (!(connection instanceof Http1Upstream) || !connection.free) return;
    const idle = this.#idle.get(connection.key);
    if (idle === undefined) this.#idle.set(connection.key, [connection]);
    else idle.push(connection);
  }

  /** Ends every connection at once. */
  destroy(): void {
    for (const connection of [...this.#all]) connection.destroy();
    this.#shared.destroy();
    this.#spare.destroy();
  }

  async #openOne(leg: Leg, policy: ConnectPolicy, opener: Opener, alpn: readonly string[]): Promise<RequestConnection> {
    const destination = destinationOf(leg);
    const opened = await this.#open(destination, policy, { ...opener, alpn });
    const { id } = opened;
    if (leg.http2 === 'only' || opened.tls?.alpn === 'h2') {
      const shared = new Http2Upstream(id, leg, policy, opened);
      this.#shared.add(shared);
      return shared;
    }
    if (alpn === HTTP2_OR_HTTP1) this.#shared.hasNoHttp2(leg.key);
    const connection = new Http1Upstream(leg, policy, opened, (closed) => this.#forget(closed));
    this.#all.add(connection);
    return connection;
  }

  /** Opens a connection to be kept; one that a tunnel has left is half open already. */
  async #open(
    destination: Destination,
    policy: ConnectPolicy,
    opener: Opener & Pick<OpenOptions, 'alpn'>,
  ): Promise<OpenedSocket> {
    const wire = destination.forwarding === true ? undefined : this.#spare.take(wireKey(destination, policy));
    if (wire !== undefined) {
      try {
        return await this.#dial(destination, policy, { ...opener, id: wire.id, wire });
      } catch (error) {
        // The server may have closed it while nobody wanted it.
        if (!(error instanceof ExchangeError && error.code === 'TLS_FAILED')) throw error;
      }
    }
    return this.#dial(destination, policy, { ...opener, id: this.#nextId++ });
  }

  #dial(destination: Destination, policy: ConnectPolicy, options: DialOptions): Promise<OpenedSocket> {
    const { settings, ...rest } = options;
    const timeout = settings.timeouts.connect;
    return openSocket(destination, { ...rest, environment: this.#environment, policy, timeout });
  }

  #forget(connection: Http1Upstream): void {
    this.#all.delete(connection);
    const idle = this.#idle.get(connection.key);
    const at = idle?.indexOf(connection) ?? -1;
    if (idle !== undefined && at !== -1) idle.splice(at, 1);
    if (idle?.length === 0) this.#idle.delete(connection.key);
  }
}
